"""What can be wrong with a request for the reliability of a scale or the weight of its drivers.

Not a poor scale: a low alpha or a Heywood case is a result, flagged, and no error.
"""

from __future__ import annotations

from survey.errors import Invalid


class TooFewItems(Invalid):
    """Fewer items than the coefficient needs."""

    code = "SVY-422-135"
    texts = {
        "vi": "Cần ít nhất {needed} tiêu chí để tính, hiện có {found}.",
        "en": "At least {needed} items are needed; there are {found}.",
    }


class TooFewCases(Invalid):
    """No more complete responses than columns."""

    code = "SVY-422-136"
    texts = {
        "vi": "Chỉ có {found} phiếu trả lời đủ mọi tiêu chí, cần hơn {columns} phiếu.",
        "en": "Only {found} responses answer every item; more than {columns} are needed.",
    }


class ConstantItem(Invalid):
    """An item to which every complete response gives the same answer."""

    code = "SVY-422-137"
    texts = {
        "vi": "Mọi phiếu trả lời như nhau ở {items}, không tính được tương quan.",
        "en": "Every response gives the same answer to {items}, so nothing correlates with it.",
    }


class NotADomain(Invalid):
    """A domain that is not one true or false a response."""

    code = "SVY-422-138"
    texts = {
        "vi": "Miền tính toán phải có đúng một giá trị đúng/sai cho mỗi phiếu trả lời ({problem}).",
        "en": "The domain needs exactly one true or false for each response ({problem}).",
    }
