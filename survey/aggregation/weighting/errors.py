"""What makes population totals, bounds or nonresponse cells unusable for weighting.

Not what is wrong with the base weights or the lengths of columns: the room's own errors say that.
"""

from __future__ import annotations

from survey.errors import Invalid


class NotConverged(Invalid):
    """Weights that do not reach every population total within the tolerance."""

    code = "SVY-422-100"
    texts = {
        "vi": "Trọng số chưa khớp tổng thể sau {iterations} vòng lặp: {margin} đạt {reached}, cần {target} "
        "(sai lệch {residual}); {reason}; số biên chưa khớp: {failed}.",
        "en": "The weights do not meet the population totals after {iterations} iterations: {margin} reaches "
        "{reached}, needs {target} (relative error {residual}); {reason}; totals not met: {failed}.",
    }


class UnknownLabel(Invalid):
    """Rows whose label has no population total."""

    code = "SVY-422-101"
    texts = {
        "vi": "Cột {column}: {count} phiếu có nhãn không có tổng thể: {labels}.",
        "en": "Column {column}: {count} responses have a label without a population total: {labels}.",
    }


class UnsampledLabel(Invalid):
    """A population total that no row can carry."""

    code = "SVY-422-102"
    texts = {
        "vi": "Cột {column}: tổng thể có nhãn {labels} nhưng không phiếu nào có trọng số dương "
        "mang nhãn đó. Hãy gộp nhãn.",
        "en": "Column {column}: the population has {labels}, but no response of positive weight does. "
        "Merge labels.",
    }


class BadTotals(Invalid):
    """A population total that is missing, infinite, zero or negative."""

    code = "SVY-422-103"
    texts = {
        "vi": "Cột {column}: tổng thể không hợp lệ ({problem}): {labels}.",
        "en": "Column {column}: the population total is not valid ({problem}): {labels}.",
    }


class DisagreeingMargins(Invalid):
    """Two margins that do not describe a population of one size."""

    code = "SVY-422-104"
    texts = {
        "vi": "Hai biên không cùng tổng: {one} cộng được {one_sum}, {other} cộng được {other_sum}.",
        "en": "Two margins disagree: {one} sums to {one_sum}, {other} sums to {other_sum}.",
    }


class BadBounds(Invalid):
    """Bounds out of order, that do not contain 1, or that the distance cannot take."""

    code = "SVY-422-105"
    texts = {
        "vi": "Khoảng giới hạn từ {lower} đến {upper} không hợp lệ: {problem}.",
        "en": "The bounds {lower} to {upper} are not valid: {problem}.",
    }


class UnreachableTotal(Invalid):
    """A population total that no weights within the bounds can reach."""

    code = "SVY-422-106"
    texts = {
        "vi": "Trong giới hạn đã cho, {margin} ({count} phiếu) chỉ có thể đạt từ {least} đến {most}, "
        "cần {target}. Hãy nới giới hạn hoặc gộp nhãn.",
        "en": "Within the bounds, {margin} ({count} responses) can only reach {least} to {most}, "
        "but {target} is needed. Widen the bounds or merge labels.",
    }


class TooFewRespondents(Invalid):
    """Nonresponse cells that fail the rule when everything allowed has been merged."""

    code = "SVY-422-107"
    texts = {
        "vi": "Ô {cells} có {respondents} người trả lời trên {sampled} người được chọn, hệ số {factor}, "
        "và không còn ô nào để gộp.",
        "en": "Cell {cells} has {respondents} respondents of {sampled} sampled, factor {factor}, "
        "and nothing is left to merge it with.",
    }


class BadCollapse(Invalid):
    """A declared order or parents of nonresponse cells that cannot be followed."""

    code = "SVY-422-108"
    texts = {
        "vi": "Quy tắc gộp ô không hợp lệ ({problem}): {cells}.",
        "en": "The rule for merging cells is not valid ({problem}): {cells}.",
    }


class BadAuxiliary(Invalid):
    """An auxiliary column that cannot be calibrated on."""

    code = "SVY-422-109"
    texts = {
        "vi": "Không hiệu chỉnh được theo cột {column}: {problem}.",
        "en": "Column {column} cannot be calibrated on: {problem}.",
    }
