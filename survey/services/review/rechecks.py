"""The re-check (phúc tra): the server draws whom to ask again; who asks does not see the first answers.

The draw is `survey.sampling`'s: stratified by who collected, by SHA-256 of a seed and the response's id, so
that anybody with seed and frame draws the same. What comes of it is recheck_results.py's.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from survey.questionnaires import Questionnaire
from survey.sampling import Frame, FrameUnit
from survey.sampling import draw as draw_from
from survey.services.accounts import Account
from survey.services.asked import questionnaire_asked
from survey.services.clock import Clock, day_in_vietnam
from survey.services.paper.errors import (
    AskedByCollector,
    BadShare,
    NoSuchRecheck,
    NothingToRecheck,
    RecheckDone,
)
from survey.services.paper.reading import read_keyed
from survey.services.paper.response_ids import paper_key, response_id_of
from survey.services.permissions import units_of
from survey.services.rounds import round_named
from survey.storage import audit, paper, rechecks, rounds
from survey.storage.models import RecheckRow, RecheckSampleRow, RoundRow
from survey.storage.store import Store
from survey.units import load_units

#: Stands for nobody: no login is one character long.
NOBODY = "-"
OFFERED = 50
_MOST_PERCENT = 50


@dataclass(frozen=True, slots=True)
class ToAskAgain:
    """A form to ask again and what leads to the respondent; the system keeps no name.

    Attributes:
        number: of the paper form, "" for a tablet's.
        place: of the enumerator's assignment, "" where none is known.
    """

    id: UUID
    round: RoundRow
    unit: str
    psu: str
    place: str
    number: str
    collected_by: str
    questionnaire: Questionnaire


@dataclass(frozen=True, slots=True)
class Sample:
    """A drawn sample, and whether drawing again from its seed and frame gives the same forms."""

    id: int
    seed: str
    share: float
    frame_size: int
    size: int
    drawn_on: date
    drawn_by: str
    holds: bool


def draw(*, store: Store, clock: Clock, actor: str, code: str, percent: int, seed: str | None = None) -> int:
    """Draw responses of tablet and paper to ask again, at least one of each who collected; give its number.

    Args:
        percent: of each collector's responses, rounded up.
        seed: only to draw again what was drawn elsewhere; otherwise from the system's chance.

    Raises:
        NoSuchRound, BadShare, NothingToRecheck: nothing is drawn.
    """
    if not 1 <= percent <= _MOST_PERCENT:
        raise BadShare(str(percent))
    seed = seed or secrets.token_hex(16)
    with store.transaction() as session:
        round_ = round_named(session, code)
        frame = [(id_.hex, by or NOBODY) for id_, by in rechecks.frame_of(session, round_.id)]
        if not frame:
            raise NothingToRecheck(code)
        sample = RecheckSampleRow(
            round_id=round_.id,
            seed=seed,
            share=percent / 100,
            frame_size=len(frame),
            frame=[list(one) for one in frame],
            drawn_at=clock.now(),
            drawn_by=actor,
        )
        session.add(sample)
        session.flush()
        session.add_all(
            RecheckRow(
                id=recheck_id(seed, sample.id, id_),
                sample_id=sample.id,
                round_id=round_.id,
                response_id=UUID(id_),
                collected_by=by,
            )
            for id_, by in drawn(frame, percent, seed)
        )
        audit.record(
            session,
            at=clock.now(),
            actor=actor,
            action="recheck drawn",
            subject=code,
            details={"sample": sample.id, "seed": seed, "percent": percent, "frame": len(frame)},
        )
        return sample.id


def drawn(frame: Sequence[tuple[str, str]], percent: int, seed: str) -> tuple[tuple[str, str], ...]:
    """Draw from pairs of (response id, collector): the same frame and seed give the same pairs anywhere."""
    made = Frame(tuple(FrameUnit(id_, by) for id_, by in frame))
    allocation = {by: -(-count * percent // 100) for by, count in made.strata.items()}
    return tuple((unit.id, unit.stratum) for unit in draw_from(made, allocation, seed).units)


def recheck_id(seed: str, sample_id: int, response_id: str) -> UUID:
    """Name a form to ask again by a word that tells neither the response nor the order of the draw."""
    return UUID(bytes=hashlib.sha256(f"{seed}\0{sample_id}\0{response_id}".encode()).digest()[:16])


def samples(*, store: Store, round_id: int) -> tuple[Sample, ...]:
    """List the samples of a round, each drawn again from its seed and frame and compared."""
    with store.reading(consistent=True) as session:
        return tuple(_sample(session, round_id, one.id) for one in rechecks.samples_of(session, round_id))


def waiting(*, store: Store, account: Account) -> tuple[ToAskAgain, ...]:
    """List what this person may ask again: nothing that they collected or keyed."""
    with store.reading() as session:
        rows = rechecks.waiting_rechecks(session, units_of(account), account.login)
        keyed = {
            round_.id: _keyed_by(session, store.keys, round_, account.login)
            for round_ in {round_.id: round_ for _row, round_ in rows}.values()
        }
        allowed = ((row, round_) for row, round_ in rows if not _is_among(session, row, keyed[round_.id]))
        return tuple(_to_ask(session, store.keys, row, round_) for row, round_ in islice(allowed, OFFERED))


def to_ask_again(*, store: Store, account: Account, recheck_id: UUID) -> ToAskAgain:
    """Give one form to ask again, without its first answers.

    Raises:
        NoSuchRecheck: it is elsewhere or nowhere.
        AskedByCollector, RecheckDone: not by this person, or not any more.
    """
    with store.reading() as session:
        row, round_ = _in_scope(session, account, recheck_id, locked=False)
        _require_waiting(session, store.keys, account, row, round_)
        return _to_ask(session, store.keys, row, round_)


def not_asked(*, store: Store, clock: Clock, account: Account, recheck_id: UUID, status: str) -> None:
    """Record that somebody was not reached, or refused.

    Raises:
        NoSuchRecheck, AskedByCollector, RecheckDone: nothing is written.
    """
    assert status in ("not_reached", "refused"), status
    with store.transaction() as session:
        row, round_ = _in_scope(session, account, recheck_id, locked=True)
        _require_waiting(session, store.keys, account, row, round_)
        row.status, row.asked_by, row.asked_on = status, account.login, day_in_vietnam(clock.now())


def asked_again(
    *,
    store: Store,
    clock: Clock,
    account: Account,
    recheck_id: UUID,
    typed: Mapping[str, object],
    unreadable: Collection[str] = (),
    confirmed: Collection[str] = (),
) -> None:
    """Keep what was answered the second time, beside the first; it changes no response.

    Raises:
        ImpossibleAnswers, InvalidAnswers: see `paper_reading.read_keyed`.
        NoSuchRecheck, AskedByCollector, RecheckDone: nothing is written.
    """
    with store.transaction() as session:
        row, round_ = _in_scope(session, account, recheck_id, locked=True)
        _require_waiting(session, store.keys, account, row, round_)
        questionnaire = questionnaire_asked(session, round_.questionnaire_sha256)
        row.answers = read_keyed(questionnaire, typed, unreadable=unreadable, confirmed=confirmed)
        row.status, row.asked_by, row.asked_on = "reached", account.login, day_in_vietnam(clock.now())


def _sample(session: Session, round_id: int, sample_id: int) -> Sample:
    row = rechecks.sample_with_frame(session, round_id, sample_id)
    assert row is not None, "it was listed a moment ago"
    kept = {one.response_id.hex for one in rechecks.rechecks_of(session, row.id)}
    frame = [(str(id_), str(by)) for id_, by in row.frame]
    again = {id_ for id_, _by in drawn(frame, round(row.share * 100), row.seed)}
    return Sample(
        row.id,
        row.seed,
        row.share,
        row.frame_size,
        len(kept),
        day_in_vietnam(row.drawn_at),
        row.drawn_by,
        kept == again,
    )


def _in_scope(
    session: Session, account: Account, recheck_id: UUID, *, locked: bool
) -> tuple[RecheckRow, RoundRow]:
    row = rechecks.recheck_of(session, recheck_id, locked=locked)
    round_ = rounds.round_of(session, row.round_id) if row else None
    if row is None or round_ is None or round_.unit_id not in units_of(account):
        raise NoSuchRecheck(str(recheck_id))
    return row, round_


def _require_waiting(
    session: Session, keys: Path, account: Account, row: RecheckRow, round_: RoundRow
) -> None:
    keyed = _keyed_by(session, keys, round_, account.login)
    if row.collected_by == account.login or _is_among(session, row, keyed):
        raise AskedByCollector(account.login)
    if row.status != "waiting":
        raise RecheckDone(row.status)


def _keyed_by(session: Session, keys: Path, round_: RoundRow, login: str) -> frozenset[UUID]:
    """Give the first responses of the forms that a person keyed: who keyed a form knows its answers."""
    numbers = paper.numbers_keyed_by(session, round_.id, login)
    if not numbers:
        return frozenset()
    key = paper_key(keys)
    return frozenset(response_id_of(key, round_.code, one) for one in numbers)


def _is_among(session: Session, row: RecheckRow, firsts: Collection[UUID]) -> bool:
    return bool(firsts) and _first_of(session, row.round_id, row.response_id) in firsts


def _to_ask(session: Session, keys: Path, row: RecheckRow, round_: RoundRow) -> ToAskAgain:
    unit, psu, place = rechecks.whereabouts(session, round_.id, [row.response_id])[row.response_id]
    return ToAskAgain(
        row.id,
        round_,
        load_units().get(unit).full_name,
        psu,
        place,
        _number_of(session, keys, round_, row.response_id),
        row.collected_by,
        questionnaire_asked(session, round_.questionnaire_sha256),
    )


def _number_of(session: Session, keys: Path, round_: RoundRow, response_id: UUID) -> str:
    """Find the paper form of a response: the ids follow from the numbers, so they are made again."""
    row = paper.response_of(session, round_.id, response_id)
    if row is None or row.channel != "paper":
        return ""
    first = _first_of(session, round_.id, response_id)
    key, numbers = paper_key(keys), paper.valid_numbers(session, round_.id)
    return next((one for one in numbers if response_id_of(key, round_.code, one) == first), "")


def _first_of(session: Session, round_id: int, response_id: UUID) -> UUID:
    """Follow corrections back to the response that was kept first."""
    row = paper.response_of(session, round_id, response_id)
    while row is not None and row.supersedes is not None:
        row = paper.response_of(session, round_id, row.supersedes)
    return row.response_id if row else response_id
