"""Standard errors of coefficients from what each response adds to them, over the PSUs of the design.

Not the coefficients. A function g of weighted moments has the linearised value
u_i = (d_i' G d_i - tr G S) / Σ w, with G the gradient of g by the covariance matrix S; the variance of
g is that of the total Σ w u (Binder 1983; Deville 1999), by whatever the design has: stages, residuals
after calibration, or replicate weights, which are then applied to the linearised values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from survey.aggregation.descriptives import totals
from survey.aggregation.design import SampleDesign
from survey.aggregation.estimates import Estimate, known, warnings_of
from survey.aggregation.intervals import t_interval
from survey.aggregation.labels import FloatArray
from survey.aggregation.reliability.cases import Cases
from survey.aggregation.reliability.phrases import REPLICATED

#: Columns whose variances are computed together: what bounds the memory.
TOGETHER = 16
#: A standard error this small is rounding.
ROUNDING = 1e-12

#: identity: value ± t se. log: on log(1 - value) (Bonett 2002). fisher: on artanh(value).
Scale = Literal["identity", "log", "fisher"]

_NO_WORDS: tuple[str, ...] = ()
_INTERVALS: dict[Scale, str] = {
    "identity": "t interval",
    "log": "t interval on log(1 - value)",
    "fisher": "t interval on Fisher's scale",
}


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """Standard errors of m coefficients on the same cases.

    Attributes:
        se: (m,) NaN where there is none: df below 1, or nothing varies.
        df: PSUs with cases less strata with cases.
        phrases: how the variance was estimated.
    """

    se: FloatArray
    df: int
    phrases: tuple[str, ...]


def moment_influence(cases: Cases, gradient: FloatArray) -> FloatArray:
    """Return the linearised values (n,) of a function with a symmetric gradient (k, k) by S."""
    added = np.sum(cases.centred @ gradient * cases.centred, axis=1)
    influence: FloatArray = (added - np.sum(gradient * cases.covariance)) / cases.weight.sum()
    return influence


def from_correlations(cases: Cases, gradient: FloatArray) -> FloatArray:
    """Turn a symmetric gradient (k, k) by the correlations into one by the covariances.

    With r_ab = S_ab / √(S_aa S_bb), the diagonal takes -Σ_b G_ab r_ab / S_aa.
    """
    correlation, variance = cases.correlation, np.diag(cases.covariance)
    off = gradient - np.diag(np.diag(gradient))
    turned: FloatArray = off / np.sqrt(np.outer(variance, variance))
    np.fill_diagonal(turned, -np.sum(off * correlation, axis=1) / variance)
    return turned


def correlation_influence(weight: FloatArray, x: FloatArray, y: FloatArray) -> tuple[float, FloatArray]:
    """Return the weighted correlation of two centred columns (n,) and its linearised values (n,)."""
    total = float(weight.sum())
    zx = x / np.sqrt(np.sum(weight * np.square(x)) / total)
    zy = y / np.sqrt(np.sum(weight * np.square(y)) / total)
    r = float(np.sum(weight * zx * zy) / total)
    return r, (zx * zy - r / 2 * (np.square(zx) + np.square(zy))) / total


def uncertainty(design: SampleDesign, cases: Cases, influences: Sequence[FloatArray]) -> Uncertainty:
    """Return the standard errors of coefficients from their linearised values, each (n,)."""
    domain = np.where(cases.complete, "cases", "")
    se: list[float] = []
    df, phrases = 0, _NO_WORDS
    for start in range(0, len(influences), TOGETHER):
        columns = {str(at): cases.spread(one) for at, one in enumerate(influences[start : start + TOGETHER])}
        found = totals(design, columns, domains=domain, deff=False)
        for name in columns:
            estimate = found.estimate("cases", name)
            se.append(np.nan if estimate.se is None else estimate.se)
            df, phrases = estimate.df, _variance_words(design, estimate.method)
    standard = np.array(se)
    return Uncertainty(np.where(standard > ROUNDING, standard, np.nan), df, phrases)


def _variance_words(design: SampleDesign, method: str) -> tuple[str, ...]:
    """Keep the words on the variance: those of totals speak of totals, and end with their interval."""
    kept = tuple(word for word in method.split("; ")[:-1] if word not in ("total", "available cases"))
    return kept if design.replicates is None else (*kept, REPLICATED)


def estimates(
    design: SampleDesign,
    cases: Cases,
    coefficients: Sequence[tuple[str, float, FloatArray]],
    *,
    scale: Scale,
    level: float,
    flags: tuple[str, ...] = (),
    unit: str = "coefficient",
) -> tuple[Estimate, ...]:
    """Return estimates from (formula, value, linearised values (n,)), with t intervals on a scale."""
    found = uncertainty(design, cases, [one[2] for one in coefficients])
    made = []
    for at, (formula, value, _) in enumerate(coefficients):
        se = float(found.se[at])
        low, high = interval_on(scale, value, se, found.df, level)
        shown = "no interval" if np.isnan(low) else _INTERVALS[scale]
        made.append(
            Estimate(
                value=known(value),
                se=known(se),
                ci_low=known(low),
                ci_high=known(high),
                level=level,
                n=cases.n,
                n_eff=None,
                deff=None,
                df=found.df,
                method="; ".join((formula, "listwise cases", *found.phrases, shown)),
                unit=unit,
                flags=warnings_of(n=cases.n, has_interval=not np.isnan(low), items_missing=False) + flags,
            )
        )
    return tuple(made)


def interval_on(scale: Scale, value: float, se: float, df: int, level: float) -> tuple[float, float]:
    """Return the t interval on a scale, taken back; NaN where there is none."""
    if scale == "fisher" and abs(value) < 1:
        low, high = t_interval(np.arctanh(value), se / (1 - value**2), df, level)
        return float(np.tanh(low)), float(np.tanh(high))
    if scale == "log" and value < 1:
        low, high = t_interval(np.log1p(-value), se / (1 - value), df, level)
        return float(-np.expm1(high)), float(-np.expm1(low))
    low, high = t_interval(value, se, df, level)
    return float(low), float(high)
