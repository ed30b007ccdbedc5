"""Answers to whole requests in memory: what must not change them, and what they must agree with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import Measure, SampleDesign, analyse
from survey.aggregation.request import (
    Answer,
    BadWeightColumn,
    MarginsDiffer,
    NoReplicateColumns,
    NoSuchColumn,
    NoSuchLabel,
    NotComparable,
    NotNested,
    TooLargeMatrix,
    answer_document,
    answer_text,
    estimate,
    run,
)
from survey.errors import SurveyError
from tests.unit.aggregation.request.tables import DESIGN, request, sample, shuffled, written

STATISTICS: list[dict[str, Any]] = [
    {"id": "m", "kind": "mean", "items": ["q1", "q2"], "by": ["sex", "year"], "covariance": True},
    {"kind": "total", "items": ["hours"], "deff": True},
    {"kind": "total", "items": ["q1"], "levels": [1, 5], "by": "sex"},
    {"kind": "proportion", "items": ["q1", "sex"], "interval": "wilson"},
    {"kind": "top_box", "items": ["q1", "q2", "q3"], "levels": [4, 5], "by": "year", "missing": "listwise"},
    {"kind": "ratio", "items": ["q1"], "denominator": "hours", "where": {"year": 2024}},
    {"kind": "quantile", "items": ["hours"], "probabilities": [0.25, 0.5], "by": "sex"},
    {"kind": "variance", "items": ["hours"]},
    {"kind": "index", "items": ["q1", "q2", "q3"], "levels": [4, 5], "by": "sex"},
    {"kind": "index", "items": ["q1", "q2"], "combination": "pooled"},
    {"kind": "alpha", "items": ["q1", "q2", "q3"], "by": "year"},
]
COMPARE: list[dict[str, Any]] = [
    {"statistic": "m", "domain": {"sex": "nam"}, "other": {"sex": "nữ"}},
    {"statistic": "m", "item": "q2", "part": {"year": 2024}},
]
EVERYTHING = request(STATISTICS, compare=COMPARE)


def figures(answer: Answer) -> np.ndarray:
    told = answer_document(answer)
    names = ("estimate", "se", "ci_low", "ci_high", "df", "n")
    lines = [*told["estimates"], *told["comparisons"]]
    return np.array([[line[name] for name in names] for line in lines], dtype=float)


@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=12)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    table = sample(seed=seed % 7)
    one, other = estimate(EVERYTHING, table=table), estimate(EVERYTHING, table=shuffled(table, seed))
    np.testing.assert_allclose(figures(other), figures(one), rtol=1e-9, atol=1e-12)
    assert [line.domain for line in other.lines] == [line.domain for line in one.lines]


@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=8)
def test_csv_parquet_and_a_table_in_memory_give_one_answer(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    folder, table = tmp_path_factory.mktemp("files"), sample(seed=seed)
    told = [answer_document(estimate(EVERYTHING, table=table))]
    for name in written(table, folder):
        (folder / "request.json").write_text(json.dumps(EVERYTHING | {"data": name}), encoding="utf-8")
        told.append(answer_document(estimate(folder / "request.json")))
    for key in ("estimates", "comparisons", "covariances", "design", "notes"):
        assert told[1][key] == told[2][key] == told[0][key]


@given(factor=st.floats(0.01, 1000))
@settings(deadline=None, max_examples=12)
def test_weights_times_a_constant_change_totals_only(factor: float) -> None:
    table = sample()
    at = table.column_names.index("w")
    scaled = table.set_column(at, "w", pa.array(table.column("w").to_numpy() * factor))
    one, other = estimate(EVERYTHING, table=table), estimate(EVERYTHING, table=scaled)
    for line, again in zip(one.lines, other.lines, strict=True):
        times = factor if line.kind == "total" else 1.0
        assert again.estimate.value == pytest.approx(times * line.estimate.value, rel=1e-9)
        assert again.estimate.se == (
            None if line.estimate.se is None else pytest.approx(times * line.estimate.se, rel=1e-8)
        )


def test_an_answer_is_what_the_room_computes_from_the_same_columns() -> None:
    table = sample()
    weights, stratum, psu = (table.column(name).to_pylist() for name in ("w", "stratum", "psu"))
    design = SampleDesign.build(weights=weights, strata=stratum, psu=psu)
    q1 = np.array([np.nan if value is None else value for value in table.column("q1").to_pylist()])
    sex = table.column("sex").to_pylist()
    analysis = analyse(design, {"q1": q1}, domains={"sex": sex}, measure=Measure("mean"))
    answer = estimate(request([{"id": "m", "kind": "mean", "items": ["q1"], "by": "sex"}]), table=table)
    for value in ("nam", "nữ"):
        assert answer.line("m", "q1", sex=value).estimate == analysis.estimate(value, "q1")


def test_a_condition_is_a_domain_and_keeps_the_whole_design() -> None:
    table = sample()
    inside = estimate(
        request([{"id": "m", "kind": "mean", "items": ["hours"], "where": {"sex": "nam"}}]), table=table
    )
    listed = estimate(request([{"id": "m", "kind": "mean", "items": ["hours"], "by": "sex"}]), table=table)
    assert inside.line("m").estimate == listed.line("m", sex="nam").estimate
    filtered = table.filter(pa.compute.equal(table.column("sex"), "nam"))
    without = estimate(request([{"id": "m", "kind": "mean", "items": ["hours"]}]), table=filtered)
    assert without.line("m").estimate.value == pytest.approx(inside.line("m").estimate.value)
    assert inside.design["rows"] == table.num_rows


def test_listwise_is_available_cases_of_the_complete_rows() -> None:
    table = sample()
    complete = pa.compute.and_(table.column("q1").is_valid(), table.column("q2").is_valid())
    columns = {
        name: pa.compute.if_else(complete, table.column(name), None)
        if name in ("q1", "q2")
        else table.column(name)
        for name in table.column_names
    }
    told = {"id": "m", "kind": "mean", "items": ["q1", "q2"]}
    listwise = estimate(request([told | {"missing": "listwise"}]), table=table)
    available = estimate(request([told]), table=pa.table(columns))
    for item in ("q1", "q2"):
        one, other = listwise.line("m", item).estimate, available.line("m", item).estimate
        assert (one.value, one.se, one.n) == pytest.approx((other.value, other.se, other.n))
        assert "listwise cases" in one.method
        assert "available cases" in other.method


def test_a_data_frame_is_a_table_too() -> None:
    table = sample()
    answer = estimate(EVERYTHING, table=table.to_pandas())
    np.testing.assert_array_equal(figures(answer), figures(estimate(EVERYTHING, table=table)))


@pytest.mark.parametrize("kind", ["quantile", "variance"])
def test_listwise_is_named_by_statistics_without_a_vector_too(kind: str) -> None:
    answer = estimate(request([{"kind": kind, "items": ["q1", "q2"], "missing": "listwise"}]), table=sample())
    n = {line.estimate.n for line in answer.lines}
    assert len(n) == 1
    assert all("listwise cases" in line.estimate.method for line in answer.lines)


def test_covariances_are_the_squares_of_the_standard_errors_on_their_diagonal() -> None:
    answer = estimate(EVERYTHING, table=sample())
    (table,) = answer.covariances
    se = [line.estimate.se for line in table.rows]
    np.testing.assert_allclose(np.sqrt(np.diag(table.matrix)), np.array(se, dtype=float), rtol=1e-12)
    np.testing.assert_allclose(table.matrix, table.matrix.T, rtol=1e-12, atol=1e-18)


def test_a_difference_agrees_with_the_covariance_of_its_two_estimates() -> None:
    told = {"id": "m", "kind": "mean", "items": ["hours"], "by": "sex", "covariance": True}
    compared = [{"domain": {"sex": "nam"}, "other": {"sex": "nữ"}}]
    answer = estimate(request([told], compare=compared), table=sample())
    (line,), (table,) = answer.comparisons, answer.covariances
    first, second = answer.line("m", sex="nam").estimate, answer.line("m", sex="nữ").estimate
    assert line.estimate.value == pytest.approx(first.value - second.value)
    variance = table.matrix[0, 0] + table.matrix[1, 1] - 2 * table.matrix[0, 1]
    assert line.estimate.se == pytest.approx(np.sqrt(variance), rel=1e-10)


def test_comparisons_stand_in_the_order_of_the_request_and_are_one_family() -> None:
    compared = [
        {"statistic": 1, "part": {"sex": "nam"}},
        {"statistic": 0, "part": {"sex": "nữ"}},
        {"statistic": 1, "part": {"sex": "nữ"}},
    ]
    told = [{"kind": "mean", "items": ["hours"]}, {"kind": "proportion", "items": ["q1"], "levels": [5]}]
    answer = estimate(request(told, compare=compared, adjust="holm"), table=sample())
    assert [line.id for line in answer.comparisons] == ["compare_1", "compare_2", "compare_3"]
    assert answer.family == {"adjust": "holm", "method": "Holm 1979, familywise error rate", "tests": 3}
    p = np.array([line.p for line in answer.comparisons])
    q = np.array([line.q for line in answer.comparisons])
    np.testing.assert_allclose(q[np.argmin(p)], min(3 * p.min(), 1))
    unadjusted = estimate(request(told, compare=compared, adjust="none"), table=sample())
    assert [line.q for line in unadjusted.comparisons] == [None] * 3


@pytest.mark.parametrize(
    ("compared", "word"),
    [
        ({"statistic": "x", "part": {"sex": "nam"}}, r"compare\[0\]\.statistic"),
        ({"statistic": 2, "part": {"sex": "nam"}}, r"compare\[0\]\.statistic"),
        ({"part": {"sex": "nam"}}, r"compare\[0\]\.statistic"),
        ({"statistic": 1, "part": {"sex": "nam"}}, "quantile"),
        ({"statistic": 0, "item": "q3", "part": {"sex": "nam"}}, "q3"),
        ({"statistic": 0, "level": 5, "part": {"sex": "nam"}}, "level 5"),
        ({"statistic": 0, "domains": [{"sex": "nam"}, {"sex": ["nam"]}]}, "itself"),
    ],
)
def test_what_cannot_be_compared_is_named(compared: Any, word: str) -> None:
    told = [{"kind": "mean", "items": ["q1"]}, {"kind": "quantile", "items": ["q1"]}]
    with pytest.raises(NotComparable, match=word):
        estimate(request(told, compare=[compared]), table=sample())


def test_levels_that_nobody_chose_are_shares_of_nought_but_unknown_words_are_refused() -> None:
    told = {"id": "p", "kind": "proportion", "items": ["q1"], "levels": [5, 9]}
    answer = estimate(request([told]), table=sample())
    nobody = answer.line("p", level=9).estimate
    assert (nobody.value, nobody.ci_low) == (0, 0)
    assert nobody.ci_high is not None
    for kind in ("proportion", "top_box"):
        with pytest.raises(NoSuchLabel, match=r"statistics\[0\]\.levels"):
            estimate(request([{"kind": kind, "items": ["sex"], "levels": ["khác"]}]), table=sample())


def test_every_convention_of_the_design_effect_is_given_where_it_is_asked_for() -> None:
    told = [
        {"id": str(deff), "kind": "mean", "items": ["hours"], "deff": deff} for deff in (False, True, "kish")
    ]
    plain, r, kish = estimate(request(told), table=sample()).lines
    assert plain.deffs is None
    assert r.deffs == kish.deffs
    assert r.deffs is not None
    assert (plain.deff, r.deff, kish.deff) == (
        r.deffs["with_replacement"],
        r.deffs["without_replacement"],
        r.deffs["kish"],
    )
    assert plain.estimate.n_eff == pytest.approx(plain.estimate.n / plain.deff)


def test_supplied_replicate_columns_give_the_variance_of_the_replicates_they_are() -> None:
    """JK1 by hand: each replicate leaves out one PSU (Wolter 2007, ch. 4)."""
    table, psus = sample(), [f"xã {one}" for one in range(15)]
    weights, psu = table.column("w").to_numpy(), np.array(table.column("psu").to_pylist())
    for place, left_out in enumerate(psus):
        table = table.append_column(
            f"repw{place + 1:02d}", pa.array(np.where(psu == left_out, 0, weights * 15 / 14))
        )
    told = [{"kind": "mean", "items": ["hours", "q1"], "by": "sex"}]
    design = {"weights": "w", "psu": "psu"}
    built = estimate(request(told, design=design, replicates={"kind": "JK1"}), table=table)
    named = [f"repw{place:02d}" for place in range(1, 16)]
    for replicates in (
        {"columns": "repw*", "kind": "JK1"},
        {"columns": "repw", "scale": 14 / 15},
        {"columns": "^repw[0-9]+$", "scale": 14 / 15},
        {"columns": named, "scale": 1.0, "rscales": [14 / 15] * 15},
        {"columns": named, "rscales": 14 / 15},
    ):
        given = estimate(request(told, design={"weights": "w"}, replicates=replicates), table=table)
        for one, other in zip(built.lines, given.lines, strict=True):
            assert other.estimate.value == pytest.approx(one.estimate.value, rel=1e-12)
            assert other.estimate.se == pytest.approx(one.estimate.se, rel=1e-9)
        assert given.replicates is not None
        assert given.replicates["replicates"] == 15


def test_factors_are_replicate_weights_once_multiplied() -> None:
    table = sample()
    weights = table.column("w").to_numpy()
    chance = np.random.default_rng(5).uniform(0.5, 1.5, (8, table.num_rows))
    for place, factor in enumerate(chance):
        table = table.append_column(f"f{place}", pa.array(factor)).append_column(
            f"r{place}", pa.array(factor * weights)
        )
    told = [{"kind": "mean", "items": ["hours"]}]
    one = estimate(request(told, replicates={"columns": "r[0-9]", "scale": 0.1}), table=table)
    other = estimate(
        request(told, replicates={"columns": "f[0-9]", "scale": 0.1, "combined": False}), table=table
    )
    assert other.lines[0].estimate.se == pytest.approx(one.lines[0].estimate.se, rel=1e-12)


def test_the_bootstrap_says_its_seed_and_repeats_itself() -> None:
    told = request(
        [{"kind": "mean", "items": ["hours"]}], replicates={"kind": "Rao-Wu", "replicates": 40, "seed": 7}
    )
    one, other = estimate(told, table=sample()), estimate(told, table=sample())
    assert answer_text(one) == answer_text(other)
    assert one.replicates is not None
    assert (one.replicates["seed"], one.replicates["generator"], one.replicates["replicates"]) == (
        7,
        "PCG64",
        40,
    )
    changed = estimate(told | {"replicates": {"kind": "Rao-Wu", "replicates": 40, "seed": 8}}, table=sample())
    assert changed.lines[0].estimate.se != one.lines[0].estimate.se


def test_a_pattern_that_nothing_fits_is_refused() -> None:
    with pytest.raises(NoReplicateColumns, match=r"replicates\.columns"):
        estimate(request([STATISTICS[1]], replicates={"columns": "repw*"}), table=sample())


CALIBRATED = [{"kind": "mean", "items": ["hours", "q1"], "by": "year"}, {"kind": "total", "items": ["hours"]}]


def test_levels_named_as_r_names_them_are_margins() -> None:
    table = sample().drop_columns(["sex"])
    margins = {"stratum": {"tầng 0": 40, "tầng 1": 50, "tầng 2": 60}}
    one = estimate(request(CALIBRATED, calibrate={"kind": "linear", "margins": margins}), table=table)
    totals = {"(Intercept)": 150, "stratumtầng 1": 50, "stratumtầng 2": 60}
    other = estimate(request(CALIBRATED, calibrate={"kind": "greg", "totals": totals}), table=table)
    np.testing.assert_allclose(figures(other), figures(one), rtol=1e-9)
    assert one.calibration is not None
    assert one.calibration["sum_of_weights"] == pytest.approx(150)
    assert one.calibration["converged"]
    assert [total["target"] for total in one.calibration["totals"]] == [40, 50, 60]  # type: ignore[attr-defined]  # a list of totals


def test_post_strata_of_two_columns_are_their_crossing() -> None:
    table = sample().drop_columns(["sex"])
    cells = [
        {"stratum": f"tầng {at}", "year": year, "total": 10 + at + year % 2}
        for at in range(3)
        for year in (2023, 2024)
    ]
    margin = {"column": ["stratum", "year"], "totals": cells}
    one = estimate(request(CALIBRATED, calibrate={"kind": "poststratify", "margins": [margin]}), table=table)
    crossed = [
        f"{a}|{b}" for a, b in zip(table["stratum"].to_pylist(), table["year"].to_pylist(), strict=True)
    ]
    table = table.append_column("cell", pa.array(crossed))
    totals = {f"{cell['stratum']}|{cell['year']}": cell["total"] for cell in cells}
    other = estimate(
        request(CALIBRATED, calibrate={"kind": "poststratify", "margins": {"cell": totals}}), table=table
    )
    np.testing.assert_allclose(figures(other), figures(one), rtol=1e-12)


def test_raking_reaches_its_margins_by_either_way_and_each_says_its_variance() -> None:
    table = sample().drop_columns(["sex"])
    margins = {"stratum": {"tầng 0": 40, "tầng 1": 50, "tầng 2": 60}, "year": {"2023": 70, "2024": 80}}
    made = {
        kind: estimate(request(CALIBRATED, calibrate={"kind": kind, "margins": margins}), table=table)
        for kind in ("rake", "raking")
    }
    one, other = made["rake"], made["raking"]
    assert one.lines[0].estimate.value == pytest.approx(other.lines[0].estimate.value, rel=1e-8)
    assert one.calibration is not None
    assert other.calibration is not None
    assert "R rake" in str(one.calibration["variance"])
    assert "R calibrate" in str(other.calibration["variance"])
    for line in other.lines:
        assert "calibrated by raking distance" in line.estimate.method


@pytest.mark.parametrize(
    ("calibrate", "error", "word"),
    [
        ({"kind": "linear", "totals": {"stratumx": 5}}, MarginsDiffer, r"calibrate\.totals\.stratumx"),
        ({"kind": "linear", "totals": {"nothing": 5}}, NoSuchColumn, r"calibrate\.totals\.nothing"),
        ({"kind": "linear", "totals": {"q1": 5}}, MarginsDiffer, r"calibrate\.totals\.q1"),
        (
            {
                "kind": "rake",
                "margins": [
                    {"column": "year", "totals": [{"year": 2023, "total": 5}, {"year": "2023", "total": 6}]}
                ],
            },
            MarginsDiffer,
            "2023",
        ),
    ],
)
def test_totals_that_do_not_fit_the_data_are_named(
    calibrate: Any, error: type[SurveyError], word: str
) -> None:
    with pytest.raises(error, match=word):
        estimate(request(CALIBRATED, calibrate=calibrate), table=sample())


def test_strata_of_two_columns_are_crossed() -> None:
    table = sample()
    crossed = [
        f"{a} {b}" for a, b in zip(table["stratum"].to_pylist(), table["year"].to_pylist(), strict=True)
    ]
    told = [{"kind": "mean", "items": ["hours"]}]
    one = estimate(request(told, design={"weights": "w", "strata": ["stratum", "year"]}), table=table)
    other = estimate(
        request(told, design={"weights": "w", "strata": "cell"}),
        table=table.append_column("cell", pa.array(crossed)),
    )
    assert one.lines[0].estimate == other.lines[0].estimate
    assert one.design["strata"] == 6


def test_psu_codes_that_start_anew_are_nested_and_others_are_refused() -> None:
    table = sample()
    anew = [int(str(one).removeprefix("xã ")) // 3 for one in table["psu"].to_pylist()]
    at = table.column_names.index("psu")
    told = request([{"kind": "mean", "items": ["hours"]}])
    same = estimate(told, table=table.set_column(at, "psu", pa.array(anew)))
    np.testing.assert_allclose(figures(same), figures(estimate(told, table=table)), rtol=1e-12)
    assert same.design["psus"] == 15
    moved = ["xã 1" if one == "xã 3" else one for one in table["psu"].to_pylist()]
    with pytest.raises(NotNested, match="xã 1"):
        estimate(told, table=table.set_column(at, "psu", pa.array(moved)))
    nested = request([{"kind": "mean", "items": ["hours"]}], design=DESIGN | {"nest": True})
    assert estimate(nested, table=table.set_column(at, "psu", pa.array(moved))).design["psus"] == 15


def test_a_sample_of_two_stages_takes_its_sizes_from_columns() -> None:
    table = (
        sample()
        .append_column("house", pa.array([f"hộ {one}" for one in range(60)]))
        .append_column("M", pa.array([20] * 60))
    )
    design = DESIGN | {"psu": ["psu", "house"], "fpc": ["size", "M"]}
    told = [{"kind": "mean", "items": ["hours"]}]
    two = estimate(request(told, design=design), table=table)
    one = estimate(request(told, design=DESIGN | {"fpc": "size"}), table=table)
    assert two.design["fpc"] == "stages 1 and 2"
    assert two.design["second_stage_units"] == 60
    assert two.lines[0].estimate.se > one.lines[0].estimate.se


def test_without_weights_they_follow_from_sizes_or_count_rows() -> None:
    told = [{"kind": "total", "items": ["size"]}]
    sized = estimate(request(told, design={"strata": "stratum", "psu": "psu", "fpc": "size"}), table=sample())
    assert sized.design["sum_of_weights"] == pytest.approx(60 * 30 / 5)
    plain = estimate(request(told, design={}), table=sample())
    assert plain.design["sum_of_weights"] == 60
    assert [len(answer.notes) for answer in (sized, plain)] == [1, 1]


@pytest.mark.parametrize(("value", "problem"), [(None, "missing"), (-0.5, "negative")])
def test_a_weight_that_is_none_is_named_with_its_column_count_and_row(
    value: float | None, problem: str
) -> None:
    table = sample()
    weights = table.column("w").to_pylist()
    weights[7] = weights[9] = value
    bad = table.set_column(table.column_names.index("w"), "w", pa.array(weights))
    with pytest.raises(BadWeightColumn, match=problem) as caught:
        estimate(request([STATISTICS[1]]), table=bad)
    assert (caught.value.places["count"], caught.value.places["row"]) == (2, 8)


def test_rows_without_a_label_and_weights_of_nought_are_told() -> None:
    table = sample()
    weights = table.column("w").to_pylist()
    weights[0] = 0.0
    changed = table.set_column(0, "w", pa.array(weights))
    answer = estimate(request([{"kind": "mean", "items": ["hours"], "by": "sex"}]), table=changed)
    said = " ".join(en for _, en in answer.notes)
    assert "1 rows have weight 0" in said
    assert f"{table['sex'].null_count} rows have no value in column “sex”" in said


def test_an_index_whose_weights_are_no_average_says_so() -> None:
    told = {"kind": "index", "items": ["q1", "q2"], "index_weights": [2, 1]}
    answer = estimate(request([told]), table=sample())
    assert any("sum to 3" in en for _, en in answer.notes)


def test_a_domain_too_small_for_alpha_is_flagged_and_the_others_are_computed() -> None:
    table = sample().append_column("id", pa.array(["lẻ" if one == 0 else "chung" for one in range(60)]))
    told = [{"id": "a", "kind": kind, "items": ["q1", "q2", "q3"], "by": "id"} for kind in ("alpha",)]
    answer = estimate(request(told), table=table)
    assert answer.line("a", id="lẻ").estimate.flags == ("too_few_cases", "no_interval")
    assert answer.line("a", id="chung").estimate.value is not None


def test_drivers_come_with_importance_performance_and_quadrant() -> None:
    told = {
        "id": "d",
        "kind": "importance_performance",
        "items": ["q1", "q2"],
        "outcome": "hours",
        "levels": [4, 5],
    }
    answer = estimate(request([told]), table=sample(rows=300))
    lines = answer_document(answer)["estimates"]
    assert [(line["item"], line["measure"]) for line in lines] == [
        ("q1", "importance"),
        ("q1", "performance"),
        ("q2", "importance"),
        ("q2", "performance"),
    ]
    assert all(line["quadrant"] for line in lines)
    top = estimate(
        request([{"id": "t", "kind": "top_box", "items": ["q1"], "levels": [4, 5]}]), table=sample(rows=300)
    )
    assert lines[1]["estimate"] == pytest.approx(top.line("t").estimate.value)


def test_a_matrix_that_nobody_can_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "MOST_MATRIX_ROWS", 3)
    with pytest.raises(TooLargeMatrix, match=r"statistics\[0\]\.covariance"):
        estimate(EVERYTHING, table=sample())


def test_an_interval_that_does_not_fit_is_refused_at_its_statistic() -> None:
    for kind, method in (("mean", "wilson"), ("quantile", "normal")):
        with pytest.raises(SurveyError) as caught:
            estimate(request([{"kind": kind, "items": ["hours"], "interval": method}]), table=sample())
        assert caught.value.detail == "statistics[0]"


def test_names_of_the_data_in_either_form_of_unicode_are_one_name() -> None:
    table = pa.table({"điểm": [1, 2, 3, 4], "nhóm": ["à", "à", "b", "b"]})
    told = {"data": "a", "statistics": [{"id": "m", "kind": "mean", "items": ["điểm"], "by": "nhóm"}]}
    answer = estimate(told, table=table)
    assert [line.estimate.n for line in answer.lines] == [2, 2]


def test_json_keeps_every_digit(tmp_path: Path) -> None:
    answer = estimate(EVERYTHING, table=sample())
    told = json.loads(answer_text(answer))
    for line, kept in zip(answer.lines, told["estimates"], strict=True):
        assert kept["estimate"] == line.estimate.value
        assert kept["se"] == line.estimate.se
