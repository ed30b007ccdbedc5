"""What a kiosk's second screen posts: everything after the first question, as one field."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm

from survey.questionnaires import Questionnaire
from survey.web.longform import AnswersField


def kiosk_form(questionnaire: Questionnaire) -> Any:
    """Make the WTForms form of a kiosk screen for one questionnaire."""

    class KioskForm(FlaskForm):
        answers = AnswersField(questionnaire)

    return KioskForm()
