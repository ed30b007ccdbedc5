"""Pace: whether a form is answered faster than its questions can be read (K26).

Not where a page's times are kept (web/pace.py), and not the review of durations after the round
(aggregation.quality).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

#: Milliseconds a word below which nobody reads (Zhang and Conrad 2014; Conrad and others 2017).
FASTEST_READING = 300
#: A form of fewer words or pages judges nobody: one glance takes in a short question.
FEWEST_WORDS, FEWEST_PAGES = 60, 2
#: What a response's flag says.
SPEEDING = "speeding"


@dataclass(frozen=True, slots=True)
class PagePace:
    """One page that was read and answered: how many words its questions have, and how long it took."""

    words: int
    milliseconds: int

    @property
    def per_word(self) -> float:
        return self.milliseconds / max(self.words, 1)


def words_in(texts: Sequence[str]) -> int:
    """Count words as they are read: what stands between blanks; a Vietnamese syllable is one."""
    return sum(len(text.split()) for text in texts)


def is_hurried(pages: Sequence[PagePace]) -> bool:
    """Say whether the median pace of the pages is below 300 ms a word, where there is enough to judge."""
    enough = len(pages) >= FEWEST_PAGES and sum(page.words for page in pages) >= FEWEST_WORDS
    return enough and median(page.per_word for page in pages) < FASTEST_READING
