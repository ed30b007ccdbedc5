"""Who answers faster than one can read (K26)."""

from __future__ import annotations

import pytest

from survey.services.pace import FASTEST_READING, PagePace, is_hurried, words_in


def test_words_are_counted_as_they_are_read() -> None:
    assert words_in(["Ông/Bà hài lòng đến mức nào?", "  Một   hai "]) == 8


@pytest.mark.parametrize(("per_word", "hurried"), [(FASTEST_READING - 1, True), (FASTEST_READING, False)])
def test_below_300_milliseconds_a_word_is_hurried(per_word: int, hurried: bool) -> None:
    """experience.md §1.3: Conrad and others 2017; Zhang 2013."""
    assert is_hurried([PagePace(40, 40 * per_word)] * 3) is hurried


def test_one_slow_page_does_not_hide_hurry_and_one_fast_page_is_none() -> None:
    """The median over the pages: a telephone call on one page, or a page known by heart, decides nothing."""
    fast, slow = PagePace(40, 2_000), PagePace(40, 900_000)
    assert is_hurried([fast, slow, fast])
    assert not is_hurried([slow, fast, slow])


def test_a_short_form_judges_nobody() -> None:
    """The counter's three questions have thirty words: one glance takes them in."""
    assert not is_hurried([PagePace(12, 500), PagePace(11, 500), PagePace(7, 500)])
    assert not is_hurried([PagePace(500, 1_000)])
