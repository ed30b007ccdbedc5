"""What one person asked for and another grants or refuses (ASVS 2.3.5)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from survey.services.review import exclusions as exclusion_asks
from survey.services.review.approvals import approvals_for, decide
from survey.storage.models import RoundRow
from survey.web.access import account, needs, round_asked
from survey.web.fieldwork.review import presenters as pages
from survey.web.fieldwork.review.forms import DecisionForm
from survey.web.fieldwork.review.frame import decided, page_asked, queues, review
from survey.web.fieldwork.review.presenters import NOTHING_REFUSED, Refused
from survey.web.site import site


@review.get("/requests")
@needs("review")
def requests(code: str) -> str:
    """Show what waits for a second person, and what was decided."""
    return _requests(round_asked(code))


@review.post("/requests")
@needs("review")
def decide_request(code: str) -> Any:
    """Grant or refuse what another person asked for."""
    round_, form = round_asked(code), DecisionForm()
    deed = {"grant": _grant, "refuse": _refuse}.get(form.decision.data or "")
    return decided(form, deed, "review.requests", lambda refused: _requests(round_, refused), code)


def _grant(code: str, form: DecisionForm) -> str:
    return _by_second_person(code, form, grant=True)


def _refuse(code: str, form: DecisionForm) -> str:
    return _by_second_person(code, form, grant=False)


def _by_second_person(code: str, form: DecisionForm, *, grant: bool) -> str:
    decide(
        store=site().store,
        clock=site().clock,
        account=account(),
        code=code,
        approval_id=form.id,
        grant=grant,
    )
    return _("Đã đồng ý; việc đã được thực hiện.") if grant else _("Đã từ chối; không có gì thay đổi.")


def _requests(round_: RoundRow, refused: Refused = NOTHING_REFUSED) -> str:
    found = approvals_for(store=site().store, account=account(), code=round_.code)
    meant = exclusion_asks.meant_now(store=site().store, account=account(), code=round_.code)
    return pages.requests_page(round_, queues(round_), found, meant, page_asked(), refused)
