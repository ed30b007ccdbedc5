"""A file is handed out whole or not at all."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from survey.reports.targets import Target, whole_file


def write_half(target: Target) -> None:
    with whole_file(target) as work:
        work.write_bytes(b"half")
        raise RuntimeError


def test_a_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "kết quả.xlsx"
    target.write_bytes(b"old")
    with pytest.raises(RuntimeError):
        write_half(target)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_finished_file_takes_the_name_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "new.xlsx"
    with whole_file(target) as work:
        work.write_bytes(b"whole")
        assert not target.exists()
    assert target.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [target]


def test_a_stream_gets_nothing_from_a_failure() -> None:
    stream = BytesIO()
    with pytest.raises(RuntimeError):
        write_half(stream)
    assert stream.getvalue() == b""
