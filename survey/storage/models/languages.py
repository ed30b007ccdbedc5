"""Language packs: the words of a published questionnaire in one more language, and its recordings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base, UtcDateTime


class LanguagePackRow(Base):
    """A checked pack, as it was published for one questionnaire."""

    __tablename__ = "language_pack"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256"),)

    questionnaire_sha256: Mapped[str] = mapped_column(ForeignKey("questionnaire.sha256"), primary_key=True)
    #: BCP-47 tag.
    language: Mapped[str] = mapped_column(String(35), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    document: Mapped[bytes] = mapped_column(LargeBinary)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(String(80))


class RecordingRow(Base):
    """A spoken text, found by the SHA-256 of the words it speaks: a changed word has no recording."""

    __tablename__ = "recording"

    language: Mapped[str] = mapped_column(String(35), primary_key=True)
    text_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(40))
    #: Of the sound: its address changes with it, so that it can be cached for good.
    sound_sha256: Mapped[str] = mapped_column(String(64))
    sound: Mapped[bytes] = mapped_column(LargeBinary)
