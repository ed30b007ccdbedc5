"""What the first page of a round's fieldwork counts, place by place: whole numbers of the round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from survey.storage.models import (
    AlarmRow,
    ApprovalRow,
    AssignmentRow,
    DeviceRow,
    ImportRow,
    InvitationRow,
    PaperFormRow,
    QuarantinedRow,
    ResponseConflictRow,
    SlipBatchRow,
)


def counts_of(
    session: Session, round_id: int, round_code: str, *, silent_since: datetime
) -> Mapping[str, int]:
    """Count what there is and what waits.

    Args:
        silent_since: an active device not seen since then is silent.
    """
    devices = select(func.count()).where(DeviceRow.round_id == round_id)
    active = devices.where(DeviceRow.status == "active")
    asked: dict[str, Select[int]] = {
        "devices": devices.where(DeviceRow.status != "revoked"),
        "devices_silent": active.where(
            (DeviceRow.last_seen_at < silent_since) | DeviceRow.last_seen_at.is_(None)
        ),
        "slips": select(func.coalesce(func.sum(SlipBatchRow.size), 0)).where(
            SlipBatchRow.round_id == round_id
        ),
        "invitations": select(func.count()).where(
            InvitationRow.invited_to == round_id, InvitationRow.revoked_on.is_(None)
        ),
        "assignments": _of(AssignmentRow, round_id).where(AssignmentRow.status == "open"),
        "paper_issued": _of(PaperFormRow, round_id).where(PaperFormRow.status != "printed"),
        "paper_to_key": _of(PaperFormRow, round_id).where(PaperFormRow.status == "returned"),
        "imports": _of(ImportRow, round_id),
        "alarms": _of(AlarmRow, round_id).where(AlarmRow.status == "waiting"),
        "conflicts": _of(ResponseConflictRow, round_id),
        "requests": _of(ApprovalRow, round_id).where(ApprovalRow.decision == "waiting"),
        "quarantined": select(func.count()).where(
            QuarantinedRow.round_code == round_code, QuarantinedRow.status == "waiting"
        ),
    }
    counted = session.execute(
        select(*(one.scalar_subquery().label(name) for name, one in asked.items()))
    ).one()
    return {name: int(value) for name, value in counted._mapping.items()}


def _of(row: type, round_id: int) -> Select[int]:
    return select(func.count()).where(row.round_id == round_id)  # type: ignore[attr-defined]  # each of these has it
