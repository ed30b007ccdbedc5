"""Linearisation: every statistic as a function of sums, and what each unit adds to it.

Not its variance (uncertainty.py). With S = Σ w r y and X = Σ w r x over a unit's members of a domain,
a mean or ratio R = S/X has z = (S - R X) / X_domain, and 0 in a unit without members (Woodruff 1971;
Binder 1983). Vectors of two statistics on the same units give their covariance, whatever they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from survey.aggregation.design_effects import divide, simple_random_variance
from survey.aggregation.labels import BoolArray, FloatArray, IntArray
from survey.aggregation.methods import Statistic
from survey.aggregation.residuals import Composite, Pool
from survey.aggregation.table import Sums


@dataclass(frozen=True, slots=True)
class Respondents:
    """Who entered each statistic of each group, all (G, T).

    Attributes:
        n: respondents.
        weight, weight_squares: their Σ w and Σ w² (NaN where it is not kept).
        simple_variance: variance under simple random sampling with replacement; NaN where only the
            responses themselves, read once more, can tell (`Estimator.composites`).
        incomplete: whether an item of the statistic had no respondent in the domain.
    """

    n: FloatArray
    weight: FloatArray
    weight_squares: FloatArray
    simple_variance: FloatArray
    incomplete: BoolArray


class Estimator(Protocol):
    """T statistics of G domains from sums over their respondents."""

    @property
    def described(self) -> tuple[Statistic, ...]:
        """Return the T statistics."""
        ...

    def values(self, total: Sums) -> FloatArray:
        """Return the statistics (G, T) of sums by domain, NaN where nobody answered."""
        ...

    def influence(self, total: Sums, part: Sums, group: IntArray) -> FloatArray:
        """Linearise: what parts (C) of the groups given add to each statistic (C, T); linear in `part`."""
        ...

    def respondents(self, total: Sums) -> Respondents:
        """Count who entered each statistic (G, T)."""
        ...

    def composites(self, total: Sums) -> Sequence[Composite | None]:
        """Return what to look for in the responses for simple variances, or None where sums suffice."""
        ...


@dataclass(frozen=True, slots=True)
class Means:
    """The mean (or share) of every item, each over its own respondents."""

    described: tuple[Statistic, ...]

    def values(self, total: Sums) -> FloatArray:
        """Return S / W."""
        return divide(total.weighted, total.weight)

    def influence(self, total: Sums, part: Sums, group: IntArray) -> FloatArray:
        """Return (S - m W) / W_domain."""
        return linear_ratio(part.weighted, part.weight, self.values(total), total.weight, group)

    def respondents(self, total: Sums) -> Respondents:
        """Count who answered each item."""
        simple = simple_random_variance(
            divide(_centred_squares(total), np.square(total.weight)), total.weight, total.answered
        )
        return _of_items(total, simple)

    def composites(self, total: Sums) -> Sequence[Composite | None]:
        """Say that sums suffice."""
        return [None] * len(self.described)


@dataclass(frozen=True, slots=True)
class Totals:
    """The population total Σ w y of every item; what a unit adds is its own total."""

    described: tuple[Statistic, ...]

    def values(self, total: Sums) -> FloatArray:
        """Return S, 0 where nobody answered: a replicate without a domain's members has none of its total."""
        return np.ascontiguousarray(total.weighted)

    def influence(self, total: Sums, part: Sums, group: IntArray) -> FloatArray:
        """Return S of the part."""
        return np.ascontiguousarray(part.weighted)

    def respondents(self, total: Sums) -> Respondents:
        """Count who answered each item."""
        simple = simple_random_variance(_centred_squares(total), total.weight, total.answered)
        return _of_items(total, simple)

    def composites(self, total: Sums) -> Sequence[Composite | None]:
        """Say that sums suffice."""
        return [None] * len(self.described)


@dataclass(frozen=True, slots=True)
class Ratios:
    """The ratio Σ w y / Σ w x of every pair, over the respondents who have both."""

    described: tuple[Statistic, ...]

    def values(self, total: Sums) -> FloatArray:
        """Return S / X."""
        return divide(total.weighted, total.base)

    def influence(self, total: Sums, part: Sums, group: IntArray) -> FloatArray:
        """Return (S - R X) / X_domain."""
        return linear_ratio(part.weighted, part.base, self.values(total), total.base, group)

    def respondents(self, total: Sums) -> Respondents:
        """Count who has both."""
        return _of_items(total, np.full(total.weight.shape, np.nan))

    def composites(self, total: Sums) -> Sequence[Composite | None]:
        """Return each ratio as a pool of one pair."""
        ratio = np.nan_to_num(self.values(total))
        inverse = np.nan_to_num(divide(np.ones(ratio.shape), total.base))
        every = np.ones(ratio.shape[0])
        return [[(Pool((at,), ratio[:, at], inverse[:, at]), every)] for at in range(ratio.shape[1])]


@dataclass(frozen=True, slots=True)
class Joined:
    """Several estimators of the same sums, side by side."""

    parts: tuple[Estimator, ...]

    @property
    def described(self) -> tuple[Statistic, ...]:
        """Return the statistics of all parts."""
        return tuple(one for part in self.parts for one in part.described)

    def values(self, total: Sums) -> FloatArray:
        """Return the statistics of all parts."""
        return np.concatenate([part.values(total) for part in self.parts], axis=1)

    def influence(self, total: Sums, part: Sums, group: IntArray) -> FloatArray:
        """Linearise all parts."""
        return np.concatenate([one.influence(total, part, group) for one in self.parts], axis=1)

    def respondents(self, total: Sums) -> Respondents:
        """Count who entered the statistics of all parts."""
        each = [part.respondents(total) for part in self.parts]
        return Respondents(
            n=np.concatenate([one.n for one in each], axis=1),
            weight=np.concatenate([one.weight for one in each], axis=1),
            weight_squares=np.concatenate([one.weight_squares for one in each], axis=1),
            simple_variance=np.concatenate([one.simple_variance for one in each], axis=1),
            incomplete=np.concatenate([one.incomplete for one in each], axis=1),
        )

    def composites(self, total: Sums) -> Sequence[Composite | None]:
        """Return what all parts look for in the responses."""
        return [one for part in self.parts for one in part.composites(total)]


def linear_ratio(
    upper: FloatArray, lower: FloatArray, ratio: FloatArray, divisor: FloatArray, group: IntArray
) -> FloatArray:
    """Return (S - R X) / X_domain of parts (C, ...), and 0 where the domain has no respondent.

    `ratio` and `divisor` are those of the groups (G, ...); `group` (C,) is that of each part.
    """
    answered = divisor != 0
    inverse = np.divide(1.0, divisor, out=np.zeros(divisor.shape), where=answered)
    z: FloatArray = np.where(answered, ratio, 0.0)[group]
    z *= lower
    np.subtract(upper, z, out=z)
    z *= inverse[group]
    return z


def _centred_squares(total: Sums) -> FloatArray:
    """Return Σ w r (y - m)² from the squares about the layout's centre."""
    mean = np.nan_to_num(divide(total.weighted, total.weight))
    shift = np.where(total.weight > 0, mean - total.layout.centre, 0.0)
    return np.maximum(total.squares - total.weight * np.square(shift), 0.0)


def _of_items(total: Sums, simple_variance: FloatArray) -> Respondents:
    return Respondents(
        n=total.answered,
        weight=total.weight,
        weight_squares=total.weight_squares,
        simple_variance=simple_variance,
        incomplete=np.zeros(total.weight.shape, dtype=np.bool_),
    )
