"""Responses handed to analysts: whole, typed, without ids, in bounded memory (platforms.md 5-13; T12)."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import text

from survey.questionnaires import load_shipped
from survey.services.errors import CommentsSealed
from survey.services.microdata import export_responses
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.household_rounds import fill, household_round
from tests.rounds import answer, make_round, somebody

NASTY = ["=1+1", "+84 lỗi", "-5", "@x", "\tx", "Dấu, phẩy; 'nháy'", "dòng\nhai"]


@both_databases
def test_a_comment_that_looks_like_a_formula_stays_text(
    store: Store, clock: SetClock, tmp_path: Path
) -> None:
    code = make_round(store, clock)
    for words in NASTY:
        answer(store, clock, code, {"rating": "satisfied", "reasons": ["waiting"], "comment": words})
    target = tmp_path / "out.xlsx"
    written = export_responses(
        store=store, clock=clock, code=code, target=target, actor="tests", comments=True
    )
    assert written.rows == len(NASTY)
    sheet = openpyxl.load_workbook(target).worksheets[0]
    head = [cell.value for cell in sheet[1]]
    column = head.index("comment")
    cells = [row[column] for row in sheet.iter_rows(min_row=3)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.value.strip() for cell in cells} == {words.strip() for words in NASTY}
    assert {row[head.index("rating")].value for row in sheet.iter_rows(min_row=3)} == {4}
    assert {row[head.index("reasons/waiting")].value for row in sheet.iter_rows(min_row=3)} == {1}


@both_databases
def test_no_id_leaves_the_database_and_gaps_say_why_they_are_gaps(
    store: Store, clock: SetClock, tmp_path: Path
) -> None:
    code = household_round(store, clock)
    who = somebody(code, evidence="A")
    excluded = "A1.economy"
    scale = load_shipped("sipas-households-2024").item(excluded).scale
    assert scale is not None
    dont_know = next(option.id for option in scale.options if option.excluded)
    answer(store, clock, code, {"A8.used": "no", excluded: dont_know}, who)
    target = tmp_path / "out.csv"
    export_responses(store=store, clock=clock, code=code, target=target, actor="tests")
    raw = target.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert who.response_id.hex.encode() not in raw.replace(b"-", b"")
    (row,) = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))
    assert row[excluded] == ".dont_know"
    assert row["B2.1.signs"] == ".not_asked"
    assert row["A1.health"] == ""


@both_databases
def test_comments_of_a_round_by_personal_link_are_never_handed_out(
    store: Store, clock: SetClock, tmp_path: Path
) -> None:
    code = make_round(store, clock, entry="personal")
    with pytest.raises(CommentsSealed):
        export_responses(
            store=store, clock=clock, code=code, target=tmp_path / "x.xlsx", actor="tests", comments=True
        )
    assert not (tmp_path / "x.xlsx").exists()


STREAM = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from survey.services.microdata import export_responses
from survey.storage.store import open_store
class Clock:
    def now(self): return datetime(2026, 3, 2, tzinfo=UTC)
store = open_store(sys.argv[1], Path(sys.argv[2]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
written = export_responses(store=store, clock=Clock(), code="sipas", target=Path(sys.argv[3]), actor="tests")
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(written.rows, grown)
"""


def test_memory_does_not_grow_with_the_number_of_responses(
    store: Store, clock: SetClock, database_url: str, tmp_path: Path
) -> None:
    """Ten times the rows may not cost more than a few megabytes (ru_maxrss in kB)."""
    code = household_round(store, clock)
    fill(store, clock, code, count=20)
    grown = {}
    for rows in (1_000, 10_000):
        with store.transaction() as session:
            session.execute(
                text(
                    "INSERT INTO response SELECT round_id, lower(hex(randomblob(16))), questionnaire_sha256,"
                    " unit_id, channel, evidence, stratum, psu, base_weight, answers, payload_sha256,"
                    " day_received, status, simulated, supersedes FROM response,"
                    " (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :times)"
                    " SELECT i FROM n) WHERE response.rowid <= 20"
                ),
                {"times": rows // 20},
            )
        command = [sys.executable, "-c", STREAM, database_url, str(tmp_path), str(tmp_path / f"{rows}.csv")]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        assert int(told[0]) >= rows
        grown[rows] = int(told[1])
    assert grown[10_000] - grown[1_000] < 12_000
