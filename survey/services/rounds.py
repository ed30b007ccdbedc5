"""Rounds: made, opened, closed, and watched while answers come in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey.errors import SurveyError
from survey.questionnaires import Questionnaire
from survey.services.clock import Clock, day_in_vietnam
from survey.services.errors import BadRound, NoSuchRound, ReopeningTakesTwo, RoundTaken
from survey.services.links.errors import AlreadySealed
from survey.services.reference import keep_questionnaire
from survey.storage import audit, invitations, responses, rounds
from survey.storage.models import RoundRow, RoundUnitRow, UnitRow
from survey.storage.responses import BoardCell
from survey.storage.store import Store

_CODE = re.compile(r"[a-z0-9][a-z0-9\-]{2,58}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class JudgedUnit:
    """A unit that a round judges: its block, and how many forms were handed out (None: no such count)."""

    unit_id: str
    block: str
    issued: int | None = None


@dataclass(frozen=True, slots=True)
class NewRound:
    """What a round is made from."""

    code: str
    title_vi: str
    title_en: str
    population: str
    questionnaire: Questionnaire
    unit_id: str
    year: int
    entry: str
    counted_grades: str
    opens_on: date
    closes_on: date
    units: Sequence[JudgedUnit]
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class BoardLine:
    """How far one unit has come.

    Attributes:
        complete: complete forms of every grade.
        counted: those of the grades that the round counts; only these are held against `issued`.
    """

    unit_id: str
    name: str
    block: str
    issued: int | None
    complete: int
    partial: int
    counted: int

    @property
    def uncounted(self) -> int:
        """Complete forms that say nothing of the handed-out ones: of a grade the round does not count."""
        return self.complete - self.counted


@dataclass(frozen=True, slots=True)
class Board:
    """How far a round has come, as counts: no answer and no time finer than the round."""

    round: RoundRow
    lines: tuple[BoardLine, ...]
    by_channel: Mapping[str, int]
    by_evidence: Mapping[str, int]
    invited: int
    conflicts: int

    @property
    def complete(self) -> int:
        return sum(line.complete for line in self.lines)

    @property
    def counted(self) -> int:
        return sum(line.counted for line in self.lines)

    @property
    def uncounted(self) -> int:
        return self.complete - self.counted

    @property
    def issued(self) -> int | None:
        known = [line.issued for line in self.lines if line.issued is not None]
        return sum(known) if known else None


def create_round(*, store: Store, clock: Clock, new: NewRound, actor: str) -> None:
    """Make a round, closed to answers until it is opened.

    Raises:
        BadRound: its code, dates, population or units are not right.
        RoundTaken: the code is in use.
    """
    _require_sound(new)
    keep_questionnaire(store=store, questionnaire=new.questionnaire)
    with store.transaction() as session:
        if rounds.round_by_code(session, new.code) is not None:
            raise RoundTaken(new.code, round=new.code)
        row = RoundRow(
            code=new.code,
            title_vi=new.title_vi,
            title_en=new.title_en,
            population=new.population,
            questionnaire_sha256=new.questionnaire.sha256,
            unit_id=new.unit_id,
            year=new.year,
            entry=new.entry,
            counted_grades=new.counted_grades,
            opens_on=new.opens_on,
            closes_on=new.closes_on,
            simulated=new.simulated,
        )
        session.add(row)
        session.flush()
        session.add_all(
            RoundUnitRow(round_id=row.id, unit_id=one.unit_id, block=one.block, issued=one.issued)
            for one in new.units
        )
        audit.record(session, at=clock.now(), actor=actor, action="round made", subject=new.code)


def set_status(*, store: Store, clock: Clock, code: str, status: str, actor: str) -> None:
    """Open a round or close it; to close a closed one again changes nothing.

    Opening a closed round again is for two persons (review/reopening.py), and never for a sealed one.

    Args:
        status: "open" or "closed".

    Raises:
        NoSuchRound: there is no round of that code.
        ReopeningTakesTwo, AlreadySealed: it was closed.
    """
    with store.transaction() as session:
        row = round_named(session, code)
        session.refresh(row, ["status", "sealed_on"], with_for_update=True)
        if row.status == status:
            return
        if row.status == "closed":
            raise _not_reopened(row)
        row.status = status
        row.closed_on = day_in_vietnam(clock.now()) if status == "closed" else None
        audit.record(session, at=clock.now(), actor=actor, action=f"round {status}", subject=code)


def round_named(session: Session, code: str) -> RoundRow:
    """Give the round of a code; who may see it is not asked here (permissions.py).

    Raises:
        NoSuchRound: there is no round of that code.
    """
    row = rounds.round_by_code(session, code)
    if row is None:
        raise NoSuchRound(code)
    return row


def open_rounds(*, store: Store, clock: Clock) -> tuple[RoundRow, ...]:
    """List the rounds that take answers today: open, and today among their days."""
    with store.reading() as session:
        return tuple(rounds.open_rounds(session, day_in_vietnam(clock.now())))


def list_rounds(*, store: Store) -> tuple[RoundRow, ...]:
    """List every round, for the command line."""
    with store.reading() as session:
        return tuple(rounds.all_rounds(session))


def judged_units(*, store: Store, code: str) -> tuple[UnitRow, ...]:
    """List the units a round judges, in Vietnamese alphabetical order within their blocks.

    Raises:
        NoSuchRound: there is no round of that code.
    """
    with store.reading() as session:
        units = tuple(rounds.units_judged(session, code))
    if not units:
        raise NoSuchRound(code)
    return units


def board(*, store: Store, code: str) -> Board:
    """Count a round's responses as they are now.

    Raises:
        NoSuchRound: there is no round of that code.
    """
    with store.reading() as session:
        round_ = round_named(session, code)
        units = rounds.units_of(session, round_.id)
        cells = responses.board_of(session, round_.id)
        invited = invitations.count_invitations(session, round_.id)
        conflicts = responses.count_conflicts(session, round_.id)
    done = [cell for cell in cells if cell.status == "complete"]
    complete, partial = _by_unit(done), _by_unit(cell for cell in cells if cell.status == "partial")
    counted = _by_unit(cell for cell in done if cell.evidence in round_.counted_grades)
    lines = tuple(
        BoardLine(
            unit.id,
            unit.name,
            judged.block,
            judged.issued,
            complete[unit.id],
            partial[unit.id],
            counted[unit.id],
        )
        for judged, unit in units
    )
    by_channel, by_evidence = Counter[str](), Counter[str]()
    for cell in done:
        by_channel[cell.channel] += cell.count
        by_evidence[cell.evidence] += cell.count
    return Board(round_, lines, by_channel, by_evidence, invited, conflicts)


def _not_reopened(row: RoundRow) -> SurveyError:
    return AlreadySealed(row.code) if row.sealed_on else ReopeningTakesTwo(row.code, round=row.code)


def _by_unit(cells: Iterable[BoardCell]) -> Counter[str]:
    counts = Counter[str]()
    for cell in cells:
        counts[cell.unit_id] += cell.count
    return counts


def _require_sound(new: NewRound) -> None:
    wrong = [
        name
        for name, right in (
            ("code", _CODE.fullmatch(new.code) is not None),
            ("title_vi", 0 < len(new.title_vi.strip()) <= len(new.title_vi) <= 300),
            ("title_en", 0 < len(new.title_en.strip()) <= len(new.title_en) <= 300),
            ("year", 2000 <= new.year <= 2100),
            ("population", new.population in new.questionnaire.populations),
            ("dates", new.opens_on <= new.closes_on),
            ("units", bool(new.units) and len({one.unit_id for one in new.units}) == len(new.units)),
        )
        if not right
    ]
    if wrong:
        raise BadRound(", ".join(wrong), fields=", ".join(wrong))
