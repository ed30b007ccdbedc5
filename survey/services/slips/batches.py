"""Slips with one-time codes: made a sheet at a time, answered once each, counted by batch (K13).

A code is tied to unit, procedure group and month alone. That it was used is told by the response whose
id follows from it: nothing is written to the code's row. Not the sheet itself (reports.print.slips).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from uuid import UUID

from survey.services.circumstances import Circumstances
from survey.services.clock import Clock, day_in_vietnam
from survey.services.keeping import Respondent
from survey.services.rounds import round_named
from survey.services.slips.codes import SlipKey, make_code, read_code
from survey.services.slips.errors import BadSlipBatch, UnknownSlip
from survey.services.slips.tries import SLIP_TRIES
from survey.storage import audit, forms, rounds, slips
from survey.storage.models import RoundRow, SlipBatchRow
from survey.storage.store import Store

MOST_AT_ONCE = 1_000
VALID_FOR = timedelta(days=30)
#: Fewer used codes than this are not told: a clerk who handed out one slip would know who answered.
FEWEST_TOLD = 5
_LONGEST_GROUP = 120
_MONTHS_BACK, _MONTHS_AHEAD = 12, 1


@dataclass(frozen=True, slots=True)
class NewBatch:
    """What a sheet of slips is asked for with; `month` is any day of the month of the procedures."""

    round_code: str
    unit_id: str
    procedure_group: str
    month: date
    size: int


@dataclass(frozen=True, slots=True)
class MadeBatch:
    """A batch as it was made: the only place where its codes are, until they are printed."""

    number: int
    round: RoundRow
    unit_id: str
    procedure_group: str
    month: date
    expires_on: date
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch as a list shows it.

    Attributes:
        used: codes answered; None where the key is not there, or fewer than five were.
        countable: the key is there, so that `used` None says "fewer than five".
    """

    number: int
    unit_id: str
    procedure_group: str
    month: date
    size: int
    expires_on: date
    made_by: str
    used: int | None
    countable: bool


@dataclass(frozen=True, slots=True)
class Slip:
    """What a valid code opens: one form about one unit.

    Attributes:
        used: the form was sent before.
    """

    round_code: str
    unit_id: str
    procedure_group: str
    month: date
    response_id: UUID
    receipt_key: bytes
    used: bool = False


def make_batch(*, store: Store, clock: Clock, actor: str, new: NewBatch) -> MadeBatch:
    """Make the codes of a sheet of slips; only their slow hashes are kept.

    They hold for 30 days, and no longer than the round.

    Raises:
        NoSuchRound: there is no round of that code.
        BadSlipBatch: naming what is wrong; nothing is written.
    """
    today = day_in_vietnam(clock.now())
    with store.reading() as session:
        round_ = round_named(session, new.round_code)
        judged = {unit.id for unit in rounds.units_judged(session, new.round_code)}
    _require_sound(new, round_, judged, today)
    hashed = _fresh_codes(store, new.size)
    row = SlipBatchRow(
        round_id=round_.id,
        unit_id=new.unit_id,
        procedure_group=new.procedure_group.strip(),
        month=new.month.replace(day=1),
        size=new.size,
        expires_on=min(today + VALID_FOR, round_.closes_on),
        made_at=clock.now(),
        made_by=actor,
    )
    with store.transaction() as session:
        # In the order of their hashes, which is no order of printing.
        number = slips.add_batch(session, row, sorted(hashed.values()))
        audit.record(
            session,
            at=clock.now(),
            actor=actor,
            action="slips made",
            subject=round_.code,
            details={"batch": number, "unit": row.unit_id, "size": row.size},
        )
    return MadeBatch(
        number, round_, row.unit_id, row.procedure_group, row.month, row.expires_on, tuple(hashed)
    )


def batches_for(*, store: Store, round_: RoundRow) -> tuple[BatchLine, ...]:
    """List the batches of a round with how many of their codes were used, never fewer than five."""
    key = SlipKey.if_there(store)
    with store.reading(consistent=True) as session:
        rows = slips.batches_of(session, round_.id)
        used: Counter[int] = Counter()
        if key is not None:
            answered = slips.answered_by_phone(session, round_.id, "A")
            for batch, code_hash in slips.codes_of(session, round_.id) if answered else ():
                used[batch] += key.response_id(round_.code, code_hash) in answered
    return tuple(
        BatchLine(
            row.id,
            row.unit_id,
            row.procedure_group,
            row.month,
            row.size,
            row.expires_on,
            row.made_by,
            used[row.id] if key is not None and used[row.id] >= FEWEST_TOLD else None,
            key is not None,
        )
        for row in rows
    )


def open_slip(*, store: Store, clock: Clock, typed: str, browser: str) -> Slip:
    """Give what a code opens; nothing is written for a right one.

    Args:
        browser: names the browser or the device that tries, and nobody.

    Raises:
        MistypedSlip: it cannot be a code; it costs no try.
        UnknownSlip: there is no such code, or it is past its day, or its round takes no answers.
        TooManySlipTries, SlipsBusy: it was not looked up.
    """
    code = read_code(typed)
    with SLIP_TRIES.turn(store, clock, browser):
        slip = _look_up(store, code, day_in_vietnam(clock.now()))
        if slip is None:
            SLIP_TRIES.count_wrong(store, clock, browser)
            raise UnknownSlip()
    return slip


def slip_respondent(slip: Slip, clock: Clock) -> Respondent:
    """Place the answer of a slip: evidence A, with procedure group and month beside it."""
    return Respondent(
        round_code=slip.round_code,
        response_id=slip.response_id,
        unit_id=slip.unit_id,
        channel="phone",
        evidence="A",
        stratum=slip.unit_id,
        psu=f"{slip.unit_id}:{day_in_vietnam(clock.now()).isoformat()}",
        receipt_key=slip.receipt_key,
        circumstances=Circumstances(procedure_group=slip.procedure_group, procedure_month=slip.month),
    )


def procedure_groups() -> tuple[str, ...]:
    """List the procedure groups that a page offers; any other may be typed."""
    told = json.loads(files(__package__).joinpath("procedure_groups.json").read_text(encoding="utf-8"))
    return tuple(told["groups"])


def months_offered(today: date) -> tuple[date, ...]:
    """List the months a batch may be about, the present one first: back a year, and the next."""
    count = today.year * 12 + today.month - 1
    around = [0, *range(1, _MONTHS_AHEAD + 1), *range(-1, -_MONTHS_BACK - 1, -1)]
    return tuple(date((count + away) // 12, (count + away) % 12 + 1, 1) for away in around)


def _require_sound(new: NewBatch, round_: RoundRow, judged: set[str], today: date) -> None:
    wrong = [
        name
        for name, right in (
            ("round", round_.entry != "personal" and round_.status != "closed" and round_.closes_on >= today),
            ("unit", new.unit_id in judged),
            ("group", _is_name(new.procedure_group)),
            ("month", new.month.replace(day=1) in months_offered(today)),
            ("size", 0 < new.size <= MOST_AT_ONCE),
        )
        if not right
    ]
    if wrong:
        raise BadSlipBatch(", ".join(wrong), fields=", ".join(wrong))


def _is_name(text: str) -> bool:
    return 0 < len(text.strip()) <= _LONGEST_GROUP and text.isprintable()


def _fresh_codes(store: Store, size: int) -> dict[str, str]:
    """Make codes that nobody has, each with its hash."""
    key, hashed = SlipKey.of(store), dict[str, str]()
    while len(hashed) < size:
        drawn = sorted({make_code() for _ in range(size - len(hashed))} - set(hashed))
        hashes: Sequence[str] = key.hashes_of(drawn)
        with store.reading() as session:
            known = slips.taken(session, hashes)
        hashed.update((code, one) for code, one in zip(drawn, hashes, strict=True) if one not in known)
    return hashed


def _look_up(store: Store, code: str, today: date) -> Slip | None:
    key = SlipKey.of(store)
    code_hash = key.hash_of(code)
    with store.reading() as session:
        found = slips.batch_of_code(session, code_hash)
        if found is None:
            return None
        batch, round_ = found
        open_today = round_.status == "open" and round_.opens_on <= today <= round_.closes_on
        if batch.expires_on < today or not open_today:
            return None
        response_id = key.response_id(round_.code, code_hash)
        form = forms.form_of(session, round_.code, response_id)
    return Slip(
        round_.code,
        batch.unit_id,
        batch.procedure_group,
        batch.month,
        response_id,
        key.derived(f"receipt:{code_hash}")[:16],
        used=form is not None and form.payload_sha256 is not None,
    )
