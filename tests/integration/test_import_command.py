"""`survey import`: the same check and the same taking as on the page, for scripts."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from survey.cli import main
from survey.services.clock import SystemClock, day_in_vietnam
from survey.services.rounds import board
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.test_importing import _row, _workbook
from tests.rounds import make_round


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str, store: Store, clock: SetClock
) -> Any:
    today = day_in_vietnam(SystemClock().now())
    make_round(
        store, clock, opens_on=today.replace(month=1, day=1), closes_on=today.replace(month=12, day=31)
    )
    monkeypatch.setenv("SURVEY_INSTANCE", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("SECRET_KEY", "a secret of the tests, long enough to sign with")
    monkeypatch.delenv("SURVEY_LANG", raising=False)

    def command(*words: str, ends: int = 0) -> Result:
        result = CliRunner().invoke(main, ["import", *words, "--round", "quay-thu"])
        assert result.exit_code == ends, result.output
        return result

    return command


@both_databases
def test_a_file_is_checked_then_taken_once(run: Any, store: Store, tmp_path: Path) -> None:
    path = tmp_path / "phieu.xlsx"
    path.write_bytes(_workbook(_row("P-1", day=None), _row("P-2", day=None)))
    assert "2 phiếu mới" in run("responses", str(path), "--dry-run").output
    assert board(store=store, code="quay-thu").complete == 0
    assert "Đã nhập 2 phiếu, mức C" in run("responses", str(path)).output
    assert "Đã nhập 0 phiếu" in run("responses", str(path)).output
    assert board(store=store, code="quay-thu").complete == 2


def test_a_wrong_file_ends_with_status_2_and_is_written_again_marked(
    run: Any, store: Store, tmp_path: Path
) -> None:
    path, marked = tmp_path / "phieu.xlsx", tmp_path / "sua.xlsx"
    path.write_bytes(_workbook(*(_row(f"P-{number}", rating=9, day=None) for number in range(60))))
    told = run("responses", str(path), "--errors", str(marked), ends=2).output
    assert "SVY-422-261" in told
    assert "G2" in told
    assert "10 chỗ nữa" in told
    assert load_workbook(marked)["Lỗi"].max_row == 61
    assert board(store=store, code="quay-thu").complete == 0


def test_the_template_is_written(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "mau.xlsx"
    run("template", str(path))
    assert load_workbook(io.BytesIO(path.read_bytes())).sheetnames[0] == "Phiếu trả lời"
