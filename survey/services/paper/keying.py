"""Keying a returned form twice, by two persons; neither sees what the other keyed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.questionnaires import Questionnaire
from survey.services.accounts import Account
from survey.services.clock import Clock, day_in_vietnam
from survey.services.paper.errors import CameByFile, KeyedByYou, KeyedTwice, NoSuchForm, NotToKey
from survey.services.paper.questionnaire import asked_on_paper
from survey.services.paper.reading import Entries, differing, read_keyed
from survey.services.paper.response_ids import paper_key, response_id_of
from survey.services.paper.settling import agreed_entries, settle
from survey.services.permissions import units_of
from survey.storage import paper, rounds
from survey.storage.models import PaperFormRow, PaperKeyingRow, RoundRow
from survey.storage.store import Store
from survey.units import load_units

#: How many forms the desk's first page offers.
OFFERED = 30


@dataclass(frozen=True, slots=True)
class FormToKey:
    """A form that a person may key now."""

    number: str
    round: RoundRow
    questionnaire: Questionnaire
    unit: str
    psu: str


@dataclass(frozen=True, slots=True)
class WaitingForm:
    """A form that waits for a person's keying; `second` when somebody else has keyed it once."""

    number: str
    round: RoundRow
    unit: str
    second: bool


@dataclass(frozen=True, slots=True)
class Keyed:
    """What became of a keying.

    Attributes:
        outcome: "first" (another person keys it next), "agreed" (kept), "differs" (a third person decides),
            "empty" (both found no answer that can be kept: an official rejects it).
    """

    number: str
    outcome: str


def waiting_forms(*, store: Store, account: Account) -> tuple[WaitingForm, ...]:
    """List returned forms that this person can key, those keyed once by somebody else first."""
    with store.reading() as session:
        rows = paper.forms_to_key(session, units_of(account), account.login, limit=OFFERED)
    tree = load_units()
    return tuple(
        WaitingForm(form.number, round_, tree.get(form.unit_id).full_name, count == 1)
        for form, round_, count in rows
    )


def form_to_key(*, store: Store, account: Account, number: str) -> FormToKey:
    """Give a form that this person may key.

    Raises:
        NoSuchForm: there is none in a round of the person's units.
        NotToKey, KeyedByYou, KeyedTwice, CameByFile: not now, or not by this person.
    """
    with store.reading() as session:
        form, round_ = _form_in_scope(session, account, number, locked=False)
        _require_turn(session, account, form)
        _refuse_came_by_file(session, store, round_, form)
        questionnaire = asked_on_paper(session, round_.questionnaire_sha256)
    unit = load_units().get(form.unit_id).full_name
    return FormToKey(form.number, round_, questionnaire, unit, form.psu)


def questionnaire_of_form(*, store: Store, account: Account, number: str) -> Questionnaire:
    """Give the questionnaire of a form, whatever its state.

    Raises:
        NoSuchForm: there is none in a round of the person's units.
    """
    with store.reading() as session:
        _form, round_ = _form_in_scope(session, account, number, locked=False)
        return asked_on_paper(session, round_.questionnaire_sha256)


def key_form(
    *,
    store: Store,
    clock: Clock,
    account: Account,
    number: str,
    typed: Mapping[str, object],
    unreadable: Collection[str] = (),
    confirmed: Collection[str] = (),
) -> Keyed:
    """Keep one keying; the second is compared with the first, and where both agree the response is kept.

    The same person sending the same again gets the same outcome.

    Raises:
        ImpossibleAnswers, InvalidAnswers: see `read_keyed`; nothing is written.
        NoSuchForm, NotToKey, KeyedByYou, KeyedTwice, CameByFile, RoundClosed: nothing is written.
    """
    with store.transaction() as session:
        form, round_ = _form_in_scope(session, account, number, locked=True)
        questionnaire = asked_on_paper(session, round_.questionnaire_sha256)
        entries = read_keyed(questionnaire, typed, unreadable=unreadable, confirmed=confirmed)
        before = _sent_before(session, account, form, questionnaire, entries)
        if before is not None:
            return before
        _require_turn(session, account, form)
        _refuse_came_by_file(session, store, round_, form)
        earlier = paper.keyings_of(session, form.number)
        row = PaperKeyingRow(
            number=form.number,
            pass_number=len(earlier) + 1,
            keyed_by=account.login,
            keyed_on=day_in_vietnam(clock.now()),
            answers=entries,
        )
        session.add(row)
        session.flush()
        if not earlier:
            return Keyed(form.number, "first")
        if differing(questionnaire, earlier[0].answers, entries):
            return Keyed(form.number, "differs")
        kept = settle(session, clock, round_, form, questionnaire, agreed_entries([*earlier, row], ()))
        return Keyed(form.number, "agreed" if kept else "empty")


def _form_in_scope(
    session: Session, account: Account, number: str, *, locked: bool
) -> tuple[PaperFormRow, RoundRow]:
    form = paper.form_of(session, number, locked=locked)
    round_ = rounds.round_of(session, form.round_id) if form else None
    if form is None or round_ is None or round_.unit_id not in units_of(account):
        raise NoSuchForm(number, number=number)
    return form, round_


def _require_turn(session: Session, account: Account, form: PaperFormRow) -> None:
    keyings = paper.keyings_of(session, form.number)
    if any(one.keyed_by == account.login for one in keyings):
        raise KeyedByYou(form.number, number=form.number)
    if len(keyings) == 2:
        raise KeyedTwice(form.number, number=form.number)
    if form.status != "returned":
        raise NotToKey(form.status, number=form.number)


def _refuse_came_by_file(session: Session, store: Store, round_: RoundRow, form: PaperFormRow) -> None:
    id_ = response_id_of(paper_key(store.keys), round_.code, form.number)
    if paper.response_of(session, round_.id, id_) is not None:
        raise CameByFile(form.number, number=form.number)


def _sent_before(
    session: Session, account: Account, form: PaperFormRow, questionnaire: Questionnaire, entries: Entries
) -> Keyed | None:
    """Find the outcome of the same keying sent twice, by a double click or a retry (K24)."""
    keyings = paper.keyings_of(session, form.number)
    own = next((one for one in keyings if one.keyed_by == account.login), None)
    if own is None or own.answers != entries:
        return None
    if form.status == "valid":
        return Keyed(form.number, "agreed")
    if len(keyings) < 2 or own.pass_number == 1:
        return Keyed(form.number, "first")
    differ = differing(questionnaire, keyings[0].answers, keyings[1].answers)
    return Keyed(form.number, "differs" if differ else "empty")
