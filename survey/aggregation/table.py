"""The table of sums that estimation needs: one row a cell, its columns laid out by kind and item.

Not the scan that fills it (collapse.py): a table knows how it is laid out, rolls up and adds up.
"""

from __future__ import annotations

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

    @property
    def width(self) -> int:
        """Count the columns."""
        kinds = 3 + self.has_base + self.has_squares + self.has_weight_squares
        return kinds * len(self.items) + (2 + self.has_weight_squares) * len(self.unions)

    def slices(self) -> dict[str, slice]:
        """Return where each kind of sum stands."""
        widths = {
            "weighted": len(self.items),
            "weight": len(self.items),
            "answered": len(self.items),
            "base": len(self.items) * self.has_base,
            "squares": len(self.items) * self.has_squares,
            "weight_squares": len(self.items) * self.has_weight_squares,
            "union_weight": len(self.unions),
            "union_answered": len(self.unions),
            "union_weight_squares": len(self.unions) * self.has_weight_squares,
        }
        places, start = {}, 0
        for name, width in widths.items():
            places[name] = slice(start, start + width)
            start += width
        return places


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over respondents: w weight, r answered, y figure, x base (1 for a mean); (rows, K) each."""

    layout: Layout
    table: FloatArray
    _at: dict[str, slice]

    @classmethod
    def of(cls, layout: Layout, table: FloatArray) -> Sums:
        """Read a table (rows, width) by its layout."""
        return cls(layout, table, layout.slices())

    @property
    def weighted(self) -> FloatArray:
        """Return Σ w r y."""
        return self.table[:, self._at["weighted"]]

    @property
    def weight(self) -> FloatArray:
        """Return Σ w r."""
        return self.table[:, self._at["weight"]]

    @property
    def answered(self) -> FloatArray:
        """Return Σ r over rows with a positive weight."""
        return self.table[:, self._at["answered"]]

    @property
    def base(self) -> FloatArray:
        """Return Σ w r x."""
        return self.table[:, self._at["base"]] if self.layout.has_base else self.weight

    @property
    def squares(self) -> FloatArray:
        """Return Σ w r (y - c)²."""
        return self.table[:, self._at["squares"]] if self.layout.has_squares else self.weighted

    @property
    def weight_squares(self) -> FloatArray:
        """Return Σ w² r; NaN where it is not kept."""
        if not self.layout.has_weight_squares:
            return np.full(self.weight.shape, np.nan)
        return self.table[:, self._at["weight_squares"]]

    @property
    def union_weight(self) -> FloatArray:
        """Return Σ w over respondents of any item of each union."""
        return self.table[:, self._at["union_weight"]]

    @property
    def union_answered(self) -> FloatArray:
        """Count respondents of any item of each union, of a positive weight."""
        return self.table[:, self._at["union_answered"]]

    @property
    def union_weight_squares(self) -> FloatArray:
        """Return Σ w² over respondents of any item of each union; NaN where it is not kept."""
        if not self.layout.has_weight_squares:
            return np.full(self.union_weight.shape, np.nan)
        return self.table[:, self._at["union_weight_squares"]]

    def by(self, groups: IntArray, size: int) -> Sums:
        """Add up the rows by group."""
        return replace(self, table=grouped_sum(self.table, groups, size))
