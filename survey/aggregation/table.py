"""The table of sums that estimation needs: one row a cell, its columns laid out by kind and item.

Not the scan that fills it (collapse.py): a table knows how it is laid out, rolls up and adds up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from survey.aggregation.labels import FloatArray, IntArray
from survey.aggregation.sums import grouped_sum


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns a table has.

    Attributes:
        items: ids of the K items.
        has_base: whether ratios need Σ w r x; for means it is Σ w r.
        has_squares: whether Σ w r (y - c)² is kept; for shares it is Σ w r y.
        has_weight_squares: whether Σ w² r is kept, for Kish's design effect.
        unions: sets of items, by place, of whose respondents (of any item) sums are kept.
        centre: (K,) c near the mean of each item, so that no digits are lost.
    """

    items: tuple[str, ...]
    has_base: bool
    has_squares: bool
    has_weight_squares: bool
    unions: tuple[tuple[int, ...], ...]
    centre: FloatArray

    def widths(self) -> dict[str, int]:
        """Return the kinds of sums that are kept, in order, and how many columns each has."""
        items, unions = len(self.items), len(self.unions)
        kinds = {
            "weighted": items,
            "weight": items,
            "answered": items,
            "base": items * self.has_base,
            "squares": items * self.has_squares,
            "weight_squares": items * self.has_weight_squares,
            "union_weight": unions,
            "union_answered": unions,
            "union_weight_squares": unions * self.has_weight_squares,
        }
        return {kind: width for kind, width in kinds.items() if width}

    @property
    def width(self) -> int:
        """Count the columns."""
        return sum(self.widths().values())


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over respondents: w weight, r answered, y figure, x base (1 for a mean).

    Attributes:
        layout: which there are.
        kinds: (rows, K) of each kind, or (rows, unions).
        rows: rows of each.
    """

    layout: Layout
    kinds: Mapping[str, FloatArray]
    rows: int

    @classmethod
    def zeros(cls, layout: Layout, rows: int) -> Sums:
        """Start from nothing."""
        return cls(layout, {kind: np.zeros((rows, width)) for kind, width in layout.widths().items()}, rows)

    @classmethod
    def of(cls, layout: Layout, table: FloatArray) -> Sums:
        """Split a table (rows, width) by its layout."""
        kinds, start = {}, 0
        for kind, width in layout.widths().items():
            kinds[kind] = np.ascontiguousarray(table[:, start : start + width])
            start += width
        return cls(layout, kinds, len(table))

    @property
    def table(self) -> FloatArray:
        """Return all kinds side by side (rows, width)."""
        return np.concatenate(list(self.kinds.values()), axis=1)

    @property
    def weighted(self) -> FloatArray:
        """Return Σ w r y."""
        return self.kinds["weighted"]

    @property
    def weight(self) -> FloatArray:
        """Return Σ w r."""
        return self.kinds["weight"]

    @property
    def answered(self) -> FloatArray:
        """Return Σ r over rows with a weight; one that calibration made negative counts too."""
        return self.kinds["answered"]

    @property
    def base(self) -> FloatArray:
        """Return Σ w r x."""
        return self.kinds["base"] if self.layout.has_base else self.weight

    @property
    def squares(self) -> FloatArray:
        """Return Σ w r (y - c)²."""
        return self.kinds["squares"] if self.layout.has_squares else self.weighted

    @property
    def weight_squares(self) -> FloatArray:
        """Return Σ w² r; NaN where it is not kept."""
        return self._kept("weight_squares", self.weight)

    @property
    def union_weight(self) -> FloatArray:
        """Return Σ w over respondents of any item of each union."""
        return self.kinds["union_weight"]

    @property
    def union_answered(self) -> FloatArray:
        """Count respondents of any item of each union, of a weight other than 0."""
        return self.kinds["union_answered"]

    @property
    def union_weight_squares(self) -> FloatArray:
        """Return Σ w² over respondents of any item of each union; NaN where it is not kept."""
        return self._kept("union_weight_squares", self.union_weight)

    def _kept(self, kind: str, like: FloatArray) -> FloatArray:
        return self.kinds[kind] if kind in self.kinds else np.full(like.shape, np.nan)

    def by(self, groups: IntArray, size: int) -> Sums:
        """Add up the rows by group."""
        kinds = {kind: grouped_sum(sums, groups, size) for kind, sums in self.kinds.items()}
        return replace(self, kinds=kinds, rows=size)

    def lengthened(self, rows: int) -> Sums:
        """Append rows of zeros."""
        more = {
            kind: np.concatenate([sums, np.zeros((rows - self.rows, sums.shape[1]))])
            for kind, sums in self.kinds.items()
        }
        return replace(self, kinds=more, rows=rows)

    def taken(self, rows: IntArray) -> Sums:
        """Take some rows, in their order."""
        return replace(self, kinds={kind: sums[rows] for kind, sums in self.kinds.items()}, rows=rows.size)

    def first(self, rows: int) -> Sums:
        """Keep the first rows."""
        return replace(self, kinds={kind: sums[:rows] for kind, sums in self.kinds.items()}, rows=rows)
