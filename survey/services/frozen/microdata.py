"""A snapshot handed to analysts: to Parquet, CSV, SPSS or Stata, with its codebook, and logged.

Not the responses as they are now (microdata.py) nor the summary that officials print (summaries/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from survey.questionnaires import Text, load
from survey.reports import About, Microdata, MicrodataFiles, SurveyDesign, write_microdata
from survey.services.clock import VIETNAM, Clock
from survey.services.errors import NoSuchSnapshot
from survey.services.frozen.coding import FrozenRows
from survey.services.frozen.variables import answer_columns, design_variables, index_formulas
from survey.services.settings import Settings
from survey.services.snapshot_sample import LONELY
from survey.services.snapshots import open_snapshot
from survey.storage import audit, results, rounds
from survey.storage.snapshots import MANIFEST, Snapshot, read_snapshot
from survey.storage.store import Store, open_store

_OUTSIDE_A_NAME = re.compile("[^A-Za-z0-9-]+")


def export_microdata(
    *,
    settings: Settings,
    clock: Clock,
    source: str,
    file_format: str,
    actor: str,
    language: str = "vi",
    target: Path | None = None,
) -> MicrodataFiles:
    """Write a snapshot for analysts, one row a response; the target is `exports/so-lieu-….FORMAT`.

    `source` is a round (its newest snapshot), the code of a snapshot, or the folder of one, for which
    no database is needed and nothing is logged.

    Raises:
        NoSuchSnapshot, SnapshotChanged, SnapshotUnreadable, SuffixDiffers, TooManyMissingCodes;
        Unavailable for a code when the database is not there.
    """
    with _opened(settings, source) as (snapshot, store):
        microdata = microdata_of(snapshot)
        if target is None:
            settings.exports.mkdir(parents=True, exist_ok=True)
            name = _OUTSIDE_A_NAME.sub("_", snapshot.code)
            target = settings.exports / f"so-lieu-{name}.{file_format}"
        written = write_microdata(microdata, target, file_format, language=language)
        if store is not None:
            _log(store, clock, snapshot, written, actor)
    return written


def microdata_of(snapshot: Snapshot) -> Microdata:
    """Describe a snapshot for the files of analysts; its rows are coded as they are read.

    Raises:
        SnapshotUnreadable: a column is missing or of another type.
    """
    questionnaire = load(snapshot.questionnaire_raw)
    answers = answer_columns(questionnaire)
    rows = FrozenRows(snapshot, questionnaire, answers)
    manifest = snapshot.manifest
    return Microdata(
        about=About(
            snapshot=snapshot.code,
            data_sha256=manifest["data"]["sha256"],
            questionnaire=questionnaire.id,
            questionnaire_version=questionnaire.version,
            questionnaire_sha256=questionnaire.sha256,
            questionnaire_note=questionnaire.status.note,
            round_title=Text.of(manifest["round"]["title"]),
            simulated=bool(manifest["simulated"]),
            rows=snapshot.rows,
            exclusions=tuple((one["reason"], one["count"]) for one in manifest["exclusions"]),
            made_at=datetime.fromisoformat(manifest["made_at"]).astimezone(VIETNAM),
            code_version=manifest["code_version"],
        ),
        design=_design(snapshot),
        variables=(*design_variables(snapshot), *(one.variable for one in answers)),
        formulas=index_formulas(questionnaire, answers),
        batches=rows.batches,
    )


def _design(snapshot: Snapshot) -> SurveyDesign:
    """Name the design as the indices take it: the base weights, whatever else stands beside them."""
    return SurveyDesign("stratum", "psu", str(snapshot.manifest["design"]["weights"]), LONELY)


@contextmanager
def _opened(settings: Settings, source: str) -> Iterator[tuple[Snapshot, Store | None]]:
    folder = Path(source)
    if "\0" not in source and (folder / MANIFEST).is_file():
        yield read_snapshot(folder), None
        return
    store = open_store(settings.database_url, settings.instance)
    try:
        yield open_snapshot(store=store, code_or_folder=_code(store, source)), store
    finally:
        store.engine.dispose()


def _code(store: Store, source: str) -> str:
    """Give the code of a round's newest snapshot, or the code of a snapshot as it is."""
    with store.reading() as session:
        round_ = rounds.round_by_code(session, source)
        if round_ is not None:
            newest = next(iter(results.snapshots_of(session, round_.id)), None)
            if newest is None:
                raise NoSuchSnapshot(source, snapshot=source)
            return newest.code
    return source


def _log(store: Store, clock: Clock, snapshot: Snapshot, written: MicrodataFiles, actor: str) -> None:
    data, sha256 = written.files[0]
    with store.transaction() as session:
        audit.record(
            session,
            at=clock.now(),
            actor=actor,
            action="microdata exported",
            subject=snapshot.code,
            details={"rows": written.rows, "format": data.suffix[1:], "sha256": sha256},
        )
