"""Language packs and recordings as they are kept. What makes a pack complete is `services`' to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.storage.models import LanguagePackRow, RecordingRow


def packs_of(session: Session, questionnaire_sha256: str) -> Sequence[LanguagePackRow]:
    """List the packs of a questionnaire by their tag."""
    return session.scalars(
        select(LanguagePackRow)
        .where(LanguagePackRow.questionnaire_sha256 == questionnaire_sha256)
        .order_by(LanguagePackRow.language)
    ).all()


def all_packs(session: Session) -> Sequence[LanguagePackRow]:
    """List every pack that is published."""
    return session.scalars(
        select(LanguagePackRow).order_by(LanguagePackRow.questionnaire_sha256, LanguagePackRow.language)
    ).all()


def put_pack(session: Session, row: LanguagePackRow) -> None:
    """Publish a pack in the place of the one of its language before it."""
    session.merge(row)


def drop_pack(session: Session, questionnaire_sha256: str, language: str) -> bool:
    """Take a pack back; False when there was none."""
    row = session.get(LanguagePackRow, (questionnaire_sha256, language))
    if row is not None:
        session.delete(row)
    return row is not None


def put_recording(session: Session, row: RecordingRow) -> None:
    """Keep a recording in the place of the one of the same words before it."""
    session.merge(row)


def recorded_words(session: Session, language: str) -> Mapping[str, str]:
    """Give the SHA-256 of the words recorded in a language, each with that of its sound."""
    rows = session.execute(
        select(RecordingRow.text_sha256, RecordingRow.sound_sha256).where(RecordingRow.language == language)
    )
    return {words: sound for words, sound in rows}


def recording_of(session: Session, language: str, begins: str) -> RecordingRow | None:
    """Find a recording by how the SHA-256 of its words begins."""
    return session.scalar(
        select(RecordingRow)
        .where(
            RecordingRow.language == language,
            RecordingRow.text_sha256 >= begins,
            RecordingRow.text_sha256 < begins + "g",  # after every hexadecimal digit
        )
        .order_by(RecordingRow.text_sha256)
        .limit(1)
    )
