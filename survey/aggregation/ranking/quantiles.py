"""The quantile that makes several two-sided statements hold together.

Not the statements: intervals of estimates (joint.py) or of differences (differences.py).
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from scipy import special

from survey.aggregation.errors import BadRequest
from survey.aggregation.intervals import check_level
from survey.aggregation.labels import FloatArray

#: How the level is shared among the statements.
LevelSharing = Literal["sidak", "bonferroni"]


def joint_quantile(level: float, statements: int, df: FloatArray, adjustment: LevelSharing) -> FloatArray:
    """Return each statement's two-sided quantile so that all hold together at `level`.

    Šidák: γ = 1 - level^{1/m}; Bonferroni: γ = (1 - level)/m; the quantile is t with `df` at 1 - γ/2,
    normal where df is infinite, NaN where df is below 1. The lower tail is asked for: with many
    statements 1 - γ/2 is too near 1 to keep its digits.

    Raises:
        BadRequest: a level outside (0, 1), an unknown adjustment.
    """
    check_level(level)
    tail = _tail(level, max(statements, 1), adjustment)
    finite = np.where(np.isfinite(df) & (df >= 1), df, 1.0)
    quantile = np.where(np.isposinf(df), -special.ndtri(tail), -special.stdtrit(finite, tail))
    return np.where(df >= 1, quantile, np.nan)


def _tail(level: float, statements: int, adjustment: LevelSharing) -> float:
    if adjustment == "sidak":
        return -math.expm1(math.log(level) / statements) / 2
    if adjustment == "bonferroni":
        return (1 - level) / statements / 2
    raise BadRequest(problem=f"adjustment={adjustment!r}")
