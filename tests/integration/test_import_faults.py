"""Whatever stands in a file, an import answers with problems or a word, and writes nothing but whole sound files (F16).

The worker's own code reads here within the test, which is what makes hundreds of files affordable; that it
runs apart and bounded is proved in tests/unit/reports/reading.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from survey.errors import SurveyError
from survey.reports.reading.sheet_worker.comma_text import read_comma_text
from survey.reports.reading.sheet_worker.refusal import Refused
from survey.reports.reading.sheet_worker.telling import Telling
from survey.reports.reading.sheet_worker.workbook import read_workbook
from survey.services.importing import check_file, take_file
from survey.storage.models import ResponseRow
from survey.storage.store import Store
from tests.conftest import SetClock
from tests.integration.test_importing import HEADER, _row, _workbook
from tests.rounds import make_round
from tests.unit.reports.reading.test_bad_files import corrupted


def _told_here(raw: bytes, kind: str, *, seconds: float = 0) -> Iterator[dict[str, Any]]:
    """Do what the worker does, in this process."""
    out = io.BytesIO()
    telling = Telling(out)
    try:
        (read_workbook if kind == "xlsx" else read_comma_text)(io.BytesIO(raw), telling)
        telling.end()
    except Refused as refused:
        telling.refuse(refused.code, refused.places)
    except Exception:  # noqa: BLE001  # as main.py does
        telling.refuse("damaged", {})
    yield from (json.loads(line) for line in out.getvalue().splitlines())


@pytest.fixture
def reading_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.reports.reading.reading.told_of", _told_here)


@pytest.fixture
def code(store: Store, clock: SetClock, reading_here: None) -> str:
    return make_round(store, clock)


def _written(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(ResponseRow)) or 0


def test_no_corrupted_file_is_taken_in_part(store: Store, clock: SetClock, code: str) -> None:
    """F16 × 200: refused by a code or listed cell by cell; taken only where the damage left every form sound."""
    whole = 12
    sound = _workbook(*(_row(f"P-{number}") for number in range(whole)))
    refused = [_refusal(store, clock, code, corrupted(seed, sound)) for seed in range(200)]
    assert "SVY-422-260" in refused
    assert None not in refused or _written(store) == whole
    assert _written(store) in (0, whole)


def _refusal(store: Store, clock: SetClock, code: str, raw: bytes) -> str | None:
    """Take a file; give the code that refused it, having seen that it wrote nothing."""
    before = _written(store)
    try:
        take_file(store=store, clock=clock, code=code, raw=raw, name="p.xlsx", actor="x")
    except SurveyError as refusal:
        found = refusal.code
    else:
        return None
    assert _written(store) == before
    return found


_CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.dates(date(1905, 1, 1), date(2099, 1, 1)),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12),
    st.sampled_from([".not_asked", ".dont_know", "satisfied", "Hài lòng", "5", "1,5", "c34-24823", "31/02/2026", "x;y", "0", "=1+1"]),
)  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(_CELLS, max_size=len(HEADER) + 1), max_size=6))
def test_whatever_stands_in_the_cells_every_fault_has_an_address(
    store: Store, clock: SetClock, code: str, rows: list[list[Any]]
) -> None:
    checked = check_file(store=store, clock=clock, code=code, raw=_workbook(*rows), name="p.xlsx")
    for problem in checked.problems:
        assert problem.sheet == "Phiếu"
        assert problem.cell
        assert problem.message.in_("vi")
        assert problem.message.in_("en")
    assert zipfile.is_zipfile(io.BytesIO(checked.marked()))
    filled = [row for row in rows if any(value not in (None, "") and str(value).strip() for value in row)]
    assert len(checked.forms) <= len(filled)
    if not checked.problems:
        assert len(checked.forms) == len(filled)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_refusal(store: Store, clock: SetClock, code: str, raw: bytes) -> None:
    outcome: Any
    try:
        outcome = check_file(store=store, clock=clock, code=code, raw=raw, name="p.csv").problem_count
    except SurveyError as refusal:
        outcome = refusal.status
    assert outcome > 0
