"""What is asked of the re-check: whom a sample can be drawn from, the samples, what was asked again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased, undefer

from survey.storage.models import (
    AssignmentRow,
    ParadataRow,
    RecheckRow,
    RecheckSampleRow,
    ResponseRow,
    RoundRow,
)

#: Channels in which somebody stood between the respondent and the site.
COLLECTED = ("tablet", "paper")


def frame_of(session: Session, round_id: int) -> Sequence[tuple[UUID, str | None]]:
    """List the whole, current responses that somebody collected, with who did, in the order of their ids."""
    later = aliased(ResponseRow)
    return [
        (row[0], row[1])
        for row in session.execute(
            select(ResponseRow.response_id, ParadataRow.collected_by)
            .outerjoin(
                ParadataRow,
                and_(
                    ParadataRow.round_id == ResponseRow.round_id,
                    ParadataRow.response_id == ResponseRow.response_id,
                ),
            )
            .where(
                ResponseRow.round_id == round_id,
                ResponseRow.channel.in_(COLLECTED),
                ResponseRow.status == "complete",
                ~select(later.round_id)
                .where(later.round_id == ResponseRow.round_id, later.supersedes == ResponseRow.response_id)
                .exists(),
            )
            .order_by(ResponseRow.response_id)
        )
    ]


def samples_of(session: Session, round_id: int) -> Sequence[RecheckSampleRow]:
    """List the samples drawn in a round, the newest first."""
    return session.scalars(
        select(RecheckSampleRow)
        .where(RecheckSampleRow.round_id == round_id)
        .order_by(RecheckSampleRow.id.desc())
    ).all()


def sample_with_frame(session: Session, round_id: int, sample_id: int) -> RecheckSampleRow | None:
    """Find a sample of a round together with the frame it was drawn from."""
    return session.scalar(
        select(RecheckSampleRow)
        .where(RecheckSampleRow.round_id == round_id, RecheckSampleRow.id == sample_id)
        .options(undefer(RecheckSampleRow.frame))
    )


def rechecks_of(session: Session, sample_id: int) -> Sequence[RecheckRow]:
    """List what a sample asks again, in the order of the random ids."""
    return session.scalars(
        select(RecheckRow).where(RecheckRow.sample_id == sample_id).order_by(RecheckRow.id)
    ).all()


def compared_of(session: Session, sample_id: int) -> Sequence[tuple[RecheckRow, ResponseRow]]:
    """Give each form that was reached beside the response it checks."""
    return [
        (row[0], row[1])
        for row in session.execute(
            select(RecheckRow, ResponseRow)
            .join(
                ResponseRow,
                and_(
                    ResponseRow.round_id == RecheckRow.round_id,
                    ResponseRow.response_id == RecheckRow.response_id,
                ),
            )
            .where(RecheckRow.sample_id == sample_id, RecheckRow.status == "reached")
            .order_by(RecheckRow.id)
        )
    ]


def recheck_of(session: Session, recheck_id: UUID, *, locked: bool = False) -> RecheckRow | None:
    asked = select(RecheckRow).where(RecheckRow.id == recheck_id)
    return session.scalar(asked.with_for_update() if locked else asked)


def waiting_rechecks(
    session: Session, units: Collection[str], login: str
) -> Sequence[tuple[RecheckRow, RoundRow]]:
    """List what waits to be asked again in rounds of some units, except what this person collected."""
    return [
        (row[0], row[1])
        for row in session.execute(
            select(RecheckRow, RoundRow)
            .join(RoundRow, RoundRow.id == RecheckRow.round_id)
            .where(
                RoundRow.unit_id.in_(units), RecheckRow.status == "waiting", RecheckRow.collected_by != login
            )
            .order_by(RecheckRow.id)
        )
    ]


def whereabouts(session: Session, round_id: int, ids: Collection[UUID]) -> dict[UUID, tuple[str, str, str]]:
    """Say where responses came from: unit's id, PSU, and the place of their assignment ("" where none)."""
    rows = session.execute(
        select(ResponseRow.response_id, ResponseRow.unit_id, ResponseRow.psu, AssignmentRow.place)
        .outerjoin(
            ParadataRow,
            and_(
                ParadataRow.round_id == ResponseRow.round_id,
                ParadataRow.response_id == ResponseRow.response_id,
            ),
        )
        .outerjoin(AssignmentRow, AssignmentRow.id == ParadataRow.assignment_id)
        .where(ResponseRow.round_id == round_id, ResponseRow.response_id.in_(ids))
    )
    return {row[0]: (row[1], row[2], row[3] or "") for row in rows}
