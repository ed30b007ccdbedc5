"""Links made anew: for people who have not answered all, for one who lost theirs; and links taken back.

Who has answered is found with the round's key and written nowhere. A reminder tells whoever sees the mail
that its people had not answered that day. So it never goes to fewer than three of those whom nothing else
tells apart, nor leaves out fewer than three: where it would, it goes to all of them (docs/decisions/0012).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from survey.services.clock import Clock, day_in_vietnam
from survey.services.errors import RoundClosed
from survey.services.keeping import is_open
from survey.services.links.errors import NoSuchInvitation
from survey.services.links.invitations import Link, hash_token, new_token, round_to_invite
from survey.services.links.launch_check import FEWEST_ALIKE, people_alike
from survey.services.links.personal import drop_drafts_of, first_ids, link_of
from survey.services.round_keys import round_key
from survey.storage import audit, forms, invitations
from survey.storage.invitations import Invited
from survey.storage.models import InvitationRow, RoundRow
from survey.storage.store import Store

#: Reminders of a round that can be told apart: bits of a number that both databases hold.
MOST_REMINDERS = 30


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many people of a group are invited, and how many have answered about all their units.

    Attributes:
        answered: None where the group, those who answered or those who did not are fewer than three.
    """

    group: str
    invited: int
    answered: int | None


def remind(*, store: Store, clock: Clock, round_code: str, actor: str) -> tuple[Link, ...]:
    """Make new links for people who have not answered about all their units; the earlier ones die.

    The log says how many, and nobody's name.

    Raises:
        NoSuchRound, AlreadySealed, RoundClosed, KeyLost.
    """
    with store.transaction() as session:
        round_ = round_to_invite(session, round_code, locked=True)
        if not is_open(round_, clock):
            raise RoundClosed(round_code)
        invited = invitations.invited_to(session, round_.id)
        if not invited:
            return ()
        chosen = people_to_remind(invited, _finished(store, session, round_, invited))
        bit = _next_reminder(invitations.invited_to(session, round_.id, revoked=True))
        links = tuple(_renew(person, judged) for person, judged in invited if person.id in chosen)
        session.flush()
        if chosen:
            today = day_in_vietnam(clock.now())
            invitations.note_reminder(session, chosen, day=today, bit=bit)
            _log(session, clock, round_, actor, "people reminded", len(links))
    return links


def people_to_remind(invited: Sequence[Invited], finished: Collection[UUID]) -> frozenset[UUID]:
    """Choose whom to remind: who has not finished, and with them whoever would stand out.

    Args:
        finished: invitations whose units are all answered.
    """
    chosen: set[UUID] = set()
    for alike in people_alike(invited):
        waiting = [one for one in alike if one not in finished]
        done = len(alike) - len(waiting)
        if not waiting:
            continue
        splits = len(waiting) >= FEWEST_ALIKE and (done == 0 or done >= FEWEST_ALIKE)
        chosen.update(waiting if splits else alike)
    return frozenset(chosen)


def group_counts(*, store: Store, round_: RoundRow) -> tuple[GroupCount, ...]:
    """Count who is invited and who has answered, group by group, as far as a count tells on nobody.

    Raises:
        KeyLost.
    """
    with store.reading(consistent=True) as session:
        invited = invitations.invited_to(session, round_.id)
        if not invited:
            return ()
        sealed = round_.sealed_on is not None
        finished = None if sealed else _finished(store, session, round_, invited)
    groups: dict[str, list[UUID]] = {}
    for person, judged in invited:
        groups.setdefault(" · ".join(sorted({one.group for one in judged})), []).append(person.id)
    return tuple(_count(name, groups[name], finished) for name in sorted(groups))


def reissue(
    *, store: Store, clock: Clock, round_code: str, invitation_id: UUID, actor: str
) -> tuple[Link, ...]:
    """Make a new link for one person at their request: the old one dies, the ballot stays the same (T4).

    What they had begun and not sent is deleted, so that the new link shows it to nobody; the log names the
    invitation and who made the link, so that a person who did not ask for it can be told who did.

    Raises:
        NoSuchRound, AlreadySealed, NoSuchInvitation, KeyLost.
    """
    with store.transaction() as session:
        round_ = round_to_invite(session, round_code)
        person, judged = _standing(session, round_, invitation_id)
        drop_drafts_of(session, link_of(store, session, round_, person, judged))
        link = _renew(person, judged)
        _log(session, clock, round_, actor, "link made anew", 1, invitation_id)
    return (link,)


def reissue_all(*, store: Store, clock: Clock, round_code: str, actor: str) -> tuple[Link, ...]:
    """Make new links for everybody, when what was handed out is lost or has leaked; every old one dies.

    Raises:
        NoSuchRound, AlreadySealed.
    """
    with store.transaction() as session:
        round_ = round_to_invite(session, round_code, locked=True)
        links = tuple(_renew(*one) for one in invitations.invited_to(session, round_.id))
        _log(session, clock, round_, actor, "all links made anew", len(links))
    return links


def revoke(*, store: Store, clock: Clock, round_code: str, invitation_id: UUID, actor: str) -> None:
    """Take one person's link back; what was sent by it stays.

    Raises:
        NoSuchRound, AlreadySealed, NoSuchInvitation.
    """
    with store.transaction() as session:
        round_ = round_to_invite(session, round_code)
        person, _judged = _standing(session, round_, invitation_id)
        person.revoked_on = day_in_vietnam(clock.now())
        _log(session, clock, round_, actor, "link revoked", 1, invitation_id)


def invited_people(*, store: Store, round_: RoundRow) -> tuple[Invited, ...]:
    """List whom a round invited, by name; nothing in it tells who answered."""
    with store.reading() as session:
        listed = invitations.invited_to(session, round_.id)
    return tuple(sorted(listed, key=lambda one: (one[0].person_ref, one[0].id)))


def invitation_of(*, store: Store, round_: RoundRow, person_ref: str) -> UUID:
    """Find the one standing invitation of a name.

    Raises:
        NoSuchInvitation: none, or several of one name.
    """
    with store.reading() as session:
        found = invitations.standing_of(session, round_.id, person_ref)
    if len(found) != 1:
        raise NoSuchInvitation(f"{len(found)} of that name", person=person_ref)
    return found[0].id


def _standing(session: Session, round_: RoundRow, invitation_id: UUID) -> Invited:
    for person, judged in invitations.invited_to(session, round_.id):
        if person.id == invitation_id:
            return person, judged
    raise NoSuchInvitation(round_.code, person="?")


def _finished(
    store: Store, session: Session, round_: RoundRow, invited: Iterable[Invited]
) -> frozenset[UUID]:
    """Find who has answered about all their units: computed under the round's key, and kept nowhere."""
    key = round_key(store.keys, round_.code)
    ids = {
        person.id: first_ids(key, person.ballot, [one.judges for one in judged]) for person, judged in invited
    }
    asked = {one: None for units in ids.values() for some in units.values() for one in some}
    sent = forms.known_forms(session, round_.id, asked, 1).sent
    return frozenset(
        person
        for person, units in ids.items()
        if all(any(sent.get(one) == unit for one in some) for unit, some in units.items())
    )


def _next_reminder(invited: Iterable[Invited]) -> int:
    used = max((person.reminders.bit_length() for person, _judged in invited), default=0)
    return min(used, MOST_REMINDERS)


def _renew(person: InvitationRow, judged: Sequence[object]) -> Link:
    token = new_token()
    person.token_hash = hash_token(token)
    return Link(person.person_ref, token, person.email, len(judged))


def _count(group: str, people: Sequence[UUID], finished: frozenset[UUID] | None) -> GroupCount:
    if finished is None:
        return GroupCount(group, len(people), None)
    answered = sum(one in finished for one in people)
    told = all(part == 0 or part >= FEWEST_ALIKE for part in (answered, len(people) - answered))
    told = told and len(people) >= FEWEST_ALIKE and answered != len(people)
    return GroupCount(group, len(people), answered if told else None)


def _log(
    session: Session,
    clock: Clock,
    round_: RoundRow,
    actor: str,
    action: str,
    people: int,
    invitation_id: UUID | None = None,
) -> None:
    """Log a deed; it names an invitation only where one was chosen by hand, never whom a reminder went to."""
    details: dict[str, int | str] = {"people": people}
    if invitation_id is not None:
        details["invitation"] = invitation_id.hex
    audit.record(session, at=clock.now(), actor=actor, action=action, subject=round_.code, details=details)
