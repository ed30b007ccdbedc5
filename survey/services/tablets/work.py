"""What a tablet carries into the field: assignments, their rounds, and questionnaires by their hash."""

from __future__ import annotations

from dataclasses import dataclass

from survey.services.tablets.assignments import assignments_of
from survey.services.tablets.errors import NoSuchVersion
from survey.storage import rounds
from survey.storage.assignments import AssignmentLine
from survey.storage.models import RoundRow
from survey.storage.store import Store


@dataclass(frozen=True, slots=True)
class Work:
    """Assignments and the rounds that they belong to."""

    assignments: tuple[AssignmentLine, ...]
    rounds: tuple[RoundRow, ...]


def work_of(*, store: Store, login: str) -> Work:
    """Give what an enumerator is asked to do, for keeping on a tablet."""
    found = assignments_of(store=store, login=login)
    with store.reading() as session:
        named = {code: rounds.round_by_code(session, code) for code in {one.round_code for one in found}}
    return Work(found, tuple(row for _code, row in sorted(named.items()) if row is not None))


def questionnaire_bytes(*, store: Store, sha256: str) -> bytes:
    """Give a questionnaire exactly as it was published; its hash is its name, so a tablet can check it (O12).

    Raises:
        NoSuchVersion: none of that hash is kept.
    """
    with store.reading() as session:
        row = rounds.questionnaire_of(session, sha256)
    if row is None:
        raise NoSuchVersion(sha256)
    return row.document
