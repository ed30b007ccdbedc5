"""What the review of a snapshot's quality found: by rule, by unit, and response by response.

Not how it is found (data_quality.py) nor how it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from survey.aggregation import Estimate
from survey.aggregation.quality import EnumeratorEffect, Finding, Rules
from survey.questionnaires import Formula


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule: what it found, and the overall index without what it flags.

    Attributes:
        word: stable word of the rule.
        finding: what it found; None where it had no data, and then `missing` is a word of
            `quality_texts.MISSING`.
        without: the overall index as a share with the flagged at weight zero; None where none is flagged,
            or where nothing is left, and then `missing` is "nothing_left".
    """

    word: str
    finding: Finding | None
    missing: str | None
    without: Estimate | None


@dataclass(frozen=True, slots=True)
class IndexChange:
    """The overall index of one unit ("" is the whole), as shares, with and without flagged responses."""

    unit: str
    n: int
    flagged: int
    with_flagged: float | None
    se_with: float | None
    without_flagged: float | None
    se_without: float | None

    @property
    def difference(self) -> float | None:
        """Return without less with; None where either is missing."""
        if self.with_flagged is None or self.without_flagged is None:
            return None
        return self.without_flagged - self.with_flagged


@dataclass(frozen=True, slots=True)
class FlaggedRow:
    """One response to look at.

    Attributes:
        row: its number in the snapshot, from 1.
        words: the rules that flag it.
        match_row, match_share: for a near duplicate, the nearest other response and the share of the
            same answers.
    """

    row: int
    unit: str
    words: tuple[str, ...]
    match_row: int | None
    match_share: float | None


@dataclass(frozen=True, slots=True)
class DataQuality:
    """The review of one snapshot, by one formula.

    Attributes:
        rules: one line a rule, in the order of WORDS.
        overall: the overall index as a share with every response.
        whole: the same with and without all flagged responses; None where nothing is left without.
        units: each unit likewise, the largest change first.
        enumerators: by respondent's mean, where the snapshot keeps who asked; else None.
        flagged: every flagged response, in the order of rows.
        suspected: responses that the snapshot marks by their circumstances or a standing alarm (K11).
        without_suspected: the overall index as a share without them; None where there is none, or
            nothing is left.
    """

    snapshot: str
    data_sha256: str
    simulated: bool
    formula: Formula
    rows: int
    thresholds: Rules
    rules: tuple[RuleLine, ...]
    overall: Estimate
    whole: IndexChange | None
    units: tuple[IndexChange, ...]
    enumerators: EnumeratorEffect | None
    flagged: tuple[FlaggedRow, ...]
    suspected: int
    without_suspected: Estimate | None
