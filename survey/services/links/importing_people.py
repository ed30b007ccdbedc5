"""Taking a list of people into a round: looked at first, then all or nothing; the same list again is nothing.

Not how a list is read (links/people_lists.py), nor how the links reach people (links/handing_out.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from survey.reports.reading import CellProblem, error_workbook, read_sheets
from survey.services.clock import Clock
from survey.services.links.errors import BadPeopleList, PersonMismatch
from survey.services.links.invitations import (
    Link,
    add_people,
    judgement_rows,
    log_invited,
    require_alike,
    round_to_invite,
)
from survey.services.links.judging_plans import JudgingPlan
from survey.services.links.launch_check import SmallCell, small_cells
from survey.services.links.people_lists import RoundAsked, read_people
from survey.services.links.places import Judgement, Person
from survey.services.rounds import round_named
from survey.storage import invitations, rounds
from survey.storage.invitations import Invited
from survey.storage.models import RoundRow
from survey.storage.store import Store
from survey.units import load_units


@dataclass(frozen=True, slots=True)
class Taken:
    """What a list comes to.

    Attributes:
        links: one for each person who was not invited before; none in a dry run.
        new: people not invited before.
        widened: people invited before who now judge more units, by the link that they have.
        known: people of the list who are invited already, about the same units.
        judgements: pairs of a person and a unit that are new.
        small: places in the design that fewer than three people share.
    """

    links: tuple[Link, ...]
    new: int
    widened: int
    known: int
    judgements: int
    small: tuple[SmallCell, ...] = field(default=())


class _OnlyLooked(Exception):  # noqa: N818  # no error: it takes everything back
    def __init__(self, taken: Taken) -> None:
        self.taken = taken


def import_people(
    *,
    store: Store,
    clock: Clock,
    round_code: str,
    raw: bytes,
    name: str,
    plan: JudgingPlan | None = None,
    confirmation: str | None = None,
    dry_run: bool = False,
    actor: str,
) -> Taken:
    """Invite the people of a list who are not invited yet; a dry run writes nothing and says what would be.

    Raises:
        NoSuchRound, AlreadySealed, ConfirmationNeeded.
        FileTooLarge, UnreadableFile, ReaderBusy, BadPeopleList: the list is not right; nobody is invited.
        PersonMismatch: somebody was invited about the same unit with another place in the design.
        TooFewAlike: see `invite_people`; a dry run names the places instead.
    """
    people = read_people(raw, name=name, asked=round_asked(store, round_code), plan=plan).people
    try:
        with store.transaction() as session:
            round_ = round_to_invite(session, round_code, locked=True)
            taken, touched = _taken(store, session, clock, round_, people)
            if dry_run:
                small = small_cells(
                    invitations.invited_to(session, round_.id), {person.id for person, _ in touched}
                )
                raise _OnlyLooked(Taken((), taken.new, taken.widened, taken.known, taken.judgements, small))
            if touched:
                require_alike(session, clock, round_, touched, confirmation=confirmation, actor=actor)
                log_invited(session, clock, round_code, taken.new, taken.judgements, actor)
    except _OnlyLooked as looked:
        return looked.taken
    return taken


def round_asked(store: Store, round_code: str) -> RoundAsked:
    """Give what a list of people is read for.

    Raises:
        NoSuchRound.
    """
    with store.reading() as session:
        round_ = round_named(session, round_code)
        units = tuple(load_units().get(row.id) for row in rounds.units_judged(session, round_code))
    return RoundAsked(units, round_.unit_id, round_.opens_on)


def _taken(
    store: Store, session: Session, clock: Clock, round_: RoundRow, people: Sequence[Person]
) -> tuple[Taken, tuple[Invited, ...]]:
    invited = {
        person.person_ref: (person, judged) for person, judged in invitations.invited_to(session, round_.id)
    }
    new = [person for person in people if person.person_ref not in invited]
    widened: list[Invited] = []
    for person in people:
        if person.person_ref in invited:
            row, judged = invited[person.person_ref]
            more = _more(person, {one.judges: (one.group, one.cluster, one.design_weight) for one in judged})
            if more:
                rows = judgement_rows(row.id, more)
                invitations.add_judgements(session, rows)
                widened.append((row, rows))
    links, added = add_people(store, session, clock, round_, new)
    touched = (*added, *widened)
    return (
        Taken(
            links,
            len(new),
            len(widened),
            len(people) - len(new) - len(widened),
            sum(len(judged) for _person, judged in touched),
        ),
        touched,
    )


def _more(person: Person, known: dict[str, tuple[str, str, float]]) -> list[Judgement]:
    """Give what a person who is invited already is not asked about yet."""
    more = []
    for one in person.judgements:
        if one.unit_id not in known:
            more.append(one)
        elif known[one.unit_id] != (one.stratum, one.psu, one.base_weight):
            raise PersonMismatch(one.unit_id, person=person.person_ref)
    return more


def marked_list(
    *, store: Store, round_code: str, raw: bytes, name: str, plan: JudgingPlan | None = None
) -> bytes:
    """Give a list back as a workbook with every wrong cell marked and listed.

    Raises:
        NoSuchRound; FileTooLarge, UnreadableFile, ReaderBusy.
    """
    problems: Sequence[CellProblem] = ()
    try:
        read_people(raw, name=name, asked=round_asked(store, round_code), plan=plan)
    except BadPeopleList as refused:
        problems = refused.listed
    return error_workbook(read_sheets(raw, name=name), problems)
