"""`survey estimate` as a person runs it: R's numbers, other forms of one answer, and everything refused."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from survey.cli import main
from survey.storage.snapshots import read_snapshot
from survey.storage.store import Store
from tests.conftest import SetClock
from tests.household_rounds import fill, household_round
from tests.integration.reference_requests import ASKED, UNSAID, Asked
from tests.rounds import freeze_and_compute

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("SURVEY_LANG", raising=False)

    def command(request: Any, *words: str, ends: int = 0) -> Result:
        path = tmp_path / "request.json"
        text = request if isinstance(request, str) else json.dumps(request, ensure_ascii=False)
        path.write_text(text, encoding="utf-8")
        result = CliRunner().invoke(main, ["estimate", str(path), *words])
        assert result.exit_code == ends, (result.output, result.stderr, result.exception)
        assert "Traceback" not in result.output
        return result

    return command


def answered(run: Run, request: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(request).stdout)
    return told


def close(found: object, expected: object, tolerance: float) -> None:
    """Compare at R's tolerance; what R gives as 0 but for rounding is no standard error here."""
    ours = np.array([np.nan if one is None else one for one in np.atleast_1d(found)], dtype=float)
    theirs = np.atleast_1d(np.array(expected, dtype=float))
    assert ours.shape == theirs.shape
    none = np.isnan(ours)
    np.testing.assert_allclose(ours[~none], theirs[~none], rtol=tolerance)
    assert (np.abs(theirs[none]) < 1e-10).all()


def column(lines: list[dict[str, Any]], name: str) -> list[Any]:
    return [line[name] for line in lines]


# --- R survey 4.5: tests/data/stats/reference.json ---


def of(*kinds: str) -> list[Asked]:
    return [asked for asked in ASKED if asked.result["kind"] in kinds]


@pytest.mark.parametrize("asked", of("stat", "ratio", "by"), ids=lambda asked: asked.id)
def test_estimates_are_those_of_r(run: Run, asked: Asked) -> None:
    told, r, tolerance = answered(run, asked.request), asked.result, asked.case["tol_rel"]
    lines = told["comparisons"] or told["estimates"]
    if r["kind"] == "by":
        lines = in_order(lines, r["groups"])
    close(column(lines, "estimate"), r["estimate"], tolerance)
    close(column(lines, "se"), r["se"], tolerance)
    if "cv" in r:
        close(column(lines, "cv"), np.abs(r["cv"]), tolerance)
    if asked.whole and "ci_t" in r and not told["comparisons"]:
        assert set(column(lines, "df")) == {r["df"]}
        known = [place for place, line in enumerate(lines) if line["se"] is not None]
        close([column(lines, "ci_low")[at] for at in known], np.array(r["ci_t"])[known, 0], tolerance)
        close([column(lines, "ci_high")[at] for at in known], np.array(r["ci_t"])[known, 1], tolerance)
    if "deff" in r:
        close(column(lines, "deff"), r["deff"], tolerance)


def in_order(lines: list[dict[str, Any]], groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = {tuple(sorted(line["domain"].items())): line for line in lines}
    assert len(found) == len(lines) == len(groups)
    return [found[tuple(sorted(group.items()))] for group in groups]


WITH_COVARIANCE = [
    asked
    for asked in of("stat", "by", "ratio")
    if asked.request["statistics"][0].get("covariance") and "vcov" in asked.result
]


@pytest.mark.parametrize("asked", WITH_COVARIANCE, ids=lambda asked: asked.id)
def test_covariances_are_those_of_r_with_their_rows_named(run: Run, asked: Asked) -> None:
    told, r = answered(run, asked.request), asked.result
    (table,) = told["covariances"]
    found, expected = np.array(table["matrix"], dtype=float), np.array(r["vcov"], dtype=float)
    assert len(table["rows"]) == len(found)
    zero = 1e-12 * np.abs(expected).max()
    np.testing.assert_allclose(found, expected, rtol=asked.case["tol_rel"], atol=max(zero, 1e-20))
    assert [row["estimate"] for row in table["rows"]] == column(told["estimates"], "estimate")


@pytest.mark.parametrize("asked", of("ciprop"), ids=lambda asked: asked.id)
def test_intervals_of_proportions_are_those_of_r(run: Run, asked: Asked) -> None:
    (line,) = answered(run, asked.request)["estimates"]
    r, tolerance = asked.result, asked.case["tol_rel"]
    close(line["estimate"], r["estimate"], tolerance)
    close([line["ci_low"], line["ci_high"]], r["ci"], tolerance)


@pytest.mark.parametrize(
    "asked", [*of("numeric"), *of("quantile", "htest", "table")], ids=lambda asked: asked.id
)
def test_single_figures_are_those_of_r(run: Run, asked: Asked) -> None:
    told, r, tolerance = answered(run, asked.request), asked.result, asked.case["tol_rel"]
    lines = told["estimates"]
    if asked.id.endswith("degf"):
        assert column(lines, "df") == [r["value"]]
    elif r["kind"] == "numeric":
        close(column(lines, "estimate"), r["value"], tolerance)
    elif r["kind"] == "quantile":
        (one,) = r["quantiles"]
        for name, theirs in (
            ("estimate", "quantile"),
            ("ci_low", "ci_low"),
            ("ci_high", "ci_high"),
            ("se", "se"),
        ):
            close(column(lines, name), one[theirs], tolerance)
    elif r["kind"] == "table":
        found = {(line["domain"]["stype"], line["level"]): line["estimate"] for line in lines}
        for row in r["rows"]:
            close(found[row["stype"], row["sch.wide"]], row["Freq"], tolerance)
    else:
        (line,) = told["comparisons"]
        close(line["estimate"], r["estimate"], tolerance)
        close(line["estimate"] / line["se"], r["statistic"], tolerance)


def test_all_reference_cases_but_those_a_request_cannot_say_are_checked() -> None:
    assert set(UNSAID) == {
        "clus1_post.weights",
        "clus1_rake.weights",
        "clus1_greg.weights",
        "clus1_calraking.weights",
        "clus1.chisq",
        "p.adjust_bh_holm",
    }
    assert len(ASKED) == 162


# --- One answer in every form ---

SMALL = (
    "stratum,psu,w,N,q1,q2,text,group,day\n"
    "A,1,2.5,40,5,4,có,nam,1\n"
    "A,1,1.5,40,3,NA,không,nữ,2\n"
    "A,2,2,40,4,4,có,nam,3\n"
    "A,3,1,40,2,5,không,nữ,4\n"
    "B,4,3,30,1,1,có,nam,5\n"
    "B,5,2,30,5,,có,nữ,6\n"
    "B,5,2,30,4,3,không,nam,7\n"
    "B,6,1,30,2,2,có,nữ,8\n"
)
DESIGN = {"weights": "w", "strata": "stratum", "psu": "psu"}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.csv"
    path.write_text(SMALL, encoding="utf-8")
    return path


def of_small(**told: Any) -> dict[str, Any]:
    statistics = told.pop("statistics", [{"kind": "mean", "items": ["q1", "q2"], "by": "group"}])
    return {"data": "small.csv", "design": DESIGN, "statistics": statistics} | told


EVERYTHING = of_small(
    title="Thử nghiệm",
    statistics=[
        {"id": "m", "kind": "mean", "items": ["q1", "q2"], "by": ["group"], "deff": True, "covariance": True},
        {"kind": "proportion", "items": ["text"], "where": {"stratum": ["A", "B"]}},
        {"kind": "quantile", "items": ["q1"], "probabilities": [0.5]},
        {"kind": "ratio", "items": ["q1"], "denominator": "q2"},
    ],
    compare=[
        {"id": "sex", "statistic": "m", "item": "q1", "domain": {"group": "nam"}, "other": {"group": "nữ"}},
        {"statistic": "m", "part": {"group": "nam"}},
    ],
)


def test_csv_holds_every_number_of_the_json(run: Run, small: Path) -> None:
    told = answered(run, EVERYTHING)
    rows = list(csv.DictReader(io.StringIO(run(EVERYTHING, "--output", "csv").stdout)))
    lines = [*told["estimates"], *told["comparisons"]]
    assert len(rows) == len(lines)
    for row, line in zip(rows, lines, strict=True):
        for name in ("estimate", "se", "ci_low", "ci_high", "df", "n"):
            assert row[name] == ("" if line[name] is None else repr(line[name]))
    assert [row["group"] for row in rows[:4]] == ["nam", "nam", "nữ", "nữ"]
    assert [row["comparison"] for row in rows[-3:]] == ["sex", "compare_2", "compare_2"]
    assert rows[-3]["compared_with"] == "group = nữ"
    assert rows[-1]["compared_with"] == "whole"


def test_the_workbook_holds_every_number_and_says_how_it_was_made(
    run: Run, small: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.xlsx"
    assert run(EVERYTHING, "--output", "xlsx", "--to", str(target)).stdout == ""
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["Ước lượng", "So sánh", "Hiệp phương sai m", "Ghi chú"]
    told = answered(run, EVERYTHING)
    head, *rows = book["Ước lượng"].iter_rows(values_only=True)
    assert len(rows) == len(told["estimates"])
    for row, line in zip(rows, told["estimates"], strict=True):
        found = dict(zip(head, row, strict=True))
        assert found["estimate"] == pytest.approx(line["estimate"], rel=1e-15)
        assert found["se"] == (None if line["se"] is None else pytest.approx(line["se"], rel=1e-15))
        assert found["method"] is not None
    matrix = [list(row[1:]) for row in book["Hiệp phương sai m"].iter_rows(min_row=2, values_only=True)]
    np.testing.assert_allclose(matrix, told["covariances"][0]["matrix"], rtol=1e-15)
    notes = dict(book["Ghi chú"].iter_rows(values_only=True))
    assert notes["data.sha256"] == hashlib.sha256(small.read_bytes()).hexdigest()
    assert notes["design.psus"] == 6


def test_a_workbook_comes_on_standard_output_when_no_file_is_named(run: Run, small: Path) -> None:
    made = run(EVERYTHING, "--output", "xlsx").stdout_bytes
    assert openpyxl.load_workbook(io.BytesIO(made)).sheetnames[0] == "Ước lượng"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", ("Ước lượng", "Chênh lệch", "Thiết kế: 2 tầng, 6 đơn vị mẫu")),
        ("en", ("Estimate", "Difference", "6 PSUs")),
    ],
)
def test_the_table_speaks_the_readers_language(
    run: Run, small: Path, monkeypatch: pytest.MonkeyPatch, language: str, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("SURVEY_LANG", language)
    told = run(EVERYTHING, "--output", "table").stdout
    for word in words:
        assert word in told


def test_json_in_a_file_is_the_json_on_standard_output(run: Run, small: Path, tmp_path: Path) -> None:
    target = tmp_path / "answer.json"
    target.write_text("an older answer", encoding="utf-8")
    run(EVERYTHING, "--to", str(target))
    assert target.read_text(encoding="utf-8") == run(EVERYTHING).stdout


def test_the_answer_says_which_data_design_and_version_it_came_from(run: Run, small: Path) -> None:
    told = answered(run, EVERYTHING)
    assert told["title"] == "Thử nghiệm"
    assert told["data"] == {
        "name": "small.csv",
        "format": "csv",
        "sha256": hashlib.sha256(small.read_bytes()).hexdigest(),
        "rows": 8,
    }
    assert told["survey_version"]
    assert (told["design"]["strata"], told["design"]["psus"], told["design"]["df"]) == (2, 6, 4)
    assert told["design"]["sum_of_weights"] == 15
    assert told["family"] == {
        "adjust": "bh",
        "method": "Benjamini-Hochberg 1995, false discovery rate",
        "tests": 3,
    }
    assert {cases for line in told["estimates"] for cases in [line["method"].split("; ")[1]]} == {
        "available cases"
    }


def test_a_parquet_file_gives_the_answer_of_its_csv(run: Run, small: Path, tmp_path: Path) -> None:
    table = pa_csv.read_csv(
        small, convert_options=pa_csv.ConvertOptions(null_values=["", "NA"], strings_can_be_null=True)
    )
    pq.write_table(table, tmp_path / "small.parquet")
    told, other = answered(run, EVERYTHING), answered(run, EVERYTHING | {"data": "small.parquet"})
    assert other["estimates"] == told["estimates"]
    assert other["comparisons"] == told["comparisons"]
    assert other["covariances"] == told["covariances"]
    assert other["design"] == told["design"]
    assert other["data"]["format"] == "parquet"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_frozen_snapshot_is_data_too(run: Run, store: Store, clock: SetClock, tmp_path: Path) -> None:
    code = household_round(store, clock)
    fill(store, clock, code, count=48)
    frozen, computed = freeze_and_compute(store, clock, code)
    told = {
        "data": str(frozen.folder),
        "design": {"weights": "base_weight", "strata": "stratum", "psu": "psu"},
        "statistics": [
            {"kind": "mean", "items": ["B1a.clear"]},
            {"kind": "mean", "items": ["B1a.clear"], "by": "unit"},
        ],
    }
    answer = answered(run, told)
    for line in answer["estimates"]:
        kept = computed.line("mean", "B1a.clear", line["domain"].get("unit", ""))
        assert line["estimate"] == pytest.approx(kept.value, rel=1e-12)
        assert line["se"] == pytest.approx(kept.se, rel=1e-12)
        assert line["n"] == kept.n
    assert len(answer["estimates"]) == 3
    contents = read_snapshot(frozen.folder).contents_sha256
    assert answer["data"]["sha256"] == contents
    assert (
        answered(run, told | {"data": {"path": str(frozen.folder), "sha256": contents}})["data"]["rows"]
        == frozen.rows
    )
    wrong = {"path": str(frozen.folder), "format": "snapshot", "sha256": "0" * 64}
    refused(run, told | {"data": wrong}, "SVY-409-150", "0" * 64)
    refused(run, told | {"data": {"path": "none", "format": "snapshot"}}, "SVY-409-83")


# --- What is refused: status 2, a message that names the place, and no output ---


def refused(run: Run, request: Any, code: str, *words: str, extra: tuple[str, ...] = ()) -> str:
    result = run(request, *extra, ends=2)
    assert result.stdout == ""
    assert result.stderr.startswith(f"{code}: ")
    for word in words:
        assert word in result.stderr, result.stderr
    return result.stderr


def rewritten(small: Path, change: Callable[[list[list[str]]], None]) -> None:
    rows = [line.split(",") for line in SMALL.splitlines()]
    change(rows)
    small.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")


def put(row: int, column: str, value: str) -> Callable[[list[list[str]]], None]:
    def change(rows: list[list[str]]) -> None:
        rows[row][rows[0].index(column)] = value

    return change


@pytest.mark.parametrize(
    ("value", "problem"), [("NA", "thiếu / missing"), ("", "thiếu / missing"), ("-1", "số âm / negative")]
)
def test_a_missing_or_negative_weight_is_refused(run: Run, small: Path, value: str, problem: str) -> None:
    rewritten(small, put(3, "w", value))
    refused(run, of_small(), "SVY-422-164", "“w”", "design.weights", "1 ô", problem, "dòng dữ liệu 3")


def test_a_psu_in_two_strata_is_refused_when_not_nested(run: Run, small: Path) -> None:
    rewritten(small, put(5, "psu", "3"))
    words = ("“psu”", "design.psu", "1 mã", '"nest": true')
    refused(run, of_small(), "SVY-422-159", *words)
    refused(run, of_small(design=DESIGN | {"nest": False}), "SVY-422-159", *words)
    assert answered(run, of_small(design=DESIGN | {"nest": True}))["design"]["psus"] == 6


def test_codes_that_start_anew_in_each_stratum_are_nested(run: Run, small: Path) -> None:
    rewritten(small, lambda rows: [put(row, "psu", str(row % 3))(rows) for row in range(1, 9)][0])
    assert answered(run, of_small())["design"]["psus"] == 6
    refused(run, of_small(design=DESIGN | {"nest": False}), "SVY-422-159")


def test_an_fpc_smaller_than_the_sample_is_refused(run: Run, small: Path) -> None:
    rewritten(small, lambda rows: [put(row, "N", "2")(rows) for row in range(1, 5)][0])
    refused(run, of_small(design=DESIGN | {"fpc": "N"}), "SVY-422-42", "nhỏ hơn mẫu", ": A.", "fpc: N")


def test_an_item_with_text_is_refused_by_column_count_and_row(run: Run, small: Path) -> None:
    rewritten(small, lambda rows: [put(row, "q1", "?")(rows) for row in (4, 6)][0])
    refused(run, of_small(), "SVY-422-153", "“q1”", "statistics[0].items", "2 ô", "dòng dữ liệu 4", "'?'")
    ratio = {"kind": "ratio", "items": ["q2"], "denominator": "text"}
    refused(run, of_small(statistics=[ratio]), "SVY-422-153", "“text”", "statistics[0].denominator", "8 ô")


@pytest.mark.parametrize(
    ("request_", "path"),
    [
        (of_small(design=DESIGN | {"weights": "weight"}), "design.weights"),
        (of_small(design=DESIGN | {"psu": ["psu", "house"]}), "design.psu"),
        (of_small(statistics=[{"kind": "mean", "items": ["q1", "q9"]}]), "statistics[0].items"),
        (of_small(statistics=[{"kind": "mean", "items": ["q1"], "by": "groups"}]), "statistics[0].by"),
        (of_small(statistics=[{"kind": "mean", "items": ["q1"], "where": {"x": 1}}]), "statistics[0].where"),
        (of_small(compare=[{"domain": {"groups": "nam"}}]), "compare[0]"),
        (of_small(calibrate={"kind": "linear", "totals": {"x": 5}}), "calibrate.totals.x"),
        (of_small(replicates={"columns": ["r1", "r2"]}), "replicates.columns"),
        (of_small(data={"path": "small.csv", "columns": ["absent"]}), "data.columns"),
    ],
)
def test_a_column_that_is_not_there_is_named_with_its_path(
    run: Run, small: Path, request_: Any, path: str
) -> None:
    refused(run, request_, "SVY-422-152", path)


@pytest.mark.parametrize(
    ("statistic", "code", "words"),
    [
        ({"where": {"group": "khác"}}, "SVY-422-158", ("statistics[0].where.group", "'khác'", "nam, nữ")),
        (
            {"where": {"group": "nam", "day": 2}},
            "SVY-422-157",
            ("statistics[0].where", "group = nam; day = 2"),
        ),
    ],
)
def test_an_empty_domain_is_refused(
    run: Run, small: Path, statistic: Any, code: str, words: tuple[str, ...]
) -> None:
    refused(run, of_small(statistics=[{"kind": "mean", "items": ["q1"], **statistic}]), code, *words)


def test_a_compared_domain_without_rows_is_refused(run: Run, small: Path) -> None:
    told = of_small(compare=[{"domain": {"group": "nam", "day": [2, 4]}}])
    refused(run, told, "SVY-422-157", "compare[0].domain")


@pytest.mark.parametrize(
    ("calibrate", "code", "words"),
    [
        ({"kind": "raking", "margins": {"group": {"nam": 10}}}, "SVY-422-101", ("group", "4 phiếu", "nữ")),
        (
            {"kind": "raking", "margins": {"group": {"nam": 9, "nữ": 9, "x": 1}}},
            "SVY-422-102",
            ("group", "x"),
        ),
        (
            {"kind": "rake", "margins": {"group": {"nam": 9, "nữ": 9}, "stratum": {"A": 9, "B": 8}}},
            "SVY-422-104",
            ("group", "18", "17"),
        ),
        ({"kind": "poststratify", "margins": {"q2": {"1": 5}}}, "SVY-422-49", ("q2", "calibrate.margins.q2")),
        ({"kind": "linear", "totals": {"q2": 50}}, "SVY-422-160", ("calibrate.totals.q2", "thiếu 2 ô")),
        (
            {"kind": "bounded", "bounds": [0.99, 1.01], "margins": {"group": {"nam": 90, "nữ": 5}}},
            "SVY-422-106",
            ("group=",),
        ),
    ],
)
def test_margins_that_do_not_match_the_data_are_refused(
    run: Run, small: Path, calibrate: Any, code: str, words: tuple[str, ...]
) -> None:
    refused(run, of_small(calibrate=calibrate), code, "calibrate", *words)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"weight": "w"}, "weight"),
        ({"design": {"weight": "w"}}, "design.weight"),
        (
            {"statistics": [{"kind": "mean", "items": ["q1"]}, {"kind": "mean", "item": ["q1"]}]},
            "statistics[1].item",
        ),
        (
            {"statistics": [{"kind": "mean", "items": ["q1"], "interval": {"lvl": 0.9}}]},
            "statistics[0].interval.lvl",
        ),
        ({"compare": [{"domain": {"group": "nam"}, "with": "whole"}]}, "compare[0].with"),
        ({"data": {"path": "small.csv", "hash": "1"}}, "data.hash"),
        (
            {"calibrate": {"kind": "raking", "margins": [{"column": "group", "total": {}}]}},
            "calibrate.margins[0].total",
        ),
        ({"replicates": {"kind": "JK1", "r": 5}}, "replicates.r"),
    ],
)
def test_unknown_keys_are_refused_everywhere_with_their_path(
    run: Run, small: Path, change: Any, path: str
) -> None:
    refused(run, of_small(**change), "SVY-422-150", f"{path}: không có khóa này")


def test_a_parquet_file_with_changed_types_is_refused(run: Run, tmp_path: Path) -> None:
    table = pa.table({"w": [1.0, 2.0], "q1": ["4", "5"], "group": ["a", "b"]})
    pq.write_table(table, tmp_path / "data.parquet")
    told = {
        "data": "data.parquet",
        "design": {"weights": "w"},
        "statistics": [{"kind": "mean", "items": ["q1"]}],
    }
    refused(run, told, "SVY-422-156", "“q1”", "statistics[0].items", "string", "number")
    declared = {"path": "data.parquet", "types": {"group": "integer", "w": "number"}}
    counted = [{"kind": "proportion", "items": ["q1"]}]
    refused(
        run, told | {"data": declared, "statistics": counted}, "SVY-422-156", "“group”", "data.types.group"
    )


def test_a_file_with_a_wrong_hash_is_refused(run: Run, small: Path) -> None:
    right = hashlib.sha256(small.read_bytes()).hexdigest()
    answered(run, of_small(data={"path": "small.csv", "sha256": right.upper()}))
    small.write_text(SMALL.replace("2.5", "2.6"), encoding="utf-8")
    refused(run, of_small(data={"path": "small.csv", "sha256": right}), "SVY-409-150", "small.csv", right)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (SMALL + "B,6,1,30,2\n", "SVY-422-154", ("Dòng 10", "5 ô", "9 ô")),
        (SMALL.replace("q2", "q1"), "SVY-422-155", ("tên cột lặp lại", "q1")),
        (SMALL.splitlines()[0] + "\n", "SVY-422-155", ("không có dòng nào",)),
        ("", "SVY-422-155", ("không có dòng tiêu đề",)),
        (SMALL + 'B,6,1,30,2,2,"có,nữ,9\n', "SVY-422-155", ("dấu nháy không đóng",)),
    ],
)
def test_a_broken_csv_is_refused(run: Run, small: Path, text: str, code: str, words: tuple[str, ...]) -> None:
    small.write_text(text, encoding="utf-8")
    refused(run, of_small(), code, "small.csv", *words)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "dòng / line 1"),
        ('{"data": "a", "data": "b", "statistics": []}', "'data'"),
        ('{"data": "a", "level": NaN, "statistics": []}', "NaN"),
    ],
)
def test_a_request_that_is_no_json_is_refused(run: Run, text: str, word: str) -> None:
    refused(run, text, "SVY-422-151", "request.json", word)


def test_a_file_that_is_not_there_is_refused(run: Run, tmp_path: Path) -> None:
    refused(run, of_small(), "SVY-404-150", "small.csv")
    result = CliRunner().invoke(main, ["estimate", str(tmp_path / "none.json")])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("SVY-404-150: ")


def test_a_stratum_with_one_psu_is_named(run: Run, small: Path) -> None:
    rewritten(small, lambda rows: [put(row, "psu", "4")(rows) for row in range(5, 9)][0])
    refused(run, of_small(), "SVY-422-41", ": B.")
    told = answered(run, of_small(design=DESIGN | {"lonely": "certainty"}))
    assert told["design"]["lonely_strata"] == ["B"]
    assert any("B" in note["en"] for note in told["notes"])


@pytest.mark.parametrize("form", ["json", "table", "csv", "xlsx"])
def test_whatever_is_refused_leaves_no_file_and_keeps_an_older_one(
    run: Run, small: Path, tmp_path: Path, form: str
) -> None:
    target = tmp_path / f"out.{form}"
    told = of_small(statistics=[{"kind": "mean", "items": ["q1"]}, {"kind": "mean", "items": ["text"]}])
    refused(run, told, "SVY-422-153", extra=("--output", form, "--to", str(target)))
    assert not target.exists()
    target.write_bytes(b"older")
    refused(run, told, "SVY-422-153", extra=("--output", form, "--to", str(target)))
    assert target.read_bytes() == b"older"
    assert {path.name for path in tmp_path.iterdir()} == {"request.json", "small.csv", target.name}


def test_a_folder_that_is_not_there_is_no_place_to_write_to(run: Run, small: Path, tmp_path: Path) -> None:
    refused(run, EVERYTHING, "SVY-422-165", extra=("--to", str(tmp_path / "none" / "a.json")))


def test_messages_speak_english_too(run: Run, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_LANG", "en")
    refused(run, of_small(foo=1), "SVY-422-150", "foo: unknown key; the keys are")


def test_no_figure_of_the_json_is_nan_or_infinite(run: Run, small: Path) -> None:
    def numbers(value: Any) -> Any:
        if isinstance(value, dict):
            return [one for inner in value.values() for one in numbers(inner)]
        if isinstance(value, list):
            return [one for inner in value for one in numbers(inner)]
        return [value] if isinstance(value, float) else []

    told = answered(
        run, of_small(statistics=[{"kind": "mean", "items": ["q2"], "by": ["group", "stratum", "day"]}])
    )
    assert all(math.isfinite(one) for one in numbers(told))
    assert {line["se"] for line in told["estimates"]} == {None}
    assert all("no_interval" in line["flags"] for line in told["estimates"])
