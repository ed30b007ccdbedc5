"""What can go wrong in scoring, as leaves of the one tree in survey.errors.

Not the single problems of a file or of a sheet of inputs: those are values (problems.py) that
two of these errors carry.
"""

from __future__ import annotations

from collections.abc import Sequence

from survey.errors import Invalid, NotFound
from survey.scoring.problems import Problem


class CorruptCriteriaSet(Invalid):
    """A criteria-set file that cannot be used; `problems` has all of them, each with its path."""

    code = "SVY-422-50"
    texts = {
        "vi": "Bộ tiêu chí không hợp lệ: có {count} lỗi. Lỗi đầu tiên, tại {path}: {first_vi}",
        "en": "The criteria set is not valid: {count} problem(s). The first, at {path}: {first_en}",
    }

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(listed(self.problems), **headline(self.problems))


class RefusedInputs(Invalid):
    """Inputs that do not fit the criteria set; `problems` has one for each refused input."""

    code = "SVY-422-51"
    texts = {
        "vi": "Số liệu chấm điểm không hợp lệ: có {count} lỗi. Lỗi đầu tiên, tại {path}: {first_vi}",
        "en": "The scoring inputs are not valid: {count} problem(s). The first, at {path}: {first_en}",
    }

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(listed(self.problems), **headline(self.problems))


class TooCoarse(Invalid):
    """Values that would be ranked after rounding below two decimals."""

    code = "SVY-422-52"
    texts = {
        "vi": "Không xếp hạng trên giá trị làm tròn dưới 2 chữ số thập phân (yêu cầu: {places}).",
        "en": "Ranks are not decided on values rounded below 2 decimals (asked for: {places}).",
    }


class MissingCriteriaSet(NotFound):
    code = "SVY-404-50"
    texts = {
        "vi": "Không tìm thấy bộ tiêu chí “{name}”.",
        "en": "There is no criteria set “{name}”.",
    }


class NoPublishedYear(NotFound):
    code = "SVY-404-51"
    texts = {
        "vi": "Chưa có kết quả công bố của chỉ số {index} năm {year}.",
        "en": "No published results of index {index} are kept for {year}.",
    }


class NoPublishedUnit(NotFound):
    code = "SVY-404-52"
    texts = {
        "vi": "Không có đơn vị “{unit}” trong kết quả công bố của chỉ số {index}.",
        "en": "There is no unit “{unit}” in the published results of index {index}.",
    }


def listed(problems: Sequence[Problem]) -> str:
    """Write every problem on its own line, for the log."""
    return "\n".join(f"{problem.path}: {problem.code}: {problem.text('en')}" for problem in problems)


def headline(problems: Sequence[Problem]) -> dict[str, object]:
    first = problems[0]
    return {
        "count": len(problems),
        "path": first.path or "/",
        "first_vi": first.text("vi"),
        "first_en": first.text("en"),
    }
