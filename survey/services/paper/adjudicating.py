"""Where two keyings of a form differ: what each says, and what a third person read on the paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.questionnaires import Item, Questionnaire
from survey.services.accounts import Account
from survey.services.clock import Clock, day_in_vietnam
from survey.services.paper.errors import KeyerCannotDecide, NoSuchForm, NothingToDecide, Undecided
from survey.services.paper.questionnaire import asked_on_paper
from survey.services.paper.reading import Entry, differing, read_entry
from survey.services.paper.settling import agreed_entries, settle
from survey.services.permissions import round_for
from survey.storage import audit, paper
from survey.storage.models import AdjudicationRow, PaperFormRow, PaperKeyingRow, RoundRow
from survey.storage.store import Store
from survey.units import load_units

FIRST, SECOND = "=first", "=second"


@dataclass(frozen=True, slots=True)
class Difference:
    """One item on which two keyings differ; an entry is None where that keyer left it blank."""

    item: Item
    first: Entry | None
    second: Entry | None


@dataclass(frozen=True, slots=True)
class DisputedForm:
    """A form whose keyings differ. Who keyed which is not told: the paper decides, not the person."""

    number: str
    round: RoundRow
    questionnaire: Questionnaire
    unit: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class TwiceKeyed:
    """A form keyed twice that is not settled: items that differ, or 0 where it has no answer at all."""

    number: str
    unit: str
    differing: int
    keyed_by_me: bool


def twice_keyed(*, store: Store, account: Account, code: str) -> tuple[TwiceKeyed, ...]:
    """List the forms of a round that wait for a third person, or to be rejected as empty."""
    round_ = round_for(store=store, account=account, code=code)
    with store.reading() as session:
        questionnaire = asked_on_paper(session, round_.questionnaire_sha256)
        listed = []
        for form in paper.forms_keyed_twice(session, round_.id):
            unit = load_units().get(form.unit_id).full_name
            keyings = paper.keyings_of(session, form.number)
            decided = paper.decided_of(session, form.number)
            differ = differing(questionnaire, keyings[0].answers, keyings[1].answers)
            count = 0 if decided else len(differ)
            mine = any(one.keyed_by == account.login for one in keyings)
            listed.append(TwiceKeyed(form.number, unit, count, mine))
    return tuple(listed)


def disputed_form(*, store: Store, account: Account, code: str, number: str) -> DisputedForm:
    """Give both keyings of a form where they differ.

    Raises:
        NoSuchRound, NoSuchForm: it is elsewhere or nowhere.
        NothingToDecide: it is not keyed twice, or settled.
        KeyerCannotDecide: this person keyed it.
    """
    round_ = round_for(store=store, account=account, code=code)
    with store.reading() as session:
        form, keyings = _disputed(session, account, round_, number, locked=False)
        questionnaire = asked_on_paper(session, round_.questionnaire_sha256)
    unit = load_units().get(form.unit_id).full_name
    return DisputedForm(form.number, round_, questionnaire, unit, _differences(questionnaire, keyings))


def decide_form(
    *, store: Store, clock: Clock, account: Account, code: str, number: str, choices: Mapping[str, object]
) -> bool:
    """Decide every item that differs and keep the response; False: nothing that can be kept is on the form.

    Args:
        choices: by item FIRST, SECOND, RAW_UNREADABLE, or what the paper says instead (raw, "" for blank).

    Raises:
        Undecided: naming the items without a choice; nothing is written.
        InvalidAnswers: a value that no paper holds.
        NoSuchRound, NoSuchForm, NothingToDecide, KeyerCannotDecide, RoundClosed: nothing is written.
    """
    round_ = round_for(store=store, account=account, code=code)
    with store.transaction() as session:
        form, keyings = _disputed(session, account, round_, number, locked=True)
        questionnaire = asked_on_paper(session, round_.questionnaire_sha256)
        differences = _differences(questionnaire, keyings)
        missing = [one.item.id for one in differences if choices.get(one.item.id) is None]
        if missing:
            raise Undecided(number, items=", ".join(missing))
        decided = [
            AdjudicationRow(
                number=form.number,
                item=one.item.id,
                answer=dict(_chosen(questionnaire, one, choices[one.item.id])),
                decided_by=account.login,
                decided_on=day_in_vietnam(clock.now()),
            )
            for one in differences
        ]
        session.add_all(decided)
        kept = settle(session, clock, round_, form, questionnaire, agreed_entries(keyings, decided))
        audit.record(
            session,
            at=clock.now(),
            actor=account.login,
            action="paper keyings decided",
            subject=code,
            details={"number": form.number, "items": len(decided)},
        )
    return kept


def _disputed(
    session: Session, account: Account, round_: RoundRow, number: str, *, locked: bool
) -> tuple[PaperFormRow, list[PaperKeyingRow]]:
    form = paper.form_of(session, number, locked=locked)
    if form is None or form.round_id != round_.id:
        raise NoSuchForm(number, number=number)
    keyings = list(paper.keyings_of(session, form.number))
    if form.status != "returned" or len(keyings) < 2 or paper.decided_of(session, form.number):
        raise NothingToDecide(form.status, number=form.number)
    if any(one.keyed_by == account.login for one in keyings):
        raise KeyerCannotDecide(account.login)
    return form, keyings


def _differences(questionnaire: Questionnaire, keyings: list[PaperKeyingRow]) -> tuple[Difference, ...]:
    first, second = keyings[0].answers, keyings[1].answers
    return tuple(
        Difference(questionnaire.item(item), first.get(item), second.get(item))
        for item in differing(questionnaire, first, second)
    )


def _chosen(questionnaire: Questionnaire, one: Difference, choice: object) -> Entry:
    if choice in (FIRST, SECOND):
        return (one.first if choice == FIRST else one.second) or {"value": None}
    return read_entry(questionnaire, one.item.id, choice)
