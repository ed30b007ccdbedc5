"""Bringing the reference data into a database: its tables, the units, the shipped questionnaires."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from survey.questionnaires import Questionnaire, load_shipped, shipped
from survey.storage import rounds
from survey.storage.models import QuestionnaireRow
from survey.storage.schema import upgrade
from survey.storage.store import Store, open_store
from survey.storage.units import load_units_into
from survey.units import load_units


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a database was brought to hold."""

    units: int
    questionnaires: tuple[str, ...]


def prepare_database(*, url: str, folder: Path) -> tuple[Store, Loaded]:
    """Create or bring forward a database and load the reference data; doing it again changes nothing."""
    bare = open_store(url, folder, check=False)
    upgrade(bare.engine)
    bare.engine.dispose()
    store = open_store(url, folder)
    questionnaires = tuple(load_shipped(name) for name in shipped())
    with store.transaction() as session:
        units = load_units_into(session, load_units())
    for questionnaire in questionnaires:
        keep_questionnaire(store=store, questionnaire=questionnaire)
    return store, Loaded(units, tuple(questionnaire.id for questionnaire in questionnaires))


def keep_questionnaire(*, store: Store, questionnaire: Questionnaire) -> None:
    """Keep a questionnaire as it is, under the hash of its bytes."""
    with store.transaction() as session:
        rounds.keep_questionnaire(
            session,
            QuestionnaireRow(
                sha256=questionnaire.sha256,
                document_id=questionnaire.id,
                version=questionnaire.version,
                document=questionnaire.raw,
            ),
        )
