"""The report of a review: what each rule found, and the reasons on each response.

Not a decision: nothing is excluded by being flagged (see sensitivity.py for results without them).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.labels import BoolArray, IntArray
from survey.aggregation.quality.duplicates import Matches
from survey.aggregation.quality.rules import SOURCES, Rules
from survey.aggregation.quality.verdicts import Verdict
from survey.aggregation.quality.words import WORDS, bit_of, describe_word

BitArray = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found.

    Attributes:
        word: stable word of the rule; `text` says it in Vietnamese or English.
        thresholds: (name, value) of the thresholds it used.
        sources: where the default of each comes from, in the same order.
        judged: responses with enough to judge by.
        count: responses flagged.
        rows: their places in the data, ascending.
    """

    word: str
    thresholds: tuple[tuple[str, float], ...]
    sources: tuple[str, ...]
    judged: int
    count: int
    rows: IntArray

    @property
    def share(self) -> float | None:
        """Return the share of the judged responses that are flagged; None where none was judged."""
        return self.count / self.judged if self.judged else None

    def text(self, language: str = "vi") -> str:
        """Say what the rule looks for."""
        return describe_word(self.word, language)


@dataclass(frozen=True, slots=True)
class QualityReport:
    """The review of all responses.

    Attributes:
        rules: the thresholds declared.
        findings: one a rule that had data to work on, in the order of WORDS.
        bits: (rows,) sum of the bits of each response's words (`bit_of`).
        matches: each response's nearest other; None without groups to compare in.
    """

    rules: Rules
    findings: tuple[Finding, ...]
    bits: BitArray
    matches: Matches | None

    @property
    def flagged(self) -> BoolArray:
        """Say which responses (rows,) have any word."""
        return self.bits > 0

    def flagged_by(self, *words: str) -> BoolArray:
        """Say which responses (rows,) have any of some words.

        Raises:
            KeyError: a word that no rule has.
        """
        unknown = set(words) - set(WORDS)
        if unknown:
            raise KeyError(", ".join(sorted(unknown)))
        return (self.bits & np.uint32(sum(bit_of(word) for word in set(words)))) > 0

    def words(self, row: int) -> tuple[str, ...]:
        """Return the words of one response, in the order of WORDS."""
        bits = int(self.bits[row])
        return tuple(word for word in WORDS if bits & bit_of(word))

    def finding(self, word: str) -> Finding | None:
        """Return what a rule found; None where it had no data to work on."""
        return next((finding for finding in self.findings if finding.word == word), None)


def report_of(
    rules: Rules, verdicts: Mapping[str, Verdict], matches: Matches | None, rows: int
) -> QualityReport:
    """Set the verdicts together."""
    bits = np.zeros(rows, dtype=np.uint32)
    for word, verdict in verdicts.items():
        bits[verdict.flagged] |= np.uint32(bit_of(word))
    bits.setflags(write=False)
    findings = tuple(_finding(word, verdicts[word]) for word in WORDS if word in verdicts)
    return QualityReport(rules, findings, bits, matches)


def _finding(word: str, verdict: Verdict) -> Finding:
    rows = np.flatnonzero(verdict.flagged)
    rows.setflags(write=False)
    sources = tuple(SOURCES[name] for name, _ in verdict.thresholds)
    return Finding(word, verdict.thresholds, sources, int(verdict.judged.sum()), rows.size, rows)
