"""The first page of a round on a phone."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from survey.services.collection import FormState
from survey.storage.models import UnitRow
from survey.units import load_units
from survey.web.languages import language
from survey.web.longform_pages import PageProblem
from survey.web.webviews import in_app_browser


def start_page(
    state: FormState,
    units: tuple[UnitRow, ...],
    form: Any,
    *,
    chosen: str,
    problem: str | None = None,
    unfinished: FormState | None = None,
) -> str:
    """Render what the round is, what is done with the answers, and the choice of unit.

    Args:
        unfinished: a form that this browser began and did not send.
    """
    tree = load_units()
    return render_template(
        "phone/start.html",
        round_title=state.round.title(language()),
        questionnaire=state.questionnaire,
        simulated=state.round.simulated,
        packs=state.packs,
        choices=[(unit.id, tree.get(unit.id).full_name) for unit in units],
        chosen=chosen,
        sections=len(state.sections),
        form=form,
        action=url_for("phone.begin", code=state.round.code),
        problems=[PageProblem("unit", problem)] if problem else [],
        resume=_where_left(unfinished) if unfinished is not None and unfinished.answers else None,
        in_app=in_app_browser(request.user_agent.string),
    )


def _where_left(state: FormState) -> str:
    following = state.first_unanswered()
    if following is None:
        return url_for("phone.review", code=state.round.code)
    return url_for("phone.section", code=state.round.code, section=following)
