"""How the errors of survey leaves travel into every sum, for many units at once.

The same propagation as survey.scoring.uncertainty, which states the assumptions: surveys are
independent of each other, leaves of one survey fully correlated unless a correlation is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from survey.scoring.batch.columns import BoolArray, FloatArray, IntArray
from survey.scoring.batch.measured import Slot
from survey.scoring.criteria import Criterion
from survey.scoring.uncertainty import Correlations, correlation


@dataclass(frozen=True, slots=True)
class Errors:
    """The errors of all slots, in points; (slots, units) each.

    Attributes:
        leaf: (slots,) row of the leaf.
        se: 0 where nothing was given or the leaf does not apply.
        unknown: a value was given, and its error was not.
        df: infinite for normal.
        survey: number of the survey within the unit: equal where two slots share one.
        surveys: how many such numbers there are.
    """

    leaf: IntArray
    se: FloatArray
    unknown: BoolArray
    df: FloatArray
    survey: IntArray
    surveys: int

    @classmethod
    def of(cls, slots: Sequence[Slot], applies: BoolArray) -> Errors:
        """Put slots together; `applies` (leaves, units) says where a leaf counts and is known."""
        units = applies.shape[1]
        leaf = np.array([slot.leaf for slot in slots], dtype=np.intp)
        counts = applies[leaf]
        se = stacked([slot.factor * slot.estimates.se for slot in slots], units)
        df = stacked([slot.estimates.df for slot in slots], units)
        survey = numbered(slots, units)
        used, numbers = np.unique(survey, return_inverse=True)
        return cls(
            leaf,
            np.where(counts & ~np.isnan(se), se, 0.0),
            counts & np.isnan(se),
            np.where(np.isnan(df), np.inf, df),
            numbers.reshape(survey.shape).astype(np.intp),
            int(used.size),
        )

    def spread(self, leaves: IntArray, correlations: Correlations, of: Sequence[Criterion]) -> Spreads:
        """Give the standard error (units,) of a sum over some leaves, and its degrees of freedom.

        NaN where an error is not known.
        """
        mine = np.flatnonzero(np.isin(self.leaf, leaves))
        units = self.se.shape[1]
        if not mine.size:
            return Spreads(np.zeros(units), np.full(units, np.inf))
        column = np.arange(units)
        together, df = np.zeros((self.surveys, units)), np.full((self.surveys, units), np.inf)
        for slot in mine:
            at = self.survey[slot], column
            together[at] += self.se[slot]
            df[at] = np.minimum(df[at], np.where(self.se[slot] > 0, self.df[slot], np.inf))
        variance = np.square(together)
        for one, other, factor in self.less_than_full(mine, correlations, of):
            same = self.survey[one] == self.survey[other]
            variance[self.survey[one], column] -= factor * same * self.se[one] * self.se[other]
        spreads = satterthwaite(np.maximum(variance, 0.0), df)
        unknown = self.unknown[mine].any(axis=0)
        return Spreads(np.where(unknown, np.nan, spreads.se), np.where(unknown, np.nan, spreads.df))

    def less_than_full(
        self, slots: IntArray, correlations: Correlations, of: Sequence[Criterion]
    ) -> Iterator[tuple[int, int, float]]:
        """Give the pairs of slots that are not fully correlated, with what their product loses."""
        if not correlations:
            return
        for at, one in enumerate(slots.tolist()):
            for other in slots[at + 1 :].tolist():
                a, b = of[self.leaf[one]].id, of[self.leaf[other]].id
                factor = 2 - correlation(a, b, correlations) - correlation(b, a, correlations)
                if factor:
                    yield one, other, factor


@dataclass(frozen=True, slots=True)
class Spreads:
    """Standard errors (units,) and degrees of freedom: infinite for normal, 0 for no interval."""

    se: FloatArray
    df: FloatArray


def satterthwaite(variance: FloatArray, df: FloatArray) -> Spreads:
    """Add independent parts (surveys, units): total variance, and the df of a t with its two moments."""
    total = variance.sum(axis=0)
    none = np.any((df == 0) & (variance > 0), axis=0)
    counted = np.isfinite(df) & (df > 0)
    spent = np.sum(np.where(counted, np.square(variance) / np.where(counted, df, 1.0), 0.0), axis=0)
    joint = np.where(spent > 0, np.square(total) / np.where(spent > 0, spent, 1.0), np.inf)
    return Spreads(np.sqrt(total), np.where(none, 0.0, joint))


def numbered(slots: Sequence[Slot], units: int) -> IntArray:
    """Number (slots, units) the surveys within each unit by the first slot that draws on them.

    A survey without a name stands alone.
    """
    seen: dict[str, int] = {}
    codes = np.empty((len(slots), units), dtype=np.intp)
    first = np.empty_like(codes)
    for at, slot in enumerate(slots):
        names, place = slot.estimates.surveys, slot.estimates.survey
        codes[at] = np.array([seen.setdefault(name, len(seen)) for name in names], dtype=np.intp)[place]
        is_named = np.array([bool(name) for name in names])[place]
        same = codes[:at] == codes[at]
        first[at] = np.where(is_named & same.any(axis=0), same.argmax(axis=0) if at else 0, at)
    return first


def stacked(rows: Sequence[FloatArray], units: int) -> FloatArray:
    return np.array(rows, dtype=np.float64).reshape(len(rows), units)
