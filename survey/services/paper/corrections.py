"""Asking for what two persons may do to a paper form. What is done is effects.py's."""

from __future__ import annotations

from survey.services.accounts import Account
from survey.services.clock import Clock
from survey.services.paper.effects import CORRECTION, REJECTION, REJECTION_UNDONE
from survey.services.paper.errors import NoSuchForm, NotKept, OutOfOrder
from survey.services.paper.ledger import require_follows
from survey.services.paper.questionnaire import asked_on_paper
from survey.services.paper.reading import read_entry
from survey.services.paper.rejections import reason_text
from survey.services.permissions import round_for
from survey.services.review.approvals import ask
from survey.storage import paper
from survey.storage.models import PaperFormRow
from survey.storage.store import Store


def ask_correction(
    *,
    store: Store,
    clock: Clock,
    account: Account,
    code: str,
    number: str,
    item: str,
    raw: object,
    reason: str,
) -> int:
    """Ask that one item of a kept form be read as the paper says; a second person grants it.

    Raises:
        NoSuchRound, NoSuchForm, NotKept: there is nothing to correct.
        UnknownPart, InvalidAnswers: no such item, or no paper holds such a value.
        ReasonNeeded, AlreadyWaiting: see `ask`.
    """
    form = _form(store, account, code, number)
    if form.status != "valid":
        raise NotKept(form.status, number=form.number)
    with store.reading() as session:
        questionnaire = asked_on_paper(session, _sha256(store, account, code))
    entry = dict(read_entry(questionnaire, item, raw))
    return ask(
        store=store,
        clock=clock,
        account=account,
        code=code,
        action=CORRECTION,
        details={"number": form.number, "item": questionnaire.item(item).id, "entry": entry},
        reason=reason,
    )


def ask_rejection(
    *, store: Store, clock: Clock, account: Account, code: str, number: str, rejection: str, reason: str
) -> int:
    """Ask that a returned form be rejected, whatever was keyed of it; a second person grants it.

    Args:
        rejection: id of a reason of the list; "other" takes its words from `reason`.

    Raises:
        NoSuchRound, NoSuchForm, OutOfOrder, BadRejection, ReasonNeeded, AlreadyWaiting: nothing is asked.
    """
    form = _form(store, account, code, number)
    require_follows(form, "rejected")
    why = reason_text(rejection, reason if rejection == "other" else "")
    return ask(
        store=store,
        clock=clock,
        account=account,
        code=code,
        action=REJECTION,
        details={"number": form.number, "rejection": why},
        reason=reason,
    )


def ask_rejection_undone(
    *, store: Store, clock: Clock, account: Account, code: str, number: str, reason: str
) -> int:
    """Ask that a rejected form be taken back among the returned ones.

    Raises:
        NoSuchRound, NoSuchForm, OutOfOrder, ReasonNeeded, AlreadyWaiting: nothing is asked.
    """
    form = _form(store, account, code, number)
    if form.status != "rejected":
        raise OutOfOrder(form.status, numbers=form.number)
    return ask(
        store=store,
        clock=clock,
        account=account,
        code=code,
        action=REJECTION_UNDONE,
        details={"number": form.number},
        reason=reason,
    )


def _form(store: Store, account: Account, code: str, number: str) -> PaperFormRow:
    round_ = round_for(store=store, account=account, code=code)
    with store.reading() as session:
        form = paper.form_of(session, number)
    if form is None or form.round_id != round_.id:
        raise NoSuchForm(number, number=number)
    return form


def _sha256(store: Store, account: Account, code: str) -> str:
    return round_for(store=store, account=account, code=code).questionnaire_sha256
