"""What a kiosk's second screen posts: everything after the first question, as one field."""

from __future__ import annotations

from uuid import UUID

from survey.questionnaires import Questionnaire
from survey.web.longform import AnswersField, AsksQuestionnaire, PageForm


class KioskForm(AsksQuestionnaire, PageForm):
    """One screen of a kiosk, tied to its visit: a page of another visit is not taken for this one."""

    answers = AnswersField()

    def __init__(self, questionnaire: Questionnaire, visit: UUID) -> None:
        self.questionnaire = questionnaire
        super().__init__(visit)
