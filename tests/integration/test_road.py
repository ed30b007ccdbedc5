"""From kept responses to the score: the same snapshot gives the same numbers, and a change is seen."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow.parquet as pq
import pytest

from survey.aggregation import SampleDesign, ratios
from survey.questionnaires import flatten, leaf_items, load_shipped
from survey.rounding import round_half_up
from survey.scoring import Measured, score
from survey.scoring import load_shipped as load_criteria
from survey.services.errors import EmptySnapshot, FreezeInProgress, NoSuchSnapshot, NotYetComputed
from survey.services.indices import compute_indices, latest_indices, recompute, recompute_anywhere
from survey.services.rounds import board
from survey.services.scores import latest_score, record_points, score_unit
from survey.services.settings import Settings
from survey.services.snapshots import freeze_snapshot, is_current, open_snapshot
from survey.services.summaries import summary_report
from survey.services.verification import verify_snapshot
from survey.storage.errors import ResultChanged, SnapshotChanged, SnapshotUnreadable
from survey.storage.snapshots import file_sha256
from survey.storage.store import Store, open_store
from tests.conftest import SetClock, both_databases
from tests.household_rounds import fill, household_round
from tests.rounds import COMMUNES, PROVINCE, answer, freeze_and_compute, make_round, somebody


@both_databases
def test_the_same_snapshot_gives_the_same_result_hash_twice_and_from_its_folder_alone(
    store: Store, clock: SetClock, settings: Settings, tmp_path: Path
) -> None:
    code = household_round(store, clock)
    fill(store, clock, code)
    frozen, first = freeze_and_compute(store, clock, code)
    second = recompute(store=store, clock=clock, snapshot_code=frozen.code, actor="tests")
    elsewhere = tmp_path / "another-machine"
    frozen.folder.rename(elsewhere)
    alone = recompute_anywhere(settings=settings, clock=clock, snapshot_code=str(elsewhere), actor="analyst")
    assert first.result_sha256 == second.result_sha256 == alone.result_sha256
    assert first.lines == alone.lines


@pytest.mark.storage
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_both_databases_freeze_the_same_bytes(
    store: Store, sqlite_template: Path, clock: SetClock, tmp_path: Path
) -> None:
    """DESIGN.md: same snapshot, same numbers on any machine; the database it came from leaves no trace."""
    path = tmp_path / "other" / "survey.sqlite3"
    path.parent.mkdir()
    shutil.copy(sqlite_template, path)
    other = open_store(f"sqlite:///{path}", path.parent)
    hashes = set()
    for one in (store, other):
        code = household_round(one, clock)
        for number in range(4):
            who = somebody(
                code, UUID(int=(4 - number) << 100), evidence="A", channel="tablet", psu=str(number)
            )
            answer(one, clock, code, {"A8.used": "no"}, who)
        frozen = freeze_snapshot(store=one, clock=clock, round_code=code, actor="tests")
        hashes.add(frozen.data_sha256)
        table = pq.read_table(frozen.folder / "data" / "000001.parquet")
        assert table.column("psu").to_pylist() == list("3210")
    other.engine.dispose()
    assert len(hashes) == 1


@both_databases
def test_figures_read_back_are_the_figures_computed(store: Store, clock: SetClock) -> None:
    code = household_round(store, clock)
    fill(store, clock, code)
    frozen = freeze_snapshot(store=store, clock=clock, round_code=code, actor="tests")
    with pytest.raises(NotYetComputed):
        latest_indices(store=store, round_id=board(store=store, code=code).round.id)
    computed = recompute(store=store, clock=clock, snapshot_code=frozen.code, actor="tests")
    kept = latest_indices(store=store, round_id=board(store=store, code=code).round.id)
    assert kept == computed


@both_databases
def test_open_answers_and_unfinished_ones_are_kept_but_not_counted(store: Store, clock: SetClock) -> None:
    code = household_round(store, clock)
    fill(store, clock, code, count=8)
    answer(store, clock, code, {"A8.used": "no"}, somebody(code, evidence="C"))
    frozen = freeze_snapshot(store=store, clock=clock, round_code=code, actor="tests")
    assert frozen.rows == 8
    manifest = json.loads((frozen.folder / "manifest.json").read_text())
    assert manifest["exclusions"] == [{"reason": "evidence_grade_not_counted", "count": 1}]
    assert manifest["responses"]["rows"] == 9
    assert is_current(store=store, code=frozen.code)
    answer(store, clock, code, {"A8.used": "no"})
    assert not is_current(store=store, code=frozen.code)


@both_databases
def test_free_text_and_ids_never_enter_a_snapshot(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    who = somebody(code, evidence="B")
    answer(store, clock, code, {"rating": "satisfied", "comment": "=SUM(1) của tôi"}, who)
    frozen = freeze_snapshot(store=store, clock=clock, round_code=code, actor="tests")
    everything = b"".join(path.read_bytes() for path in frozen.folder.rglob("*.*"))
    table = pq.read_table(frozen.folder / "data" / "000001.parquet")
    assert "comment" not in table.column_names
    assert "response_id" not in table.column_names
    assert who.response_id.hex.encode() not in everything


@both_databases
def test_a_snapshot_changed_after_it_was_frozen_is_refused_everywhere(store: Store, clock: SetClock) -> None:
    code = household_round(store, clock)
    fill(store, clock, code)
    frozen, _ = freeze_and_compute(store, clock, code)
    assert all(check.holds for check in verify_snapshot(store=store, code=frozen.code))
    path = frozen.folder / "data" / "000001.parquet"
    table = pq.read_table(path)
    weights = np.asarray(table.column("base_weight")).copy()
    weights[0] *= 2
    place = table.schema.get_field_index("base_weight")
    path.chmod(0o600)
    pq.write_table(table.set_column(place, "base_weight", [weights]), path)
    with pytest.raises(SnapshotChanged):
        recompute(store=store, clock=clock, snapshot_code=frozen.code, actor="tests")
    assert not all(check.holds for check in verify_snapshot(store=store, code=frozen.code))
    manifest_path = frozen.folder / "manifest.json"
    manifest = json.loads(manifest_path.read_text())
    manifest["data"]["sha256"] = manifest["data"]["batches"][0]["sha256"] = file_sha256(path)
    manifest_path.write_text(json.dumps(manifest))
    assert not all(check.holds for check in verify_snapshot(store=store, code=frozen.code))


@both_databases
def test_a_snapshot_that_is_not_there_or_broken_is_named(
    store: Store, clock: SetClock, tmp_path: Path
) -> None:
    for name in ("none", "../..", "a\0b", str(tmp_path / "nothing")):
        with pytest.raises((NoSuchSnapshot, SnapshotUnreadable)):
            open_snapshot(store=store, code_or_folder=name)
    code = household_round(store, clock)
    with pytest.raises(EmptySnapshot):
        freeze_snapshot(store=store, clock=clock, round_code=code, actor="tests")
    fill(store, clock, code, count=8)
    frozen = freeze_snapshot(store=store, clock=clock, round_code=code, actor="tests")
    (frozen.folder / "manifest.json").write_text("{")
    with pytest.raises(SnapshotUnreadable):
        open_snapshot(store=store, code_or_folder=frozen.code)


def test_the_index_and_its_error_follow_from_the_snapshots_columns_by_hand(
    store: Store, clock: SetClock
) -> None:
    """The overall index again, item by item, from the Parquet columns and the covariance of the items.

    Closed form: I = Σ a m, V(I) = a' V a with V from ratios() on the same design (statistics.md §2.3).
    """
    code = household_round(store, clock)
    fill(store, clock, code, count=40)
    frozen = freeze_snapshot(store=store, clock=clock, round_code=code, actor="tests")
    snapshot = open_snapshot(store=store, code_or_folder=frozen.code)
    computed = compute_indices(snapshot)
    formula = computed.formula
    items = list(dict.fromkeys(leaf_items(formula.root)))
    weights = {item: 0.0 for item in items}
    for term in flatten(formula.root):
        (item,) = term.items
        weights[item] += term.weight
    design = SampleDesign.build(
        weights=snapshot.weights(),
        strata=snapshot.table.column("stratum").to_pylist(),
        psu=snapshot.table.column("psu").to_pylist(),
        lonely="adjust",
    )
    values = {item: snapshot.scale_values(item) for item in items}
    over = {item: np.isin(one, formula.levels).astype(float) for item, one in values.items()}
    under = {item: (one > 0).astype(float) for item, one in values.items()}
    made = ratios(design, over, under)
    names = list(made.statistics)
    a = np.array([weights[item] for item in items])
    m = np.array([made.estimate("", name).value for name in names])
    variance = a @ made.covariance([("", name) for name in names]) @ a
    assert computed.overall.value == pytest.approx(float(a @ m), rel=1e-12)
    assert computed.overall.se == pytest.approx(float(np.sqrt(variance)), rel=1e-9)


@both_databases
def test_survey_and_appraisal_become_a_score_with_an_interval(store: Store, clock: SetClock) -> None:
    sipas = household_round(store, clock)
    fill(store, clock, sipas)
    feeds = {"sipas": sipas}
    for group in ("leaders", "delegates"):
        asked = load_shipped(f"{group}-assessment")
        feeds[group] = make_round(
            store,
            clock,
            code=group,
            questionnaire=asked,
            population=group,
            entry="personal",
            counted_grades="A",
            units=COMMUNES,
        )
        fill(store, clock, group, 12, asked)
    for code in feeds.values():
        freeze_and_compute(store, clock, code)

    def made() -> Any:
        return score_unit(
            store=store,
            clock=clock,
            unit_id=PROVINCE,
            year=2026,
            criteria_set="par-876-blocks",
            feeds=feeds,
            actor="tests",
        )

    unknown = made()
    assert unknown.score.percent is None
    assert unknown.score.missing == ("appraisal",)
    record_points(
        store=store,
        clock=clock,
        unit_id=PROVINCE,
        year=2026,
        criteria_set="par-876-blocks",
        leaf="appraisal",
        points=60.5,
        source="biên bản thử",
        simulated=False,
        actor="tests",
    )
    known = made()
    nodes = known.score.nodes
    parts = [nodes[name].points for name in ("appraisal", "survey", "sipas")]
    assert known.score.percent == pytest.approx(sum(parts))
    low, high = known.score.percent_ci
    assert low < known.score.percent < high
    assert known.score.percent_se == pytest.approx(np.hypot(nodes["survey"].se, nodes["sipas"].se))
    kept = latest_score(store=store, unit_id=PROVINCE, year=2026)
    assert kept["sha256"] == known.sha256 == made().sha256


def test_ha_tinhs_index_earns_the_points_that_were_published() -> None:
    """parindex.md §8: SIPAS 91.17 % gives 9.12 points, through the shipped set and published rounding."""
    made = score(load_criteria("par-876-blocks"), {"sipas": Measured(value=91.17)})
    assert round_half_up(made.nodes["sipas"].points or 0) == 9.12


@both_databases
def test_an_edited_or_lost_result_file_is_never_shown_nor_verified(store: Store, clock: SetClock) -> None:
    """I3: a published figure cannot change without a trace."""
    code = household_round(store, clock)
    fill(store, clock, code)
    frozen, _ = freeze_and_compute(store, clock, code)
    (path,) = (store.folder / "results").glob("*.parquet")
    table = pq.read_table(path)
    values = [0.99, *table.column("value").to_pylist()[1:]]
    pq.write_table(table.set_column(table.schema.get_field_index("value"), "value", [values]), path)
    round_id = board(store=store, code=code).round.id
    for _edited_then_lost in range(2):
        with pytest.raises(ResultChanged):
            latest_indices(store=store, round_id=round_id)
        assert not all(check.holds for check in verify_snapshot(store=store, code=frozen.code))
        path.unlink(missing_ok=True)
    recompute(store=store, clock=clock, snapshot_code=frozen.code, actor="tests")
    assert all(check.holds for check in verify_snapshot(store=store, code=frozen.code))


@both_databases
def test_a_crash_that_left_a_folder_without_its_row_does_not_stop_the_next_freeze(
    store: Store, clock: SetClock
) -> None:
    code = household_round(store, clock)
    fill(store, clock, code, count=8)
    (store.snapshots / f"{code}-0001").mkdir(parents=True)
    (store.snapshots / f"{code}-0001" / "left").touch()
    assert freeze_snapshot(store=store, clock=clock, round_code=code, actor="tests").code == f"{code}-0002"


@both_databases
def test_freezes_at_the_same_time_each_succeed_or_say_that_another_is_under_way(
    store: Store, clock: SetClock
) -> None:
    code = household_round(store, clock)
    fill(store, clock, code, count=8)
    gate = Barrier(4)

    def freeze(_: int) -> str | None:
        gate.wait()
        try:
            return freeze_snapshot(store=store, clock=clock, round_code=code, actor="tests").code
        except FreezeInProgress:
            return None

    with ThreadPoolExecutor(4) as pool:
        made = [one for one in pool.map(freeze, range(4)) if one]
    assert made
    assert len(set(made)) == len(made)
    for one in made:
        assert all(check.holds for check in verify_snapshot(store=store, code=one))


@both_databases
def test_a_unit_without_an_interval_has_no_rank(store: Store, clock: SetClock) -> None:
    """V10: a rank never stands without n and its interval; one day at a counter is one cluster."""
    code = make_round(store, clock)
    for number in range(80):
        unit = COMMUNES[number % 2]
        answer(
            store,
            clock,
            code,
            {"rating": "satisfied" if number % 3 else "neutral"},
            somebody(code, unit_id=unit, stratum=unit, psu=f"{unit}:2026-03-02"),
        )
    freeze_and_compute(store, clock, code)
    report = summary_report(store=store, clock=clock, code=code)
    assert [row.n for row in report.rows] == [40, 40]
    assert [(row.overall.ci_low, row.rank) for row in report.rows] == [(None, None), (None, None)]


@both_databases
def test_a_real_rounds_sheet_never_carries_simulated_points_unlabelled(store: Store, clock: SetClock) -> None:
    code = household_round(store, clock)
    fill(store, clock, code)
    freeze_and_compute(store, clock, code)
    told = {
        "store": store,
        "clock": clock,
        "unit_id": PROVINCE,
        "year": 2026,
        "criteria_set": "par-876-blocks",
        "actor": "tests",
    }
    record_points(**told, leaf="appraisal", points=60.5, source="mô phỏng", simulated=True)
    score_unit(**told, feeds={})
    other = summary_report(store=store, clock=clock, code=code)
    assert (other.score, other.simulated) == (None, False)
    score_unit(**told, feeds={"sipas": code})
    fed = summary_report(store=store, clock=clock, code=code)
    assert fed.score is not None
    assert fed.simulated


@both_databases
def test_a_sheet_of_one_snapshot_does_not_change_with_forms_that_come_later(
    store: Store, clock: SetClock
) -> None:
    code = household_round(store, clock)
    fill(store, clock, code)
    freeze_and_compute(store, clock, code)
    before = summary_report(store=store, clock=clock, code=code)
    answer(store, clock, code, {"A8.used": "no"}, somebody(code, evidence="A"))
    answer(store, clock, code, {"A8.used": "no"})
    after = summary_report(store=store, clock=clock, code=code)
    assert after.rows == before.rows
    assert after.totals == before.totals
