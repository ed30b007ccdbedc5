"""Questionnaires as published, and the rounds that ask them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.storage.models.base import Base, one_of

POPULATIONS = ("citizens", "organisations", "leaders", "delegates")
ENTRIES = ("open", "counter", "personal")
STATUSES = ("draft", "open", "closed")


class QuestionnaireRow(Base):
    """A questionnaire exactly as it was asked, found again by the SHA-256 of its bytes."""

    __tablename__ = "questionnaire"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    document_id: Mapped[str] = mapped_column(String(80), index=True)
    version: Mapped[str] = mapped_column(String(40))
    document: Mapped[bytes] = mapped_column(LargeBinary)


class RoundRow(Base):
    """One asking of one questionnaire, about the units below one unit."""

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint(one_of("population", POPULATIONS), name="population"),
        CheckConstraint(one_of("entry", ENTRIES), name="entry"),
        CheckConstraint(one_of("status", STATUSES), name="status"),
        CheckConstraint("closes_on >= opens_on", name="dates"),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
        CheckConstraint(one_of("counted_grades", ("A", "AB", "ABC")), name="counted_grades"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    title_vi: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(300))
    population: Mapped[str] = mapped_column(String(20))
    questionnaire_sha256: Mapped[str] = mapped_column(ForeignKey("questionnaire.sha256"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), index=True)
    year: Mapped[int]
    #: How people come in: an open address, a counter's kiosk, or a personal link.
    entry: Mapped[str] = mapped_column(String(20))
    #: Evidence grades that enter the index; the others are kept and reported apart.
    counted_grades: Mapped[str] = mapped_column(String(3))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(20), default="draft")
    #: True when any response was made by the simulator: said on every page and sheet.
    simulated: Mapped[bool] = mapped_column(default=False)
    #: The day on which a person closed it, if before or after its last day.
    closed_on: Mapped[date | None] = mapped_column(default=None)
    #: The day on which the answers of a personal-link round were cut off from their links for good.
    sealed_on: Mapped[date | None] = mapped_column(default=None)
    #: The day on which somebody confirmed in writing that fewer than three people alike may be invited,
    #: so that an answer may be attributable: the pages then say "confidential", not "anonymous".
    attributable_on: Mapped[date | None] = mapped_column(default=None)

    questionnaire: Mapped[QuestionnaireRow] = relationship(init=False, lazy="raise")

    def title(self, language: str) -> str:
        return self.title_en if language == "en" else self.title_vi


class RoundUnitRow(Base):
    """A unit that a round judges; a response can only be about one of these."""

    __tablename__ = "round_unit"
    __table_args__ = (CheckConstraint("issued IS NULL OR issued >= 0", name="issued"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    #: Block that is listed and ranked apart, such as xã or phường.
    block: Mapped[str] = mapped_column(String(80))
    #: Forms handed out or people invited; None where that has no meaning (a kiosk).
    issued: Mapped[int | None] = mapped_column(default=None)
