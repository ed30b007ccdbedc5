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
    """Keep a result; the same one (snapshot, formula, hash) is kept once, with its newest file."""
    same = session.scalar(
        select(ResultRow).where(
            ResultRow.snapshot_id == row.snapshot_id,
            ResultRow.formula == row.formula,
            ResultRow.result_sha256 == row.result_sha256,
        )
    )
    if same is None:
        session.add(row)
    else:
        same.figures_sha256 = row.figures_sha256
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


def latest_score(
    session: Session, unit_id: str, year: int, criteria_set: str | None = None
) -> ScoreRow | None:
    """Give the newest score of a unit and year by one criteria set.

    Without a set, by any: but an illustration stands only where there is no other.
    """
    asked = select(ScoreRow).where(ScoreRow.unit_id == unit_id, ScoreRow.year == year)
    if criteria_set is not None:
        asked = asked.where(ScoreRow.criteria_set == criteria_set)
    illustration = ScoreRow.document["criteria_set"]["illustration"].as_boolean()
    return session.scalar(asked.order_by(illustration, ScoreRow.id.desc()).limit(1))
