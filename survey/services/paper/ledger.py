"""The ledger of paper forms: numbered, handed out, returned, rejected, lost. Every form has one state.

What is on the paper is keying.py's; what is printed is printing.py's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey.services.clock import Clock, day_in_vietnam
from survey.services.keeping import LATE
from survey.services.paper.errors import (
    BadPrintPlan,
    EnteredTooLate,
    NobodyNamed,
    NotOnPaper,
    OutOfOrder,
    RoundFull,
    TakesTwo,
    WrongDay,
)
from survey.services.paper.numbers import LAST_SERIAL, form_number, serial_of
from survey.services.paper.rejections import answers_known, reason_text
from survey.services.rounds import round_named
from survey.storage import audit, paper, rounds
from survey.storage.models import PaperFormRow, RoundRow
from survey.storage.paper import LedgerEntry, LedgerFilter, UnitCount
from survey.storage.store import Store

#: What may follow each state. Two persons take a rejection back, and two reject once answers are known
#: (paper/effects.py); only the keeping of the response makes a form valid, and nothing follows that.
FOLLOWS: Mapping[str, frozenset[str]] = {
    "printed": frozenset({"issued", "lost"}),
    "issued": frozenset({"returned", "printed", "lost"}),
    "returned": frozenset({"valid", "rejected", "lost"}),
    "lost": frozenset({"returned"}),
    "rejected": frozenset({"returned"}),
    "valid": frozenset(),
}
MOST_COPIES = 2_000
PAGE = 50
_LONGEST_NAME = 120
_LONGEST_PLACE = 80


@dataclass(frozen=True, slots=True)
class PrintLine:
    """So many forms for one place in the design."""

    unit_id: str
    stratum: str
    psu: str
    base_weight: float
    copies: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """One page of the ledger of a round."""

    entries: tuple[LedgerEntry, ...]
    total: int
    page: int
    pages: int


def print_forms(
    *, store: Store, clock: Clock, actor: str, code: str, lines: Sequence[PrintLine]
) -> tuple[int, tuple[str, ...]]:
    """Number forms for places in the design, all or none; give the batch and the numbers.

    Raises:
        NoSuchRound, NotOnPaper: the round is not there, or is by personal link.
        BadPrintPlan: naming every wrong line (from 1).
        RoundFull: more than a round can number.
    """
    with store.transaction() as session:
        round_ = _paper_round(session, code)
        _require_sound(session, round_, lines)
        paper.lock_round(session, round_.id)
        last, batch = paper.last_of(session, round_.id)
        serial = serial_of(last) if last else 0
        if serial + sum(line.copies for line in lines) > LAST_SERIAL:
            raise RoundFull(code)
        made = []
        for line in lines:
            for _copy in range(line.copies):
                serial += 1
                made.append(_printed(round_.id, serial, batch + 1, line))
        session.add_all(made)
        _told(session, clock, actor, "paper printed", code, {"batch": batch + 1, "forms": len(made)})
        return batch + 1, tuple(one.number for one in made)


def issue(
    *, store: Store, clock: Clock, actor: str, code: str, numbers: Sequence[str], to: str, on: date
) -> None:
    """Hand forms out to an enumerator (by login) or an office (by name) on a day.

    Raises:
        NobodyNamed, WrongDay, OutOfOrder: nothing is recorded.
    """
    to = to.strip()
    if not 0 < len(to) <= _LONGEST_NAME:
        raise NobodyNamed(to[:20])
    _require_past(clock, on, numbers)

    def handed_out(_round: RoundRow, form: PaperFormRow) -> None:
        form.issued_on, form.issued_to, form.returned_on = on, to, None

    _move(store, clock, actor, code, numbers, "issued", handed_out, {"to": to, "on": on.isoformat()})


def take_back(*, store: Store, clock: Clock, actor: str, code: str, numbers: Sequence[str]) -> None:
    """Take unused forms back: they count as not handed out and can be handed out again."""

    def unused(_round: RoundRow, form: PaperFormRow) -> None:
        form.issued_on = form.issued_to = form.returned_on = None

    _move(store, clock, actor, code, numbers, "printed", unused, {})


def receive(*, store: Store, clock: Clock, actor: str, code: str, numbers: Sequence[str], on: date) -> None:
    """Take filled forms in on a day; a form once called lost may come after all.

    Raises:
        WrongDay: after today, or before a form was handed out.
        EnteredTooLate: on a day of the round, told more than `LATE` after the round's end.
        OutOfOrder: a form was never handed out, or is here already.
    """
    _require_past(clock, on, numbers)

    def came(round_: RoundRow, form: PaperFormRow) -> None:
        # A form counts by the day it came back, however late it is keyed: that day is not made up afterwards.
        end = round_.closed_on or round_.closes_on
        if on <= end < day_in_vietnam(clock.now()) - LATE:
            raise EnteredTooLate(form.number, days=LATE.days)
        if form.status != "rejected":
            form.returned_on = on

    _move(store, clock, actor, code, numbers, "returned", came, {"on": on.isoformat()})


def reject(
    *, store: Store, clock: Clock, actor: str, code: str, numbers: Sequence[str], reason: str, note: str = ""
) -> None:
    """Reject returned forms for a reason of the list; a form rejected is never kept.

    Raises:
        BadRejection, OutOfOrder: nothing is recorded.
        TakesTwo: answers of a form are known from keying, so two persons reject it (paper/effects.py).
    """
    why = reason_text(reason, note)

    def refused(_round: RoundRow, form: PaperFormRow) -> None:
        form.rejected_for = why

    _move(store, clock, actor, code, numbers, "rejected", refused, {"reason": why})


def lose(*, store: Store, clock: Clock, actor: str, code: str, numbers: Sequence[str]) -> None:
    """Write forms off as lost.

    Raises:
        OutOfOrder, TakesTwo: see `reject`; nothing is recorded.
    """
    _move(store, clock, actor, code, numbers, "lost", lambda _round, _form: None, {})


def ledger(*, store: Store, round_id: int, wanted: LedgerFilter, page: int) -> Ledger:
    """Give one page of a round's ledger; a page past the end is the last."""
    with store.reading() as session:
        entries, total = paper.ledger_of(session, round_id, wanted, offset=(page - 1) * PAGE, limit=PAGE)
        pages = max(1, -(-total // PAGE))
        if page > pages:
            page = pages
            entries, _ = paper.ledger_of(session, round_id, wanted, offset=(page - 1) * PAGE, limit=PAGE)
    return Ledger(tuple(entries), total, page, pages)


def unit_counts(*, store: Store, round_id: int) -> tuple[UnitCount, ...]:
    """Count printed, handed out, returned, valid, rejected and lost forms by unit (B1)."""
    with store.reading() as session:
        return tuple(paper.units_counted(session, round_id))


def require_follows(form: PaperFormRow, status: str) -> None:
    """Refuse a state that cannot follow.

    Raises:
        OutOfOrder.
    """
    if status not in FOLLOWS[form.status]:
        raise OutOfOrder(f"{form.number} is {form.status}", numbers=form.number)


def _paper_round(session: Session, code: str) -> RoundRow:
    round_ = round_named(session, code)
    if round_.entry == "personal":
        raise NotOnPaper(code)
    return round_


def _require_sound(session: Session, round_: RoundRow, lines: Sequence[PrintLine]) -> None:
    judged = {row.unit_id for row, _unit in rounds.units_of(session, round_.id)}
    wrong = [
        str(place)
        for place, line in enumerate(lines, start=1)
        if line.unit_id not in judged
        or not 0 < len(line.stratum.strip()) <= _LONGEST_PLACE
        or not 0 < len(line.psu.strip()) <= _LONGEST_PLACE
        or not 0 < line.base_weight < float("inf")
        or not 1 <= line.copies <= MOST_COPIES
    ]
    if wrong or not lines or sum(line.copies for line in lines) > MOST_COPIES:
        raise BadPrintPlan(f"{len(wrong)} lines", lines=", ".join(wrong) or "–")


def _printed(round_id: int, serial: int, batch: int, line: PrintLine) -> PaperFormRow:
    return PaperFormRow(
        number=form_number(round_id, serial),
        round_id=round_id,
        unit_id=line.unit_id,
        stratum=line.stratum.strip(),
        psu=line.psu.strip(),
        base_weight=line.base_weight,
        batch=batch,
    )


def _move(
    store: Store,
    clock: Clock,
    actor: str,
    code: str,
    numbers: Sequence[str],
    status: str,
    change: Callable[[RoundRow, PaperFormRow], None],
    details: Mapping[str, str],
) -> None:
    """Bring forms into a state, all or none."""
    with store.transaction() as session:
        round_ = _paper_round(session, code)
        forms = {one.number: one for one in paper.locked_forms(session, round_.id, numbers)}
        stuck = [one for one in numbers if one not in forms or not _may_follow(forms[one], status)]
        if stuck or not forms:
            raise OutOfOrder(status, numbers=", ".join(stuck) or "–")
        if status in ("rejected", "lost"):
            _require_unknown(session, numbers)
        for form in forms.values():
            change(round_, form)
            form.status = status
        _require_days(forms.values())
        paper.count_issued(session, round_.id, {form.unit_id for form in forms.values()})
        told = {**details, "numbers": ", ".join(forms)}
        _told(session, clock, actor, f"paper {status}", code, told)


def _may_follow(form: PaperFormRow, status: str) -> bool:
    """Say whether an official alone may bring a form into a state."""
    if form.status == "rejected" or status == "valid":
        return False
    if form.status == "lost" and form.issued_on is None:
        return False
    return status in FOLLOWS[form.status]


def _require_unknown(session: Session, numbers: Sequence[str]) -> None:
    known = answers_known(session, numbers)
    if known:
        raise TakesTwo(f"{len(known)} forms", numbers=", ".join(known))


def _require_past(clock: Clock, on: date, numbers: Sequence[str]) -> None:
    if on > day_in_vietnam(clock.now()):
        raise WrongDay(on.isoformat(), numbers=", ".join(numbers))


def _require_days(forms: Iterable[PaperFormRow]) -> None:
    early = [
        form.number
        for form in forms
        if form.returned_on and form.issued_on and form.returned_on < form.issued_on
    ]
    if early:
        raise WrongDay("returned before handed out", numbers=", ".join(early))


def _told(
    session: Session, clock: Clock, actor: str, action: str, code: str, details: Mapping[str, object]
) -> None:
    audit.record(session, at=clock.now(), actor=actor, action=action, subject=code, details=details)
