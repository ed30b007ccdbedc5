"""Fit the area-level model to a table of areas and estimate every one.

Not the numerics (reml.py, eblup.py) and not the benchmark to the province (benchmark.py).
"""

from __future__ import annotations

import numpy as np
from scipy import special

from survey.aggregation.estimates import known
from survey.aggregation.intervals import check_level
from survey.aggregation.labels import FloatArray
from survey.aggregation.small_area.areas import Areas
from survey.aggregation.small_area.diagnostics import residuals_of
from survey.aggregation.small_area.eblup import Prediction, predict
from survey.aggregation.small_area.estimates import FitSummary, ModelEstimate, SmallAreas
from survey.aggregation.small_area.reml import RemlFit, fit_reml

MODEL_BASED = "model-based: Fay-Herriot area level"

#: The Vietnamese of every phrase of a ModelEstimate's `method`.
PHRASES = {
    MODEL_BASED: "ước lượng dựa trên mô hình: Fay-Herriot cấp địa bàn",
    "REML": "REML",
    "EBLUP": "dự báo tuyến tính không chệch tốt nhất thực nghiệm (EBLUP)",
    "synthetic estimate": "ước lượng tổng hợp từ biến bổ trợ, địa bàn không có mẫu",
    "Prasad-Rao MSE": "sai số bình phương trung bình Prasad-Rao",
    "normal interval": "khoảng tin cậy chuẩn",
    "sampling variances as given": "phương sai mẫu như đã cho",
    "sampling variances smoothed by log-log regression on sample size": (
        "phương sai mẫu được làm trơn bằng hồi quy log-log theo cỡ mẫu"
    ),
    "lognormal factor": "hệ số chuyển đổi ngược loga chuẩn",
    "smearing factor": "hệ số chuyển đổi ngược Duan",
    "total factor": "hệ số chuyển đổi ngược giữ nguyên tổng phương sai",
    "benchmarked by ratio": "hiệu chỉnh theo tỷ số về ước lượng trực tiếp của cả tỉnh",
    "benchmarked by difference": "hiệu chỉnh theo hiệu số về ước lượng trực tiếp của cả tỉnh",
    "MSE before benchmarking plus squared shift": (
        "sai số bình phương trung bình trước hiệu chỉnh cộng bình phương mức điều chỉnh"
    ),
}


def fay_herriot(areas: Areas, *, level: float = 0.95, unit: str = "share") -> SmallAreas:
    """Estimate every area by the area-level Fay-Herriot model.

    REML for the variance between areas, EBLUP γ·direct + (1-γ)·x'β, mean squared error g1 + g2 + 2·g3
    (Prasad & Rao 1990; Rao & Molina 2015, ch. 6). An area that does not enter the fit gets x'β and the
    flag "synthetic".

    Raises:
        NoConvergence: the REML estimate was not found.
        BadRequest: a level outside (0, 1).
    """
    check_level(level)
    sampled = areas.is_sampled
    fit = fit_reml(areas.direct[sampled], areas.variance[sampled], areas.covariates[sampled])
    prediction = predict(areas, fit)
    estimates = tuple(
        _estimate(areas, prediction, at, is_at_zero=fit.gls.sigma2 == 0, level=level, unit=unit)
        for at in range(len(areas.names))
    )
    return SmallAreas(estimates, _summary(areas, fit))


def normal_interval(value: float, mse: float, level: float) -> tuple[float, float]:
    """Return value ± z·√mse."""
    half = float(special.ndtri((1 + level) / 2)) * mse**0.5
    return value - half, value + half


def _estimate(
    areas: Areas, prediction: Prediction, at: int, *, is_at_zero: bool, level: float, unit: str
) -> ModelEstimate:
    value, mse = float(prediction.value[at]), float(prediction.mse[at])
    low, high = normal_interval(value, mse, level)
    return ModelEstimate(
        name=areas.names[at],
        value=value,
        mse=mse,
        rmse=mse**0.5,
        ci_low=low,
        ci_high=high,
        level=level,
        n=None if areas.n is None else areas.n[at],
        gamma=float(prediction.gamma[at]),
        direct=known(areas.direct[at]),
        direct_se=known(areas.variance[at] ** 0.5),
        synthetic=float(prediction.synthetic[at]),
        shift=0.0,
        method=_method(areas, bool(areas.is_sampled[at])),
        unit=unit,
        flags=_flags(areas, at, is_at_zero),
    )


def _method(areas: Areas, is_sampled: bool) -> str:
    kind = "EBLUP" if is_sampled else "synthetic estimate"
    return "; ".join((MODEL_BASED, "REML", kind, "Prasad-Rao MSE", "normal interval", areas.variance_method))


def _flags(areas: Areas, at: int, is_at_zero: bool) -> tuple[str, ...]:
    has_direct, has_variance = not np.isnan(areas.direct[at]), not np.isnan(areas.variance[at])
    flags = (
        ("synthetic", not (has_direct and has_variance)),
        ("no_variance", has_direct and not has_variance),
        ("no_area_variance", is_at_zero),
    )
    return tuple(flag for flag, holds in flags if holds)


def _summary(areas: Areas, fit: RemlFit) -> FitSummary:
    gls = fit.gls
    return FitSummary(
        sigma2_u=gls.sigma2,
        sigma2_u_se=fit.sigma2_variance**0.5,
        is_at_zero=gls.sigma2 == 0,
        iterations=fit.iterations,
        covariates=areas.covariate_names,
        beta=tuple(gls.beta.tolist()),
        beta_se=tuple(np.sqrt(np.diagonal(gls.inverse)).tolist()),
        beta_covariance=_frozen(gls.inverse),
        loglik=gls.loglik,
        restricted_loglik=gls.restricted_loglik,
        areas=gls.residual.size,
        predicted=len(areas.names),
        residuals=residuals_of(areas.covariates[areas.is_sampled], gls),
        variance_method=areas.variance_method,
    )


def _frozen(array: FloatArray) -> FloatArray:
    kept = array.copy()
    kept.setflags(write=False)
    return kept
