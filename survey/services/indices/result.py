"""What computed indices are: every figure of one snapshot by one formula.

Not how they come about (computing.py) nor where they are kept (kept.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from survey.aggregation import Estimate
from survey.questionnaires import Formula, Questionnaire
from survey.services.index_definitions import share_of_best

WHOLE: Final = ""
Kind = Literal["index", "share", "mean"]


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One figure: a statistic of one unit ("" is the whole)."""

    unit: str
    kind: Kind
    statistic: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Indices:
    """All figures of one snapshot by one formula.

    Attributes:
        lines: every item (share or mean, and mean) and every index, for the whole and each unit.
        result_sha256: the same for the same responses, formula and code, on any machine and whichever
            batches hold them.
    """

    snapshot: str
    data_sha256: str
    simulated: bool
    formula: Formula
    questionnaire: Questionnaire
    rows: int
    lines: tuple[ResultLine, ...]
    result_sha256: str

    def find(self, kind: Kind, statistic: str, unit: str = WHOLE) -> Estimate | None:
        """Give one figure, or None when it is not among them."""
        asked = (kind, statistic, unit)
        found = (one.estimate for one in self.lines if (one.kind, one.statistic, one.unit) == asked)
        return next(found, None)

    def line(self, kind: Kind, statistic: str, unit: str = WHOLE) -> Estimate:
        """Give one figure; KeyError when it is not among them."""
        found = self.find(kind, statistic, unit)
        if found is None:
            raise KeyError((kind, statistic, unit))
        return found

    def by_unit(self, kind: Kind, statistic: str) -> dict[str, Estimate]:
        """Give one statistic for each unit, the whole left out."""
        return {
            one.unit: one.estimate
            for one in self.lines
            if one.kind == kind and one.statistic == statistic and one.unit
        }

    @property
    def overall(self) -> Estimate:
        """Give the root of the formula for the whole."""
        return self.line("index", self.formula.root.id)

    def as_share(self, estimate: Estimate) -> Estimate:
        """Bring an index to a share of the best that the formula can reach, 0 to 1."""
        return share_of_best(self.formula, estimate)

    def as_percent(self, estimate: Estimate) -> Estimate:
        """Bring an index to a percentage of the best that the formula can reach."""
        return self.as_share(estimate).scaled(100, "percent")
