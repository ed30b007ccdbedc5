"""How an estimate was made, in fixed words, and which interval it gets.

Not the formulas (estimators.py, variance.py, intervals.py). The words are stable English phrases joined
by "; ", each with its Vietnamese; a notes sheet prints either (wording.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np

from survey.aggregation.design import SampleDesign
from survey.aggregation.errors import BadRequest
from survey.aggregation.intervals import (
    Interval,
    arcsine_interval,
    beta_interval,
    korn_graubard_interval,
    logit_interval,
    t_interval,
    wilson_interval,
)
from survey.aggregation.labels import BoolArray, FloatArray, IntArray
from survey.aggregation.likelihood import likelihood_interval

PHRASES = {
    "share of an item": "tỷ lệ theo một tiêu chí",
    "mean of an item": "điểm trung bình của một tiêu chí",
    "index averaged over items": "chỉ số là trung bình có trọng số của các tiêu chí",
    "index pooled over answers": "chỉ số gộp mọi câu trả lời của các tiêu chí",
    "index averaged over pooled groups of items": "chỉ số là trung bình của các nhóm tiêu chí gộp",
    "total": "tổng",
    "ratio": "tỷ số",
    "difference of two domains": "chênh lệch giữa hai miền",
    "contrast": "tổ hợp tuyến tính của các ước lượng",
    "change between two rounds": "thay đổi giữa hai đợt",
    "available cases": "mỗi tiêu chí dùng mọi phiếu có trả lời",
    "Taylor linearisation over PSUs": "phương sai tuyến tính hóa Taylor theo đơn vị mẫu cấp một",
    "finite population correction": "có hiệu chỉnh tổng thể hữu hạn",
    "no finite population correction": "không hiệu chỉnh tổng thể hữu hạn",
    "lonely PSU: remove": "tầng chỉ có một đơn vị mẫu: không tính vào phương sai",
    "lonely PSU: certainty": "tầng chỉ có một đơn vị mẫu: coi như chọn chắc chắn",
    "lonely PSU: adjust": "tầng chỉ có một đơn vị mẫu: tính theo trung bình chung",
    "lonely PSU: average": "tầng chỉ có một đơn vị mẫu: lấy bình quân các tầng khác",
    "lonely PSU: collapse": "tầng chỉ có một đơn vị mẫu: gộp với tầng bên cạnh",
    "second stage": "có phương sai giai đoạn hai",
    "listwise cases": "chỉ dùng phiếu trả lời đủ mọi tiêu chí",
    "jackknife JK1": "phương sai jackknife JK1",
    "jackknife JKn": "phương sai jackknife JKn",
    "balanced half samples BRR": "phương sai nửa mẫu cân bằng BRR",
    "Fay's balanced half samples": "phương sai nửa mẫu cân bằng theo Fay",
    "Rao-Wu bootstrap": "phương sai bootstrap Rao-Wu",
    "replicate weights supplied": "phương sai theo trọng số lặp có sẵn",
    "normal interval": "khoảng tin cậy chuẩn",
    "Wilson interval (R)": "khoảng tin cậy Wilson (quy ước R)",
    "beta interval (R)": "khoảng tin cậy beta (quy ước R)",
    "arcsine interval": "khoảng tin cậy arcsin căn bậc hai",
    "logit interval, t": "khoảng tin cậy logit, phân vị t",
    "t interval": "khoảng tin cậy t",
    "Korn-Graubard interval (NCHS)": "khoảng tin cậy Korn-Graubard (NCHS)",
    "quantile of an item": "phân vị của một tiêu chí",
    "population variance of an item": "phương sai tổng thể của một tiêu chí",
    "Woodruff interval, t": "khoảng tin cậy Woodruff, phân vị t",
    "Woodruff interval, logit": "khoảng tin cậy Woodruff, thang logit",
    "Woodruff interval, arcsine": "khoảng tin cậy Woodruff, thang arcsin",
    "Woodruff interval, beta": "khoảng tin cậy Woodruff, phân bố beta",
    "Rao-Scott second-order chi-square, F": "kiểm định khi bình phương Rao-Scott bậc hai, thống kê F",
    "design-based t-test": "kiểm định t theo thiết kế mẫu",
    "df = PSUs less strata less 1": "bậc tự do = số đơn vị mẫu cấp một trừ số tầng trừ 1",
    "likelihood interval (R)": "khoảng tin cậy hợp lý (quy ước R)",
    "no interval": "không có khoảng tin cậy",
}


class IntervalKind(IntEnum):
    """The interval an estimate has."""

    NONE = 0
    T = 1
    LOGIT = 2
    KORN_GRAUBARD = 3
    NORMAL = 4
    WILSON = 5
    BETA = 6
    ARCSINE = 7
    LIKELIHOOD = 8


#: What a request may name; "default" is logit for shares (Korn-Graubard at 0 and 1) and t otherwise.
IntervalMethod = Literal[
    "default", "t", "normal", "logit", "wilson", "beta", "korn_graubard", "arcsine", "likelihood"
]
_KINDS: Mapping[str, IntervalKind] = {
    "t": IntervalKind.T,
    "normal": IntervalKind.NORMAL,
    "logit": IntervalKind.LOGIT,
    "wilson": IntervalKind.WILSON,
    "beta": IntervalKind.BETA,
    "korn_graubard": IntervalKind.KORN_GRAUBARD,
    "arcsine": IntervalKind.ARCSINE,
    "likelihood": IntervalKind.LIKELIHOOD,
}
_FOR_ANY = (IntervalKind.T, IntervalKind.NORMAL)

INTERVAL_PHRASES = {
    IntervalKind.NONE: "no interval",
    IntervalKind.T: "t interval",
    IntervalKind.LOGIT: "logit interval, t",
    IntervalKind.KORN_GRAUBARD: "Korn-Graubard interval (NCHS)",
    IntervalKind.NORMAL: "normal interval",
    IntervalKind.WILSON: "Wilson interval (R)",
    IntervalKind.BETA: "beta interval (R)",
    IntervalKind.ARCSINE: "arcsine interval",
    IntervalKind.LIKELIHOOD: "likelihood interval (R)",
}


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic of an analysis.

    Attributes:
        id: item or index.
        formula: one of the phrases above.
        is_share: whether it lies between 0 and 1 by construction.
        is_single: whether one item makes it, so that a binomial interval fits at 0 and 1.
    """

    id: str
    formula: str
    is_share: bool = False
    is_single: bool = False


def variance_phrases(design: SampleDesign) -> tuple[str, ...]:
    """Name how weights and variances of a design are made."""
    lonely = (f"lonely PSU: {design.lonely}",) if names_lonely_rule(design) else ()
    correction = "finite population correction" if design.has_fpc else "no finite population correction"
    if design.replicates is not None:
        shown = () if design.replicates.by_row else (correction, *lonely)
        return (design.replicates.method, *shown)
    second = ("second stage",) if design.selection.second is not None else ()
    calibrated = design.calibration.phrases if design.calibration is not None else ()
    return (*calibrated, "Taylor linearisation over PSUs", *second, correction, *lonely)


def names_lonely_rule(design: SampleDesign) -> bool:
    """Say whether the rule for lone PSUs had, or may have had, any part in a variance."""
    collapsed = design.lonely == "collapse" and design.selection.collapsed
    return bool(design.lone.any()) or collapsed or design.selection.lonely_domains


#: A share this close to 0 or 1 is at the end; a standard error this small, relative to the value, is 0.
ROUNDING = 1e-12


def negligible(value: FloatArray, variance: FloatArray, is_share: BoolArray) -> BoolArray:
    """Say where a variance (D, T) is zero but for rounding."""
    scale = np.where(is_share, 1.0, np.abs(value))
    return np.asarray(variance <= np.square(ROUNDING * scale), dtype=np.bool_)


def publishable_se(value: FloatArray, variance: FloatArray, df: IntArray, is_share: BoolArray) -> FloatArray:
    """Return standard errors (D, T), NaN where there is none to publish: df below 1, or nothing varies.

    What varies by rounding only does not vary: nobody should print "100 ± 0".
    """
    known = (df[:, None] >= 1) & ~negligible(value, variance, is_share)
    return np.where(known, np.sqrt(variance), np.nan)


def choose_intervals(
    value: FloatArray,
    se: FloatArray,
    n: FloatArray,
    df: IntArray,
    statistics: tuple[Statistic, ...],
    method: IntervalMethod = "default",
) -> IntArray:
    """Choose each estimate's interval (D, T).

    By default logit for shares inside (0, 1); Korn-Graubard for a single item's share at 0 or 1; t
    otherwise; none without a standard error. At 0 and 1 no named method but Korn-Graubard has any.

    Raises:
        BadRequest: a method for shares where a statistic is none, or an unknown one.
    """
    is_share = np.array([one.is_share for one in statistics], dtype=np.bool_)
    is_single = np.array([one.is_single for one in statistics], dtype=np.bool_)
    at_end = is_share & ((value <= ROUNDING) | (value >= 1 - ROUNDING))
    exact = at_end & is_single & (df[:, None] >= 1) & (n >= 2)
    if method == "default":
        kind = np.where(is_share & ~at_end, IntervalKind.LOGIT, IntervalKind.T)
    else:
        kind = np.full(value.shape, _named(method, is_share))
        exact &= kind == IntervalKind.KORN_GRAUBARD
    kind = np.where(np.isnan(se) | at_end, IntervalKind.NONE, kind)
    return np.where(exact, IntervalKind.KORN_GRAUBARD, kind).astype(np.intp)


def _named(method: str, is_share: BoolArray) -> IntervalKind:
    kind = _KINDS.get(method)
    if kind is None:
        raise BadRequest(problem=f"interval {method!r}")
    if kind not in _FOR_ANY and not is_share.all():
        problem = f"khoảng {method} chỉ cho tỷ lệ / the {method} interval is for proportions only"
        raise BadRequest(problem=problem)
    return kind


def intervals_of(
    kind: IntArray, value: FloatArray, se: FloatArray, n: FloatArray, df: IntArray, level: float
) -> tuple[FloatArray, FloatArray]:
    """Compute the chosen intervals (D, T), NaN where there is none."""
    degrees = np.broadcast_to(df[:, None], value.shape)
    low, high = np.full(value.shape, np.nan), np.full(value.shape, np.nan)
    for chosen in np.unique(kind).tolist():
        if chosen != IntervalKind.NONE:
            at = kind == chosen
            low[at], high[at] = _interval(IntervalKind(chosen), value[at], se[at], n[at], degrees[at], level)
    return low, high


def _interval(
    kind: IntervalKind, value: FloatArray, se: FloatArray, n: FloatArray, df: IntArray, level: float
) -> Interval:
    if kind is IntervalKind.NORMAL:
        return t_interval(value, se, np.inf, level)
    if kind in (IntervalKind.BETA, IntervalKind.LIKELIHOOD):
        of_rows = beta_interval if kind is IntervalKind.BETA else likelihood_interval
        return of_rows(value, se, n, df, level)
    if kind is IntervalKind.KORN_GRAUBARD:
        at_end = (value <= ROUNDING) | (value >= 1 - ROUNDING)
        share = np.where(at_end, np.round(value), value)
        return korn_graubard_interval(share, np.where(at_end, 0.0, se), n, df, level)
    by_kind: Mapping[IntervalKind, Callable[..., Interval]] = {
        IntervalKind.T: t_interval,
        IntervalKind.LOGIT: logit_interval,
        IntervalKind.WILSON: wilson_interval,
        IntervalKind.ARCSINE: arcsine_interval,
    }
    return by_kind[kind](value, se, df, level)
