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
from survey.storage import approvals, audit, exclusions, oversight, rounds
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


def standing_exclusions(
    session: Session, round_id: int, *, besides: int | None = None
) -> Mapping[UUID, frozenset[int]]:
    """Give for each response that is out now the granted exclusions that keep it out.

    An exclusion stands until two persons restore it, whether or not it alone kept something out.

    Args:
        besides: a restoration that is just being granted and changes nothing yet.
    """
    restored = {
        int(one.details["exclusion"])
        for one in approvals.approvals_of(session, round_id)
        if one.action == RESTORE and one.decision == "granted" and one.id != besides
    }
    held = exclusions.excluded_by(session, round_id)
    return {response: frozenset(those - restored) for response, those in held.items()}


def carry_exclusions(session: Session, round_id: int, former: UUID, made: UUID) -> None:
    """Keep what supersedes a response out by the same exclusions as the response, and free with them."""
    exclusions.one_at_a_time(session, round_id)
    for approval_id in sorted(standing_exclusions(session, round_id).get(former, ())):
        exclusions.add_exclusions(session, round_id, [made], approval_id=approval_id, excluded=True)


def _exclude(session: Session, clock: Clock, row: ApprovalRow) -> None:
    """Leave out what the request means now, also what another exclusion keeps out already.

    So each exclusion holds all that it means, and restoring another takes none of it in again.
    """
    scope = scope_told(row.details)
    meant = (
        oversight.ids_in(session, row.round_id, scope)
        if scope is not None
        else {UUID(hex=one) for one in row.details["responses"]}
    )
    exclusions.one_at_a_time(session, row.round_id)
    _turn(session, clock, row, meant, excluded=True)


def _restore(session: Session, clock: Clock, row: ApprovalRow) -> None:
    """Take in again what one exclusion keeps out and no other that stands."""
    exclusions.one_at_a_time(session, row.round_id)
    one = int(row.details["exclusion"])
    before = standing_exclusions(session, row.round_id, besides=row.id)
    freed = {response for response, those in before.items() if those == {one}}
    _turn(session, clock, row, freed, excluded=False)


def _turn(session: Session, clock: Clock, row: ApprovalRow, ids: set[UUID], *, excluded: bool) -> None:
    if not ids:
        return
    exclusions.add_exclusions(session, row.round_id, ids, approval_id=row.id, excluded=excluded)
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
    carry_exclusions(session, row.round_id, wrong.response_id, added)


def _keep_first(session: Session, clock: Clock, row: ApprovalRow) -> None:
    """Do nothing: that two persons said so is the deed."""


#: What review/approval_effects.py does for each request of this file.
DEEDS: Mapping[str, Callable[[Session, Clock, ApprovalRow], None]] = {
    EXCLUDE: _exclude,
    RESTORE: _restore,
    SUPERSEDE: _supersede,
    KEEP_FIRST: _keep_first,
}
