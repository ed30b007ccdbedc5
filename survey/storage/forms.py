"""How one form stands: its round, its draft and its response, found by one statement.

Every page of a form asks this, so it is made once and costs one round trip. Not the writing
(responses.py), and not what follows from it (services/collection.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import FromClause, Row, Select, Table, and_, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session

from survey.storage.models import DraftRow, LanguagePackRow, ResponseRow, RoundRow, RoundUnitRow


@dataclass(frozen=True, slots=True)
class FormRound:
    """What a form knows of its round."""

    id: int
    code: str
    title_vi: str
    title_en: str
    questionnaire_sha256: str
    entry: str
    status: str
    opens_on: date
    closes_on: date
    simulated: bool
    #: SHA-256 of every language pack of its questionnaire, parted by commas; None without any.
    packs: str | None = None

    def title(self, language: str) -> str:
        return self.title_en if language == "en" else self.title_vi


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form as the database has it; a form nobody began has only its round.

    Attributes:
        judged: the unit that was asked about, if the round judges it.
        draft_unit: the unit of the draft, if there is a draft.
        draft_answers: what the draft holds.
        sent_unit: the unit of the response, if the form was sent.
        payload_sha256: hash of the response's answers, if the form was sent.
    """

    round: FormRound
    judged: str | None
    draft_unit: str | None
    draft_answers: Mapping[str, Any] | None
    sent_unit: str | None
    payload_sha256: str | None

    @property
    def unit_id(self) -> str | None:
        """The unit the form is about, whether still a draft or sent; None when it was not begun."""
        return self.draft_unit or self.sent_unit


@dataclass(frozen=True, slots=True)
class KnownForms:
    """Which of some ids are those of drafts and of responses, each with its unit.

    Attributes:
        revisions: how many revisions of each form were among the ids.
    """

    drafts: Mapping[UUID, str]
    sent: Mapping[UUID, str]
    revisions: int


# Tables and not their classes: a statement of classes goes by way of the ORM, which takes twice as long.
_round, _judged, _draft, _kept, _pack = (
    cast(Table, row.__table__).c for row in (RoundRow, RoundUnitRow, DraftRow, ResponseRow, LanguagePackRow)
)
_OF_ROUND = tuple(field.name for field in fields(FormRound) if field.name != "packs")
_PACKS = (
    select(func.aggregate_strings(_pack.sha256, ","))
    .where(_pack.questionnaire_sha256 == _round.questionnaire_sha256)
    .correlate(RoundRow.__table__)
    .scalar_subquery()
)
_MINE = (
    select(_draft.round_id, _draft.unit_id, _draft.answers)
    .join(RoundRow.__table__, _round.id == _draft.round_id)
    .where(_round.code == bindparam("code"), _draft.response_id == bindparam("form"))
    .with_for_update(of=DraftRow.__table__)
    .cte("mine")
)


def _form(draft: FromClause) -> Select[Any]:
    """Ask for a form whose draft is among some rows, of one form or of all."""
    mine = and_(draft.c.round_id == _round.id, *_of_this(draft))
    return (
        select(
            *(_round[name] for name in _OF_ROUND),
            _PACKS,
            _judged.unit_id,
            draft.c.unit_id,
            draft.c.answers,
            _kept.unit_id,
            _kept.payload_sha256,
        )
        .select_from(RoundRow.__table__)
        .outerjoin(
            RoundUnitRow.__table__, and_(_judged.round_id == _round.id, _judged.unit_id == bindparam("unit"))
        )
        .outerjoin(draft, mine)
        .outerjoin(
            ResponseRow.__table__, and_(_kept.round_id == _round.id, _kept.response_id == bindparam("form"))
        )
        .where(_round.code == bindparam("code"))
    )


def _of_this(draft: FromClause) -> tuple[Any, ...]:
    return (draft.c.response_id == bindparam("form"),) if "response_id" in draft.c else ()


_FORM, _LOCKED_FORM = _form(cast(Table, DraftRow.__table__)), _form(_MINE)
_IDS_AT_ONCE = 500
_KNOWN = union_all(
    *(
        select(literal(kind), table.response_id, table.unit_id).where(
            table.round_id == bindparam("round"),
            table.response_id.in_(bindparam("ids", expanding=True)),
        )
        for kind, table in (("draft", _draft), ("sent", _kept))
    )
)


def form_of(
    session: Session, round_code: str, response_id: UUID | None, unit_id: str | None = None
) -> FormRow | None:
    """Find a form by its round and id; None when there is no such round."""
    return _found(session.execute(_FORM, _named(round_code, response_id, unit_id)).first())


def known_forms(session: Session, round_id: int, ids: Iterable[UUID], revisions: int) -> KnownForms:
    """Find which of some ids are drafts and responses of a round; one statement for 500 of them."""
    found: dict[str, dict[UUID, str]] = {"draft": {}, "sent": {}}
    asked = list(ids)
    for start in range(0, len(asked), _IDS_AT_ONCE):
        some = {"round": round_id, "ids": asked[start : start + _IDS_AT_ONCE]}
        for kind, form, unit in session.execute(_KNOWN, some):
            found[kind][form] = unit
    return KnownForms(found["draft"], found["sent"], revisions)


def locked_form_of(
    session: Session, round_code: str, response_id: UUID, unit_id: str | None = None
) -> FormRow | None:
    """Find a form and keep others from changing its draft until the transaction ends."""
    named = _named(round_code, response_id, unit_id)
    if session.get_bind().dialect.name == "sqlite":  # there the whole transaction holds the lock
        return _found(session.execute(_FORM, named).first())
    found = _found(session.execute(_LOCKED_FORM, named).first())
    if found is not None and found.draft_unit is None:
        # Without a draft to wait for, or after waiting for one that was sent: only another look tells which.
        return form_of(session, round_code, response_id, unit_id)
    return found


def _named(round_code: str, response_id: UUID | None, unit_id: str | None) -> dict[str, Any]:
    return {"code": round_code, "form": response_id, "unit": unit_id}


def _found(row: Row[Any] | None) -> FormRow | None:
    if row is None:
        return None
    size = len(_OF_ROUND) + 1
    return FormRow(FormRound(*row[:size]), *row[size:])
