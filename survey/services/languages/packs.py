"""Publishing language packs for the questionnaires that rounds ask (L3). Not the packs' format."""

from __future__ import annotations

from dataclasses import dataclass

from survey.questionnaires import LanguagePack, Questionnaire, kept_pack, load_pack
from survey.services.asked import questionnaire_of
from survey.services.clock import Clock
from survey.services.languages.errors import NoSuchPack, RecordingsMissing, TestPackOnRealRound
from survey.services.languages.recordings import missing_recordings
from survey.services.rounds import round_named
from survey.storage import audit, languages, rounds
from survey.storage.models import LanguagePackRow, RoundRow
from survey.storage.store import Store


@dataclass(frozen=True, slots=True)
class PublishedPack:
    """A pack that is in use, and of which questionnaire."""

    questionnaire: str
    pack: LanguagePack
    published_by: str


def publish_pack(*, store: Store, clock: Clock, round_code: str, raw: bytes, actor: str) -> LanguagePack:
    """Offer a language on the pages of a round, and of every round that asks the same questionnaire.

    A pack of the same language before it is replaced; the log keeps both hashes.

    Raises:
        NoSuchRound: there is no round of that code.
        CorruptLanguagePack: with every problem; a missing text is one.
        TestPackOnRealRound: a test pack is for simulated rounds only.
        RecordingsMissing: the pack requires sound and some texts have none.
    """
    round_, questionnaire = _asked_in(store, round_code)
    pack = load_pack(raw, questionnaire)
    if not (pack.official or round_.simulated):
        raise TestPackOnRealRound(round=round_code)
    if pack.audio_required:
        missing = missing_recordings(store=store, questionnaire=questionnaire, pack=pack)
        if missing:
            raise RecordingsMissing(missing)
    with store.transaction() as session:
        languages.put_pack(
            session,
            LanguagePackRow(
                questionnaire_sha256=questionnaire.sha256,
                language=pack.language,
                sha256=pack.sha256,
                document=raw,
                published_at=clock.now(),
                published_by=actor,
            ),
        )
        audit.record(
            session,
            at=clock.now(),
            actor=actor,
            action="language published",
            subject=round_code,
            details={"language": pack.language, "sha256": pack.sha256},
        )
    return pack


def withdraw_pack(*, store: Store, clock: Clock, round_code: str, language: str, actor: str) -> None:
    """Take a language back from the pages of a round and of all that ask the same questionnaire.

    Raises:
        NoSuchRound, NoSuchPack: there is no such round, or it has no such language.
    """
    _round, questionnaire = _asked_in(store, round_code)
    with store.transaction() as session:
        if not languages.drop_pack(session, questionnaire.sha256, language):
            raise NoSuchPack(round=round_code, language=language)
        audit.record(
            session,
            at=clock.now(),
            actor=actor,
            action="language withdrawn",
            subject=round_code,
            details={"language": language},
        )


def published_packs(*, store: Store) -> tuple[PublishedPack, ...]:
    """List every pack in use, by questionnaire and language."""
    found = []
    with store.reading() as session:
        for row in languages.all_packs(session):
            questionnaire = rounds.questionnaire_of(session, row.questionnaire_sha256)
            assert questionnaire is not None, "a foreign key holds it"
            found.append(PublishedPack(questionnaire.document_id, kept_pack(row.document), row.published_by))
    return tuple(found)


def _asked_in(store: Store, round_code: str) -> tuple[RoundRow, Questionnaire]:
    with store.reading() as session:
        round_ = round_named(session, round_code)
        return round_, questionnaire_of(round_)
