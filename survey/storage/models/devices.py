"""Kiosks and tablets: enrolled by a one-time code, known by a secret, paused or revoked by the province."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base, UtcDateTime, one_of

DEVICE_KINDS = ("kiosk", "tablet")
DEVICE_STATUSES = ("waiting", "active", "paused", "revoked")
OPTION_ORDERS = ("written", "reversed")


class DeviceRow(Base):
    """One kiosk or tablet, bound to a unit and the place where it stands (K10)."""

    __tablename__ = "device"
    __table_args__ = (
        CheckConstraint(one_of("kind", DEVICE_KINDS), name="kind"),
        CheckConstraint(one_of("status", DEVICE_STATUSES), name="status"),
        CheckConstraint(one_of("option_order", OPTION_ORDERS), name="option_order"),
        CheckConstraint("battery IS NULL OR battery BETWEEN 0 AND 100", name="battery"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    #: Where it stands or who owns it; a kiosk's answers are about this unit.
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), index=True)
    stand: Mapped[str] = mapped_column(String(120))
    #: Half of the kiosks show the options the other way round (K5).
    option_order: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    #: The round that a kiosk asks; a tablet's follow from its enumerator's assignments.
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), default=None)
    #: SHA-256 of the cookie's secret.
    secret_hash: Mapped[str | None] = mapped_column(String(64), unique=True, default=None)
    enrolled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    app_version: Mapped[str | None] = mapped_column(String(40), default=None)
    queue_length: Mapped[int | None] = mapped_column(default=None)
    #: Age in hours of the oldest record not yet sent.
    queue_oldest_h: Mapped[int | None] = mapped_column(default=None)
    battery: Mapped[int | None] = mapped_column(default=None)


class EnrolmentCodeRow(Base):
    """A code that makes one browser one device, once, within ten minutes."""

    __tablename__ = "enrolment_code"

    #: Slow hash of the code.
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HeartbeatRow(Base):
    """A sign of life; gaps during opening hours show a terminal that vanished (K10)."""

    __tablename__ = "heartbeat"
    __table_args__ = (Index("ix_heartbeat_device", "device_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    queue_length: Mapped[int | None] = mapped_column(default=None)
    battery: Mapped[int | None] = mapped_column(default=None)


class RateCountRow(Base):
    """How often something was done in a minute, by key (`device:<id>`, `try:<id>`); kept for two days.

    What begins with `lasting:` is counted by the day and stays.

    `last_at` is blanked by the device's next sign of life: a moment must not stay beside a response (T8).
    """

    __tablename__ = "rate_count"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    minute: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int]
    #: The last moment within the minute, where the cool-down between two people asks for it (K8).
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
