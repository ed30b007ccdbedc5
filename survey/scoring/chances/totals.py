"""Simulated totals of many units: what their percents could have been, had other people been asked.

Not how they are drawn (simulating.py), nor ranks (ranks.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from survey.scoring.batch.columns import BoolArray, FloatArray, seal
from survey.scoring.chances.errors import BadDraws, NotSimulated
from survey.scoring.chances.rounding import in_last_decimals


@dataclass(frozen=True, slots=True, eq=False)
class TotalDraws:
    """Draws of the percents of K units.

    Attributes:
        units: (K,) those whose percent is known.
        value: (K,) the percents as they were measured.
        percent: (draws, K) the simulated ones; the measured one throughout where the error is unknown.
        has_error: (K,) whether the error of the percent is known; 0 is known.
        seed: of PCG64, which gives the same draws again; None for draws that were given.
        method: how, in fixed English words (`PHRASES` has the Vietnamese).
    """

    units: tuple[str, ...]
    value: FloatArray
    percent: FloatArray
    has_error: BoolArray
    seed: int | None
    method: str

    def __post_init__(self) -> None:
        seal(self)

    @classmethod
    def of(
        cls,
        units: Sequence[str],
        value: ArrayLike,
        percent: ArrayLike,
        *,
        seed: int | None = None,
        method: str = "draws as given",
    ) -> TotalDraws:
        """Take draws (draws, K) made elsewhere; a unit of which any is NaN counts as without a known error.

        Raises:
            BadDraws: another shape, no draw, a value that is not a number, a unit that stands twice.
        """
        values, drawn = np.array(value, dtype=np.float64), np.asarray(percent, dtype=np.float64)
        if drawn.ndim != 2 or not drawn.size or drawn.shape[1] != len(units) or values.shape != (len(units),):
            raise BadDraws(problem=f"{drawn.shape}; cần / needed (draws, {len(units)})")
        if not np.isfinite(values).all() or len(set(units)) < len(units):
            raise BadDraws(problem="giá trị không phải số, hoặc đơn vị lặp lại / no number, or a unit twice")
        has_error = np.logical_and.reduce(np.isfinite(drawn), axis=0)
        return cls(tuple(units), values, np.where(has_error, drawn, values), has_error, seed, method)

    @property
    def draws(self) -> int:
        return int(self.percent.shape[0])

    def at(self, unit: str) -> int:
        """Give the place of a unit in the arrays.

        Raises:
            NotSimulated.
        """
        if unit not in self.units:
            raise NotSimulated(unit=unit)
        return self.units.index(unit)

    def only(self, units: Collection[str]) -> TotalDraws:
        """Keep some units, such as those of one block, which are ranked among themselves."""
        kept = [place for place, unit in enumerate(self.units) if unit in units]
        return replace(
            self,
            units=tuple(self.units[place] for place in kept),
            value=self.value[kept],
            percent=self.percent[:, kept],
            has_error=self.has_error[kept],
        )

    def rounded(self, places: int) -> FloatArray:
        """Round the draws as places are decided, in units of the last decimal."""
        return in_last_decimals(self.percent, places)


#: The Vietnamese of every phrase of a `method`.
PHRASES = {
    "draws as given": "các lần rút do bên gọi cung cấp",
    "totals simulated from the standard errors of survey leaves": (
        "tổng điểm mô phỏng từ sai số chuẩn của các tiêu chí khảo sát"
    ),
    "normal draws held to each scale": "rút theo phân phối chuẩn, giữ trong thang của từng tiêu chí",
    "surveys independent": "các cuộc khảo sát độc lập với nhau",
    "leaves of one survey fully correlated": "các tiêu chí của cùng một cuộc khảo sát tương quan hoàn toàn",
    "leaves of one survey correlated as given": (
        "các tiêu chí của cùng một cuộc khảo sát tương quan theo hệ số đã cho"
    ),
    "units independent": "các đơn vị độc lập với nhau",
    "some leaves drawn as given": "một số tiêu chí dùng các lần rút do bên gọi cung cấp",
}
