"""Check a covariance matrix of estimates, and take its root.

Not how the covariance is estimated (survey.aggregation.variance), and no random numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.labels import FloatArray
from survey.aggregation.ranking.errors import BadCovariance

#: Beyond this part of the variances a matrix is not symmetric, or not positive semidefinite, by more
#: than rounding.
ROUNDING = 1e-10


def covariance_matrix(covariance: ArrayLike, size: int) -> FloatArray:
    """Return a covariance matrix (size, size), made exactly symmetric; NaN is kept.

    Raises:
        BadCovariance: another shape, a negative variance, an infinite entry, not symmetric.
    """
    matrix = np.asarray(covariance, dtype=np.float64)
    if matrix.shape != (size, size):
        raise BadCovariance(problem=f"{matrix.shape}; cần / needed ({size}, {size})")
    variances = np.diagonal(matrix)
    if np.any(variances < 0) or np.any(np.isinf(matrix)):
        raise BadCovariance(problem="phương sai âm hoặc vô hạn / a negative or infinite variance")
    scale = np.sqrt(variances)[:, None] * np.sqrt(variances)
    if np.any(np.abs(matrix - matrix.T) > ROUNDING * np.fmax(scale, np.abs(matrix))):
        raise BadCovariance(problem="không đối xứng / not symmetric")
    return (matrix + matrix.T) / 2


def root_of(covariance: FloatArray) -> FloatArray:
    """Return the lower triangular root L of a covariance matrix V = L L′ (Cholesky).

    V may be singular: estimates that are sums of others have a row of L that adds no column. The
    triangular root has one form only, so that the same seed gives the same draws on any machine but for
    rounding, which roots from eigenvectors (signs, repeated eigenvalues) do not.

    Raises:
        BadCovariance: V is not positive semidefinite beyond rounding.
    """
    spread = np.sqrt(np.diagonal(covariance))
    divisor = np.where(spread > 0, spread, 1.0)
    correlation = covariance / divisor[:, None] / divisor
    try:
        root = np.linalg.cholesky(correlation)
    except np.linalg.LinAlgError:
        root = _semidefinite_root(correlation)
    return np.asarray(root * divisor[:, None], dtype=np.float64)


def _semidefinite_root(correlation: FloatArray) -> FloatArray:
    """Take the Cholesky root column by column, skipping the columns that are used up."""
    rest = correlation.copy()
    root = np.zeros_like(rest)
    for k in range(rest.shape[0]):
        pivot, below = rest[k, k], rest[k:, k]
        if pivot > ROUNDING:
            root[k:, k] = below / np.sqrt(pivot)
            rest[k:, k:] -= root[k:, k, None] * root[k:, k]
        elif pivot < -ROUNDING or np.any(np.square(below) > ROUNDING):
            raise BadCovariance(problem="không nửa xác định dương / not positive semidefinite")
    return root
