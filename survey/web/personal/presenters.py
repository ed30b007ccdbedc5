"""The first page of a personal link."""

from __future__ import annotations

from flask import render_template, url_for

from survey.services.collection import FormState
from survey.units import load_units
from survey.web.languages import language


def start_page(state: FormState, unit_id: str) -> str:
    """Render what is asked, about whom, and what is done with the answers."""
    code = state.round.code
    begun = bool(state.answers)
    following = state.first_unanswered() if begun else state.sections[0].id
    return render_template(
        "personal/start.html",
        round_title=state.round.title(language()),
        questionnaire=state.questionnaire,
        simulated=state.round.simulated,
        unit_name=load_units().get(unit_id).full_name,
        sections=len(state.sections),
        begun=begun,
        closes_on=state.round.closes_on,
        following=url_for("personal.section", code=code, section=following)
        if following
        else url_for("personal.review", code=code),
    )
