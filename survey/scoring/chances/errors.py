"""What can be wrong with a simulation of totals and ranks.

Not a rank that nobody can be sure of: that is no error, its interval is wide.
"""

from __future__ import annotations

from survey.errors import Invalid, NotFound


class BadDraws(Invalid):
    """Draws that cannot be ranked, or a simulation that cannot be run."""

    code = "SVY-422-61"
    texts = {
        "vi": "Không mô phỏng được thứ hạng: {problem}.",
        "en": "The ranks cannot be simulated: {problem}.",
    }


class ImpossibleCorrelations(Invalid):
    """Correlations between leaves that no survey can have all at once."""

    code = "SVY-422-62"
    texts = {
        "vi": (
            "Hệ số tương quan giữa các tiêu chí khảo sát không thể cùng đúng ({leaves}); "
            "cặp không khai được coi là 1."
        ),
        "en": "The correlations between survey leaves cannot all hold ({leaves}); pairs left out count as 1.",
    }


class NotSimulated(NotFound):
    """A unit that has no total among the draws."""

    code = "SVY-404-58"
    texts = {
        "vi": "Đơn vị “{unit}” không có trong kết quả mô phỏng (chưa có tổng điểm).",
        "en": "The unit “{unit}” is not among the simulated totals (its total is not known).",
    }
