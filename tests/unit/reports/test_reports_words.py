"""Every word of the sheets and every refusal exists in both languages."""

from __future__ import annotations

import re
import unicodedata

import pytest

from survey.errors import LANGUAGES, Invalid
from survey.reports import errors
from survey.reports.summary import words
from survey.reports.summary.words import say

REFUSALS = [
    kind for kind in vars(errors).values() if isinstance(kind, type) and kind.__module__ == errors.__name__
]


@pytest.mark.parametrize("word", sorted(words._WORDS))
def test_a_word_has_the_same_places_in_both_languages(word: str) -> None:
    vietnamese, english = words._WORDS[word]
    assert vietnamese
    assert english
    assert unicodedata.is_normalized("NFC", vietnamese)
    assert sorted(re.findall(r"{\w+}", vietnamese)) == sorted(re.findall(r"{\w+}", english))


def test_a_language_that_is_not_kept_gets_vietnamese() -> None:
    assert say("unit_name", "ede") == "Tên đơn vị"


def test_every_refusal_has_its_own_code_and_both_languages() -> None:
    codes = [kind.code for kind in REFUSALS]
    assert len(set(codes)) == len(codes) == 6
    for kind in REFUSALS:
        assert issubclass(kind, Invalid)
        assert re.fullmatch("SVY-422-7[0-9]", kind.code)
        assert set(kind.texts) == set(LANGUAGES)
