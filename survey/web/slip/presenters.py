"""The pages before the form of a slip: where the code is typed, what it opens, and that it was used."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from survey.services.collection import FormState
from survey.services.slips.batches import Slip
from survey.units import load_units
from survey.web.languages import language
from survey.web.longform_pages import PageProblem
from survey.web.webviews import in_app_browser


def entry_page(form: Any, *, typed: str, problem: str | None = None) -> str:
    """Render the page where a code is typed, with what was typed or scanned."""
    return render_template(
        "slip/enter.html",
        form=form,
        typed=typed,
        action=url_for("slip.enter"),
        in_app=in_app_browser(request.user_agent.string),
        problems=[PageProblem("slip", problem)] if problem else [],
    )


def used_page() -> str:
    """Render that a code's form was kept: nothing of it, not even its receipt."""
    return render_template("slip/used.html")


def start_page(state: FormState, slip: Slip) -> str:
    """Render what is asked, about whom, and what is done with the answers."""
    code, begun = state.round.code, bool(state.answers)
    following = state.first_unanswered() if begun else state.sections[0].id
    return render_template(
        "slip/start.html",
        round_title=state.round.title(language()),
        questionnaire=state.questionnaire,
        simulated=state.round.simulated,
        packs=state.packs,
        unit_name=load_units().get(slip.unit_id).full_name,
        slip=slip,
        sections=len(state.sections),
        begun=begun,
        following=url_for("slip.section", code=code, section=following)
        if following
        else url_for("slip.review", code=code),
    )
