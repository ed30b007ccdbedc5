"""How the leaves of one survey move together in a draw: a root of their correlations.

Not the drawing (simulating.py). Leaves of different surveys do not move together at all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from survey.scoring.batch.columns import BoolArray, FloatArray
from survey.scoring.chances.errors import ImpossibleCorrelations
from survey.scoring.uncertainty import Correlations, correlation

#: What rounding leaves of a pivot that should be 0.
ROUNDING = 1e-9


def root_of_correlations(leaves: Sequence[str], shared: BoolArray, given: Correlations) -> FloatArray:
    """Return L (leaves, factors) with L L′ the correlations of the leaves' errors.

    Args:
        shared: (leaves, leaves) whether two leaves draw on one survey in any unit. Those that do are
            fully correlated unless a correlation is given.

    Raises:
        ImpossibleCorrelations: no errors can have these correlations.
    """
    pairs = [[(correlation(a, b, given) + correlation(b, a, given)) / 2 for b in leaves] for a in leaves]
    matrix = np.where(shared, np.array(pairs).reshape(len(leaves), len(leaves)), 0.0)
    return cholesky(matrix, leaves)


def cholesky(matrix: FloatArray, leaves: Sequence[str]) -> FloatArray:
    """Take the triangular root column by column, without the columns that are used up.

    A triangular root has one form only, so the same seed gives the same draws on any machine.
    """
    rest, columns = matrix.astype(np.float64), []
    for at in range(len(leaves)):
        pivot, below = rest[at, at], rest[:, at]
        if pivot > ROUNDING:
            column = np.where(np.arange(len(leaves)) >= at, below / np.sqrt(pivot), 0.0)
            rest = rest - column[:, None] * column
            columns.append(column)
        elif pivot < -ROUNDING or np.any(np.abs(below[at:]) > np.sqrt(ROUNDING)):
            raise ImpossibleCorrelations(leaves=", ".join(leaves))
    return np.array(columns, dtype=np.float64).reshape(len(columns), len(leaves)).T
