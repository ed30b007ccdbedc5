"""How an estimate was made, in fixed words, and which interval it gets.

Not the formulas (linearise.py, variance.py, intervals.py). The words are stable English phrases joined
by "; ", each with its Vietnamese; a notes sheet prints either (`describe_method`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from survey.aggregation.design import SampleDesign
from survey.aggregation.intervals import korn_graubard_interval, logit_interval, t_interval
from survey.aggregation.labels import BoolArray, FloatArray, IntArray

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
    "available cases": "mỗi tiêu chí dùng mọi phiếu có trả lời",
    "Taylor linearisation over PSUs": "phương sai tuyến tính hóa Taylor theo đơn vị mẫu cấp một",
    "finite population correction": "có hiệu chỉnh tổng thể hữu hạn",
    "no finite population correction": "không hiệu chỉnh tổng thể hữu hạn",
    "lonely PSU: remove": "tầng chỉ có một đơn vị mẫu: không tính vào phương sai",
    "lonely PSU: certainty": "tầng chỉ có một đơn vị mẫu: coi như chọn chắc chắn",
    "lonely PSU: adjust": "tầng chỉ có một đơn vị mẫu: tính theo trung bình chung",
    "lonely PSU: average": "tầng chỉ có một đơn vị mẫu: lấy bình quân các tầng khác",
    "logit interval, t": "khoảng tin cậy logit, phân vị t",
    "t interval": "khoảng tin cậy t",
    "Korn-Graubard interval (NCHS)": "khoảng tin cậy Korn-Graubard (NCHS)",
    "no interval": "không có khoảng tin cậy",
}


def describe_method(method: str, language: str = "vi") -> str:
    """Say the method of an Estimate in "vi" or "en"."""
    if language != "vi":
        return method
    return "; ".join(PHRASES.get(phrase, phrase) for phrase in method.split("; "))


class IntervalKind(IntEnum):
    """The interval an estimate has."""

    NONE = 0
    T = 1
    LOGIT = 2
    KORN_GRAUBARD = 3


INTERVAL_PHRASES = {
    IntervalKind.NONE: "no interval",
    IntervalKind.T: "t interval",
    IntervalKind.LOGIT: "logit interval, t",
    IntervalKind.KORN_GRAUBARD: "Korn-Graubard interval (NCHS)",
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
    """Name how variances of a design are estimated."""
    lonely = (f"lonely PSU: {design.lonely}",) if design.lone.any() else ()
    correction = "finite population correction" if design.has_fpc else "no finite population correction"
    return ("Taylor linearisation over PSUs", correction, *lonely)


#: A share this close to 0 or 1 is at the end; a standard error this small, relative to the value, is 0.
ROUNDING = 1e-12


def negligible(value: FloatArray, variance: FloatArray, is_share: BoolArray) -> BoolArray:
    """Say where a variance (D, T) is zero but for rounding."""
    scale = np.where(is_share, 1.0, np.abs(value))
    return np.asarray(np.sqrt(variance) <= ROUNDING * scale, dtype=np.bool_)


def publishable_se(value: FloatArray, variance: FloatArray, df: IntArray, is_share: BoolArray) -> FloatArray:
    """Return standard errors (D, T), NaN where there is none to publish: df below 1, or nothing varies.

    What varies by rounding only does not vary: nobody should print "100 ± 0".
    """
    known = (df[:, None] >= 1) & ~negligible(value, variance, is_share)
    return np.where(known, np.sqrt(variance), np.nan)


def choose_intervals(
    value: FloatArray, se: FloatArray, n: FloatArray, df: IntArray, statistics: tuple[Statistic, ...]
) -> IntArray:
    """Choose each estimate's interval (D, T).

    Logit for shares inside (0, 1); Korn-Graubard for a single item's share at 0 or 1; t otherwise;
    none without a standard error.
    """
    is_share = np.array([one.is_share for one in statistics], dtype=np.bool_)
    is_single = np.array([one.is_single for one in statistics], dtype=np.bool_)
    at_end = is_share & ((value <= ROUNDING) | (value >= 1 - ROUNDING))
    kind = np.where(is_share & ~at_end, IntervalKind.LOGIT, IntervalKind.T)
    kind = np.where(np.isnan(se) | at_end, IntervalKind.NONE, kind)
    exact = at_end & is_single & (df[:, None] >= 1) & (n >= 2)
    return np.where(exact, IntervalKind.KORN_GRAUBARD, kind).astype(np.intp)


def intervals_of(
    kind: IntArray, value: FloatArray, se: FloatArray, n: FloatArray, df: IntArray, level: float
) -> tuple[FloatArray, FloatArray]:
    """Compute the chosen intervals (D, T), NaN where there is none."""
    degrees = np.broadcast_to(df[:, None], value.shape)
    low, high = np.full(value.shape, np.nan), np.full(value.shape, np.nan)
    for chosen, interval in ((IntervalKind.T, t_interval), (IntervalKind.LOGIT, logit_interval)):
        at = kind == chosen
        low[at], high[at] = interval(value[at], se[at], degrees[at], level)
    at = kind == IntervalKind.KORN_GRAUBARD
    share = np.round(value[at])
    low[at], high[at] = korn_graubard_interval(share, np.zeros(share.size), n[at], degrees[at], level)
    return low, high
