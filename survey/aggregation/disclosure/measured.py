"""The figures that publication rules look at, as columns: value, error, sample, units, level counts.

Not the rules (rules.py) nor the estimates they come from (`survey.aggregation`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from survey.aggregation.disclosure.errors import BadColumns
from survey.aggregation.estimates import Estimate

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: A share of people (0-1), a figure on another scale, or a number of people.
Kind = Literal["proportion", "scale", "count"]

_KIND_OF_UNIT: Final[dict[str, Kind]] = {
    "share": "proportion",
    "percent": "proportion",
    "count": "count",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Columns of C cells; NaN is not known.

    Attributes:
        value: (C,) the figure; proportions as shares (0-1).
        se: (C,) standard error in the same unit.
        n, n_eff, df: (C,) respondents, effective sample size, degrees of freedom.
        psus: (C,) primary sampling units with respondents.
        count: (C,) respondents at this level, for a cell of a distribution.
        proportion, counted: (C,) which cells are proportions, and which are numbers of people.
    """

    value: FloatArray
    se: FloatArray
    n: FloatArray
    n_eff: FloatArray
    df: FloatArray
    psus: FloatArray
    count: FloatArray
    proportion: BoolArray
    counted: BoolArray

    @classmethod
    def of(
        cls,
        *,
        value: ArrayLike,
        n: ArrayLike,
        se: ArrayLike = np.nan,
        n_eff: ArrayLike = np.nan,
        df: ArrayLike = np.nan,
        psus: ArrayLike = np.nan,
        count: ArrayLike = np.nan,
        kinds: Kind | Sequence[Kind] = "proportion",
    ) -> Measured:
        """Make columns from arrays or numbers that broadcast to one length; all flattened.

        Raises:
            BadColumns: lengths that do not agree, a negative n, or a proportion outside 0-1.
        """
        given = {"value": value, "n": n, "se": se, "n_eff": n_eff, "df": df, "psus": psus, "count": count}
        columns = {name: np.asarray(column, dtype=np.float64) for name, column in given.items()}
        kind = np.asarray(kinds)
        try:
            shape = np.broadcast_shapes(kind.shape, *(column.shape for column in columns.values()))
        except ValueError:
            raise BadColumns(column=", ".join(columns), problem="different lengths") from None
        flat = {name: np.broadcast_to(column, shape).reshape(-1) for name, column in columns.items()}
        kind = np.broadcast_to(kind, shape).reshape(-1)
        made = cls(**flat, proportion=kind == "proportion", counted=kind == "count")
        _check(made)
        return made

    @classmethod
    def of_estimates(
        cls,
        estimates: Sequence[Estimate],
        *,
        psus: Sequence[int | None] | None = None,
        counts: Sequence[int | None] | None = None,
        kinds: Sequence[Kind | None] | None = None,
    ) -> Measured:
        """Make columns from estimates; a kind that is not given follows from the estimate's unit.

        Raises:
            BadColumns.
        """
        length = len(estimates)
        given = kinds or [None] * length
        if len(given) != length:
            raise BadColumns(column="kinds", problem="different lengths")
        of_unit = [kind_of(one.unit, kind) for one, kind in zip(estimates, given, strict=True)]
        shares = [one.scaled(0.01, "share") if one.unit == "percent" else one for one in estimates]
        return cls.of(
            value=_column([one.value for one in shares]),
            se=_column([one.se for one in shares]),
            n=_column([one.n for one in shares]),
            n_eff=_column([one.n_eff for one in shares]),
            df=_column([one.df for one in shares]),
            psus=_column(psus or [None] * length),
            count=_column(counts or [None] * length),
            kinds=of_unit,
        )

    def __len__(self) -> int:
        return int(self.value.size)


def kind_of(unit: str, kind: Kind | None = None) -> Kind:
    """Return the kind given, or that of a unit: shares and percents are proportions."""
    return kind or _KIND_OF_UNIT.get(unit, "scale")


def _column(figures: Sequence[float | int | None]) -> FloatArray:
    return np.array([np.nan if one is None else one for one in figures], dtype=np.float64)


def _check(made: Measured) -> None:
    if np.any(~(made.n >= 0)):
        raise BadColumns(column="n", problem="negative or missing")
    if np.any(made.proportion & ((made.value < -1e-9) | (made.value > 1 + 1e-9))):
        raise BadColumns(column="value", problem="a proportion outside 0-1")
    if np.any((made.count < 0) | (made.count > made.n)):
        raise BadColumns(column="count", problem="negative, or more than n")
