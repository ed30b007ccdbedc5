"""Joint rank intervals from all pairwise differences, with the full covariance.

Not from each estimate's own interval (joint.py), which needs no covariance and is what is published
by default. Nothing is drawn at random.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.errors import DifferentLengths
from survey.aggregation.labels import BoolArray, FloatArray
from survey.aggregation.ranking.covariances import covariance_matrix, root_of
from survey.aggregation.ranking.intervals import JointRanks, Ranked
from survey.aggregation.ranking.quantiles import LevelSharing, joint_quantile
from survey.aggregation.ranking.ranked import counts, named_estimates


def joint_ranks_by_differences(
    estimates: ArrayLike,
    covariance: ArrayLike,
    *,
    names: Sequence[Hashable] | None = None,
    df: ArrayLike | None = None,
    n: Sequence[int] | None = None,
    level: float = 0.95,
    adjustment: LevelSharing = "sidak",
    largest_first: bool = True,
) -> JointRanks:
    """Return the ranks of K units with joint intervals from their m(m-1)/2 differences.

    A unit is clearly above another when their difference exceeds c·se of the difference, with
    V(a - b) = V_aa + V_bb - 2 V_ab and c the joint quantile over all pairs; the rank interval is
    [1 + clearly above, K - clearly below] (Mogstad, Romano, Shaikh & Wilhelm 2024, in one step and with
    Šidák's or Bonferroni's quantile in place of their bootstrap). All differences hold together with
    probability `level` at least, whatever their correlation (Šidák 1967). The intervals are mostly
    narrower than `joint_ranks`', the more so the more the estimates are positively correlated. Time and
    memory grow with K².

    A unit without variance (NaN on the diagonal) is treated as in `joint_ranks`.

    Args:
        estimates: (K,).
        covariance: (K, K), in the estimates' unit squared.
        df: degrees of freedom of the differences, one number or (K, K); None is normal.
        n: (K,) respondents, carried to the result.

    Raises:
        BadEstimates: no unit, an estimate that is not a number, a repeated name.
        BadCovariance: not (K, K), not symmetric, not positive semidefinite.
        BadRequest: a level outside (0, 1), an unknown adjustment.
        DifferentLengths.
    """
    values, named = named_estimates(estimates, names)
    matrix = covariance_matrix(covariance, values.size)
    degrees = _degrees(df, values.size)
    known = ~np.isnan(np.diagonal(matrix))
    root_of(matrix[np.ix_(known, known)])
    ranked = Ranked(named, values, 1 if largest_first else -1, known, counts("n", n, values.size))
    pairs = int(np.count_nonzero(known) * (np.count_nonzero(known) - 1) // 2)
    clearly = _clearly(ranked.sign * values, matrix, joint_quantile(level, pairs, degrees, adjustment))
    return ranked.with_intervals(
        clearly.sum(axis=0), clearly.sum(axis=1), level=level, method=_method(adjustment, df is not None)
    )


def _degrees(df: ArrayLike | None, size: int) -> FloatArray:
    degrees = np.asarray(np.inf if df is None else df, dtype=np.float64)
    if degrees.shape not in ((), (size, size)):
        raise DifferentLengths(column="df", found=degrees.size, expected=size * size)
    return degrees


def _clearly(values: FloatArray, covariance: FloatArray, quantile: FloatArray) -> BoolArray:
    """Say (K, K) whether the unit of the row is clearly above the unit of the column."""
    variances = np.diagonal(covariance)
    of_difference = np.maximum(variances[:, None] + variances - 2 * covariance, 0.0)
    margin = quantile * np.sqrt(of_difference)
    return np.asarray(values[:, None] - values > np.where(np.isnan(margin), np.inf, margin), dtype=np.bool_)


def _method(adjustment: LevelSharing, has_df: bool) -> str:
    return "; ".join(
        (
            "joint rank intervals from pairwise differences with their full covariance",
            {"sidak": "Šidák level", "bonferroni": "Bonferroni level"}[adjustment],
            "t quantiles" if has_df else "normal quantiles",
        )
    )
