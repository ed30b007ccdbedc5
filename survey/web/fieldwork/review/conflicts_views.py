"""Pairs of answers that came under one id: two persons decide which of them stands."""

from __future__ import annotations

from typing import Any

from survey.services.review import exclusions as exclusion_asks
from survey.storage.models import RoundRow
from survey.web.access import account, needs, round_asked
from survey.web.fieldwork.review import presenters as pages
from survey.web.fieldwork.review.forms import DecisionForm
from survey.web.fieldwork.review.frame import asked, decided, page_asked, queues, review
from survey.web.fieldwork.review.presenters import NOTHING_REFUSED, Refused
from survey.web.site import site


@review.get("/conflicts")
@needs("review")
def conflicts(code: str) -> str:
    """Show pairs of answers under one id."""
    return _conflicts(round_asked(code))


@review.post("/conflicts")
@needs("review")
def decide_conflict(code: str) -> Any:
    """Ask that one of two sets of answers stand."""
    round_, form = round_asked(code), DecisionForm()
    deed = {"second": _ask_second, "first": _ask_first}.get(form.decision.data or "")
    return decided(form, deed, "review.conflicts", lambda refused: _conflicts(round_, refused), code)


def _ask_second(code: str, form: DecisionForm) -> str:
    return _about_conflict(code, form, take_second=True)


def _ask_first(code: str, form: DecisionForm) -> str:
    return _about_conflict(code, form, take_second=False)


def _about_conflict(code: str, form: DecisionForm, *, take_second: bool) -> str:
    exclusion_asks.ask_about_conflict(
        store=site().store,
        clock=site().clock,
        account=account(),
        code=code,
        conflict_id=form.id,
        take_second=take_second,
        reason=form.why,
    )
    return asked()


def _conflicts(round_: RoundRow, refused: Refused = NOTHING_REFUSED) -> str:
    told: dict[str, Any] = {"store": site().store, "account": account(), "code": round_.code}
    counts = exclusion_asks.conflict_counts(**told)
    page, last = pages.page_of(counts.undecided, page_asked())
    found = exclusion_asks.conflicts_for(**told, start=(page - 1) * pages.PAGE, most=pages.PAGE)
    return pages.conflicts_page(round_, queues(round_), found, counts, page, last, refused)
