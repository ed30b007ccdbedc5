"""Labels cut at a format's limit, between letters (SPSS: 256 and 120 bytes; Stata: 80 characters)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.reports.microdata.labels import CUT_MARK, cut_bytes, cut_letters, one_line

TEXTS = st.text(max_size=300) | st.text(alphabet="aạÁ\u0301\u0323ếđ \n\u200d👩👧\x00=", max_size=300)


@settings(deadline=None, max_examples=50)
@given(TEXTS, st.integers(8, 300))
def test_a_cut_label_fits_is_nfc_on_one_line_and_begins_as_the_text(text: str, limit: int) -> None:
    for cut, size in ((cut_bytes, lambda part: len(part.encode())), (cut_letters, len)):
        made = cut(text, limit)
        assert size(made) <= limit
        assert unicodedata.is_normalized("NFC", made)
        assert not any(letter in made for letter in "\x00\r\n\t")
        whole = one_line(text)
        assert made == whole or whole.startswith(made.removesuffix(CUT_MARK))
        assert cut(made, limit) == made


@pytest.mark.parametrize("limit", range(4, 30))
def test_a_letter_is_never_cut_from_its_marks(limit: int) -> None:
    """Letters without a composed form: one with two marks, one with a vowel sign, a joined emoji."""
    for letter in ("x\u0323\u0309", "क\u093f", "👩\u200d👧\u200d👦"):
        made = cut_letters(letter * 20, limit).removesuffix(CUT_MARK)
        assert made == letter * (len(made) // len(letter))


def test_a_short_label_is_left_alone_and_a_long_one_says_that_it_was_cut() -> None:
    assert cut_bytes("Rất hài lòng", 120) == "Rất hài lòng"
    assert cut_bytes("Ế" * 500, 256) == "Ế" * 84 + CUT_MARK
    assert cut_letters("Ế" * 500, 80) == "Ế" * 79 + CUT_MARK
    assert cut_letters("E\u0302\u0301" * 80, 80) == "Ế" * 80
