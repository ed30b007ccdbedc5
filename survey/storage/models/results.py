"""Snapshots, what was computed from them, and the points of the province's score."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.storage.models.base import Base, Document, UtcDateTime
from survey.storage.models.rounds import RoundRow


class SnapshotRow(Base):
    """A frozen round: where its files are and what their hashes were when it was made."""

    __tablename__ = "snapshot"
    __table_args__ = (
        CheckConstraint("length(data_sha256) = 64", name="data_sha256"),
        CheckConstraint("rows >= 0", name="rows"),
        UniqueConstraint("round_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(80), unique=True)
    rows: Mapped[int]
    data_sha256: Mapped[str] = mapped_column(String(64))
    simulated: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(80))

    round: Mapped[RoundRow] = relationship(init=False, lazy="raise")


class ResultRow(Base):
    """The indices of one snapshot by one formula: their hash, and the file that holds them."""

    __tablename__ = "result"
    __table_args__ = (
        CheckConstraint("length(result_sha256) = 64", name="result_sha256"),
        CheckConstraint("length(figures_sha256) = 64", name="figures_sha256"),
        UniqueConstraint("snapshot_id", "formula", "result_sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"), index=True)
    formula: Mapped[str] = mapped_column(String(80))
    result_sha256: Mapped[str] = mapped_column(String(64))
    #: Of the file that holds the figures, so that an edited one is seen before it is shown.
    figures_sha256: Mapped[str] = mapped_column(String(64))
    code_version: Mapped[str] = mapped_column(String(40))
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LeafInputRow(Base):
    """What was appraised for one leaf of a criteria set, for one unit and year."""

    __tablename__ = "leaf_input"
    __table_args__ = (UniqueConstraint("unit_id", "year", "criteria_set_sha256", "leaf"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    year: Mapped[int]
    criteria_set: Mapped[str] = mapped_column(String(80))
    criteria_set_sha256: Mapped[str] = mapped_column(String(64))
    leaf: Mapped[str] = mapped_column(String(80))
    value: Mapped[dict[str, Any]] = mapped_column(Document)
    source: Mapped[str] = mapped_column(String(300))
    simulated: Mapped[bool]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(80))


class ScoreRow(Base):
    """A unit's score as it was computed, with the snapshots it stands on."""

    __tablename__ = "score"
    __table_args__ = (CheckConstraint("length(score_sha256) = 64", name="score_sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), index=True)
    year: Mapped[int]
    criteria_set: Mapped[str] = mapped_column(String(80))
    score_sha256: Mapped[str] = mapped_column(String(64))
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    simulated: Mapped[bool]
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)
