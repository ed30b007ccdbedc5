"""What each respondent adds to a composite statistic, for its design effect and sample size.

Not its variance, which needs PSU sums only (variance.py). The spread of an index between respondents
depends on how each one's answers go together, which item sums no longer know; so this looks at the
rows once more, in blocks, with the means already known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.answers import Readings
from survey.aggregation.design_effects import simple_random_variance
from survey.aggregation.domains import DomainSet
from survey.aggregation.labels import FloatArray
from survey.aggregation.sums import sum_by

#: Rows looked at together: what bounds the memory of the scan.
BLOCK_ROWS = 32_768


@dataclass(frozen=True, slots=True)
class Pool:
    """The pooled estimate of some items in each group: its residual is Σ over items of (y - ratio x) / X.

    Attributes:
        items: the items pooled, by place.
        ratio, inverse: (groups,) the estimate and 1/X, both 0 where nobody answered.
    """

    items: tuple[int, ...]
    ratio: FloatArray
    inverse: FloatArray


#: A composite statistic: its pools, each with its share (groups,) of the statistic.
Composite = Sequence[tuple[Pool, FloatArray]]


def simple_variances(
    weights: FloatArray,
    readings: Readings,
    domains: DomainSet,
    composites: Sequence[Composite],
    weight: FloatArray,
    n: FloatArray,
) -> FloatArray:
    """Measure how each composite varies between its respondents: simple variances (groups, composites).

    Args:
        weights: (rows,).
        weight, n: (groups, composites) Σ w and number of the respondents.
    """
    squares = np.zeros((domains.groups, len(composites)))
    for start in range(0, weights.size, BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        readout = readings.read(rows)
        value, base = _columns(readout.value), _columns(readout.denominator)
        residuals: dict[tuple[int, ...], FloatArray] = {}
        for at, composite in enumerate(composites):
            residual = np.zeros(weights[rows].size)
            for pool, share in composite:
                if pool.items not in residuals:
                    residuals[pool.items] = _residual(pool, value, base, domains, rows)
                residual += _by_row(share, domains, rows) * residuals[pool.items]
            of_row = weights[rows] * np.square(residual)
            squares[:, at] += sum_by(domains.codes[rows], of_row, domains.groups)
    return simple_random_variance(squares, weight, n)


def _columns(block: NDArray[Any]) -> FloatArray:
    """Lay a block (rows, K) out item by item, as (K, rows)."""
    return np.ascontiguousarray(block.T, dtype=np.float64)


def _residual(pool: Pool, value: FloatArray, base: FloatArray, domains: DomainSet, rows: slice) -> FloatArray:
    upper, lower = value[pool.items[0]], base[pool.items[0]]
    for item in pool.items[1:]:
        upper, lower = upper + value[item], lower + base[item]
    ratio, inverse = _by_row(pool.ratio, domains, rows), _by_row(pool.inverse, domains, rows)
    residual: FloatArray = (upper - ratio * lower) * inverse
    return residual


def _by_row(by_group: FloatArray, domains: DomainSet, rows: slice) -> FloatArray | np.float64:
    """Spread a value a group over the rows; one number where all groups share it."""
    if domains.covers_all or (by_group == by_group[0]).all():
        only: np.float64 = by_group[0]
        return only
    return by_group[domains.codes[rows]]
