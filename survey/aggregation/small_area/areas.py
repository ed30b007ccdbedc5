"""The areas that a model is fitted to: direct estimates, their sampling variances, covariates.

Not the smoothing of the variances (smoothing.py) nor the model (reml.py, eblup.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.errors import DifferentLengths, listed
from survey.aggregation.labels import BoolArray, FloatArray
from survey.aggregation.small_area.errors import BadAreas, CollinearCovariates, TooFewAreas

INTERCEPT = "intercept"
#: Columns of length 1 whose smallest singular value is below this part of the largest are dependent.
DEPENDENT = 1e-10
AS_GIVEN = "sampling variances as given"


@dataclass(frozen=True, slots=True)
class Areas:
    """M areas, with or without a sample.

    Attributes:
        names: (M,).
        direct: (M,) direct estimates, NaN where there is no sample.
        variance: (M,) sampling variances ψ, NaN where there is none.
        covariates: (M, p) with the intercept first.
        covariate_names: (p,).
        n: (M,) respondents behind the direct estimates, where given.
        variance_method: how the variances were made, as words for a notes sheet.
    """

    names: tuple[Hashable, ...]
    direct: FloatArray
    variance: FloatArray
    covariates: FloatArray
    covariate_names: tuple[str, ...]
    n: tuple[int, ...] | None
    variance_method: str

    @classmethod
    def build(
        cls,
        *,
        names: Sequence[Hashable],
        direct: ArrayLike,
        variance: ArrayLike,
        covariates: ArrayLike | None = None,
        covariate_names: Sequence[str] | None = None,
        n: Sequence[int] | None = None,
        variance_method: str = AS_GIVEN,
    ) -> Areas:
        """Check the columns of a table of areas; an intercept is added to the covariates.

        An area enters the fit when it has both a direct estimate and a variance; others are predicted.
        A variance of 0 is refused: it says that all respondents answered alike, and would give the area
        its direct estimate without error. Smooth the variances, or give NaN.

        Args:
            covariates: (M, q) numbers for every area, sampled or not; None for the intercept alone.
            variance_method: `SmoothedVariances.method` where the variances were smoothed.

        Raises:
            BadAreas: no area, a repeated name, a variance that is 0, negative or infinite, an infinite
                estimate, a covariate that is not a number.
            TooFewAreas: fewer areas enter the fit than coefficients + 1.
            CollinearCovariates.
            DifferentLengths.
        """
        named = _names(names)
        x, labels = _with_intercept(covariates, covariate_names, len(named))
        areas = cls(
            names=named,
            direct=_column("direct", direct, len(named)),
            variance=_column("variance", variance, len(named)),
            covariates=x,
            covariate_names=labels,
            n=None if n is None else tuple(int(one) for one in _column("n", n, len(named))),
            variance_method=variance_method,
        )
        areas._check_values()
        areas._check_covariates()
        return areas

    @property
    def is_sampled(self) -> BoolArray:
        """Say (M,) which areas enter the fit."""
        return ~np.isnan(self.direct) & ~np.isnan(self.variance)

    def _check_values(self) -> None:
        for bad, problem in (
            (np.isinf(self.direct), "ước lượng vô hạn / an infinite estimate"),
            (self.variance < 0, "phương sai âm / a negative variance"),
            (self.variance == 0, "phương sai bằng 0, cần làm trơn / a variance of 0, to be smoothed"),
            (np.isinf(self.variance), "phương sai vô hạn / an infinite variance"),
            (~np.isfinite(self.covariates).all(axis=1), "biến bổ trợ thiếu / a covariate that is missing"),
        ):
            if np.any(bad):
                raise BadAreas(problem=problem, names=listed(self.names[at] for at in np.flatnonzero(bad)))

    def _check_covariates(self) -> None:
        x = self.covariates[self.is_sampled]
        if x.shape[0] < x.shape[1] + 1:
            raise TooFewAreas(found=x.shape[0], needed=x.shape[1] + 1)
        length = np.sqrt(np.square(x).sum(axis=0))
        singular = np.linalg.svd(x / np.where(length > 0, length, 1.0), compute_uv=False)
        if singular[-1] <= DEPENDENT * singular[0]:
            raise CollinearCovariates(names=listed(self.covariate_names))


def _names(names: Sequence[Hashable]) -> tuple[Hashable, ...]:
    named = tuple(names)
    if not named:
        raise BadAreas(problem="không có địa bàn nào / no area", names="-")
    if len(set(named)) < len(named):
        repeated = sorted({str(name) for name in named if named.count(name) > 1})
        raise BadAreas(problem="tên lặp lại / a repeated name", names=listed(repeated))
    return named


def _with_intercept(
    covariates: ArrayLike | None, labels: Sequence[str] | None, rows: int
) -> tuple[FloatArray, tuple[str, ...]]:
    x = np.empty((rows, 0)) if covariates is None else np.asarray(covariates, dtype=np.float64)
    x = x[:, None] if x.ndim == 1 else x
    if x.ndim != 2 or x.shape[0] != rows:
        raise DifferentLengths(column="covariates", found=x.shape[0] if x.ndim else 1, expected=rows)
    named = tuple(f"x{place}" for place in range(1, x.shape[1] + 1)) if labels is None else tuple(labels)
    if len(named) != x.shape[1]:
        raise DifferentLengths(column="covariate_names", found=len(named), expected=x.shape[1])
    return np.column_stack([np.ones(rows), x]), (INTERCEPT, *named)


def _column(name: str, values: ArrayLike, size: int) -> FloatArray:
    numbers = np.array(values, dtype=np.float64)
    if numbers.shape != (size,):
        raise DifferentLengths(column=name, found=numbers.size, expected=size)
    return numbers
