"""Every finding about a response, by stable code, said politely in both languages.

The sentences stand beside the field on the page; the document checker has its own catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass

from survey.questionnaires.texts import Text


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """Report one finding: the item it stands beside, its code, and what to say."""

    item: str
    code: str
    message: Text


def answer_problem(item: str, code: str, **places: object) -> AnswerProblem:
    """Make the finding of a code for an item, its sentence filled from `places`."""
    vietnamese, english = ANSWER_CATALOGUE[code]
    message = Text((("vi", vietnamese.format(**places)), ("en", english.format(**places))))
    return AnswerProblem(item, code, message)


ANSWER_CATALOGUE: dict[str, tuple[str, str]] = {
    "required": (
        "Mời Ông/Bà trả lời câu hỏi này.",
        "Please answer this question.",
    ),
    "unknown-item": (
        "Câu hỏi này không có trong phiếu.",
        "This question is not in the form.",
    ),
    "wrong-type": (
        "Không đọc được câu trả lời. Mời Ông/Bà chọn lại.",
        "The answer could not be read. Please answer again.",
    ),
    "unknown-option": (
        "Mời Ông/Bà chọn một trong các câu trả lời được đưa ra.",
        "Please choose one of the answers offered.",
    ),
    "repeated-option": (
        "Một lựa chọn được gửi hai lần. Mời Ông/Bà chọn lại.",
        "One choice was sent twice. Please choose again.",
    ),
    "too-many-choices": (
        "Mời Ông/Bà chọn không quá {limit} ý.",
        "Please choose no more than {limit}.",
    ),
    "too-long": (
        "Ý kiến dài quá {limit} ký tự. Mời Ông/Bà viết ngắn lại.",
        "The text is longer than {limit} characters. Please shorten it.",
    ),
    "forbidden-character": (
        "Ý kiến có ký tự lạ không lưu được. Mời Ông/Bà xóa ký tự đó.",
        "The text holds a character that cannot be kept. Please remove it.",
    ),
    "skipped-branch": (
        "Câu này không cần trả lời theo các câu trả lời trước.",
        "This question is not asked after the earlier answers.",
    ),
}
