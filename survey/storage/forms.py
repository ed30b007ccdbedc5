"""How one form stands: its round, its draft and its response, found by one statement.

Every page of a form asks this, so it is made once and costs one round trip. Not the writing
(responses.py), and not what follows from it (services/collection.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from survey.storage.models import DraftRow, ResponseRow, RoundRow, RoundUnitRow


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form as the database has it; a form nobody began has only its round.

    Attributes:
        round: its round, without the questionnaire's bytes.
        judged: the unit that was asked about, if the round judges it.
        draft_unit: the unit of the draft, if there is a draft.
        draft_answers: what the draft holds.
        sent_unit: the unit of the response, if the form was sent.
        payload_sha256: hash of the response's answers, if the form was sent.
    """

    round: RoundRow
    judged: str | None
    draft_unit: str | None
    draft_answers: Mapping[str, Any] | None
    sent_unit: str | None
    payload_sha256: str | None

    @property
    def unit_id(self) -> str | None:
        """The unit the form is about, whether still a draft or sent; None when it was not begun."""
        return self.draft_unit or self.sent_unit


_FORM = (
    select(
        RoundRow,
        RoundUnitRow.unit_id,
        DraftRow.unit_id,
        DraftRow.answers,
        ResponseRow.unit_id,
        ResponseRow.payload_sha256,
    )
    .select_from(RoundRow)
    .outerjoin(
        RoundUnitRow, and_(RoundUnitRow.round_id == RoundRow.id, RoundUnitRow.unit_id == bindparam("unit"))
    )
    .outerjoin(DraftRow, and_(DraftRow.round_id == RoundRow.id, DraftRow.response_id == bindparam("form")))
    .outerjoin(
        ResponseRow, and_(ResponseRow.round_id == RoundRow.id, ResponseRow.response_id == bindparam("form"))
    )
    .where(RoundRow.code == bindparam("code"))
)
_LOCK = (
    select(DraftRow.round_id)
    .join(RoundRow, RoundRow.id == DraftRow.round_id)
    .where(RoundRow.code == bindparam("code"), DraftRow.response_id == bindparam("form"))
    .with_for_update(of=DraftRow)
)


def form_of(
    session: Session, round_code: str, response_id: UUID | None, unit_id: str | None = None
) -> FormRow | None:
    """Find a form by its round and id; None when there is no such round."""
    row = session.execute(_FORM, {"code": round_code, "form": response_id, "unit": unit_id}).first()
    return FormRow(*row) if row is not None else None


def locked_form_of(
    session: Session, round_code: str, response_id: UUID, unit_id: str | None = None
) -> FormRow | None:
    """Find a form and keep others from changing its draft until the transaction ends."""
    if session.get_bind().dialect.name != "sqlite":  # there the whole transaction holds the lock
        session.execute(_LOCK, {"code": round_code, "form": response_id})
    return form_of(session, round_code, response_id, unit_id)
