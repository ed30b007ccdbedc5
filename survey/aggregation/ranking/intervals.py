"""What joint rank intervals are: for each unit its rank, the ranks it can have, and how that was found.

Not how they are computed (joint.py, differences.py).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from survey.aggregation.errors import UnknownResult
from survey.aggregation.labels import BoolArray, FloatArray, IntArray
from survey.aggregation.ranking.ranked import Names, competition_ranks

#: The flag of a unit whose estimate has no standard error.
NO_INTERVAL = "no_interval"

#: The Vietnamese of every phrase of a ranking's `method`.
PHRASES = {
    "joint rank intervals (Klein, Wright & Wieczorek 2020)": (
        "khoảng tin cậy đồng thời của thứ hạng (Klein, Wright & Wieczorek 2020)"
    ),
    "joint rank intervals from pairwise differences with their full covariance": (
        "khoảng tin cậy đồng thời của thứ hạng từ chênh lệch từng cặp với hiệp phương sai đầy đủ"
    ),
    "rank probabilities by simulation from the full covariance": (
        "xác suất thứ hạng bằng mô phỏng từ hiệp phương sai đầy đủ"
    ),
    "Šidák level": "mức tin cậy Šidák",
    "Bonferroni level": "mức tin cậy Bonferroni",
    "t quantiles": "phân vị t",
    "normal quantiles": "phân vị chuẩn",
    "rank 1 is the largest": "hạng 1 là giá trị lớn nhất",
    "rank 1 is the smallest": "hạng 1 là giá trị nhỏ nhất",
}


@dataclass(frozen=True, slots=True)
class JointRanks:
    """Ranks of K units with intervals that hold for all units together.

    Attributes:
        names: (K,) the units.
        estimates: (K,) what they are ranked by.
        rank: (K,) competition ranks: equal estimates share the best rank of theirs.
        low, high: (K,) the ranks each unit can have, both included.
        level: probability that all K true ranks lie in their intervals, at least.
        compared: units with a standard error; the others have [1, K] and the flag "no_interval".
        method: how, in fixed English words joined by "; " (`PHRASES` has the Vietnamese).
        n: (K,) respondents behind each estimate, where given.
        df: (K,) degrees of freedom used; None where the quantiles are normal or differ by pair.
        flags: (K,) stable words.
    """

    names: Names
    estimates: tuple[float, ...]
    rank: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    level: float
    compared: int
    method: str
    n: tuple[int, ...] | None
    df: tuple[float, ...] | None
    flags: tuple[tuple[str, ...], ...]

    def of(self, name: Hashable) -> tuple[int, int, int]:
        """Return one unit's rank with the lowest and highest number it can have.

        Raises:
            UnknownResult.
        """
        if name not in self.names:
            raise UnknownResult(name=name)
        at = self.names.index(name)
        return self.rank[at], self.low[at], self.high[at]


@dataclass(frozen=True, slots=True)
class Ranked:
    """K units about to be given intervals: `sign` is -1 where rank 1 is the smallest."""

    names: Names
    values: FloatArray
    sign: int
    known: BoolArray
    n: tuple[int, ...] | None

    def with_intervals(
        self, above: IntArray, below: IntArray, *, level: float, method: str, df: FloatArray | None = None
    ) -> JointRanks:
        """Make rank intervals from the numbers of units clearly above and clearly below each."""
        return JointRanks(
            names=self.names,
            estimates=tuple(self.values.tolist()),
            rank=tuple(competition_ranks(self.sign * self.values).tolist()),
            low=tuple((1 + above).tolist()),
            high=tuple((self.values.size - below).tolist()),
            level=level,
            compared=int(np.count_nonzero(self.known)),
            method=f"{method}; rank 1 is the {'largest' if self.sign > 0 else 'smallest'}",
            n=self.n,
            df=None if df is None else tuple(df.tolist()),
            flags=tuple(() if known else (NO_INTERVAL,) for known in self.known.tolist()),
        )
