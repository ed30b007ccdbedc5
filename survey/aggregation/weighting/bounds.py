"""Which bounds on weights make sense, and which totals they cannot reach.

Not how weights are held to them (calibration.py, trimming.py).
"""

from __future__ import annotations

import numpy as np

from survey.aggregation.labels import FloatArray
from survey.aggregation.weighting.auxiliary import AGREEMENT, Auxiliary, sums_by_label
from survey.aggregation.weighting.errors import BadBounds, UnreachableTotal


def refuse_bad_bounds(lower: float, upper: float, *, finite: bool) -> None:
    """Refuse bounds on the ratio of weights that are out of order or leave no room on both sides of 1.

    Raises:
        BadBounds.
    """
    problem = ""
    if not lower < upper:
        problem = "cận dưới phải nhỏ hơn cận trên / the lower bound must be below the upper"
    elif not lower < 1 < upper:
        problem = "phải chứa số 1 bên trong / they must contain 1 inside"
    elif finite and not np.isfinite([lower, upper]).all():
        problem = "phải hữu hạn / they must be finite"
    if problem:
        raise BadBounds(lower=lower, upper=upper, problem=problem)


def refuse_unreachable(auxiliary: Auxiliary, least: FloatArray, most: FloatArray) -> None:
    """Refuse totals that no weights between `least` and `most` (rows,) reach, each total by itself.

    Both are 0 in rows without weight. Totals that can be reached singly but not together are left to
    the convergence report.

    Raises:
        UnreachableTotal: naming the total, its rows and what could be reached.
    """
    for margin in auxiliary.margins:
        low, high = sums_by_label(margin, least), sums_by_label(margin, most)
        rows = np.bincount(margin.codes[auxiliary.live], minlength=len(margin.labels))
        for at, title in enumerate(margin.titles):
            _refuse_outside(title, int(rows[at]), float(margin.totals[at]), float(low[at]), float(high[at]))
    for number in auxiliary.numbers:
        used = number.values != 0
        values, ends = number.values[used], (least[used], most[used])
        low_end, high_end = np.where(values > 0, ends, ends[::-1])
        low_sum, high_sum = float((values * low_end).sum()), float((values * high_end).sum())
        _refuse_outside(number.name, values.size, number.total, low_sum, high_sum)


def _refuse_outside(margin: str, rows: int, target: float, low: float, high: float) -> None:
    slack = AGREEMENT * abs(target)
    if low - slack <= target <= high + slack:
        return
    raise UnreachableTotal(
        margin=margin, count=rows, target=f"{target:.10g}", least=f"{low:.10g}", most=f"{high:.10g}"
    )
