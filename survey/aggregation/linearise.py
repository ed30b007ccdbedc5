"""Linearisation: every statistic of every domain as a value and a vector over PSUs.

Not its variance (variance.py). With S = Σ w r y and X = Σ w r x over a PSU's members of a domain,
a mean or ratio R = S/X has z = (S - R X) / X_domain, and 0 in a PSU without members (Woodruff 1971;
Binder 1983). Vectors of two statistics on the same PSUs give their covariance, whatever they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from survey.aggregation.answers import Figure
from survey.aggregation.collapse import Cells
from survey.aggregation.design import SampleDesign
from survey.aggregation.design_effects import divide, simple_random_variance
from survey.aggregation.labels import BoolArray, FloatArray
from survey.aggregation.residuals import Pool, spread_of_residuals
from survey.aggregation.sums import grouped_sum


@dataclass(frozen=True, slots=True)
class Linearised:
    """Statistics of the groups of one grid, with G groups, C cells and T statistics.

    Attributes:
        value: (G, T), NaN where nobody answered.
        z: (C, T) linearised value of each cell, in the unit of the statistic.
        n: (G, T) respondents.
        weight, weight_squares: (G, T) their Σ w and Σ w².
        simple_variance: (G, T) variance under simple random sampling with replacement.
        incomplete: (G, T) whether an item of the statistic had no respondent in the domain.
    """

    value: FloatArray
    z: FloatArray
    n: FloatArray
    weight: FloatArray
    weight_squares: FloatArray
    simple_variance: FloatArray
    incomplete: BoolArray


def linearise_means(cells: Cells) -> Linearised:
    """Linearise every item's mean (or share), each over its own respondents."""
    domain, groups = cells.grid.domain, cells.grid.groups
    weight = grouped_sum(cells.weight, domain, groups)
    mean = divide(grouped_sum(cells.weighted, domain, groups), weight)
    z = linear_ratio(cells.weighted, cells.weight, mean[domain], weight[domain])
    n = grouped_sum(cells.answered, domain, groups)
    shift = np.where(weight > 0, mean - cells.centre, 0.0)
    spread = np.maximum(grouped_sum(cells.squares, domain, groups) - weight * np.square(shift), 0.0)
    return Linearised(
        value=mean,
        z=z,
        n=n,
        weight=weight,
        weight_squares=grouped_sum(cells.weight_squares, domain, groups),
        simple_variance=simple_random_variance(divide(spread, np.square(weight)), weight, n),
        incomplete=np.zeros(mean.shape, dtype=np.bool_),
    )


def linearise_ratios(design: SampleDesign, cells: Cells, figures: Mapping[str, Figure]) -> Linearised:
    """Linearise every ratio Σ w y / Σ w x, over the respondents who have both."""
    domain, groups = cells.grid.domain, cells.grid.groups
    base = grouped_sum(cells.base, domain, groups)
    ratio = divide(grouped_sum(cells.weighted, domain, groups), base)
    known, inverse = np.nan_to_num(ratio), np.nan_to_num(divide(np.ones(base.shape), base))
    every = np.ones(groups)
    pools = [Pool((item,), known[:, at], inverse[:, at]) for at, item in enumerate(cells.items)]
    spread = spread_of_residuals(design, cells, figures, [[(pool, every)] for pool in pools])
    return Linearised(
        value=ratio,
        z=linear_ratio(cells.weighted, cells.base, ratio[domain], base[domain]),
        n=spread.n,
        weight=spread.weight,
        weight_squares=spread.weight_squares,
        simple_variance=spread.simple_variance,
        incomplete=np.zeros(ratio.shape, dtype=np.bool_),
    )


def linearise_totals(cells: Cells) -> Linearised:
    """Linearise every item's total Σ w y; its linearised value is the PSU's own total."""
    means = linearise_means(cells)
    return Linearised(
        value=np.where(
            means.n > 0, grouped_sum(cells.weighted, cells.grid.domain, cells.grid.groups), np.nan
        ),
        z=cells.weighted,
        n=means.n,
        weight=means.weight,
        weight_squares=means.weight_squares,
        simple_variance=means.simple_variance * np.square(means.weight),
        incomplete=means.incomplete,
    )


def linear_ratio(upper: FloatArray, lower: FloatArray, ratio: FloatArray, divisor: FloatArray) -> FloatArray:
    """Return (S - R X) / X_domain cell by cell, and 0 where the domain has no respondent."""
    z = np.zeros(upper.shape)
    np.divide(upper - ratio * lower, divisor, out=z, where=divisor != 0)
    return z


def join(*parts: Linearised) -> Linearised:
    """Set the statistics of one grid side by side."""
    return Linearised(
        value=np.concatenate([part.value for part in parts], axis=1),
        z=np.concatenate([part.z for part in parts], axis=1),
        n=np.concatenate([part.n for part in parts], axis=1),
        weight=np.concatenate([part.weight for part in parts], axis=1),
        weight_squares=np.concatenate([part.weight_squares for part in parts], axis=1),
        simple_variance=np.concatenate([part.simple_variance for part in parts], axis=1),
        incomplete=np.concatenate([part.incomplete for part in parts], axis=1),
    )
