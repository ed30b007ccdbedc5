"""The analysts' commands on frozen rounds: every figure as the aggregation room gives it, called here directly.

Snapshots are given by their folders, on a machine whose database is not there.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result

from survey.aggregation import (
    Analysis,
    IndexDefinition,
    ItemBlock,
    Measure,
    SampleDesign,
    adjust_family,
    analyse,
)
from survey.aggregation.changes import changes
from survey.aggregation.drivers import importance_performance
from survey.aggregation.quality import Block, enumerator_effect, review, without_flagged
from survey.aggregation.ranking import joint_ranks, rank_probabilities
from survey.aggregation.reliability import cronbach_alpha, one_factor_omega
from survey.aggregation.small_area import Areas, benchmark, fay_herriot, smooth_variances
from survey.aggregation.succession import succeed
from survey.questionnaires import leaf_items, load_shipped
from survey.services.data_quality import data_quality
from survey.services.indices import compute_indices
from survey.services.ranked_units import ranked_units, valid_by_unit
from survey.services.rounds import board
from survey.services.snapshot_sample import SnapshotSample, read_sample
from survey.storage.snapshots import read_snapshot
from survey.storage.store import Store, open_store
from tests.conftest import SetClock
from tests.integration.analyst_rounds import CONTENT, COPIED, FEW, ONE_CLUSTER, UNITS, USERS, freeze_round
from tests.integration.commands import Run, run_command

RANKED = tuple(unit for unit in UNITS if unit not in (FEW, ONE_CLUSTER))
ITEMS = leaf_items(USERS.formula().root)
INDEX = (IndexDefinition.averaged("index", dict.fromkeys(ITEMS, 1 / len(ITEMS))),)
TOP = Measure("top_share", (4, 5))
EXACT = 1e-12
OLD_PROVINCES = ("p63-60", "p63-67", "p63-68")


@dataclass(frozen=True)
class Frozen:
    """The folders of the rounds of this module."""

    now: Path
    before: Path
    counter: Path
    old: Path
    merged: Path
    store: Store


@pytest.fixture(scope="module")
def frozen(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Frozen]:
    folder = tmp_path_factory.mktemp("analysts")
    store = open_store(f"sqlite:///{shutil.copy(sqlite_template, folder / 'survey.sqlite3')}", folder)
    clock = SetClock()
    counter = load_shipped("service-counter")
    yield Frozen(
        now=freeze_round(store, clock, "nguoi-dung").folder,
        before=freeze_round(store, clock, "nam-truoc", year=2025, shift=0.3).folder,
        counter=freeze_round(
            store, clock, "quay", questionnaire=counter, population="citizens", units={"a68-noi-vu": 0.5}
        ).folder,
        old=freeze_round(store, clock, "ba-tinh", year=2024, units=dict.fromkeys(OLD_PROVINCES, 0.2)).folder,
        merged=freeze_round(store, clock, "mot-tinh", units={"p34-68": 0.5}).folder,
        store=store,
    )
    store.engine.dispose()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("SURVEY_INSTANCE", str(tmp_path / "nothing"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'nothing' / 'gone.sqlite3'}")
    monkeypatch.delenv("SURVEY_LANG", raising=False)

    def command(*words: object, ends: int = 0) -> Result:
        result = run_command(*words, ends=ends)
        assert ends == 0 or result.stdout == ""
        return result

    return command


def told(run: Run, *words: object) -> dict[str, Any]:
    """Run a command for its JSON."""
    document: dict[str, Any] = json.loads(run(*words, "--output", "json").stdout)
    return document


def by(rows: list[dict[str, Any]], *names: str) -> dict[Any, dict[str, Any]]:
    """Key rows by a column, or by several."""
    return {tuple(row[name] for name in names) if len(names) > 1 else row[names[0]]: row for row in rows}


def close(found: float | None, expected: float | None, rel: float) -> bool:
    """Say whether two figures agree, or are both missing."""
    if found is None or expected is None:
        return found is expected
    return found == pytest.approx(expected, rel=rel)


def sample_of(folder: Path, weights: Any = None) -> tuple[SampleDesign, ItemBlock, list[str]]:
    """Read a snapshot's design, items and units straight from its columns."""
    snapshot = read_snapshot(folder)
    columns: Mapping[str, list[Any]] = snapshot.table.select(["unit", "stratum", "psu"]).to_pydict()
    design = SampleDesign.build(
        weights=snapshot.weights() if weights is None else weights,
        strata=columns["stratum"],
        psu=columns["psu"],
        lonely="adjust",
    )
    block = ItemBlock(ITEMS, tuple(snapshot.scale_values(item) for item in ITEMS))
    return design, block, columns["unit"]


def analysed(folder: Path, weights: Any = None, units: Any = None) -> Analysis:
    design, block, judged = sample_of(folder, weights)
    return analyse(design, block, domains=units or judged, measure=TOP, indices=INDEX)


# ---- ranks ----


def test_ranks_have_the_joint_intervals_and_chances_of_the_direct_computation(
    run: Run, frozen: Frozen
) -> None:
    document = told(run, "ranks", frozen.now, "--draws", 2_000, "--seed", 7)
    analysis = analysed(frozen.now)
    estimates = [analysis.estimate(unit, "index") for unit in RANKED]
    values, n = [one.value for one in estimates], [one.n for one in estimates]
    joint = joint_ranks(
        values, [one.se for one in estimates], names=RANKED, df=[one.df for one in estimates], n=n
    )
    drawn = rank_probabilities(
        values, analysis.covariance([(unit, "index") for unit in RANKED]), names=RANKED, draws=2_000, seed=7
    )
    rows = by(document["ranked"], "unit")
    assert set(rows) == set(RANKED)
    for at, unit in enumerate(RANKED):
        row = rows[unit]
        assert (row["rank"], row["rank_low"], row["rank_high"]) == joint.of(unit)
        assert row["value"] == pytest.approx(values[at], rel=EXACT)
        assert row["mean_rank"] == pytest.approx(drawn.mean_rank[at], rel=EXACT)
        assert row["p_top"] == pytest.approx(drawn.top(3).probability[at], abs=EXACT)
        assert row["p_last"] == pytest.approx(drawn.probability[at, -1], abs=EXACT)
    assert (document["draws"], document["seed"], document["quantiles"]) == (2_000, 7, "t")


def test_units_with_few_forms_or_no_interval_stand_apart(run: Run, frozen: Frozen) -> None:
    apart = by(told(run, "ranks", frozen.now)["apart"], "unit")
    assert apart[FEW]["why"] == "few_respondents"
    assert apart[ONE_CLUSTER]["why"] == "no_interval"
    assert set(apart) == {FEW, ONE_CLUSTER}
    table = run("ranks", frozen.now).stdout
    assert "Không xếp hạng:" in table
    assert "ít phiếu" in table.split("Không xếp hạng:")[1]


def test_places_are_those_of_the_results_page(run: Run, frozen: Frozen) -> None:
    snapshot = read_snapshot(frozen.now)
    shown = ranked_units(
        compute_indices(snapshot), board(store=frozen.store, code="nguoi-dung"), valid_by_unit(snapshot)
    )
    places = {one.line.unit_id: one.rank for one in shown if one.rank is not None}
    assert {row["unit"]: row["rank"] for row in told(run, "ranks", frozen.now)["ranked"]} == places


def test_normal_quantiles_give_intervals_no_wider_than_students(run: Run, frozen: Frozen) -> None:
    student, normal = (
        by(told(run, "ranks", frozen.now, "--quantiles", name)["ranked"], "unit") for name in ("t", "normal")
    )
    for unit in RANKED:
        assert student[unit]["rank_low"] <= normal[unit]["rank_low"] <= normal[unit]["rank_high"]
        assert normal[unit]["rank_high"] <= student[unit]["rank_high"]
    assert any(student[unit]["rank_high"] > normal[unit]["rank_high"] for unit in RANKED)


def test_the_same_seed_gives_the_same_chances_and_another_seed_agrees_within_its_error(
    run: Run, frozen: Frozen
) -> None:
    first, again, other = (
        by(told(run, "ranks", frozen.now, "--seed", seed)["ranked"], "unit") for seed in (3, 3, 4)
    )
    assert first == again
    for unit in RANKED:
        # Two draws of 10,000: five standard errors of their difference.
        spread = 5 * np.hypot(first[unit]["mean_rank_se"], other[unit]["mean_rank_se"]) + 1e-9
        assert abs(first[unit]["mean_rank"] - other[unit]["mean_rank"]) <= spread


def test_all_units_together_are_one_list_whatever_their_kind(run: Run, frozen: Frozen) -> None:
    apart = told(run, "ranks", frozen.old)
    together = told(run, "ranks", frozen.old, "--together")
    assert {row["block"] for row in apart["ranked"]} == {"Tỉnh"}
    assert {row["block"] for row in together["ranked"]} == {""}
    assert {row["ranked_units"] for row in together["ranked"]} == {3}


def test_a_mean_on_a_scale_is_ranked_as_a_share_of_the_best(run: Run, frozen: Frozen) -> None:
    rows = by(told(run, "ranks", frozen.now, "--formula", "mean-score")["ranked"], "unit")
    indices = compute_indices(read_snapshot(frozen.now), formula_id="mean-score")
    for unit, estimate in indices.by_unit("index", "overall").items():
        if unit in rows:
            share = indices.as_share(estimate)
            assert rows[unit]["value"] == pytest.approx(share.value, rel=EXACT)
            assert rows[unit]["se"] == pytest.approx(share.se, rel=EXACT)
    assert set(rows) == set(RANKED)


# ---- quality ----


def test_the_review_finds_the_straight_liners_and_the_copy_and_names_what_it_has_no_data_for(
    run: Run, frozen: Frozen
) -> None:
    rules = by(told(run, "quality", frozen.now)["rules"], "rule")
    assert rules["identical_answers"]["flagged"] == CONTENT
    assert rules["exact_duplicate"]["flagged"] == rules["near_duplicate"]["flagged"] == 2
    for rule, missing in {
        "device_burst": "no_device",
        "device_day": "no_device",
        "speeding": "no_duration",
        "contradictory_answers": "no_reversed_items",
        "enumerator_effect": "no_enumerator",
    }.items():
        assert (rules[rule]["judged"], rules[rule]["flagged"], rules[rule]["missing"]) == (
            None,
            None,
            missing,
        )
    assert run("quality", frozen.now).stdout.count("không có dữ liệu") == 5


def test_flags_are_those_of_the_room_and_rows_are_numbered_as_in_the_snapshot(
    run: Run, frozen: Frozen, tmp_path: Path
) -> None:
    target = tmp_path / "flags.csv"
    run("quality", frozen.now, "--flags", target)
    rows = list(csv.DictReader(io.StringIO(target.read_bytes().decode("utf-8-sig"))))
    snapshot = read_snapshot(frozen.now)
    _, block, units = sample_of(frozen.now)
    straight = review(block, blocks=[Block("all", ITEMS)]).flagged_by(
        "identical_answers", "long_run", "low_variability"
    )
    flagged = {int(row["row"]): row for row in rows}
    lining = {"identical_answers", "long_run", "low_variability"}
    assert {row for row, one in flagged.items() if lining & set(one["rules"].split())} == {
        at + 1 for at in np.flatnonzero(straight)
    }
    copies = {row: one for row, one in flagged.items() if "near_duplicate" in one["rules"].split()}
    assert {one["unit"] for one in copies.values()} == {COPIED}
    (one, other) = copies.values()
    assert (int(one["match_row"]), int(other["match_row"])) == (int(other["row"]), int(one["row"]))
    assert float(one["match_share"]) == 1.0
    assert all(units[row - 1] == one["unit"] for row, one in flagged.items())
    assert "trùng hoàn toàn" in one["reasons"]
    assert max(flagged) <= snapshot.rows


def test_the_index_without_flagged_responses_is_that_of_zero_weights_in_the_same_design(
    run: Run, frozen: Frozen, tmp_path: Path
) -> None:
    target = tmp_path / "flags.csv"
    document = json.loads(run("quality", frozen.now, "--flags", target, "--output", "json").stdout)
    rows = list(csv.DictReader(io.StringIO(target.read_bytes().decode("utf-8-sig"))))
    flagged = np.zeros(document["rows"], dtype=bool)
    flagged[[int(row["row"]) - 1 for row in rows]] = True
    complete = analysed(frozen.now)
    reviewed = analysed(frozen.now, without_flagged(complete.design.weights, flagged))
    assert reviewed.design.psus.sum() == complete.design.psus.sum()
    for row in document["index"]:
        before, after = (one.estimate(row["unit"], "index") for one in (complete, reviewed))
        assert row["value"] == pytest.approx(before.value, rel=EXACT)
        assert row["value_without"] == pytest.approx(after.value, rel=EXACT)
        assert row["difference"] == pytest.approx(after.value - before.value, abs=EXACT)
        assert row["n"] - row["n_flagged"] == after.n
    moved = [abs(row["difference"]) for row in document["index"] if row["unit"]]
    assert moved == sorted(moved, reverse=True)


def test_a_review_changes_nothing_in_the_snapshot_and_excludes_nobody(run: Run, frozen: Frozen) -> None:
    before = _hashes(frozen.now)
    run("quality", frozen.now)
    assert _hashes(frozen.now) == before
    assert "không phiếu nào bị loại" in run("quality", frozen.now).stdout


def test_flags_go_to_no_folder_that_is_not_there(run: Run, frozen: Frozen, tmp_path: Path) -> None:
    result = run("quality", frozen.now, "--flags", tmp_path / "none" / "flags.csv", ends=2)
    assert "flags.csv" in result.stderr


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


# ---- small areas ----


def test_small_areas_are_those_of_the_direct_computation_and_add_up_to_the_whole(
    run: Run, frozen: Frozen
) -> None:
    document = told(run, "small-areas", frozen.now)
    analysis, units = analysed(frozen.now), sorted(UNITS)
    direct = [analysis.estimate(unit, "index") for unit in units]
    places = [analysis.place(unit, "index") for unit in units]
    sizes = [analysis.n[at] / analysis.design_effect("kish")[at] for at in places]
    variance = [np.nan if one.se is None else one.se**2 for one in direct]
    smoothed = smooth_variances(variance, sizes, retransformation="total")
    shares = np.array([analysis.weight[at] for at in places])
    shares = shares / shares.sum()
    areas = Areas.build(
        names=units,
        direct=[one.value for one in direct],
        variance=smoothed.variance,
        variance_method=smoothed.method,
    )
    overall = analysis.estimate("", "index").value
    assert overall is not None
    expected = benchmark(fay_herriot(areas), shares, overall)
    rows = by(document["areas"], "unit")
    for unit in units:
        one = expected.estimate(unit)
        assert rows[unit]["model_based_value"] == pytest.approx(one.value, rel=1e-10)
        assert rows[unit]["model_based_rmse"] == pytest.approx(one.rmse, rel=1e-10)
        assert rows[unit]["weight_of_direct"] == pytest.approx(one.gamma, rel=1e-10)
        assert rows[unit]["model_based_method"].startswith("model-based: Fay-Herriot")
    total = sum(row["model_based_value"] * row["share_of_whole"] for row in rows.values())
    assert total == pytest.approx(overall, rel=1e-10)
    assert rows[ONE_CLUSTER]["variance_imputed"] is True
    assert rows[ONE_CLUSTER]["direct_se"] is None


def test_a_model_based_table_says_so_in_both_languages(run: Run, frozen: Frozen) -> None:
    assert "KHÔNG PHẢI ƯỚC LƯỢNG TRỰC TIẾP" in run("small-areas", frozen.now).stdout
    english = run("small-areas", frozen.now, "--language", "en").stdout
    assert "NOT DIRECT ESTIMATES" in english


def test_units_of_one_size_share_their_mean_variance(run: Run, frozen: Frozen) -> None:
    """All three provinces have the same clusters and weights, but for blanks: a line needs two sizes."""
    document = told(run, "small-areas", frozen.old)
    assert document["model"]["areas"] == 3
    sizes = {row["direct_n"] for row in document["areas"]}
    averaged = document["model"]["variances"] == "sampling variances averaged over areas of one size"
    assert averaged == (len(sizes) == 1)


def test_too_few_units_are_refused_with_status_2_and_no_output(run: Run, frozen: Frozen) -> None:
    result = run("small-areas", frozen.merged, ends=2)
    assert "SVY-422-116" in result.stderr
    assert "cần ít nhất 3" in result.stderr


# ---- drivers ----


def test_alpha_and_omega_of_each_factor_are_those_of_the_room(run: Run, frozen: Frozen) -> None:
    factors = by(told(run, "drivers", frozen.now)["factors"], "factor")
    design, block, _ = sample_of(frozen.now)
    columns = dict(zip(block.items, block.columns, strict=True))
    nodes = [node for node in USERS.formula().nodes() if node.items]
    assert set(factors) == {node.id for node in nodes}
    for node in nodes:
        answers = {item: columns[item] for item in node.items}
        alpha, omega = cronbach_alpha(design, answers), one_factor_omega(design, answers).estimate
        row = factors[node.id]
        assert (row["items"], row["n"]) == (len(node.items), alpha.n)
        assert row["alpha_value"] == pytest.approx(alpha.value, rel=EXACT)
        assert row["alpha_ci_low"] == pytest.approx(alpha.ci_low, rel=EXACT)
        assert row["omega_value"] == pytest.approx(omega.value, rel=EXACT)


def test_importance_is_the_weighted_correlation_with_the_mean_of_the_persons_other_items(
    run: Run, frozen: Frozen
) -> None:
    """By hand, with numpy: no code of the command is used."""
    rows = by(told(run, "drivers", frozen.now)["drivers"], "item")
    design, block, _ = sample_of(frozen.now)
    values = np.array([np.where(column < 0, np.nan, (column - 1) / 4) for column in block.columns]).T
    for at, item in enumerate(ITEMS):
        others = np.delete(values, at, axis=1)
        enough = (~np.isnan(others)).sum(axis=1) >= 11
        kept = enough & ~np.isnan(values[:, at])
        x, y, w = values[kept, at], np.nanmean(others[kept], axis=1), design.weights[kept]
        x, y = x - np.average(x, weights=w), y - np.average(y, weights=w)
        expected = np.sum(w * x * y) / np.sqrt(np.sum(w * x**2) * np.sum(w * y**2))
        assert rows[item]["importance_value"] == pytest.approx(expected, rel=1e-9)
        assert rows[item]["importance_n"] == kept.sum()
        assert "mean over the other items" in rows[item]["importance_method"]


def test_quadrants_meet_at_the_means_and_say_where_they_are_not_sure(run: Run, frozen: Frozen) -> None:
    document = told(run, "drivers", frozen.now)
    rows = document["drivers"]
    lines = [np.mean([row[f"{name}_value"] for row in rows]) for name in ("importance", "performance")]
    assert document["importance_line"] == pytest.approx(lines[0])
    assert document["performance_line"] == pytest.approx(lines[1])
    names = {
        (True, True): "keep_up",
        (True, False): "concentrate_here",
        (False, True): "possible_overkill",
        (False, False): "low_priority",
    }
    for row in rows:
        above = row["importance_value"] >= lines[0], row["performance_value"] >= lines[1]
        assert row["quadrant"] == names[above]
        touches = [
            row[f"{name}_ci_low"] <= line <= row[f"{name}_ci_high"]
            for name, line in zip(("importance", "performance"), lines, strict=True)
        ]
        assert row["uncertain"] is any(touches)


def test_an_item_on_satisfaction_overall_is_used_when_it_is_named(run: Run, frozen: Frozen) -> None:
    document = told(run, "drivers", frozen.now, "--overall", "F3.manner")
    design, block, _ = sample_of(frozen.now)
    columns = dict(zip(block.items, block.columns, strict=True))
    overall = columns.pop("F3.manner")
    expected = importance_performance(design, overall, columns, measure=TOP)
    rows = by(document["drivers"], "item")
    assert document["importance_against"] == "F3.manner"
    assert document["r_squared"]["value"] == pytest.approx(expected.details.r_squared.value, rel=EXACT)
    for one in expected.drivers:
        assert rows[one.item]["importance_value"] == pytest.approx(one.importance.value, rel=EXACT)
        assert (rows[one.item]["quadrant"], rows[one.item]["uncertain"]) == (one.quadrant, one.uncertain)
    assert "F3.manner" in run("drivers", frozen.now, "--overall", "F3.manner").stdout


@pytest.mark.parametrize(("item", "code"), [("khong-co", "SVY-404"), ("P1", "SVY-422-48")])
def test_an_item_that_cannot_be_overall_satisfaction_is_refused(
    run: Run, frozen: Frozen, item: str, code: str
) -> None:
    assert code in run("drivers", frozen.now, "--overall", item, ends=2).stderr


def test_a_questionnaire_of_one_item_has_no_drivers(run: Run, frozen: Frozen) -> None:
    assert "SVY-422-135" in run("drivers", frozen.counter, ends=2).stderr


# ---- change ----


def test_changes_are_those_of_the_direct_computation_in_one_family(run: Run, frozen: Frozen) -> None:
    document = told(run, "change", frozen.before, frozen.now)
    earlier, later = analysed(frozen.before), analysed(frozen.now)
    found = changes(earlier, later)
    expected = {(row.domain.value, row.statistic): row for row in found.rows}
    rows = by(document["changes"], "unit", "statistic")
    assert document["shared_psus"] == found.shared_psus == 37
    for (unit, statistic), row in rows.items():
        if (unit, statistic) == ("", "overall") or unit:
            one = expected[unit, "index"]
        elif statistic in ITEMS:
            one = expected["", statistic]
        else:
            continue
        assert row["change_value"] == pytest.approx(one.estimate.value, abs=EXACT)
        assert close(row["change_se"], one.estimate.se, 1e-10)
        assert close(row["p"], one.p, 1e-8)
    family = adjust_family([np.nan if row["p"] is None else row["p"] for row in rows.values()], name="table")
    assert document["family"]["tests"] == family.tests
    q = [np.nan if row["q"] is None else row["q"] for row in rows.values()]
    np.testing.assert_allclose(q, family.q, rtol=1e-12)
    assert len(rows) == len(USERS.formula().nodes()) + len(ITEMS) + len(UNITS)


def test_independent_rounds_add_their_variances(run: Run, frozen: Frozen) -> None:
    """Kish 1965, §12.4: without a shared cluster V(later - earlier) = V(later) + V(earlier)."""
    document = told(run, "change", frozen.before, frozen.now, "--independent")
    assert document["shared_psus"] == 0
    for row in document["changes"]:
        if row["change_se"] is not None:
            assert row["change_se"] == pytest.approx(np.hypot(row["earlier_se"], row["later_se"]), rel=1e-9)
    shared = by(told(run, "change", frozen.before, frozen.now)["changes"], "unit", "statistic")
    assert shared["", "overall"]["change_se"] != pytest.approx(
        by(document["changes"], "unit", "statistic")["", "overall"]["change_se"], rel=1e-3
    )


def test_everything_is_a_larger_family(run: Run, frozen: Frozen) -> None:
    document = told(run, "change", frozen.before, frozen.now, "--everything")
    statistics = len(USERS.formula().nodes()) + len(ITEMS)
    assert len(document["changes"]) == statistics * (1 + len(UNITS))
    assert document["family"]["name"] == "every index and item of the whole and of each unit"


def test_provinces_that_merged_are_compared_as_the_one_they_became(run: Run, frozen: Frozen) -> None:
    """Resolution 202/2025/QH15: Đắk Nông, Bình Thuận and Lâm Đồng became Lâm Đồng on 01/07/2025."""
    document = told(run, "change", frozen.old, frozen.merged)
    assert document["became"] == dict.fromkeys(OLD_PROVINCES, "p34-68")
    links = [(old, "p34-68") for old in OLD_PROVINCES]
    _, _, units = sample_of(frozen.old)
    earlier, later = analysed(frozen.old, units=succeed(units, links)), analysed(frozen.merged)
    (expected,) = changes(earlier, later, ["index"], domains=["p34-68"], succession=links).rows
    row = by(document["changes"], "unit", "statistic")["p34-68", "overall"]
    assert row["change_value"] == pytest.approx(expected.estimate.value, abs=EXACT)
    assert row["change_se"] == pytest.approx(expected.estimate.se, rel=1e-10)
    assert "Tỉnh Lâm Đồng trước đây là: " in run("change", frozen.old, frozen.merged).stdout


def test_a_unit_of_which_only_a_part_was_asked_before_has_no_change(
    run: Run, frozen: Frozen, sqlite_template: Path, tmp_path: Path
) -> None:
    store = open_store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'one.sqlite3')}", tmp_path)
    part = freeze_round(store, SetClock(), "mot-phan", year=2024, units={"p63-67": 0.1}).folder
    store.engine.dispose()
    document = told(run, "change", part, frozen.merged)
    assert document["without_change"]["only_part_before"] == ["p34-68"]
    assert {row["unit"] for row in document["changes"]} == {""}
    assert "Đợt trước chỉ có một phần: Tỉnh Lâm Đồng" in run("change", part, frozen.merged).stdout


def test_rounds_of_other_questions_have_nothing_to_compare(run: Run, frozen: Frozen) -> None:
    assert "SVY-4" in run("change", frozen.counter, frozen.now, ends=2).stderr
    result = run("change", frozen.counter, frozen.now, "--formula", "mean-score", ends=2)
    assert "không có tiêu chí chung" in result.stderr or "tính khác nhau" in result.stderr


# ---- all of them ----

COMMANDS = ("ranks", "quality", "small-areas", "drivers")


@pytest.mark.parametrize("command", COMMANDS)
def test_csv_holds_the_figures_of_the_json(run: Run, frozen: Frozen, command: str) -> None:
    document = told(run, command, frozen.now)
    rows = list(csv.DictReader(io.StringIO(run(command, frozen.now, "--output", "csv").stdout)))
    tables = {name: value for name, value in document.items() if isinstance(value, list)}
    assert len(rows) == sum(len(table) for table in tables.values())
    for row in rows:
        table = tables[row["table"]] if "table" in row else next(iter(tables.values()))
        assert any(all(_same(row[name], value) for name, value in one.items()) for one in table)


def _same(cell: str, value: object) -> bool:
    if value is None:
        return cell == ""
    if isinstance(value, bool):
        return cell == str(value).lower()
    return float(cell) == value if isinstance(value, int | float) else cell == value


@pytest.mark.parametrize("command", COMMANDS)
def test_a_snapshot_that_is_not_there_or_was_changed_ends_with_status_2(
    run: Run, frozen: Frozen, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEY_INSTANCE", str(frozen.now.parents[1]))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{frozen.now.parents[1] / 'survey.sqlite3'}")
    assert "SVY-404-91" in run(command, "none-0001", ends=2).stderr
    changed = tmp_path / "changed"
    shutil.copytree(frozen.now, changed)
    data = next(path for path in changed.rglob("*.parquet"))
    data.chmod(0o600)
    data.write_bytes(data.read_bytes()[:-1] + b"x")
    assert "SVY-" in run(command, changed, ends=2).stderr
    assert "SVY-404" in run(command, frozen.now, "--formula", "none", ends=2).stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_code_is_as_good_as_a_folder_and_nothing_is_kept(
    run: Run, frozen: Frozen, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEY_INSTANCE", str(frozen.now.parents[1]))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{frozen.now.parents[1] / 'survey.sqlite3'}")
    with frozen.store.reading() as session:
        before = session.connection().exec_driver_sql("SELECT count(*) FROM audit_event").scalar()
    assert run(command, frozen.now.name).stdout == run(command, frozen.now).stdout
    with frozen.store.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM audit_event").scalar() == before


@pytest.mark.parametrize("command", COMMANDS)
def test_simulated_data_is_said_to_be_so_in_either_language(run: Run, frozen: Frozen, command: str) -> None:
    assert "DỮ LIỆU MÔ PHỎNG" in run(command, frozen.now).stdout
    english = run(command, frozen.now, "--language", "en").stdout
    assert "SIMULATED DATA" in english
    left = [word for word in ("khoảng", "hạng", "phiếu", "không", "đơn vị", "Cơ quan:") if word in english]
    assert left == []


# ---- what no command line reaches: columns that a later snapshot may have, and a review of everything ----


def _sample_with(folder: Path, **columns: list[str]) -> SnapshotSample:
    """Open a snapshot as one that keeps more columns than snapshots do today."""
    snapshot = read_snapshot(folder)
    table = snapshot.table
    for name, labels in columns.items():
        table = table.append_column(name, [labels])
    # A cached property keeps its value where an attribute stands.
    snapshot.__dict__["table"] = table
    return read_sample(snapshot)


def test_who_asked_and_which_device_are_looked_at_where_a_snapshot_keeps_them(frozen: Frozen) -> None:
    rows = read_snapshot(frozen.now).rows
    people = [f"điều tra viên {at % 5}" for at in range(rows)]
    sample = _sample_with(frozen.now, enumerator=people, device=["máy 1"] * 121 + ["máy 2"] * (rows - 121))
    found = data_quality(sample)
    _, block, _ = sample_of(frozen.now)
    values = np.array([np.where(column < 0, np.nan, (column - 1) / 4) for column in block.columns]).T
    expected = enumerator_effect(np.nanmean(values, axis=1), people, weights=sample.design.weights)
    assert found.enumerators is not None
    assert found.enumerators.icc == pytest.approx(expected.icc, abs=EXACT)
    (days,) = (line.finding for line in found.rules if line.word == "device_day")
    assert days is not None
    assert days.count == rows  # both devices sent more than 120 on the one day
    assert found.whole is None
    assert next(line for line in found.rules if line.word == "device_day").missing == "nothing_left"


def test_near_duplicates_are_left_to_the_command_where_the_pairs_are_too_many(frozen: Frozen) -> None:
    found = data_quality(read_sample(read_snapshot(frozen.now)), most_pairs=10)
    near = next(line for line in found.rules if line.word == "near_duplicate")
    assert (near.finding, near.missing) == (None, "not_looked_for")
    exact = next(line for line in found.rules if line.word == "exact_duplicate")
    assert exact.finding is not None
    assert exact.finding.count == 2
