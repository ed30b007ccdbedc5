"""Merge nonresponse cells until each has enough respondents and a factor that is not too large.

Not the weights (nonresponse.py). Merging follows a rule declared beforehand and never the answers; each
merge is kept with its reason.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from survey.aggregation.errors import listed
from survey.aggregation.labels import IntArray
from survey.aggregation.weighting.errors import BadCollapse, TooFewRespondents

Reason = Literal["few respondents", "large factor"]


@dataclass(frozen=True, slots=True)
class ResponseCell:
    """A nonresponse cell: the labels merged in it, its rows and their base weights."""

    labels: tuple[Hashable, ...]
    sampled: int
    respondents: int
    weight: float
    responding_weight: float

    @property
    def factor(self) -> float:
        """Return what respondents' weights are multiplied by; infinite without respondents."""
        return self.weight / self.responding_weight if self.respondents else math.inf

    @property
    def response_rate(self) -> float:
        """Return the weighted share that responded."""
        return self.responding_weight / self.weight


@dataclass(frozen=True, slots=True)
class Merge:
    """One merge: the cell that failed and why, and the labels it was merged with."""

    failed: ResponseCell
    reason: Reason
    joined_with: tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class CellRule:
    """When a cell fails and what it is merged with.

    Attributes:
        least: respondents a cell needs.
        most: largest factor a cell may have, 1 or above.
        order: labels in an order in which neighbours are alike; or None.
        parents: the parent of a label, and of a parent; or None.

    Raises:
        BadCollapse: both, a circle of parents, a label twice, or limits that no cell could pass.
    """

    least: int
    most: float
    order: tuple[Hashable, ...] | None
    parents: Mapping[Hashable, Hashable] | None

    def __post_init__(self) -> None:
        if self.order is not None and self.parents is not None:
            raise BadCollapse(problem="chỉ chọn thứ tự hoặc cấp trên / order or parents, not both", cells="-")
        if self.least < 1 or not self.most >= 1:
            problem = "cần least >= 1 và most >= 1 / least >= 1 and most >= 1 are needed"
            raise BadCollapse(problem=problem, cells=f"least={self.least}, most={self.most}")
        if self.order is not None and len(set(self.order)) < len(self.order):
            twice = sorted({str(label) for label in self.order if self.order.count(label) > 1})
            raise BadCollapse(problem="nêu hai lần / given twice", cells=listed(twice))

    def failure(self, cell: ResponseCell) -> Reason | None:
        """Say why a cell fails, or None."""
        if cell.respondents < self.least:
            return "few respondents"
        return "large factor" if cell.factor > self.most else None

    def sorted(self, cells: Sequence[ResponseCell]) -> list[ResponseCell]:
        """Put cells in the declared order.

        Raises:
            BadCollapse: a cell that the rule does not know.
        """
        known = self.order if self.order is not None else self.parents
        if known is None:
            return list(cells)
        unknown = [cell.labels[0] for cell in cells if cell.labels[0] not in known]
        if unknown:
            raise BadCollapse(problem="ô chưa được khai báo / cell not declared", cells=listed(unknown))
        if self.order is None:
            return list(cells)
        place = {label: at for at, label in enumerate(self.order)}
        return sorted(cells, key=lambda cell: place[cell.labels[0]])

    def partners(self, cells: Sequence[ResponseCell], at: int) -> list[int]:
        """Return the places of the cells that a failing one is merged with; none if none is left."""
        if self.order is not None:
            return [] if len(cells) == 1 else [at + 1 if at + 1 < len(cells) else at - 1]
        if self.parents is None:
            return []
        for ancestor in self._ancestors(cells[at].labels[0]):
            others = [
                place
                for place, cell in enumerate(cells)
                if place != at and any(ancestor in self._ancestors(label) for label in cell.labels)
            ]
            if others:
                return others
        return []

    def _ancestors(self, label: Hashable) -> list[Hashable]:
        line: list[Hashable] = []
        above = (self.parents or {}).get(label)
        while above is not None:
            if above in line or above == label:
                raise BadCollapse(problem="cấp trên vòng tròn / a circle of parents", cells=str(label))
            line.append(above)
            above = (self.parents or {}).get(above)
        return line


def collapse_cells(
    cells: Sequence[ResponseCell], rule: CellRule
) -> tuple[tuple[ResponseCell, ...], tuple[Merge, ...], IntArray]:
    """Merge cells until all pass; returns the cells, the merges and where each first cell went (cells,).

    The first failing cell in the declared order is merged first.

    Raises:
        BadCollapse: a cell that the rule does not know.
        TooFewRespondents: a failing cell with nothing left to merge it with.
    """
    kept, merges = rule.sorted(cells), list[Merge]()
    while (at := _first_failing(kept, rule)) is not None:
        kept, merge = _merged(kept, at, rule)
        merges.append(merge)
    place = {label: at for at, cell in enumerate(kept) for label in cell.labels}
    into = np.array([place[cell.labels[0]] for cell in cells], dtype=np.intp)
    return tuple(kept), tuple(merges), into


def _first_failing(cells: Sequence[ResponseCell], rule: CellRule) -> int | None:
    return next((at for at, cell in enumerate(cells) if rule.failure(cell)), None)


def _merged(cells: Sequence[ResponseCell], at: int, rule: CellRule) -> tuple[list[ResponseCell], Merge]:
    failed, reason, partners = cells[at], rule.failure(cells[at]), rule.partners(cells, at)
    if not partners or reason is None:
        raise TooFewRespondents(
            cells=listed(failed.labels),
            respondents=failed.respondents,
            sampled=failed.sampled,
            factor=f"{failed.factor:.4g}",
        )
    whole = _joined([cells[place] for place in sorted((at, *partners))])
    kept = [cell for place, cell in enumerate(cells) if place not in partners]
    kept[kept.index(failed)] = whole
    return kept, Merge(failed, reason, tuple(label for place in partners for label in cells[place].labels))


def _joined(cells: Sequence[ResponseCell]) -> ResponseCell:
    return ResponseCell(
        tuple(label for cell in cells for label in cell.labels),
        sum(cell.sampled for cell in cells),
        sum(cell.respondents for cell in cells),
        math.fsum(cell.weight for cell in cells),
        math.fsum(cell.responding_weight for cell in cells),
    )
