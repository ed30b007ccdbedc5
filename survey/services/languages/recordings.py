"""Recordings: spoken texts found by the SHA-256 of their words, so that a changed word has none (L5, K17)."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from survey.questionnaires import (
    INTERFACE_WORDS,
    LanguagePack,
    Questionnaire,
    text_places,
    words_sha256,
)
from survey.services.clock import Clock
from survey.services.languages.errors import BadRecordings, NoSuchRecording
from survey.services.languages.sounds import MEDIA_TYPES, SOUND_PROBLEMS, problem_with
from survey.storage import audit, languages
from survey.storage.models import RecordingRow
from survey.storage.store import Store

#: Digits of a text's SHA-256 that name it in an address: enough, and light on a page of sixty texts.
DIGITS = 16
#: Seconds for which a process takes the list of recordings for the present one.
FRESH = 60.0
_known: WeakKeyDictionary[Engine, dict[str, tuple[float, Mapping[str, str]]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording as it is sent."""

    media_type: str
    sound: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an import kept, and the keys of the texts that still have no recording."""

    kept: tuple[str, ...]
    missing: tuple[str, ...]


def recorded(*, store: Store, language: str) -> Mapping[str, str]:
    """Map what is recorded in a language: first digits of the words' SHA-256 to those of the sound's.

    A process asks the database once a minute, so that no page costs a look-up.
    """
    of_site = _known.setdefault(store.engine, {})
    asked, found = of_site.get(language, (-FRESH, {}))
    if time.monotonic() - asked >= FRESH:
        with store.reading() as session:
            rows = languages.recorded_words(session, language)
        found = MappingProxyType({words[:DIGITS]: sound[:8] for words, sound in rows.items()})
        of_site[language] = (time.monotonic(), found)
    return found


def sound_of(*, store: Store, language: str, begins: str) -> Sound:
    """Give the recording of the words whose SHA-256 begins so.

    Raises:
        NoSuchRecording: nothing is recorded for them in this language.
    """
    with store.reading() as session:
        row = languages.recording_of(session, language, begins)
    if row is None:
        raise NoSuchRecording(f"{language} {begins}")
    return Sound(row.media_type, row.sound, row.sound_sha256)


def words_to_record(questionnaire: Questionnaire, pack: LanguagePack | None) -> dict[str, str]:
    """Give the words at every key: the pack's, or without a pack the Vietnamese; those of the pages last."""
    if pack is None:
        said = {key: place.text.in_("vi") for key, place in text_places(questionnaire).items()}
        return said | {f"interface.{key}": words for key, words in INTERFACE_WORDS.items()}
    return dict(pack.texts) | {f"interface.{key}": words for key, words in pack.interface.items()}


def missing_recordings(*, store: Store, questionnaire: Questionnaire, pack: LanguagePack) -> tuple[str, ...]:
    """List the keys of a pack's texts that nobody has spoken yet."""
    with store.reading() as session:
        have = languages.recorded_words(session, pack.language)
    return tuple(
        key for key in text_places(questionnaire) if words_sha256(pack.texts.get(key, "")) not in have
    )


def record_folder(
    *,
    store: Store,
    clock: Clock,
    questionnaire: Questionnaire,
    pack: LanguagePack | None,
    folder: Path,
    actor: str,
) -> Recorded:
    """Keep every recording of a folder, each file named by the key of its text; all of them or none.

    Args:
        pack: whose words are spoken; None when the Vietnamese of the questionnaire is.

    Raises:
        BadRecordings: naming each file that cannot be kept, and why.
    """
    language = pack.language if pack else "vi"
    words = words_to_record(questionnaire, pack)
    rows: dict[str, RecordingRow] = {}
    problems: list[str] = []
    for file in sorted(one for one in folder.iterdir() if one.suffix in MEDIA_TYPES):
        sound = file.read_bytes()
        wrong = _problem(questionnaire, words, file.stem) or problem_with(sound, file.suffix)
        if wrong:
            problems.append(f"{file.name}: {' / '.join(SOUND_PROBLEMS[wrong])}")
        else:
            rows[file.stem] = _row(language, words[file.stem], sound, MEDIA_TYPES[file.suffix])
    if problems:
        raise BadRecordings(problems)
    with store.transaction() as session:
        for row in rows.values():
            languages.put_recording(session, row)
        have = languages.recorded_words(session, language)
        audit.record(
            session,
            at=clock.now(),
            actor=actor,
            action="recordings kept",
            subject=questionnaire.sha256,
            details={"language": language, "files": len(rows)},
        )
    _known.pop(store.engine, None)
    return Recorded(tuple(rows), tuple(key for key, said in words.items() if words_sha256(said) not in have))


def _problem(questionnaire: Questionnaire, words: Mapping[str, str], key: str) -> str | None:
    if key in words:
        return None
    known = key in text_places(questionnaire) or key.removeprefix("interface.") in INTERFACE_WORDS
    return "no-words" if known else "unknown-place"


def _row(language: str, words: str, sound: bytes, media_type: str) -> RecordingRow:
    return RecordingRow(
        language=language,
        text_sha256=words_sha256(words),
        media_type=media_type,
        sound_sha256=hashlib.sha256(sound).hexdigest(),
        sound=sound,
    )
