"""What can go wrong with a questionnaire or with answers to one.

Leaves of the tree in `survey.errors`. The single findings they carry are `Problem` (about a
document) and `AnswerProblem` (about a response); how they are shown is not decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from survey.errors import Invalid, NotFound

if TYPE_CHECKING:
    from survey.questionnaires.answer_problems import AnswerProblem
    from survey.questionnaires.problems import Problem


class UnknownQuestionnaire(NotFound):
    """No questionnaire of that name is shipped, or no such file can be read."""

    code = "SVY-404-10"
    texts = {
        "vi": "Không tìm thấy bộ câu hỏi “{name}”.",
        "en": "There is no questionnaire “{name}”.",
    }


class UnknownPart(NotFound):
    """A questionnaire has no item, section, option, formula or node of that name."""

    code = "SVY-404-11"
    texts = {
        "vi": "Bộ câu hỏi không có phần “{name}”.",
        "en": "The questionnaire has no part “{name}”.",
    }


class CorruptQuestionnaire(Invalid):
    """A document breaks the format; `problems` lists every finding with its path."""

    code = "SVY-422-10"
    texts = {
        "vi": "Tệp bộ câu hỏi có {count} lỗi nên không được sử dụng.",
        "en": "The questionnaire file has {count} problems and is not used.",
    }

    def __init__(self, problems: Sequence[Problem] = ()) -> None:
        self.problems = tuple(problems)
        found = "; ".join(f"{problem.path}: {problem.code}" for problem in self.problems)
        super().__init__(found, count=len(self.problems))


class InvalidAnswers(Invalid):
    """A response breaks its questionnaire; `problems` lists every finding with its item.

    The detail for the log names items and codes only, never what a person wrote.
    """

    code = "SVY-422-11"
    texts = {
        "vi": "Có {count} câu trả lời cần xem lại. Các câu khác vẫn được giữ.",
        "en": "{count} answers need another look. The others are kept.",
    }

    def __init__(self, problems: Sequence[AnswerProblem] = ()) -> None:
        self.problems = tuple(problems)
        found = "; ".join(f"{problem.item}: {problem.code}" for problem in self.problems)
        super().__init__(found, count=len(self.problems))


class CannotCombine(Invalid):
    """A formula node cannot be applied to the given values."""

    code = "SVY-422-12"
    texts = {
        "vi": "Không tính được “{node}” từ các giá trị đã cho.",
        "en": "“{node}” cannot be computed from the given values.",
    }


class CorruptLanguagePack(Invalid):
    """A language pack breaks its format or its questionnaire; `problems` lists every finding."""

    code = "SVY-422-28"
    texts = {
        "vi": "Gói ngôn ngữ có {count} lỗi nên không được sử dụng.",
        "en": "The language pack has {count} problems and is not used.",
    }

    def __init__(self, problems: Sequence[Problem] = ()) -> None:
        self.problems = tuple(problems)
        found = "; ".join(f"{problem.path}: {problem.code}" for problem in self.problems)
        super().__init__(found, count=len(self.problems))


class UnknownLanguagePack(NotFound):
    """There is no such file of a language pack, or it cannot be read."""

    code = "SVY-404-18"
    texts = {
        "vi": "Không đọc được tệp gói ngôn ngữ “{name}”.",
        "en": "The language pack “{name}” cannot be read.",
    }
