"""The questionnaires that rounds ask, each parsed once in a process. Not how a form is filled."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey.questionnaires import Questionnaire, load
from survey.storage import rounds
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


def _parse(row: QuestionnaireRow) -> Questionnaire:
    parsed = load(row.document)
    _parsed[row.sha256] = parsed
    return parsed
