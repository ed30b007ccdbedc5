"""What is asked of snapshots, results, appraised inputs and scores."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from survey.storage.models import LeafInputRow, ResultRow, RoundRow, ScoreRow, SnapshotRow


def next_number(session: Session, round_id: int) -> int:
    """Give the number of a round's next snapshot, from 1."""
    last = session.scalar(select(func.max(SnapshotRow.number)).where(SnapshotRow.round_id == round_id))
    return (last or 0) + 1


def snapshot_by_code(session: Session, code: str) -> SnapshotRow | None:
    return session.scalar(
        select(SnapshotRow)
        .where(SnapshotRow.code == code)
        .options(joinedload(SnapshotRow.round).joinedload(RoundRow.questionnaire))
    )


def snapshots_of(session: Session, round_id: int) -> Sequence[SnapshotRow]:
    """List the snapshots of a round, the newest first."""
    return session.scalars(
        select(SnapshotRow).where(SnapshotRow.round_id == round_id).order_by(SnapshotRow.number.desc())
    ).all()


def results_of(session: Session, snapshot_id: int) -> Sequence[ResultRow]:
    """List what was computed from a snapshot, the newest first."""
    return session.scalars(
        select(ResultRow).where(ResultRow.snapshot_id == snapshot_id).order_by(ResultRow.id.desc())
    ).all()


def keep_result(session: Session, row: ResultRow) -> None:
    """Keep a result unless the same one (snapshot, formula, hash) is kept already."""
    same = select(ResultRow.id).where(
        ResultRow.snapshot_id == row.snapshot_id,
        ResultRow.formula == row.formula,
        ResultRow.result_sha256 == row.result_sha256,
    )
    if session.scalar(same) is None:
        session.add(row)
        session.flush()


def leaf_inputs(
    session: Session, unit_id: str, year: int, criteria_set_sha256: str
) -> Sequence[LeafInputRow]:
    return session.scalars(
        select(LeafInputRow).where(
            LeafInputRow.unit_id == unit_id,
            LeafInputRow.year == year,
            LeafInputRow.criteria_set_sha256 == criteria_set_sha256,
        )
    ).all()


def latest_score(session: Session, unit_id: str, year: int) -> ScoreRow | None:
    """Give the score of a unit and year that was computed last."""
    return session.scalar(
        select(ScoreRow)
        .where(ScoreRow.unit_id == unit_id, ScoreRow.year == year)
        .order_by(ScoreRow.id.desc())
        .limit(1)
    )
