"""Inviting people to a round: one personal link each, made once and never joined to what was answered.

Not where people's names come from (people_lists.py, judging_plans/), how links reach them (handing_out.py),
or what a link opens (personal.py).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from survey.services.clock import Clock, day_in_vietnam
from survey.services.errors import BadInviteList, TooFewAlike
from survey.services.links.errors import AlreadySealed, ConfirmationNeeded
from survey.services.links.launch_check import FEWEST_ALIKE, small_cells
from survey.services.links.people_csv import read_invitees
from survey.services.links.personal import hash_token, respondent_of_link, response_id_of
from survey.services.links.places import Invitee, Judgement, Person
from survey.services.round_keys import ensure_key
from survey.services.rounds import round_named
from survey.storage import audit, invitations, rounds
from survey.storage.invitations import Invited
from survey.storage.models import InvitationRow, InvitedJudgementRow, RoundRow
from survey.storage.store import Store

__all__ = [
    "FEWEST_ALIKE",
    "Invitee",
    "Judgement",
    "Link",
    "Person",
    "hash_token",
    "invite",
    "invite_people",
    "new_token",
    "read_invitees",
    "respondent_of_link",
    "response_id_of",
]

_TOKEN_BYTES = 16
#: Of a list of people, below its head.
_FIRST_LINE = 2
_SHORTEST_CONFIRMATION, _LONGEST_CONFIRMATION = 10, 300


@dataclass(frozen=True, slots=True)
class Link:
    """A personal link: the only place where its token is written."""

    person_ref: str
    token: str
    email: str | None = None
    units: int = 1


def new_token() -> str:
    """Make a token of 128 bits."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def invite(
    *,
    store: Store,
    clock: Clock,
    round_code: str,
    invitees: Sequence[Invitee],
    actor: str = "survey round invite",
) -> tuple[Link, ...]:
    """Make one personal link for each invitee, about one unit. Only the hash of a token is kept.

    Raises:
        NoSuchRound: there is no round of that code.
        BadInviteList: naming the lines of units that the round does not judge; nobody is invited.
        TooFewAlike: see `invite_people`.
    """
    people = [
        Person(one.person_ref, (Judgement(one.judges, one.stratum, one.psu, one.base_weight),))
        for one in invitees
    ]
    return invite_people(store=store, clock=clock, round_code=round_code, people=people, actor=actor)


def invite_people(
    *,
    store: Store,
    clock: Clock,
    round_code: str,
    people: Sequence[Person],
    actor: str,
    confirmation: str | None = None,
) -> tuple[Link, ...]:
    """Make one personal link for each person, about one unit or several. Only the hash of a token is kept.

    The log says who invited how many, and nobody's name.

    Args:
        confirmation: who confirms, and why, that fewer than three people alike may be invited, so that an
            answer may be attributable; the round's pages say so from then on.

    Raises:
        NoSuchRound, AlreadySealed, ConfirmationNeeded.
        BadInviteList: naming the lines with units that the round does not judge; nobody is invited.
        TooFewAlike: fewer than three people would share a place in the design, so the place alone would tell
            who answered; nobody is invited.
    """
    with store.transaction() as session:
        round_ = round_to_invite(session, round_code)
        _require_judged(people, {unit.id for unit in rounds.units_judged(session, round_code)})
        links, rows = add_people(store, session, clock, round_, people)
        require_alike(session, clock, round_, rows, confirmation=confirmation, actor=actor)
        if people:
            log_invited(session, clock, round_code, len(people), sum(link.units for link in links), actor)
    return links


def add_people(
    store: Store, session: Session, clock: Clock, round_: RoundRow, people: Sequence[Person]
) -> tuple[tuple[Link, ...], tuple[Invited, ...]]:
    """Write people who are not invited yet, and make their links; the launch check is still to come."""
    ensure_key(store.keys, round_.code)
    links = tuple(Link(one.person_ref, new_token(), one.email, len(one.judgements)) for one in people)
    rows = tuple(_rows(round_, clock, one, link) for one, link in zip(people, links, strict=True))
    invitations.add_invitations(session, rows)
    return links, rows


def log_invited(
    session: Session, clock: Clock, round_code: str, people: int, judgements: int, actor: str
) -> None:
    """Log who invited how many, and nobody's name."""
    audit.record(
        session,
        at=clock.now(),
        actor=actor,
        action="people invited",
        subject=round_code,
        details={"people": people, "judgements": judgements},
    )


def round_to_invite(session: Session, round_code: str, *, locked: bool = False) -> RoundRow:
    """Give a round that people may be invited to.

    Args:
        locked: let two lists at once wait for each other, so that the second sees the first.

    Raises:
        NoSuchRound, AlreadySealed.
    """
    round_ = round_named(session, round_code)
    if locked:
        session.refresh(round_, ["status", "sealed_on", "attributable_on"], with_for_update=True)
    if round_.sealed_on is not None:
        raise AlreadySealed(round_code)
    return round_


def require_alike(
    session: Session,
    clock: Clock,
    round_: RoundRow,
    added: Iterable[Invited],
    *,
    confirmation: str | None,
    actor: str,
) -> None:
    """Refuse places in the design that would tell who answered, unless somebody answers for it in writing.

    Raises:
        TooFewAlike, ConfirmationNeeded.
    """
    touched = {person.id for person, _ in added}
    few = small_cells(invitations.invited_to(session, round_.id), touched)
    if not few:
        return
    if confirmation is None:
        named = "; ".join(map(str, few[:10]))
        raise TooFewAlike(f"{len(few)} cells", cells=named, fewest=FEWEST_ALIKE)
    words = confirmation.strip()
    if not _SHORTEST_CONFIRMATION <= len(words) <= _LONGEST_CONFIRMATION:
        raise ConfirmationNeeded(round_.code)
    if round_.attributable_on is None:
        round_.attributable_on = day_in_vietnam(clock.now())
    audit.record(
        session,
        at=clock.now(),
        actor=actor,
        action="answers may be attributable",
        subject=round_.code,
        details={"confirmation": words, "cells": len(few)},
    )


def judgement_rows(person_id: UUID, judgements: Iterable[Judgement]) -> tuple[InvitedJudgementRow, ...]:
    """Write what a person judges as rows."""
    return tuple(
        InvitedJudgementRow(
            invitation_id=person_id,
            judges=one.unit_id,
            group=one.stratum,
            cluster=one.psu,
            design_weight=one.base_weight,
        )
        for one in judgements
    )


def _rows(round_: RoundRow, clock: Clock, person: Person, link: Link) -> Invited:
    hashed = hash_token(link.token)
    row = InvitationRow(
        id=uuid4(),
        invited_to=round_.id,
        person_ref=person.person_ref,
        ballot=hashed,
        token_hash=hashed,
        email=person.email,
        sent_on=day_in_vietnam(clock.now()),
    )
    return row, judgement_rows(row.id, person.judgements)


def _require_judged(people: Sequence[Person], judged: Collection[str]) -> None:
    wrong = [
        str(line)
        for line, one in enumerate(people, start=_FIRST_LINE)
        if not one.judgements or any(place.unit_id not in judged for place in one.judgements)
    ]
    if wrong:
        raise BadInviteList("units that the round does not judge", lines=", ".join(wrong))
