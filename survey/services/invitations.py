"""Personal links: made once, opened any number of times, and never joined to what was answered.

The response's id follows from the link by a key of the round that stands in no database and no
backup; with the key destroyed, nothing links the two (reference: docs/architecture.md, "The split").
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import math
import os
import secrets
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from survey.errors import SurveyError
from survey.services.clock import Clock, day_in_vietnam
from survey.services.collection import Respondent
from survey.services.errors import BadInviteList, NoSuchLink, NoSuchRound, TooFewAlike
from survey.storage import audit, invitations, rounds
from survey.storage.models import InvitationRow, RoundRow
from survey.storage.store import Store
from survey.units import load_units

_TOKEN_BYTES = 16
#: People who must share unit, stratum, PSU and weight, or the place in the design names one of them
#: (experience.md §4.4, launch check).
FEWEST_ALIKE = 3
#: Of a list of people, below its head.
_FIRST_LINE = 2


@dataclass(frozen=True, slots=True)
class Invitee:
    """A person to invite, with their place in the design.

    A blank `psu` makes the person a PSU of their own, as in a simple random sample; its label then
    follows from the response's id and stands nowhere beside the name.
    """

    person_ref: str
    judges: str
    stratum: str
    psu: str = ""
    base_weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Link:
    """A personal link: the only place where its token is written."""

    person_ref: str
    token: str


def invite(
    *,
    store: Store,
    clock: Clock,
    round_code: str,
    invitees: Sequence[Invitee],
    actor: str = "survey round invite",
) -> tuple[Link, ...]:
    """Make one personal link for each invitee. Only the hash of a token is kept.

    The log says who invited how many, and nobody's name.

    Raises:
        NoSuchRound: there is no round of that code.
        BadInviteList: naming the lines of units that the round does not judge; nobody is invited.
        TooFewAlike: fewer than three people, these and those invited before, would share a place in
            the design, so the place alone would tell who answered; nobody is invited.
    """
    links = tuple(Link(one.person_ref, secrets.token_urlsafe(_TOKEN_BYTES)) for one in invitees)
    with store.transaction() as session:
        round_ = rounds.round_by_code(session, round_code)
        if round_ is None:
            raise NoSuchRound(round_code)
        _require_judged(invitees, {unit.id for unit in rounds.units_judged(session, round_code)})
        _require_alike(Counter(map(_cell, invitees)) + invitations.cells_of(session, round_.id))
        invitations.add_invitations(
            session,
            [
                InvitationRow(
                    id=uuid4(),
                    invited_to=round_.id,
                    person_ref=one.person_ref,
                    judges=one.judges,
                    group=one.stratum,
                    cluster=one.psu,
                    design_weight=one.base_weight,
                    token_hash=hash_token(link.token),
                    sent_on=day_in_vietnam(clock.now()),
                )
                for one, link in zip(invitees, links, strict=True)
            ],
        )
        if invitees:
            audit.record(
                session,
                at=clock.now(),
                actor=actor,
                action="people invited",
                subject=round_code,
                details={"people": len(invitees)},
            )
    return links


def _require_judged(invitees: Sequence[Invitee], judged: Collection[str]) -> None:
    wrong = [str(line) for line, one in enumerate(invitees, start=_FIRST_LINE) if one.judges not in judged]
    if wrong:
        raise BadInviteList("units that the round does not judge", lines=", ".join(wrong))


def _cell(one: Invitee) -> tuple[str, str, str, float]:
    return one.judges, one.stratum, one.psu, one.base_weight


def _require_alike(cells: Counter[tuple[str, str, str, float]]) -> None:
    few = sorted(cell for cell, people in cells.items() if people < FEWEST_ALIKE)
    if few:
        named = "; ".join(" · ".join(map(str, cell)) for cell in few[:10])
        raise TooFewAlike(f"{len(few)} cells", cells=named, fewest=FEWEST_ALIKE)


def read_invitees(raw: bytes) -> tuple[Invitee, ...]:
    """Read a list of people from CSV (UTF-8): person, unit, stratum, psu, weight.

    `unit` is a unit's id; `psu` may be blank (see Invitee), `weight` may be blank for 1.

    Raises:
        BadInviteList: naming every line that is wrong; nobody is invited.
    """
    try:
        lines = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    except UnicodeDecodeError as error:
        raise BadInviteList(str(error), lines="UTF-8") from error
    except csv.Error as error:
        raise BadInviteList(str(error), lines="CSV") from error
    invitees, wrong = [], []
    for number, line in enumerate(lines, start=_FIRST_LINE):
        try:
            invitees.append(_invitee(line))
        except (AttributeError, KeyError, ValueError, SurveyError):
            wrong.append(str(number))
    if wrong or not invitees:
        raise BadInviteList(lines=", ".join(wrong) or "1")
    return tuple(invitees)


def _invitee(line: Mapping[str, str]) -> Invitee:
    person, stratum, psu = (line[name].strip() for name in ("person", "stratum", "psu"))
    weight = float(line["weight"].strip() or "1")
    if not (person and stratum and 0 < weight < math.inf) or "\0" in person + stratum + psu:
        raise ValueError("a blank, a NUL or a weight that is not positive")
    return Invitee(person[:200], load_units().get(line["unit"].strip()).id, stratum[:80], psu[:80], weight)


def respondent_of_link(*, store: Store, token: str) -> tuple[Respondent, RoundRow]:
    """Find whose form a link opens. Nothing is written, however often it is opened.

    Raises:
        NoSuchLink: unknown, malformed or revoked; all look the same from outside.
    """
    with store.reading() as session:
        invitation = invitations.invitation_by_token_hash(session, hash_token(token))
        if invitation is None or invitation.revoked_on is not None:
            raise NoSuchLink()
        round_ = session.get_one(RoundRow, invitation.invited_to)
    key = _round_key(store.keys, round_.code)
    response_id = response_id_of(key, invitation.token_hash)
    respondent = Respondent(
        round_code=round_.code,
        response_id=response_id,
        unit_id=invitation.judges,
        channel="personal",
        evidence="A",
        stratum=invitation.group,
        psu=invitation.cluster or _derived(key, "psu", invitation.token_hash).hex()[:16],
        base_weight=invitation.design_weight,
        receipt_key=_derived(key, "receipt", invitation.token_hash),
    )
    return respondent, round_


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def response_id_of(key: bytes, token_hash: str) -> UUID:
    """Derive the id of a link's response: HMAC-SHA256 of the token's hash under the round's key."""
    return UUID(bytes=hmac.digest(key, bytes.fromhex(token_hash), "sha256")[:16])


def _derived(key: bytes, purpose: str, token_hash: str) -> bytes:
    """Derive a value for one purpose, that tells nothing of those for others."""
    return hmac.digest(key, f"{purpose}:{token_hash}".encode(), "sha256")


def _round_key(folder: Path, round_code: str) -> bytes:
    path = folder / f"{round_code}.key"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        making = folder / f".{round_code}-{secrets.token_hex(8)}"
        handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        # link() fails if another process was first: then its key is the one.
        try:
            os.link(making, path)
        except FileExistsError:
            pass
        finally:
            making.unlink()
    return path.read_bytes()
