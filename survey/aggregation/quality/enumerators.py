"""Enumerator effects: how much of the answers' variance lies between those who asked.

Not proof of bad work: enumerators and places are seldom crossed, so an effect may be the place's.
Only an assignment at random within places tells them apart (Mahalanobis 1946).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from survey.aggregation.errors import MissingLabels
from survey.aggregation.intervals import check_level
from survey.aggregation.labels import BoolArray, FloatArray, IntArray, Labels, Numbered, number
from survey.aggregation.quality.columns import label_codes, quotient, real_column
from survey.aggregation.quality.errors import TooFewEnumerators
from survey.aggregation.quality.variance_ratio import Between, variance_ratio_interval
from survey.aggregation.sums import sum_by

#: Standard errors from the others at which an enumerator is looked at (house rule).
FAR = 3.0
#: A sum of squares this small, relative to that of the values, is rounding.
ROUNDING = 1e-24


@dataclass(frozen=True, slots=True)
class EnumeratorEffect:
    """One item's variance between and within enumerators (one-way random-effects ANOVA).

    Attributes:
        icc: share ρ of the variance that lies between enumerators; it can come out below 0, and is
            None where nothing varies. Where nothing varies within enumerators there is no test.
        ci_low, ci_high: Wald's interval (1940) at `level`, cut at 0.
        level: confidence level.
        f, p, df_between, df_within: test that there is no effect.
        workload: mean responses an enumerator, as a response sees it: Σ W² / Σ w² (Σ m² / n unweighted).
        deff: 1 + (workload - 1) ρ, with ρ below 0 taken as 0 (Kish 1962).
        n, enumerators: responses with a value, and who asked them.
        method: in words.
        labels: the enumerators, by number.
        count, mean: (enumerators,) responses and weighted mean of each.
        distance: (enumerators,) mean less that of the others, in standard errors; NaN where alone.
        far: (enumerators,) whether the distance is at least FAR either way: to be looked at.
    """

    icc: float | None
    ci_low: float | None
    ci_high: float | None
    level: float
    f: float | None
    p: float | None
    df_between: int
    df_within: int
    workload: float
    deff: float | None
    n: int
    enumerators: int
    method: str
    labels: tuple[Hashable, ...]
    count: IntArray
    mean: FloatArray
    distance: FloatArray
    far: BoolArray


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums over each enumerator's responses, and the variance within."""

    count: IntArray
    weight: FloatArray
    squares: FloatArray
    mean: FloatArray
    within: float

    @property
    def effective(self) -> FloatArray:
        """Return each one's effective number of responses, W² / Σ w²."""
        return np.square(self.weight) / self.squares


def enumerator_effect(
    values: NDArray[np.generic],
    enumerators: Labels,
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> EnumeratorEffect:
    """Estimate the intraclass correlation of an item by enumerator, with sizes as they come.

    Moments of the one-way random-effects model (Searle, Casella & McCulloch 1992, ch. 3), weighted
    when weights are given: with W = Σ w, Q = Σ w² of an enumerator, N = Σ W,
    σ²e = SSW / (N - Σ Q/W) and σ²a = (SSB - σ²e (Σ Q/W - ΣQ/N)) / (N - Σ W²/N), weights scaled to
    N = n. F and the interval are exact for normal answers without weights, approximate otherwise.

    Args:
        values: (rows,) answers; whole numbers below 0 and NaN are missing.
        enumerators: (rows,) who asked; needed for every response with a value.
        weights: (rows,) one each, above 0, to count; rows of weight 0 are left out.

    Raises:
        TooFewEnumerators, MissingLabels, UnusableColumn, DifferentLengths, BadRequest.
    """
    check_level(level)
    value = real_column(values, "values", np.asarray(values).size, signed=True)
    if np.asarray(values).dtype.kind == "i":
        value = np.where(value < 0, np.nan, value)
    weight = np.ones(value.size) if weights is None else real_column(weights, "weights", value.size)
    kept = ~np.isnan(value) & (weight > 0)
    asked = _asked(enumerators, kept)
    _enough(asked)
    value, weight = value[kept], weight[kept] * (kept.sum() / weight[kept].sum())
    return _effect(asked, _sums(asked, value, weight), weights is not None, level)


def _asked(enumerators: Labels, kept: BoolArray) -> Numbered:
    codes = label_codes(enumerators, "enumerators", kept.size)
    missing = int((codes[kept] < 0).sum())
    if missing:
        raise MissingLabels(column="enumerators", count=missing)
    labels = number(enumerators).labels
    present, place = np.unique(codes[kept], return_inverse=True)
    return Numbered(tuple(labels[code] for code in present), place.astype(np.intp, copy=False))


def _enough(asked: Numbered) -> None:
    if len(asked.labels) < 2 or asked.codes.size == len(asked.labels):
        raise TooFewEnumerators(enumerators=len(asked.labels), responses=asked.codes.size)


def _sums(asked: Numbered, value: FloatArray, weight: FloatArray) -> _Sums:
    who, size = asked.codes, len(asked.labels)
    total, squares = sum_by(who, weight, size), sum_by(who, np.square(weight), size)
    mean = sum_by(who, weight * value, size) / total
    within = float(np.sum(weight * np.square(value - mean[who])))
    if within <= ROUNDING * float(np.sum(weight * np.square(value))):
        within = 0.0
    spread = within / (value.size - float((squares / total).sum()))
    return _Sums(np.bincount(who, minlength=size), total, squares, mean, spread)


def _between(sums: _Sums) -> float:
    """Return σ²a by moments."""
    n = float(sums.count.sum())
    centre = float((sums.weight * sums.mean).sum()) / n
    squares = float((sums.weight * np.square(sums.mean - centre)).sum())
    if squares <= ROUNDING * float((sums.weight * np.square(sums.mean)).sum()):
        squares = 0.0
    chance = sums.within * (float((sums.squares / sums.weight).sum()) - float(sums.squares.sum()) / n)
    return (squares - chance) / (n - float(np.square(sums.weight).sum()) / n)


def _effect(asked: Numbered, sums: _Sums, weighted: bool, level: float) -> EnumeratorEffect:
    n, people = asked.codes.size, len(asked.labels)
    between, workload = _between(sums), float(np.square(sums.weight).sum() / sums.squares.sum())
    varies = sums.within > 0
    ratio = Between(sums.mean, sums.effective, sums.within)
    icc = between / (between + sums.within) if between + sums.within > 0 else None
    f = ratio.f(0.0) if varies else None
    low, high = variance_ratio_interval(ratio, people - 1, n - people, level) if varies else (None, None)
    distance = _distance(sums)
    return EnumeratorEffect(
        icc=icc,
        ci_low=low,
        ci_high=high,
        level=level,
        f=f,
        p=None if f is None else float(special.fdtrc(people - 1, n - people, f)),
        df_between=people - 1,
        df_within=n - people,
        workload=workload,
        deff=None if icc is None else 1 + (workload - 1) * max(icc, 0.0),
        n=n,
        enumerators=people,
        method=METHOD_WEIGHTED if weighted else METHOD,
        labels=asked.labels,
        count=sums.count,
        mean=sums.mean,
        distance=distance,
        far=np.abs(np.nan_to_num(distance)) >= FAR,
    )


METHOD = "one-way random-effects ANOVA, unequal sizes; F test; interval of Wald 1940"
METHOD_WEIGHTED = "weighted one-way random-effects ANOVA, unequal sizes; F test and Wald interval approximate"


def _distance(sums: _Sums) -> FloatArray:
    """Return each mean less that of the others, over its standard error were there no effect."""
    others = sums.weight.sum() - sums.weight
    other_mean = ((sums.weight * sums.mean).sum() - sums.weight * sums.mean) / others
    other_effective = np.square(others) / (sums.squares.sum() - sums.squares)
    se = np.sqrt(sums.within * (1 / sums.effective + 1 / other_effective))
    return quotient(sums.mean - other_mean, se)
