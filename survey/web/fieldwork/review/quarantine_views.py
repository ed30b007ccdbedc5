"""Records in quarantine: tried again as responses, or kept out (O4)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from survey.services.review import quarantine_review
from survey.services.rounds import judged_units
from survey.storage.models import RoundRow
from survey.web.access import account, needs, round_asked
from survey.web.fieldwork.review import presenters as pages
from survey.web.fieldwork.review.forms import DecisionForm
from survey.web.fieldwork.review.frame import decided, page_asked, queues, review
from survey.web.fieldwork.review.presenters import NOTHING_REFUSED, Refused
from survey.web.site import site


@review.get("/quarantine")
@needs("review")
def quarantined(code: str) -> str:
    """Show what waits in quarantine."""
    return _quarantined(round_asked(code))


@review.post("/quarantine")
@needs("review")
def decide_record(code: str) -> Any:
    """Try a quarantined record again, or keep it out."""
    round_, form = round_asked(code), DecisionForm()
    deed = {"release": _release, "keep_out": _keep_out}.get(form.decision.data or "")
    return decided(form, deed, "review.quarantined", lambda refused: _quarantined(round_, refused), code)


def _release(code: str, form: DecisionForm) -> str:
    quarantine_review.release(
        store=site().store,
        clock=site().clock,
        account=account(),
        code=code,
        record_id=form.id,
        unit_id=form.unit.data or "",
        note=form.why,
    )
    return _("Bản ghi đã thành phiếu của đợt này.")


def _keep_out(code: str, form: DecisionForm) -> str:
    quarantine_review.keep_out(
        store=site().store, clock=site().clock, account=account(), code=code, record_id=form.id, note=form.why
    )
    return _("Bản ghi được giữ ngoài. Nội dung gốc vẫn còn.")


def _quarantined(round_: RoundRow, refused: Refused = NOTHING_REFUSED) -> str:
    found = quarantine_review.quarantined_for(
        store=site().store, account=account(), code=round_.code, page=page_asked()
    )
    units = judged_units(store=site().store, code=round_.code)
    return pages.quarantine_page(round_, queues(round_), found, units, refused)
