"""What a personal link opens: one form for each unit, answered once and changed until the round closes.

The ids of a person's responses follow from their ballot by a key of the round that stands in no database
and no backup; with the key destroyed, nothing links the two (docs/architecture.md, "The split").
Opening writes nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy.orm import Session

from survey.questionnaires import Questionnaire
from survey.services.asked import questionnaire_asked
from survey.services.collection import Respondent
from survey.services.errors import NoSuchLink, NotThisUnit
from survey.services.links.errors import LinkEnded
from survey.services.round_keys import ensure_key, round_key
from survey.storage import forms, invitations, responses
from survey.storage.forms import KnownForms
from survey.storage.models import InvitationRow, InvitedJudgementRow, RoundRow
from survey.storage.store import Store

#: Revisions looked for at once.
_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class UnitForm:
    """One unit of a link, and how far its form is.

    Attributes:
        respondent: with the id of the form that is open: the newest revision.
        standing: "untouched", "begun", "sent", or "changing" when a newer form was opened after sending.
        revision: of the respondent's form, from 0.
    """

    respondent: Respondent
    standing: str
    revision: int

    @property
    def unit_id(self) -> str:
        return self.respondent.unit_id

    @property
    def counts(self) -> bool:
        """Say whether an answer about this unit is kept."""
        return self.standing in ("sent", "changing")


@dataclass(frozen=True, slots=True)
class PersonalLink:
    """An open link: its round, and the ballots it stands for."""

    round: RoundRow
    judgements: tuple[InvitedJudgementRow, ...]
    _ballot: str = field(repr=False)
    _key: bytes = field(repr=False)

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(one.judges for one in self.judgements)

    def respondent(self, unit_id: str, revision: int = 0, *, supersedes: UUID | None = None) -> Respondent:
        """Give who answers about one unit, with the form of one revision.

        Raises:
            NotThisUnit: the link is not about that unit.
        """
        place = next((one for one in self.judgements if one.judges == unit_id), None)
        if place is None:
            raise NotThisUnit(unit_id)
        return Respondent(
            round_code=self.round.code,
            response_id=response_id_of(self._key, self._ballot, unit_id, revision),
            unit_id=unit_id,
            channel="personal",
            evidence="A",
            stratum=place.group,
            psu=place.cluster or _derived(self._key, "psu", self._ballot).hex()[:16],
            base_weight=place.design_weight,
            receipt_key=_derived(self._key, "receipt", self._ballot),
            supersedes=supersedes,
        )

    def following(self, form: UnitForm) -> Respondent:
        """Give who answers the revision after one that was sent: a form of its own, with its base named."""
        return self.respondent(form.unit_id, form.revision + 1, supersedes=form.respondent.response_id)

    def next_form(self, unit_id: str, known: KnownForms) -> UnitForm | None:
        """Give the newest form about a unit among ids that are known, or None if there may be a newer one."""
        base: UUID | None = None
        for revision in range(known.revisions):
            form = self._form_id(unit_id, revision, known)
            who = replace(self.respondent(unit_id, revision), response_id=form, supersedes=base)
            if form in known.sent:
                base = form
            elif form in known.drafts:
                return UnitForm(who, "changing" if base else "begun", revision)
            elif base is None:
                return UnitForm(who, "untouched", revision)
            else:
                sent = replace(self.respondent(unit_id, revision - 1), response_id=base)
                return UnitForm(sent, "sent", revision - 1)
        return None

    def candidates(self, units: Collection[str], revisions: int) -> dict[UUID, None]:
        """Give every id that a form about some units may have, up to a number of revisions."""
        ids = [
            response_id_of(self._key, self._ballot, unit, revision)
            for unit in units
            for revision in range(revisions)
        ]
        return dict.fromkeys([*ids, _first_version_id(self._key, self._ballot)])

    def _form_id(self, unit_id: str, revision: int, known: KnownForms) -> UUID:
        if revision == 0:
            # Version 0.1.0 derived the one id of a link without its unit; such a form stays that person's.
            earlier = _first_version_id(self._key, self._ballot)
            if known.sent.get(earlier) == unit_id or known.drafts.get(earlier) == unit_id:
                return earlier
        return response_id_of(self._key, self._ballot, unit_id, revision)


def open_personal_link(*, store: Store, token: str) -> PersonalLink:
    """Find what a link opens. Nothing is written, however often it is opened.

    Raises:
        NoSuchLink: unknown, malformed or revoked; all look the same from outside.
        LinkEnded: the round was sealed.
        KeyLost: the round's key is missing although there are answers under it.
    """
    with store.reading() as session:
        found = invitations.link_of(session, hash_token(token))
        if found is None or found[0].revoked_on is not None:
            raise NoSuchLink()
        invitation, round_, judgements = found
        if round_.sealed_on is not None:
            raise LinkEnded(round_.code)
        return link_of(store, session, round_, invitation, judgements)


def link_of(
    store: Store,
    session: Session,
    round_: RoundRow,
    invitation: InvitationRow,
    judgements: Sequence[InvitedJudgementRow],
) -> PersonalLink:
    """Give what an invitation's link opens, whatever its token is.

    Raises:
        KeyLost.
    """
    if not (store.keys / f"{round_.code}.key").exists() and not responses.any_of(session, round_.id):
        # Version 0.1.0 made the key when the first link was opened.
        ensure_key(store.keys, round_.code)
    key = round_key(store.keys, round_.code)
    return PersonalLink(round_, tuple(judgements), invitation.ballot, key)


def drop_drafts_of(session: Session, link: PersonalLink) -> None:
    """Delete every form of a link that was begun and not sent; what was sent stays."""
    revisions, known = 0, KnownForms({}, {}, 0)
    while not all(link.next_form(unit, known) for unit in link.units):
        revisions += _AT_ONCE
        ids = link.candidates(link.units, revisions)
        known = forms.known_forms(session, link.round.id, ids, revisions)
    for form in known.drafts:
        responses.drop_draft(session, link.round.id, form)


def forms_of_link(*, store: Store, link: PersonalLink, unit_id: str | None = None) -> tuple[UnitForm, ...]:
    """Say how far the form about each unit of a link is, or about one unit.

    Raises:
        NotThisUnit: the link is not about that unit.
    """
    if unit_id is not None and unit_id not in link.units:
        raise NotThisUnit(unit_id)
    wanted = link.units if unit_id is None else (unit_id,)
    found: dict[str, UnitForm] = {}
    revisions = 0
    with store.reading() as session:
        while len(found) < len(wanted):
            revisions += _AT_ONCE
            missing = [one for one in wanted if one not in found]
            known = forms.known_forms(session, link.round.id, link.candidates(missing, revisions), revisions)
            for one in missing:
                form = link.next_form(one, known)
                if form is not None:
                    found[one] = form
    return tuple(found[one] for one in wanted)


def asked_by_link(*, store: Store, link: PersonalLink) -> Questionnaire:
    """Give the questionnaire of a link's round."""
    with store.reading() as session:
        return questionnaire_asked(session, link.round.questionnaire_sha256)


def respondent_of_link(*, store: Store, token: str) -> tuple[Respondent, RoundRow]:
    """Find whose form a link about one unit opens: the first form of its first unit.

    Raises:
        NoSuchLink, LinkEnded, KeyLost: see `open_personal_link`.
    """
    link = open_personal_link(store=store, token=token)
    return link.respondent(link.units[0]), link.round


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def response_id_of(key: bytes, ballot: str, unit_id: str, revision: int = 0) -> UUID:
    """Derive the id of a response: HMAC-SHA256 of ballot, unit and revision under the round's key."""
    told = f"response:{ballot}:{unit_id}:{revision}".encode()
    return UUID(bytes=hmac.digest(key, told, "sha256")[:16])


def first_ids(key: bytes, ballot: str, units: Collection[str]) -> Mapping[str, tuple[UUID, ...]]:
    """Give, for each unit of a ballot, the ids that its first form may have."""
    earlier = _first_version_id(key, ballot)
    return {unit: (response_id_of(key, ballot, unit), earlier) for unit in units}


def _first_version_id(key: bytes, ballot: str) -> UUID:
    return UUID(bytes=hmac.digest(key, bytes.fromhex(ballot), "sha256")[:16])


def _derived(key: bytes, purpose: str, ballot: str) -> bytes:
    """Derive a value for one purpose, that tells nothing of those for others."""
    return hmac.digest(key, f"{purpose}:{ballot}".encode(), "sha256")
