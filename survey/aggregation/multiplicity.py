"""Several tests at once: p-values, and their adjustment within one declared family.

Not the choice of a family, which is the request's (one report table is one family), and not rank
intervals (ranking), which are joint by construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from survey.aggregation.errors import BadRequest
from survey.aggregation.intervals import check_level
from survey.aggregation.labels import BoolArray, FloatArray
from survey.errors import Invalid

#: "bh" and "by" hold the false discovery rate, "holm" and "bonferroni" the familywise error rate.
Adjustment = Literal["bh", "by", "holm", "bonferroni"]

#: The Vietnamese of a family's method.
PHRASES = {
    "Benjamini-Hochberg 1995, false discovery rate": "Benjamini-Hochberg 1995, tỷ lệ phát hiện sai",
    "Benjamini-Yekutieli 2001, false discovery rate": "Benjamini-Yekutieli 2001, tỷ lệ phát hiện sai",
    "Holm 1979, familywise error rate": "Holm 1979, xác suất sai lầm chung của cả nhóm",
    "Bonferroni, familywise error rate": "Bonferroni, xác suất sai lầm chung của cả nhóm",
}
_METHODS: dict[Adjustment, str] = dict(zip(get_args(Adjustment), PHRASES, strict=True))


class BadPValues(Invalid):
    """A p-value outside 0..1, or a family that is not one column of them."""

    code = "SVY-422-112"
    texts = {
        "vi": "Giá trị p của nhóm kiểm định {family} không hợp lệ: {problem}.",
        "en": "The p-values of the family of tests {family} are not valid: {problem}.",
    }


@dataclass(frozen=True, slots=True)
class Family:
    """A family of tests and what is left of them after adjustment.

    Attributes:
        name: what the family is, such as a report table.
        adjustment, method: how, as a key and in fixed English words (`PHRASES` has the Vietnamese).
        level: the error rate that is held, such as 0.05.
        p: (T,) as given; NaN where there was no test.
        q: (T,) adjusted, NaN where p is.
        rejected: (T,) whether q is at most `level`; never where p is NaN.
        tests: m, the tests that count: p-values that are not NaN.
    """

    name: str
    adjustment: Adjustment
    method: str
    level: float
    p: FloatArray
    q: FloatArray
    rejected: BoolArray
    tests: int


def adjust_family(p: ArrayLike, *, name: str, adjustment: Adjustment = "bh", level: float = 0.05) -> Family:
    """Adjust the p-values (T,) of one family as R's `p.adjust` does.

    A NaN (no degrees of freedom, no standard error) is no test: it is left out of the count m and stays
    NaN.

    Raises:
        BadPValues: not one column, or a value outside 0..1.
        BadRequest: an unknown adjustment, a level outside (0, 1).
    """
    check_level(level)
    if adjustment not in _METHODS:
        raise BadRequest(problem=f"adjustment={adjustment!r}")
    given = _checked(p, name)
    is_test = ~np.isnan(given)
    q = np.full(given.size, np.nan)
    q[is_test] = _adjusted(given[is_test], adjustment)
    rejected = np.zeros(given.size, dtype=np.bool_)
    rejected[is_test] = q[is_test] <= level
    for array in (given, q, rejected):
        array.setflags(write=False)
    return Family(
        name, adjustment, _METHODS[adjustment], level, given, q, rejected, int(np.count_nonzero(is_test))
    )


def two_sided_p(value: ArrayLike, se: ArrayLike, df: ArrayLike) -> FloatArray:
    """Return the p-value of "the true value is 0", two-sided, from Student's t with `df`.

    Infinite df is the normal. NaN where there is no test: se missing or 0, or df below 1. All three
    broadcast.
    """
    estimate, spread, degrees = np.broadcast_arrays(
        np.asarray(value, dtype=np.float64),
        np.asarray(se, dtype=np.float64),
        np.asarray(df, dtype=np.float64),
    )
    is_test = (spread > 0) & (degrees >= 1)
    statistic = -np.abs(estimate) / np.where(is_test, spread, 1.0)
    student = special.stdtr(np.where(is_test & np.isfinite(degrees), degrees, 1.0), statistic)
    tail = np.where(np.isposinf(degrees), special.ndtr(statistic), student)
    return np.asarray(np.where(is_test, 2 * tail, np.nan), dtype=np.float64)


def _checked(p: ArrayLike, family: str) -> FloatArray:
    given = np.array(p, dtype=np.float64)
    if given.ndim != 1:
        raise BadPValues(family=family, problem=f"{given.ndim} chiều / dimensions")
    outside = (given < 0) | (given > 1)
    if outside.any():
        raise BadPValues(family=family, problem=f"p = {given[outside][0]:g}")
    return given


def _adjusted(p: FloatArray, adjustment: Adjustment) -> FloatArray:
    tests = p.size
    if adjustment == "bonferroni":
        return np.minimum(tests * p, 1.0)
    order = np.argsort(p, kind="stable")
    place = np.arange(1, tests + 1)
    if adjustment == "holm":
        stepped = np.maximum.accumulate((tests - place + 1) * p[order])
    else:
        factor = float(np.sum(1 / place)) if adjustment == "by" else 1.0
        stepped = np.minimum.accumulate((factor * tests / place * p[order])[::-1])[::-1]
    adjusted = np.empty(tests)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted
