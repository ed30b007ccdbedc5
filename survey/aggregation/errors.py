"""What can be wrong with a sample, its answers or a request for estimates.

Not what is wrong with an estimate: a thin or empty domain is no error, it is flagged on the estimate.
"""

from __future__ import annotations

from collections.abc import Iterable

from survey.errors import Invalid

#: How many names a message lists before it says how many more there are.
NAMES_SHOWN = 10


def listed(names: Iterable[object]) -> str:
    """Write names for a message, the first ten and then how many more."""
    every = [str(name) for name in names]
    shown = ", ".join(every[:NAMES_SHOWN])
    return shown if len(every) <= NAMES_SHOWN else f"{shown} (+{len(every) - NAMES_SHOWN})"


class BadWeights(Invalid):
    """A weight that is missing, negative or infinite, or no positive weight at all."""

    code = "SVY-422-40"
    texts = {
        "vi": "Trọng số không hợp lệ ở {count} phiếu trả lời: {problem}.",
        "en": "The weight is not valid in {count} responses: {problem}.",
    }


class LonelyPsu(Invalid):
    """A stratum with one PSU, under the rule that refuses it."""

    code = "SVY-422-41"
    texts = {
        "vi": "Tầng chỉ có một đơn vị mẫu cấp một, không ước lượng được phương sai: {strata}. "
        "Hãy gộp tầng hoặc chọn quy tắc khác.",
        "en": "A stratum has one primary sampling unit, so its variance cannot be estimated: {strata}. "
        "Merge strata or choose another rule.",
    }


class BadPopulation(Invalid):
    """A stratum population that is missing, varies within the stratum or is smaller than the sample."""

    code = "SVY-422-42"
    texts = {
        "vi": "Quy mô tổng thể của tầng không hợp lệ ({problem}): {strata}.",
        "en": "The population size of a stratum is not valid ({problem}): {strata}.",
    }


class DifferentLengths(Invalid):
    """Two columns of one table that do not have one value a response."""

    code = "SVY-422-43"
    texts = {
        "vi": "Cột {column} có {found} giá trị, cần {expected} giá trị.",
        "en": "Column {column} has {found} values; {expected} are needed.",
    }


class BadAnswers(Invalid):
    """Answers that are not numbers, or a code below -1."""

    code = "SVY-422-44"
    texts = {
        "vi": "Câu trả lời của {item} không dùng được: {problem}.",
        "en": "The answers to {item} cannot be used: {problem}.",
    }


class BadIndex(Invalid):
    """An index that names an absent item, repeats an id or has a weight that is not a number."""

    code = "SVY-422-45"
    texts = {
        "vi": "Công thức chỉ số {index} không hợp lệ: {problem}.",
        "en": "The formula of index {index} is not valid: {problem}.",
    }


class UnknownResult(Invalid):
    """A domain or statistic that the analysis does not hold."""

    code = "SVY-422-46"
    texts = {
        "vi": "Kết quả không có {name}.",
        "en": "The results hold no {name}.",
    }


class EmptySample(Invalid):
    """A sample without any response."""

    code = "SVY-422-47"
    texts = {
        "vi": "Chưa có phiếu trả lời nào để tính.",
        "en": "There is no response to compute from.",
    }


class BadRequest(Invalid):
    """A request for estimates that makes no sense, such as a level above 1."""

    code = "SVY-422-48"
    texts = {
        "vi": "Yêu cầu tính toán không hợp lệ: {problem}.",
        "en": "The request for estimates is not valid: {problem}.",
    }


class MissingLabels(Invalid):
    """A response without a stratum or PSU."""

    code = "SVY-422-49"
    texts = {
        "vi": "Có {count} phiếu trả lời thiếu {column}.",
        "en": "{count} responses have no {column}.",
    }


class BadReplicates(Invalid):
    """Replicates that a design cannot have, or replicate weights that are none."""

    code = "SVY-422-170"
    texts = {
        "vi": "Không lập được trọng số lặp: {problem}.",
        "en": "Replicate weights cannot be made: {problem}.",
    }
