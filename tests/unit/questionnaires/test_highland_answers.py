"""Answers written with the letters of the highland languages get as much room as Vietnamese ones (L1)."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest

from survey.questionnaires import InvalidAnswers, load_shipped, read_answers

COUNTER = load_shipped("service-counter")
LIMIT = COUNTER.item("comment").max_length or 0


def _comment(words: str) -> object:
    return read_answers(COUNTER, {"rating": "satisfied", "comment": words})["comment"]


@pytest.mark.parametrize("letter", ["ê̆", "ô̆", "ơ̆", "ư̆", "ƀ", "ệ", "ế"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_comment_of_as_many_letters_as_allowed_is_kept_in_nfc(
    letter: str, form: Literal["NFC", "NFD"]
) -> None:
    words = unicodedata.normalize("NFC", letter * LIMIT)
    assert _comment(unicodedata.normalize(form, words)) == words
    with pytest.raises(InvalidAnswers):
        _comment(words + letter)


def test_marks_heaped_on_a_letter_are_not_taken_for_one_letter() -> None:
    with pytest.raises(InvalidAnswers):
        _comment("e" + "\u0306" * (LIMIT + 2))
