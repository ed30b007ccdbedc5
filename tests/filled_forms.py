"""Simulated forms put straight into a round, many at once and the same every time.

Not a form sent by somebody (tests/rounds.py): these pass no door, only the checks of the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import UUID

from survey.questionnaires import Questionnaire, answers_sha256, read_answers
from survey.storage import responses, rounds
from survey.storage.store import Store


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form about a unit, which is its stratum, with its cluster and its weight."""

    unit: str
    psu: str
    raw: Mapping[str, str]
    base_weight: float = 1.0


def add_forms(
    store: Store,
    code: str,
    questionnaire: Questionnaire,
    forms: Iterable[FilledForm],
    chance: Random,
    *,
    channel: str = "kiosk",
    evidence: str = "B",
    day: date = date(2026, 3, 2),
) -> None:
    """Add forms to a round; an id is drawn after its form was, so that one seed makes both."""
    with store.transaction() as session:
        round_ = rounds.round_by_code(session, code)
        assert round_ is not None
        rows = []
        for form in forms:
            answers = read_answers(questionnaire, form.raw)
            rows.append(
                {
                    "round_id": round_.id,
                    "response_id": UUID(int=chance.getrandbits(128)),
                    "questionnaire_sha256": questionnaire.sha256,
                    "unit_id": form.unit,
                    "channel": channel,
                    "evidence": evidence,
                    "stratum": form.unit,
                    "psu": form.psu,
                    "base_weight": form.base_weight,
                    "answers": dict(answers),
                    "payload_sha256": answers_sha256(questionnaire, answers),
                    "day_received": day,
                    "simulated": True,
                }
            )
        responses.add_responses(session, rows)
