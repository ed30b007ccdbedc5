"""What can be wrong with a request to review the quality of responses.

Not what the review finds: a doubtful response is no error, it is flagged for a person to look at.
"""

from __future__ import annotations

from survey.errors import Invalid


class BadRules(Invalid):
    """A threshold outside its range, or a block of items that makes no sense."""

    code = "SVY-422-130"
    texts = {
        "vi": "Quy tắc rà soát chất lượng không hợp lệ: {problem}.",
        "en": "The rules of the quality review are not valid: {problem}.",
    }


class UnusableColumn(Invalid):
    """A column of durations, times or values that holds text, or numbers that cannot be."""

    code = "SVY-422-131"
    texts = {
        "vi": "Cột {column} không dùng được để rà soát chất lượng: {problem}.",
        "en": "Column {column} cannot be used to review quality: {problem}.",
    }


class NotComparable(Invalid):
    """Two analyses that do not hold the same domains and statistics."""

    code = "SVY-422-132"
    texts = {
        "vi": "Không so sánh được hai kết quả: {problem}.",
        "en": "The two results cannot be compared: {problem}.",
    }


class NothingLeft(Invalid):
    """A review after which no response would keep a weight."""

    code = "SVY-422-133"
    texts = {
        "vi": "Tất cả {count} phiếu có trọng số đều bị đánh dấu, không còn phiếu nào để tính.",
        "en": "All {count} responses with a weight are flagged; none is left to compute from.",
    }


class TooFewEnumerators(Invalid):
    """Fewer than two enumerators, or none with two responses."""

    code = "SVY-422-134"
    texts = {
        "vi": "Cần ít nhất hai điều tra viên và một người có từ hai phiếu; hiện có {enumerators} người, "
        "{responses} phiếu.",
        "en": "Two enumerators are needed, one of them with two responses; there are {enumerators} with "
        "{responses} responses.",
    }
