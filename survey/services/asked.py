"""The questionnaires that rounds ask, each parsed once in a process. Not how a form is filled."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.questionnaires import LanguagePack, Questionnaire, kept_pack, load, with_packs
from survey.storage import languages, rounds
from survey.storage.forms import FormRound
from survey.storage.models import QuestionnaireRow, RoundRow

#: By the SHA-256 of their bytes, which is the name of bytes that never change; a site asks a handful.
_parsed: dict[str, Questionnaire] = {}


def questionnaire_of(round_: RoundRow) -> Questionnaire:
    """Give the questionnaire of a round that was read together with it."""
    return _parsed.get(round_.questionnaire_sha256) or _parse(round_.questionnaire)


def questionnaire_asked(session: Session, sha256: str) -> Questionnaire:
    """Give a round's questionnaire; its bytes are read from the database the first time only."""
    known = _parsed.get(sha256)
    if known is not None:
        return known
    row = rounds.questionnaire_of(session, sha256)
    assert row is not None, "a foreign key holds it"
    return _parse(row)


@dataclass(frozen=True, slots=True)
class Asked:
    """A questionnaire with the languages it is asked in besides its own."""

    questionnaire: Questionnaire
    packs: tuple[LanguagePack, ...] = ()


#: By the questionnaire and its packs, each named by its bytes; a new pack makes a new name.
_speaking: dict[tuple[str, frozenset[str], bool], Asked] = {}
_MOST_SPEAKING = 64


def asked_in_languages(session: Session, round_: FormRound) -> Asked:
    """Give a round's questionnaire in every language published for it; a test pack only in a simulated round.

    Which packs there are comes with the form, so nothing more is asked of the database but the first time.
    """
    if round_.packs is None:
        return Asked(questionnaire_asked(session, round_.questionnaire_sha256))
    name = (round_.questionnaire_sha256, frozenset(round_.packs.split(",")), round_.simulated)
    known = _speaking.get(name)
    if known is None:
        known = _speak(session, round_)
        if len(_speaking) >= _MOST_SPEAKING:
            _speaking.clear()
        _speaking[name] = known
    return known


def _speak(session: Session, round_: FormRound) -> Asked:
    kept = [kept_pack(row.document) for row in languages.packs_of(session, round_.questionnaire_sha256)]
    packs = tuple(pack for pack in kept if pack.official or round_.simulated)
    return Asked(with_packs(questionnaire_asked(session, round_.questionnaire_sha256), packs), packs)


def _parse(row: QuestionnaireRow) -> Questionnaire:
    parsed = load(row.document)
    _parsed[row.sha256] = parsed
    return parsed
