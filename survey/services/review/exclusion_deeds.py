"""What is done when a second person grants an exclusion, a restoration or a decision about a conflict.

Called by review/approvals.py in the transaction that grants; who may ask stands in review/exclusions.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from survey.services.clock import Clock
from survey.storage import audit, oversight, rounds
from survey.storage.models import ApprovalRow, ResponseConflictRow
from survey.storage.oversight import Scope

EXCLUDE, RESTORE, SUPERSEDE, KEEP_FIRST = (
    "exclude_responses",
    "restore_responses",
    "supersede_response",
    "keep_first_answers",
)


def scope_told(details: Mapping[str, Any]) -> Scope | None:
    """Read the scope of a request; None where it names ids or something else."""
    if "unit" not in details:
        return None
    first, last = (date.fromisoformat(details[name]) for name in ("first", "last"))
    return Scope(details["unit"], first, last, details["device"], details["collected_by"])


def _exclude(session: Session, clock: Clock, row: ApprovalRow) -> None:
    """Leave out what the request means now, as far as it is not out already."""
    scope = scope_told(row.details)
    meant = (
        oversight.ids_in(session, row.round_id, scope)
        if scope is not None
        else {UUID(hex=one) for one in row.details["responses"]}
    )
    _turn(session, clock, row, meant - oversight.excluded_ids(session, row.round_id), excluded=True)


def _restore(session: Session, clock: Clock, row: ApprovalRow) -> None:
    """Take in again what one exclusion still keeps out."""
    out = oversight.excluded_ids(session, row.round_id, approval_id=int(row.details["exclusion"]))
    _turn(session, clock, row, out, excluded=False)


def _turn(session: Session, clock: Clock, row: ApprovalRow, ids: set[UUID], *, excluded: bool) -> None:
    if not ids:
        return
    oversight.add_exclusions(session, row.round_id, ids, approval_id=row.id, excluded=excluded)
    round_ = rounds.round_of(session, row.round_id)
    audit.record(
        session,
        at=clock.now(),
        actor=row.decided_by or "",
        action="responses excluded" if excluded else "responses restored",
        subject=round_.code,
        details={"approval": row.id, "responses": len(ids)},
    )


def _supersede(session: Session, clock: Clock, row: ApprovalRow) -> None:
    """Add the second answers as a row that supersedes what stands, in the same place of the design.

    How the first came about goes with it, and where the first was kept out, the second is too.
    """
    conflict = session.get_one(ResponseConflictRow, int(row.details["conflict"]))
    wrong = oversight.standing_response(session, conflict.round_id, conflict.response_id)
    values = {"answers": conflict.answers, "payload_sha256": conflict.payload_sha256}
    added = oversight.add_correction(
        session, wrong, uuid4(), {**values, "day_received": conflict.day_received}
    )
    excluded = oversight.excluded_ids(session, row.round_id) & {wrong.response_id}
    _turn(session, clock, row, {added for _ in excluded}, excluded=True)


def _keep_first(session: Session, clock: Clock, row: ApprovalRow) -> None:
    """Do nothing: that two persons said so is the deed."""


#: What review/approval_effects.py does for each request of this file.
DEEDS: Mapping[str, Callable[[Session, Clock, ApprovalRow], None]] = {
    EXCLUDE: _exclude,
    RESTORE: _restore,
    SUPERSEDE: _supersede,
    KEEP_FIRST: _keep_first,
}
