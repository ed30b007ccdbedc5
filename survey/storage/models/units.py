"""Administrative units as of their dates, copied from the reference data so that keys can point at them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base


class UnitRow(Base):
    """A unit with its validity; its history and its source stand in the reference data."""

    __tablename__ = "unit"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    #: Vietnamese alphabetical order, since neither database has it.
    sort_key: Mapped[str] = mapped_column(String(1000), index=True)
    valid_from: Mapped[date]
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"), index=True, default=None)
    region: Mapped[str | None] = mapped_column(String(100), default=None)
    valid_to: Mapped[date | None] = mapped_column(default=None)
