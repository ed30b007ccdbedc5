"""Snapshots in batches: a refresh adds only what is new, and nothing depends on how the rows were cut."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import random
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from survey.aggregation import Measure, SampleDesign, analyse
from survey.aggregation.engines import (
    CollapseRequest,
    analyse_cells,
    cell_store,
    collapse_batches,
    collapse_files,
    selection_of,
)
from survey.cli.entry import main
from survey.questionnaires import load_shipped, on_path
from survey.services import refreshing
from survey.services.indices import compute_indices, recompute, recompute_anywhere
from survey.services.settings import Settings
from survey.services.snapshots import Frozen, freeze_snapshot, is_current, open_snapshot
from survey.services.verification import verify_snapshot
from survey.storage import batches, rounds, snapshot_making
from survey.storage.errors import SnapshotChanged, SnapshotFileUnreadable, SnapshotUnreadable
from survey.storage.models import ResponseRow
from survey.storage.row_hash import rows_sha256, sum_of_rows
from survey.storage.snapshots import file_sha256, read_snapshot
from survey.storage.store import Store, open_store
from tests.conftest import SetClock, both_databases
from tests.rounds import COMMUNES, answer, make_round, somebody

OLD = Path(__file__).parents[1] / "data" / "snapshots" / "quay-cu-0001"
HOUSEHOLDS = load_shipped("sipas-households-2024")
RATINGS = ("very_satisfied", "satisfied", "neutral", "dissatisfied", "no_opinion")


def fill(store: Store, clock: SetClock, code: str, numbers: range) -> list[UUID]:
    """Send ratings in two strata of four clusters, the same for the same numbers."""
    ids = []
    for number in numbers:
        chance = random.Random(f"{code} {number}")
        unit = COMMUNES[number % 2]
        who = somebody(
            code,
            UUID(int=chance.getrandbits(128)),
            unit_id=unit,
            channel="kiosk",
            evidence="B",
            stratum=unit,
            psu=str(number // 2 % 4),
            base_weight=1.0 + number % 3 / 7,
        )
        answer(store, clock, code, {"rating": chance.choice(RATINGS)}, who)
        ids.append(who.response_id)
    return ids


def freeze(store: Store, clock: SetClock, code: str, **changes: Any) -> Frozen:
    return freeze_snapshot(store=store, clock=clock, round_code=code, actor="tests", **changes)


def frozen_in_parts(store: Store, clock: SetClock, *parts: range) -> tuple[str, Frozen]:
    """Make a round and freeze it after each part of its forms; give its code and its last snapshot."""
    code = make_round(store, clock)
    for numbers in parts:
        fill(store, clock, code, numbers)
        frozen = freeze(store, clock, code)
    return code, frozen


def counts(frozen: Frozen) -> tuple[int, int, int]:
    return frozen.fresh, frozen.reused, frozen.rewritten


def correct(store: Store, code: str, wrong: UUID, rating: str | None, **changes: Any) -> UUID:
    """Add a row that supersedes another, as a correction does."""
    with store.transaction() as session:
        round_ = rounds.round_by_code(session, code)
        assert round_ is not None
        values = {
            "unit_id": COMMUNES[0],
            "channel": "kiosk",
            "evidence": "B",
            "stratum": COMMUNES[0],
            "psu": "0",
            "base_weight": 1.0,
            "answers": {"rating": rating} if rating else {},
            **changes,
        }
        row = ResponseRow(
            round_id=round_.id,
            response_id=uuid4(),
            questionnaire_sha256=round_.questionnaire_sha256,
            payload_sha256="0" * 64,
            day_received=date(2026, 3, 2),
            supersedes=wrong,
            **values,
        )
        session.add(row)
        session.flush()
        return row.response_id


@contextmanager
def responses_read() -> Iterator[list[UUID]]:
    """Note every response that is read whole."""
    read: list[UUID] = []

    def note(row: ResponseRow, _context: Any) -> None:
        read.append(row.response_id)

    event.listen(ResponseRow, "load", note)
    try:
        yield read
    finally:
        event.remove(ResponseRow, "load", note)


def inode(frozen: Frozen, number: int) -> int:
    return (frozen.folder / batches.file_name(number)).stat().st_ino


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")}


@both_databases
def test_a_refresh_reads_only_new_responses_and_shares_the_files_of_the_others(
    store: Store, clock: SetClock
) -> None:
    code = make_round(store, clock)
    fill(store, clock, code, range(40))
    first = freeze(store, clock, code)
    before = bytes_of(first.folder)
    new = fill(store, clock, code, range(40, 47))
    with responses_read() as read:
        second = freeze(store, clock, code)
    assert sorted(read) == sorted(new)
    assert counts(first) == (40, 0, 0)
    assert first.whole_because == "nothing_before"
    assert (counts(second), second.whole_because) == ((7, 40, 0), None)
    assert inode(second, 1) == inode(first, 1)
    assert (first.folder / batches.file_name(1)).stat().st_nlink == 2
    assert bytes_of(first.folder) == before
    assert [one.rows for one in read_snapshot(second.folder).batches] == [40, 7]
    assert [one.snapshot for one in read_snapshot(second.folder).batches] == [first.code, second.code]
    for frozen in (first, second):
        assert all(check.holds for check in verify_snapshot(store=store, code=frozen.code))


@both_databases
def test_three_refreshes_and_one_freeze_give_the_same_indices_and_the_same_result_hash(
    store: Store, clock: SetClock
) -> None:
    code, refreshed = frozen_in_parts(store, clock, range(30), range(30, 41), range(41, 42), range(42, 80))
    whole = freeze(store, clock, code, full=True)
    cut, one = (read_snapshot(frozen.folder) for frozen in (refreshed, whole))
    assert (len(cut.batches), len(one.batches)) == (4, 1)
    assert cut.contents_sha256 == one.contents_sha256
    assert cut.manifest["data"]["sha256"] != one.manifest["data"]["sha256"]
    by_parts, at_once = compute_indices(cut), compute_indices(one)
    assert by_parts.result_sha256 == at_once.result_sha256
    for ours, theirs in zip(by_parts.lines, at_once.lines, strict=True):
        assert (ours.unit, ours.statistic, ours.estimate.n) == (
            theirs.unit,
            theirs.statistic,
            theirs.estimate.n,
        )
        assert ours.estimate.value == pytest.approx(theirs.estimate.value, rel=1e-12)
        assert ours.estimate.se == pytest.approx(theirs.estimate.se, rel=1e-12)
    told = ("exclusions", "received", "responses", "rows", "columns")
    assert [cut.manifest[name] for name in told] == [one.manifest[name] for name in told]


@both_databases
def test_a_correction_rewrites_only_the_batch_that_held_the_wrong_response(
    store: Store, clock: SetClock
) -> None:
    code = make_round(store, clock)
    fill(store, clock, code, range(20))
    freeze(store, clock, code)
    wrong = fill(store, clock, code, range(20, 30))[3]
    fill_again = freeze(store, clock, code)
    fill(store, clock, code, range(30, 35))
    last = freeze(store, clock, code)
    before = bytes_of(last.folder)
    corrected = correct(store, code, wrong, "dissatisfied", base_weight=5.5)
    with responses_read() as read:
        after = freeze(store, clock, code)
    assert read == [corrected]
    assert counts(after) == (1, 25, 9)
    assert [one.rows for one in read_snapshot(after.folder).batches] == [20, 9, 5, 1]
    assert [inode(after, place) == inode(last, place) for place in (1, 2, 3)] == [True, False, True]
    assert bytes_of(last.folder) == before
    weights = read_snapshot(after.folder).weights()
    assert np.count_nonzero(weights == 5.5) == 1
    assert (
        read_snapshot(after.folder).contents_sha256
        == read_snapshot(freeze(store, clock, code, full=True).folder).contents_sha256
    )
    assert all(check.holds for check in verify_snapshot(store=store, code=fill_again.code))


@both_databases
def test_a_batch_that_loses_all_its_responses_is_gone_and_left_out_ones_can_be_corrected_too(
    store: Store, clock: SetClock
) -> None:
    code = make_round(store, clock, counted_grades="AB")
    fill(store, clock, code, range(6))
    freeze(store, clock, code)
    (alone,) = fill(store, clock, code, range(6, 7))
    not_counted = somebody(code, evidence="C")
    answer(store, clock, code, {"rating": "neutral"}, not_counted)
    before = freeze(store, clock, code)
    assert before.exclusions == {"evidence_grade_not_counted": 1}
    correct(store, code, alone, None, status="partial")
    correct(store, code, not_counted.response_id, "neutral")
    after = freeze(store, clock, code)
    assert [one.rows for one in read_snapshot(after.folder).batches] == [6, 1]
    assert after.exclusions == {"partial": 1}
    assert read_snapshot(after.folder).manifest["received"] == {COMMUNES[0]: 5, COMMUNES[1]: 3}
    whole = freeze(store, clock, code, full=True)
    assert whole.exclusions == after.exclusions
    assert read_snapshot(whole.folder).contents_sha256 == read_snapshot(after.folder).contents_sha256


def test_a_response_corrected_twice_between_two_freezes_counts_once(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    first = fill(store, clock, code, range(5))[0]
    freeze(store, clock, code)
    second = correct(store, code, first, "neutral")
    third = correct(store, code, second, "satisfied")
    with responses_read() as read:
        frozen = freeze(store, clock, code)
    assert (read, frozen.rows, counts(frozen)) == ([third], 5, (1, 0, 4))


@both_databases
def test_a_refresh_without_anything_new_is_the_same_data(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    fill(store, clock, code, range(10))
    first, second = freeze(store, clock, code), freeze(store, clock, code)
    assert (second.data_sha256, counts(second)) == (first.data_sha256, (0, 10, 0))
    assert is_current(store=store, code=first.code)
    fill(store, clock, code, range(10, 11))
    assert not is_current(store=store, code=second.code)


def test_a_long_round_is_cut_into_full_batches_of_one_row_group_each(
    store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MOST_ROWS", 8)
    monkeypatch.setattr(batches, "_ROWS_AT_ONCE", 3)
    code = make_round(store, clock)
    fill(store, clock, code, range(20))
    frozen = freeze(store, clock, code)
    snapshot = read_snapshot(frozen.folder)
    assert [one.rows for one in snapshot.batches] == [8, 8, 4]
    assert [pq.ParquetFile(path).num_row_groups for path in snapshot.files] == [1, 1, 1]
    fill(store, clock, code, range(20, 22))
    assert counts(freeze(store, clock, code)) == (2, 20, 0)


def test_many_small_batches_are_poured_together_and_stay_the_same_rows(
    store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "MOST_SMALL", 4)
    monkeypatch.setattr(refreshing, "MOST_ROWS", 20)
    code = make_round(store, clock)
    sizes = []
    wrong = None
    for start, size in ((0, 12), (12, 3), (15, 4), (19, 2), (21, 5), (26, 1), (27, 3)):
        ids = fill(store, clock, code, range(start, start + size))
        wrong = ids[-1] if size == 4 else wrong
        frozen = freeze(store, clock, code)
        sizes.append([one.rows for one in read_snapshot(frozen.folder).batches])
    assert sizes[4] == [12, 3, 4, 2, 5]
    assert (sizes[5], sizes[6]) == ([12, 14, 1], [12, 14, 1, 3])
    assert wrong is not None
    correct(store, code, wrong, "neutral")
    frozen = freeze(store, clock, code)
    assert [one.rows for one in read_snapshot(frozen.folder).batches] == [12, 13, 1, 3, 1]
    whole = freeze(store, clock, code, full=True)
    assert read_snapshot(whole.folder).contents_sha256 == read_snapshot(frozen.folder).contents_sha256


@pytest.mark.parametrize("loss", ["lost", "garbled", "other batches", "snapshot edited", "snapshot lost"])
def test_what_cannot_be_built_on_is_read_again_whole_and_said(
    store: Store, clock: SetClock, loss: str
) -> None:
    code = make_round(store, clock)
    fill(store, clock, code, range(30))
    first = freeze(store, clock, code)
    known = store.folder / "known" / f"{code}.parquet"
    if loss == "lost":
        known.unlink()
    elif loss == "garbled":
        raw = bytearray(known.read_bytes())
        raw[100] ^= 1
        known.write_bytes(bytes(raw))
    elif loss == "other batches":
        table = pq.read_table(known)
        pq.write_table(table.set_column(3, "batch", pa.array([1] * 29 + [2], pa.int32())), known)
    elif loss == "snapshot edited":
        path = first.folder / batches.file_name(1)
        path.chmod(0o600)
        path.write_bytes(path.read_bytes()[:-9])
    else:
        shutil.rmtree(first.folder)
    fill(store, clock, code, range(30, 33))
    frozen = freeze(store, clock, code)
    assert (frozen.rows, counts(frozen)) == (33, (33, 0, 0))
    expected = "nothing_before" if loss in ("lost", "garbled") else "damaged"
    assert frozen.whole_because == expected
    assert counts(freeze(store, clock, code)) == (0, 33, 0)


@pytest.mark.parametrize(("name", "value"), [("code_version", "0.0.1"), ("counted_grades", "A")])
def test_batches_made_on_other_terms_are_not_built_on(
    store: Store, clock: SetClock, name: str, value: str
) -> None:
    code = make_round(store, clock)
    fill(store, clock, code, range(4))
    path = freeze(store, clock, code).folder / "manifest.json"
    manifest = json.loads(path.read_text())
    (manifest if name in manifest else manifest["round"])[name] = value
    path.write_text(json.dumps(manifest))
    assert freeze(store, clock, code).whole_because == "other_terms"


def test_a_database_that_lost_responses_since_the_last_snapshot_is_noticed(
    store: Store, sqlite_template: Path, clock: SetClock, tmp_path: Path
) -> None:
    """A restored backup: the last snapshot holds a response that the database does not."""
    code = make_round(store, clock)
    fill(store, clock, code, range(9))
    freeze(store, clock, code)
    older = tmp_path / "older.sqlite3"
    shutil.copy(sqlite_template, older)
    restored = open_store(f"sqlite:///{older}", tmp_path)
    make_round(restored, clock)
    fill(restored, clock, code, range(8))
    frozen = freeze(restored, clock, code)
    restored.engine.dispose()
    assert (frozen.rows, frozen.whole_because) == (8, "other_database")


def test_where_links_are_impossible_batches_are_copied(
    store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_paths: Any) -> None:
        raise OSError(errno.EPERM, "no links here")

    code = make_round(store, clock)
    fill(store, clock, code, range(5))
    first = freeze(store, clock, code)
    fill(store, clock, code, range(5, 7))
    monkeypatch.setattr(os, "link", refuse)
    second = freeze(store, clock, code)
    assert counts(second) == (2, 5, 0)
    assert inode(second, 1) != inode(first, 1)
    assert read_snapshot(second.folder).rows == 7


def test_nobody_may_write_to_a_batch_that_snapshots_share(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    fill(store, clock, code, range(2))
    assert (freeze(store, clock, code).folder / batches.file_name(1)).stat().st_mode & 0o222 == 0


@both_databases
def test_a_round_by_personal_link_is_one_batch_and_nothing_is_kept_about_it(
    store: Store, clock: SetClock
) -> None:
    """docs/decisions/0008: a batch of their own would tell which few answered between two freezes."""
    code = make_round(store, clock, entry="personal", counted_grades="ABC")
    for part in (range(5), range(5, 6)):
        fill(store, clock, code, part)
        frozen = freeze(store, clock, code)
    assert frozen.whole_because == "personal"
    assert [one.rows for one in read_snapshot(frozen.folder).batches] == [6]
    assert not (store.folder / "known").exists()


def test_ids_stand_beside_the_snapshots_for_the_sites_user_only_and_in_none_of_them(
    store: Store, clock: SetClock
) -> None:
    code = make_round(store, clock)
    ids = fill(store, clock, code, range(6))
    freeze(store, clock, code)
    (known,) = (store.folder / "known").iterdir()
    assert known.stat().st_mode & 0o077 == 0
    assert ids[0].bytes in known.read_bytes()
    everything = b"".join(bytes_of(store.snapshots).values())
    assert [one for one in ids if one.bytes in everything or one.hex.encode() in everything] == []


@pytest.mark.parametrize("part", ["missing", "cut short", "of another freeze", "other bytes"])
def test_a_batch_that_is_not_what_was_frozen_is_named_with_its_file(
    store: Store, clock: SetClock, settings: Settings, part: str
) -> None:
    _, frozen = frozen_in_parts(store, clock, range(9), range(9, 15))
    path = frozen.folder / "data" / "000002.parquet"
    raw = path.read_bytes()
    path.unlink()
    if part == "cut short":
        path.write_bytes(raw[: len(raw) // 2])
    elif part == "of another freeze":
        shutil.copy(frozen.folder / "data" / "000001.parquet", path)
    elif part == "other bytes":
        path.write_bytes(raw[:40] + bytes([raw[40] ^ 1]) + raw[41:])
    with pytest.raises((SnapshotChanged, SnapshotUnreadable)) as refused:
        recompute_anywhere(settings=settings, clock=clock, snapshot_code=str(frozen.folder), actor="tests")
    assert "data/000002.parquet" in refused.value.text("vi")
    (check,) = verify_snapshot(store=store, code=frozen.code)
    assert not check.holds
    assert "data/000002.parquet" in check.what["en"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda t: t.set_column(3, "base_weight", t.column("base_weight").cast(pa.float32())), "base_weight"),
        (lambda t: t.set_column(0, "unit", t.column("unit").cast(pa.string())), "unit"),
        (lambda t: t.drop_columns(["rating"]), "rating"),
        (lambda t: t.append_column("more", pa.nulls(t.num_rows)), "more"),
        (lambda t: t.slice(1), "4 ≠ 5"),
    ],
)
def test_a_batch_of_other_columns_or_rows_is_refused_even_when_its_hash_was_edited_too(
    store: Store, clock: SetClock, change: Any, named: str
) -> None:
    code = make_round(store, clock)
    fill(store, clock, code, range(5))
    frozen = freeze(store, clock, code)
    path = frozen.folder / "data" / "000001.parquet"
    changed = change(pq.ParquetFile(path).read())
    path.unlink()
    pq.write_table(changed, path)
    manifest = json.loads((frozen.folder / "manifest.json").read_text())
    told = manifest["data"]
    told["sha256"] = told["batches"][0]["sha256"] = file_sha256(path)
    (frozen.folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SnapshotFileUnreadable) as refused:
        read_snapshot(frozen.folder)
    assert named in refused.value.text("vi")
    assert "data/000001.parquet" in refused.value.text("en")


def test_a_manifest_that_was_edited_is_refused(store: Store, clock: SetClock) -> None:
    _, frozen = frozen_in_parts(store, clock, range(5), range(5, 8))
    path = frozen.folder / "manifest.json"
    sound = json.loads(path.read_text())

    def edited(**changes: Any) -> None:
        path.write_text(json.dumps({**sound, **{"data": {**sound["data"], **changes}}}))
        with pytest.raises((SnapshotChanged, SnapshotUnreadable)):
            read_snapshot(frozen.folder)

    first, second = sound["data"]["batches"]
    edited(batches=[second, first])
    edited(batches=[first])
    edited(batches=[])
    edited(batches=[{**first, "file": "../quay-thu-0001/data/000001.parquet"}, second])
    edited(batches=[{**first, "rows_sum": "0" * 64}, second])
    edited(rows_sha256="0" * 64)
    edited(sha256="0" * 64)
    path.write_text(json.dumps({**sound, "rows": 9}))
    with pytest.raises(SnapshotChanged):
        read_snapshot(frozen.folder)
    path.write_text(json.dumps(sound))
    assert read_snapshot(frozen.folder).rows == 8


def test_rows_exchanged_under_edited_hashes_are_found_by_verify(store: Store, clock: SetClock) -> None:
    """The sum of the rows is told by the manifest; `verify` adds it up again from the rows."""
    code = make_round(store, clock)
    fill(store, clock, code, range(5))
    snapshot = read_snapshot(freeze(store, clock, code).folder)
    assert snapshot.has_the_rows_told()
    weights = pa.array(snapshot.weights() + 0.5)
    snapshot.__dict__["table"] = snapshot.table.set_column(3, "base_weight", weights)
    assert not snapshot.has_the_rows_told()


def _freeze_and_die(url: str, folder: Path, code: str, at: str) -> None:
    def die(*_: Any, **__: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(snapshot_making.SnapshotInMaking if at == "finish" else snapshot_making.os, at, die)
    store = open_store(url, folder)
    freeze(store, SetClock(), code)


@pytest.mark.parametrize("at", ["finish", "replace"])
def test_a_freeze_that_is_killed_leaves_no_half_snapshot(
    store: Store, clock: SetClock, database_url: str, tmp_path: Path, at: str
) -> None:
    code = make_round(store, clock)
    fill(store, clock, code, range(6))
    first = freeze(store, clock, code)
    fill(store, clock, code, range(6, 9))
    dying = multiprocessing.get_context("spawn").Process(
        target=_freeze_and_die, args=(database_url, tmp_path, code, at)
    )
    dying.start()
    dying.join()
    assert dying.exitcode == -signal.SIGKILL
    (left,) = (path for path in store.snapshots.iterdir() if path.name != first.code)
    assert left.name.startswith(".making-")
    second = freeze(store, clock, code)
    assert (second.code, counts(second)) == (f"{code}-0002", (3, 6, 0))
    assert left.exists()
    os.utime(left, (0, 0))
    freeze(store, clock, code)
    assert not left.exists()


def test_a_snapshot_frozen_before_there_were_batches_is_read_and_computed_as_then(tmp_path: Path) -> None:
    """tests/data/snapshots/README.md; the figures are those that version computed."""
    folder = Path(shutil.copytree(OLD, tmp_path / "old"))
    snapshot = read_snapshot(folder)
    assert snapshot.manifest["schema_version"] == "1.0"
    assert snapshot.files == (folder / "responses.parquet",)
    assert snapshot.contents_sha256 == snapshot.manifest["data"]["sha256"]
    assert snapshot.has_the_rows_told()
    computed = compute_indices(snapshot)
    assert computed.overall.value == pytest.approx(0.5925925925925926, rel=1e-12)
    assert computed.overall.se == pytest.approx(0.14414283697701946, rel=1e-9)
    assert (computed.rows, computed.data_sha256[:12]) == (27, "dc7b92b16c21")
    raw = (folder / "responses.parquet").read_bytes()
    (folder / "responses.parquet").write_bytes(raw[:99] + b"?" + raw[100:])
    with pytest.raises(SnapshotChanged, match="told"):
        read_snapshot(folder)


def test_a_snapshot_folder_of_several_batches_is_whole_by_itself(
    store: Store, clock: SetClock, settings: Settings, tmp_path: Path
) -> None:
    _, frozen = frozen_in_parts(store, clock, range(20), range(20, 30))
    kept = recompute(store=store, clock=clock, snapshot_code=frozen.code, actor="tests")
    elsewhere = shutil.copytree(frozen.folder, tmp_path / "another-machine")
    shutil.rmtree(store.snapshots)
    alone = recompute_anywhere(settings=settings, clock=clock, snapshot_code=str(elsewhere), actor="tests")
    assert (alone.result_sha256, alone.lines) == (kept.result_sha256, kept.lines)


def test_the_engine_collapses_only_the_new_batch_and_agrees_with_the_whole_table(
    store: Store, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Engine equals engine: kept cells of the batches, analyse over the table, to 1e-12."""
    collapsed: list[Path] = []
    monkeypatch.setattr(
        cell_store, "collapse_files", lambda one: collapsed.extend(one.files) or collapse_files(one)
    )
    code = make_round(store, clock)
    for numbers in (range(20), range(20, 27), range(27, 60)):
        fill(store, clock, code, numbers)
        frozen = freeze(store, clock, code)
        snapshot = open_snapshot(store=store, code_or_folder=frozen.code)
        request = CollapseRequest(
            files=snapshot.files,
            items=("rating",),
            measure=Measure("top_share", (4, 5)),
            weights="base_weight",
            stratum="stratum",
            psu="psu",
            sets=(("unit",),),
        )
        tables = collapse_batches(request, snapshot.hashes, tmp_path / "cells")
    assert [path.name for path in collapsed] == ["000001.parquet", "000002.parquet", "000003.parquet"]
    streamed = analyse_cells(tables, request, selection_of(tables[0]))
    columns = {name: snapshot.table.column(name).to_pylist() for name in ("unit", "stratum", "psu")}
    direct = analyse(
        SampleDesign.build(weights=snapshot.weights(), strata=columns["stratum"], psu=columns["psu"]),
        {"rating": snapshot.scale_values("rating")},
        domains=columns["unit"],
        measure=Measure("top_share", (4, 5)),
    )
    ours, theirs = (
        {(domain.value, name): one for domain, name, one in analysis.rows()}
        for analysis in (streamed, direct)
    )
    assert ours.keys() == theirs.keys()
    for key, estimate in theirs.items():
        assert ours[key].value == pytest.approx(estimate.value, rel=1e-12)
        assert ours[key].se == pytest.approx(estimate.se, rel=1e-12)


@both_databases
def test_batches_of_a_wide_questionnaire_keep_every_column(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock, code="sipas", questionnaire=HOUSEHOLDS, counted_grades="ABC")
    for part in range(3):
        for number in range(4):
            chance = random.Random(10 * part + number)
            raw = {
                item.id: chance.choice(item.scale.options).id
                for item in HOUSEHOLDS.items
                if item.kind == "single" and item.scale and (item.required or chance.random() < 0.7)
            }
            answer(store, clock, code, dict(on_path(HOUSEHOLDS, raw)), somebody(code, psu=str(number)))
        frozen = freeze(store, clock, code)
    refreshed = read_snapshot(frozen.folder)
    whole = read_snapshot(freeze(store, clock, code, full=True).folder)
    assert (len(refreshed.batches), len(whole.batches)) == (3, 1)
    by_row = [sorted(map(repr, snapshot.table.to_pylist())) for snapshot in (refreshed, whole)]
    assert by_row[0] == by_row[1]
    assert refreshed.contents_sha256 == whole.contents_sha256


def test_the_command_says_how_many_responses_are_new_reused_and_rewritten(
    store: Store, clock: SetClock, database_url: str, tmp_path: Path
) -> None:
    def run(*words: str) -> str:
        told = {"SURVEY_INSTANCE": str(tmp_path), "DATABASE_URL": database_url}
        result = CliRunner().invoke(main, list(words), env={**told, "SURVEY_LANG": "vi"})
        assert result.exit_code == 0, result.output
        return result.output

    code = make_round(store, clock)
    ids = fill(store, clock, code, range(8))
    assert "đọc lại toàn bộ từ cơ sở dữ liệu: chưa có bản chốt nào" in run("snapshot", code)
    fill(store, clock, code, range(8, 11))
    assert "3 phiếu mới, 8 dùng lại, 0 ghi lại" in run("snapshot", code)
    correct(store, code, ids[0], "neutral")
    assert "1 phiếu mới, 3 dùng lại, 7 ghi lại" in run("snapshot", code)
    refreshed = run("recompute", f"{code}-0003").splitlines()
    assert "theo yêu cầu" in run("snapshot", code, "--full")
    assert run("recompute", f"{code}-0004").splitlines()[-1] == refreshed[-1]
    assert "✗" not in run("verify", f"{code}-0003")


@st.composite
def cut_tables(draw: st.DrawFn) -> tuple[pa.Table, list[int], list[int]]:
    """A small table, an order of its rows, and where to cut it."""
    rows = draw(st.integers(0, 12))
    column = st.lists(st.one_of(st.none(), st.integers(-128, 127)), min_size=rows, max_size=rows)
    texts = st.lists(st.sampled_from(["", "a", "ă", "aa"]), min_size=rows, max_size=rows)
    table = pa.table(
        {
            "unit": pa.array(draw(texts), pa.string()).dictionary_encode(),
            "psu": pa.array(draw(texts), pa.string()),
            "item": pa.array(draw(column), pa.int8()),
            "item/yes": pa.array([None if x is None else x > 0 for x in draw(column)], pa.bool_()),
        }
    )
    order = draw(st.permutations(range(rows)))
    return table, order, sorted(draw(st.lists(st.integers(0, rows), max_size=3)))


@given(cut_tables())
@settings(deadline=None, max_examples=50)
def test_the_hash_of_rows_knows_neither_their_order_nor_their_files(
    told: tuple[pa.Table, list[int], list[int]],
) -> None:
    table, order, cuts = told
    shuffled = table.take(pa.array(order, pa.int64())).select(table.column_names[::-1])
    places = [0, *cuts, table.num_rows]
    parts = [shuffled.slice(a, b - a) for a, b in zip(places, places[1:], strict=False)]
    whole = rows_sha256(table.schema, table.num_rows, [sum_of_rows(table)])
    assert rows_sha256(shuffled.schema, table.num_rows, [sum_of_rows(part) for part in parts]) == whole


def test_the_hash_of_rows_tells_every_difference_of_a_value() -> None:
    """Null, no and 0 are three answers; a weight differs by its last bit; a row twice is not a row once."""
    seen = set()
    for item in (pa.array([None], pa.int8()), pa.array([0], pa.int8()), pa.array([-1], pa.int8())):
        for yes in (None, False, True):
            for weight in (1.0, np.nextafter(1.0, 2)):
                one = pa.table({"item": item, "yes": pa.array([yes], pa.bool_()), "weight": [weight]})
                for table in (one, pa.concat_tables([one, one])):
                    seen.add(rows_sha256(table.schema, 2, [sum_of_rows(table)]))
    assert len(seen) == 36


@given(st.lists(st.integers(0, 30), max_size=60))
@settings(deadline=None, max_examples=50)
def test_batches_are_grouped_once_each_and_never_above_a_full_one(rows: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refreshing, "MOST_ROWS", 25)
        patch.setattr(refreshing, "MOST_SMALL", 4)
        groups = list(refreshing._groups(rows))
    assert sorted(at for group in groups for at in group) == [at for at, count in enumerate(rows) if count]
    assert all(group == sorted(group) for group in groups)
    assert all(len(group) == 1 or sum(rows[at] for at in group) <= 25 for group in groups)
    small = [at for at, count in enumerate(rows) if 0 < count < 12]
    poured = [group for group in groups if group[0] in small]
    if len(small) < 4:
        assert all(len(group) == 1 for group in groups)
    else:
        for group, following in zip(poured, poured[1:], strict=False):
            assert sum(rows[at] for at in group) + rows[following[0]] > 25
