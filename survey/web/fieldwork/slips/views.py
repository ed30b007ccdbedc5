"""Slips of a round: batches listed, a new sheet made and handed out once as a PDF (K13)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response

from survey.services.clock import day_in_vietnam
from survey.services.rounds import judged_units
from survey.services.slips.batches import batches_for, make_batch
from survey.services.slips.errors import BadSlipBatch
from survey.services.slips.sheets import print_batch
from survey.storage.models import RoundRow
from survey.web.access import account, needs, round_asked
from survey.web.fieldwork.slips.forms import BatchForm
from survey.web.fieldwork.slips.presenters import slips_page
from survey.web.site import site

fieldwork_slips = Blueprint("fieldwork_slips", __name__, url_prefix="/office/rounds/<code>/fieldwork/slips")


@fieldwork_slips.get("/")
@needs("arrange")
def show(code: str) -> str:
    """Show the batches of a round, and the form for a new one."""
    return _page(round_asked(code), BatchForm())


@fieldwork_slips.post("/")
@needs("arrange")
def make(code: str) -> Any:
    """Make a batch; the answer is its sheet, which cannot be had again."""
    round_ = round_asked(code)
    form = BatchForm()
    try:
        made = make_batch(
            store=site().store, clock=site().clock, actor=account().login, new=form.as_batch(code)
        )
    except BadSlipBatch as error:
        return _page(round_, form, wrong=tuple(str(error.places["fields"]).split(", "))), error.status
    response = make_response(print_batch(made, site().settings.public_base_url))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="phieu-{code}-lo-{made.number}.pdf"'
    return response


def _page(round_: RoundRow, form: BatchForm, wrong: tuple[str, ...] = ()) -> str:
    return slips_page(
        round_,
        judged_units(store=site().store, code=round_.code),
        batches_for(store=site().store, round_=round_),
        form,
        today=day_in_vietnam(site().clock.now()),
        wrong=wrong,
    )
