"""What a paper form asks: the round's questionnaire, and at its end who marked the answers (A5).

The last question is the form's, not the questionnaire's: its answer becomes a circumstance of the response
and never one of its answers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy.orm import Session

from survey.questionnaires import Answers, Item, Option, Questionnaire, Scale, Section, Text
from survey.services.asked import questionnaire_asked

#: Id of the form's own question; no questionnaire can have it.
HELPED_BY = "=helped-by"
_WHO = (
    ("self", "Ông/Bà tự đánh dấu", "The person answering"),
    ("family", "Người nhà", "A relative"),
    ("enumerator", "Điều tra viên", "An interviewer"),
    ("official", "Cán bộ", "An official"),
)


@dataclass(frozen=True, slots=True)
class FromPaper:
    """What is kept of a form: answers, who helped (None: nobody, or not told), and the evidence it makes."""

    answers: Answers
    assisted_by: str | None

    @property
    def evidence(self) -> str:
        """Grade C where an official marked the answers, as on a tablet (decision 13); A otherwise."""
        return "C" if self.assisted_by == "official" else "A"


def asked_on_paper(session: Session, sha256: str) -> Questionnaire:
    """Give what the paper form of a round's questionnaire asks."""
    return paper_questionnaire(questionnaire_asked(session, sha256))


@lru_cache(maxsize=16)
def paper_questionnaire(questionnaire: Questionnaire) -> Questionnaire:
    """Add the form's own question at the end; the hash stays the questionnaire's."""
    options = tuple(Option(id_, None, Text.of({"vi": vi, "en": en})) for id_, vi, en in _WHO)
    item = Item(
        id=HELPED_BY,
        kind="single",
        text=Text.of({"vi": "Ai đã đánh dấu vào phiếu này?", "en": "Who marked this form?"}),
        hint=None,
        scale=Scale(HELPED_BY, "nominal", None, options),
        required=False,
        show_if=None,
        max_length=None,
        max_choices=None,
        role="perception",
    )
    title = Text.of({"vi": "Về phiếu này", "en": "About this form"})
    section = Section(HELPED_BY, title, None, (item,), None)
    return replace(questionnaire, sections=(*questionnaire.sections, section))


def from_paper(answers: Answers) -> FromPaper:
    """Part the answers of the questionnaire from the form's own."""
    helped = answers.get(HELPED_BY)
    return FromPaper(
        Answers({item: value for item, value in answers.items() if item != HELPED_BY}),
        str(helped) if helped in ("family", "enumerator", "official") else None,
    )
