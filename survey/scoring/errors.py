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


class IncompleteScore(Invalid):
    """A question about places or targets of a unit whose total is not known."""

    code = "SVY-422-56"
    texts = {
        "vi": "Chưa đủ số liệu để tính tổng điểm: còn {count} tiêu chí chưa có điểm (đầu tiên: {first}).",
        "en": "The total is not known yet: {count} criteria have no points (the first: {first}).",
    }

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(", ".join(missing), count=len(missing), first=next(iter(missing), "–"))


class RefusedTarget(Invalid):
    """A target or an effort that cannot be meant."""

    code = "SVY-422-57"
    texts = {
        "vi": "Mục tiêu hoặc công sức không hợp lệ tại {at}: {got}.",
        "en": "The target or the effort at {at} is not valid: {got}.",
    }


class UnsolvedPlan(Invalid):
    """A search for the cheapest plan that was not finished; nothing about the plan is known."""

    code = "SVY-422-58"
    texts = {
        "vi": "Chưa tìm xong phương án ít tốn nhất trong {seconds} giây; hãy bớt tiêu chí rồi tính lại.",
        "en": "The cheapest plan was not found within {seconds} seconds; leave out some criteria.",
    }


class RefusedMatches(Invalid):
    """A mapping between the criteria sets of two years that does not fit them."""

    code = "SVY-422-59"
    texts = {
        "vi": "Bảng đối chiếu hai năm không hợp lệ: có {count} lỗi. Lỗi đầu tiên, tại {path}: {first_vi}",
        "en": "The mapping of two years is not valid: {count} problem(s). The first, at {path}: {first_en}",
    }

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(listed(self.problems), **headline(self.problems))


class SeveralSetsInForce(Invalid):
    """Two criteria sets that claim the same day for the same units."""

    code = "SVY-422-69"
    texts = {
        "vi": "Ngày {day} có nhiều bộ tiêu chí cùng hiệu lực cho loại đơn vị “{unit_type}”: {sets}.",
        "en": "On {day} several criteria sets are in force for units of type “{unit_type}”: {sets}.",
    }


class NoSetInForce(NotFound):
    code = "SVY-404-59"
    texts = {
        "vi": "Ngày {day} không có bộ tiêu chí nào có hiệu lực cho loại đơn vị “{unit_type}”.",
        "en": "On {day} no criteria set is in force for units of type “{unit_type}”.",
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
