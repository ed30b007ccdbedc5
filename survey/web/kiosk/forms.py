"""What a kiosk's second screen posts: everything after the first question, as one field."""

from __future__ import annotations

from flask_wtf import FlaskForm

from survey.questionnaires import Questionnaire
from survey.web.longform import AnswersField, AsksQuestionnaire


class KioskForm(AsksQuestionnaire, FlaskForm):
    """One screen of a kiosk."""

    answers = AnswersField()

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        super().__init__()
