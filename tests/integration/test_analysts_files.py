"""A frozen round in analysts' formats, by command: every cell against the snapshot, and one index again."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from sqlalchemy import select

from survey.questionnaires import Questionnaire, load, load_shipped, visible_items
from survey.services.demo.plan import read_plan
from survey.services.frozen.microdata import microdata_of
from survey.services.frozen.variables import answer_columns
from survey.services.indices import compute_indices
from survey.services.routing_gaps import RoutingGaps, conditions
from survey.services.snapshots import freeze_snapshot
from survey.storage.models import AuditEventRow
from survey.storage.snapshots import file_sha256, read_snapshot
from survey.storage.store import Store
from survey.units import load_units
from tests.conftest import SetClock, both_databases
from tests.household_rounds import fill, household_round
from tests.integration.commands import Run
from tests.planned_rounds import fill_planned
from tests.rounds import COMMUNES, answer, make_round, somebody

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "analysis"
WORDS = "Cán bộ rất nhiệt tình, =1+1"


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The worked example, as a person runs it: it must need nothing of ours."""
    path = EXAMPLE / "reproduce_index.py"
    assert not re.search(r"^\s*(from|import) survey", path.read_text("utf-8"), re.MULTILINE)
    found = importlib.util.spec_from_file_location("reproduce_index", path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    monkeypatch.setitem(sys.modules, "reproduce_index", module)
    found.loader.exec_module(module)
    return module


def frozen_round(store: Store, clock: SetClock) -> Path:
    """Freeze a round with gaps, choices of several, and a third stratum that has one PSU."""
    code = household_round(store, clock)
    fill(store, clock, code)
    lonely = somebody(
        code, unit_id=COMMUNES[0], channel="paper", evidence="A", stratum="một mình", psu="1", base_weight=0.1
    )
    several = {"B1a.clear": "satisfied", "B1a.findable": "neutral", "A5": "many", "A5.steps": ["enquiry"]}
    answer(store, clock, code, several, lonely)
    return freeze_snapshot(store=store, clock=clock, round_code=code, actor="tests").folder


def expected_cells(folder: Path) -> list[dict[str, int | None]]:
    """Say row by row what each answer must be, from the snapshot's own codes, the plain way."""
    snapshot = read_snapshot(folder)
    asked = load(snapshot.questionnaire_raw)
    told = snapshot.manifest["columns"]
    return [_cells(asked, _answers(asked, told, row)) for row in snapshot.table.to_pylist()]


def _answers(asked: Questionnaire, told: Any, row: dict[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for item in asked.items:
        if item.kind == "multiple" and row[f"{item.id}/{item.scale.options[0].id}"] is not None:
            answers[item.id] = tuple(o.id for o in item.scale.options if row[f"{item.id}/{o.id}"])
        elif item.kind == "single" and row[item.id] is not None:
            answers[item.id] = {code: option for option, code in told[item.id]["codes"].items()}[row[item.id]]
    return answers


def _cells(asked: Questionnaire, answers: dict[str, Any]) -> dict[str, int | None]:
    visible, cells = visible_items(asked, answers), {}
    for item in asked.items:
        given, gap = answers.get(item.id), None if item.id in visible else -99
        if item.kind == "multiple":
            for option in item.scale.options:
                cells[f"{item.id}/{option.id}"] = gap if given is None else int(option.id in given)
        elif item.kind == "single":
            cells[item.id] = gap if given is None else _code(item.scale, given)
    return cells


def _code(scale: Any, given: str) -> int:
    option = scale.option(given)
    if option.excluded:
        return -1 - [o.id for o in scale.options if o.excluded].index(given)
    if option.value is not None:
        return option.value
    return 1 + [o.id for o in scale.options if not o.excluded].index(given)


READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    "parquet": lambda path: pq.read_table(path).to_pandas(),
    "csv": lambda path: pd.read_csv(path, encoding="utf-8-sig"),
    "sav": lambda path: pyreadstat.read_sav(path, user_missing=True)[0],
    "dta": lambda path: pyreadstat.read_dta(path, user_missing=True)[0],
}


@pytest.mark.parametrize("file_format", READERS)
def test_every_cell_is_the_snapshots_own(
    run: Run, store: Store, clock: SetClock, tmp_path: Path, file_format: str
) -> None:
    folder = frozen_round(store, clock)
    told = run("export", "sipas", "--format", file_format).output
    target = tmp_path / "exports" / f"so-lieu-sipas-0001.{file_format}"
    assert f"{target}  SHA-256 {file_sha256(target)}" in told
    frame, source = READERS[file_format](target), read_snapshot(folder)
    book = json.loads(target.with_suffix(".codebook.json").read_text("utf-8"))
    names = {one["source"]: one["name"] for one in book["variables"] if one["role"] == "answer"}
    letters = {
        one["name"]: {value["stata"][1:]: value["code"] for value in one["values"] if value["missing"]}
        for one in book["variables"]
    }
    cells = expected_cells(folder)
    assert len(frame) == len(cells) == source.rows == 25
    assert set(names) == set(cells[0])
    for at, row in enumerate(cells):
        for item, code in row.items():
            name = names[item]
            found = frame[name].iloc[at]
            found = letters[name].get(found, found)
            assert (None if pd.isna(found) else int(found)) == code, (at, item)
    weights = [weight.hex() for weight in source.weights().tolist()]
    assert [float(one).hex() for one in frame["base_weight"]] == weights
    units = source.table.column("unit").to_pylist()
    assert frame["unit_id"].tolist() == units
    assert frame["unit_name"].tolist() == [load_units().get(unit).full_name for unit in units]
    assert frame["psu_id"].astype(str).tolist() == source.table.column("psu").to_pylist()
    by_code = dict(zip(frame["stratum"], source.table.column("stratum").to_pylist(), strict=True))
    (strata,) = [one for one in book["variables"] if one["name"] == "stratum"]
    assert {value["code"]: value["label"]["vi"] for value in strata["values"]} == by_code
    places = set(zip(frame["stratum"], frame["psu_id"].astype(str), frame["psu"], strict=True))
    assert len(places) == len(set(frame["psu"])) == 9
    assert {int(code) for code in frame["channel"]} == {4, 5}
    assert set(frame["snapshot"]) == {"sipas-0001"}


@both_databases
def test_a_folder_alone_gives_the_same_bytes_and_needs_no_database(
    run: Run, store: Store, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = frozen_round(store, clock)
    run("export", "sipas-0001", "--format", "sav")
    with store.reading() as session:
        logged = list(
            session.scalars(select(AuditEventRow).where(AuditEventRow.action == "microdata exported"))
        )
    assert [(one.subject, one.details["format"], one.details["rows"]) for one in logged] == [
        ("sipas-0001", "sav", 25)
    ]
    elsewhere = tmp_path / "another-machine"
    shutil.copytree(folder, elsewhere)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'gone.sqlite3'}")
    target = tmp_path / "out.sav"
    run("export", str(elsewhere), "--format", "sav", "--output", str(target))
    assert target.read_bytes() == (tmp_path / "exports" / "so-lieu-sipas-0001.sav").read_bytes()
    assert "SVY-503-80" in run("export", "sipas-0001", "--format", "sav", ends=2).output
    assert not (tmp_path / "gone.sqlite3").exists()


@both_databases
def test_the_newest_snapshot_of_a_round_is_taken(run: Run, store: Store, clock: SetClock) -> None:
    frozen_round(store, clock)
    freeze_snapshot(store=store, clock=clock, round_code="sipas", actor="tests")
    assert "so-lieu-sipas-0002.csv" in run("export", "sipas", "--format", "csv").output
    assert "so-lieu-sipas-0001.csv" in run("export", "sipas-0001", "--format", "csv").output


def test_what_cannot_be_written_is_one_line_with_a_code_and_no_file(
    run: Run, store: Store, clock: SetClock, tmp_path: Path
) -> None:
    code = household_round(store, clock)
    out = tmp_path / "out.csv"
    target = ("--output", str(out))
    assert "SVY-404-91" in run("export", code, "--format", "csv", *target, ends=2).output
    fill(store, clock, code)
    run("snapshot", code)
    for words, told in (
        (("../../x", "--format", "csv", *target), "SVY-404-91"),
        (("none-0001", "--format", "csv", *target), "SVY-404-91"),
        ((code, "--format", "sav", *target), "SVY-422-191"),
    ):
        assert told in run("export", *words, ends=2).output
    nowhere = str(tmp_path / "no" / "a.csv")
    assert "a.csv" in run("export", code, "--format", "csv", "--output", nowhere, ends=1).output
    for words in (("--responses",), ("--comments",)):
        assert "--format" in run("export", code, "--format", "csv", *words, ends=2).output
    assert "xls" in run("export", code, "--format", "xls", ends=2).output
    assert not out.exists()
    assert not (tmp_path / "exports").exists()


def test_a_snapshot_that_was_changed_is_refused_by_hash_or_by_type(
    run: Run, store: Store, clock: SetClock, tmp_path: Path
) -> None:
    folder = frozen_round(store, clock)
    data, manifest = folder / "data" / "000001.parquet", folder / "manifest.json"
    table = pq.read_table(data)
    place = table.column_names.index("B1a.clear")
    wider = table.set_column(place, "B1a.clear", table.column("B1a.clear").cast(pa.int64()))
    unknown = table.set_column(place, "B1a.clear", pa.array([77] * table.num_rows, pa.int8()))
    data.chmod(0o600)
    pq.write_table(wider, data)
    assert "SVY-409-80" in run("export", str(folder), "--format", "csv", ends=2).output
    for changed in (wider, unknown, table.drop_columns(["B1a.clear"]), table.drop_columns(["base_weight"])):
        pq.write_table(changed, data)
        told = json.loads(manifest.read_text())
        told["data"]["sha256"] = told["data"]["batches"][0]["sha256"] = file_sha256(data)
        manifest.write_text(json.dumps(told))
        refused = run("export", str(folder), "--format", "csv", ends=2).output
        assert "SVY-409-81" in refused or "SVY-409-83" in refused
        assert "B1a.clear" in refused or "base_weight" in refused
    assert not list((tmp_path / "exports").glob("*"))


@pytest.mark.parametrize("file_format", READERS)
def test_no_word_of_a_comment_and_no_id_of_a_response_is_in_any_file(
    run: Run, store: Store, clock: SetClock, tmp_path: Path, file_format: str
) -> None:
    code = make_round(store, clock, counted_grades="ABC")
    who = somebody(code)
    answer(store, clock, code, {"rating": "satisfied", "reasons": ["waiting"], "comment": WORDS}, who)
    run("snapshot", code)
    run("export", code, "--format", file_format)
    frame = READERS[file_format](tmp_path / "exports" / f"so-lieu-{code}-0001.{file_format}")
    assert "comment" not in frame.columns
    assert frame["reasons_waiting"].tolist() == [1]
    assert frame["reasons_result"].tolist() == [0]
    for path in (tmp_path / "exports").iterdir():
        raw = path.read_bytes()
        assert WORDS.encode() not in raw
        assert who.response_id.hex.encode() not in raw.replace(b"-", b"")
        assert (
            b"03:00" not in raw.replace(clock.now().strftime("%H:%M:%S").encode(), b"")
            or path.suffix == ".json"
        )


def test_a_calibrated_weight_beside_the_base_weight_is_exported_too(
    store: Store, clock: SetClock, tmp_path: Path
) -> None:
    folder = frozen_round(store, clock)
    snapshot = read_snapshot(folder)
    heavier = pa.array(snapshot.weights() * 1.25)
    object.__setattr__(snapshot, "table", snapshot.table.append_column("calibrated_weight", heavier))
    data = microdata_of(snapshot)
    assert [one.name for one in data.variables if one.role == "weight"] == [
        "base_weight",
        "calibrated_weight",
    ]
    table = pa.Table.from_batches(list(data.checked()))
    assert table.column("calibrated_weight").to_pylist() == heavier.to_pylist()


def _asking(*followups: dict[str, Any]) -> Any:
    raw = json.loads(load_shipped("service-counter").raw)
    text = {"vi": "Ông/Bà hài lòng đến mức nào với câu trả lời?", "en": "How satisfied were you?"}
    raw["sections"].append(
        {
            "id": "followup",
            "title": {"vi": "Hỏi thêm", "en": "Further"},
            "items": [
                {"kind": "single", "role": "satisfaction", "scale": "satisfaction", "text": text, **one}
                for one in followups
            ],
        }
    )
    return load(json.dumps(raw, ensure_ascii=False).encode())


def test_a_gap_that_depends_on_a_comment_cannot_be_told_from_a_blank() -> None:
    questionnaire = _asking(
        {"id": "after-waiting", "show_if": {"item": "reasons", "in": ["waiting"]}},
        {"id": "after-comment", "show_if": {"answered": "comment"}},
        {"id": "after-that", "show_if": {"item": "after-comment", "in": ["satisfied"]}},
    )
    assert dict(conditions(questionnaire)) == {"after-waiting": {"reasons"}}
    missing = {one.item: one.variable.missing for one in answer_columns(questionnaire)}
    assert -99 in missing["after-waiting"]
    assert -99 not in (*missing["after-comment"], *missing["after-that"], *missing["rating"])
    reasons = {
        f"reasons/{o.id}": [None, False, o.id == "waiting"]
        for o in questionnaire.item("reasons").scale.options
    }
    batch = pa.RecordBatch.from_pydict({name: pa.array(cells, pa.bool_()) for name, cells in reasons.items()})
    assert RoutingGaps(questionnaire).not_asked(batch)["after-waiting"].tolist() == [True, True, False]


def test_a_questionnaire_without_routing_has_no_gaps() -> None:
    questionnaire = load_shipped("service-counter")
    assert dict(conditions(questionnaire)) == {}
    assert dict(RoutingGaps(questionnaire).not_asked(pa.RecordBatch.from_pydict({"x": [1]}))) == {}


def test_the_worked_example_gives_every_index_of_every_formula_and_unit_again(
    run: Run, store: Store, clock: SetClock, tmp_path: Path, example: ModuleType
) -> None:
    """Independent code, from the exported CSV, with a lonely PSU in the sample: 1e-9 relative."""
    folder = frozen_round(store, clock)
    run("export", str(folder), "--format", "csv", "--output", str(tmp_path / "mau.csv"))
    book = json.loads((tmp_path / "mau.codebook.json").read_text("utf-8"))
    snapshot = read_snapshot(folder)
    compared = 0
    for formula in book["formulas"]:
        computed = run("recompute", str(folder), "--formula", formula["id"], "--output", "json").output
        figures = json.loads(computed)
        assert figures["result_sha256"] == compute_indices(snapshot, formula_id=formula["id"]).result_sha256
        variables = sorted(
            {name for one in formula["indices"] for term in one["terms"] for name in term["variables"]}
        )
        responses = example.read_responses(tmp_path / "mau.csv", book, variables)
        for index in formula["indices"]:
            for unit in ("", *COMMUNES[:2]):
                found = example.estimate(responses, formula, index["terms"], unit)
                found |= {"formula": formula["id"], "index": index["id"], "unit": unit}
                assert example.differences(found, figures) == [], found
                compared += 1
    assert compared > 100
    assert "lonely PSU: adjust" in figures["figures"][0]["method"]


def test_the_worked_example_sees_a_changed_answer(
    run: Run, store: Store, clock: SetClock, tmp_path: Path, example: ModuleType
) -> None:
    folder = frozen_round(store, clock)
    target = tmp_path / "mau.csv"
    run("export", str(folder), "--format", "csv", "--output", str(target))
    figures = json.loads(run("recompute", str(folder), "--output", "json").output)
    told = list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig"))))
    told[0]["B1a_clear"] = "1" if told[0]["B1a_clear"] in ("4", "5") else "5"
    with target.open("w", encoding="utf-8-sig", newline="") as made:
        lines = csv.DictWriter(made, list(told[0]))
        lines.writeheader()
        lines.writerows(told)
    found = example.reproduce(target, tmp_path / "mau.codebook.json", "", "", "")
    assert example.differences(found, figures)


def test_the_page_of_the_worked_example_shows_what_comes_out(
    run: Run, store: Store, clock: SetClock, tmp_path: Path, example: ModuleType
) -> None:
    """The citizens' round of the demonstration: seeded, so its figures are the same on every machine."""
    plan = read_plan()
    wanted = plan.rounds[0]
    fill_planned(store, clock, plan, wanted)
    freeze_snapshot(store=store, clock=clock, round_code=wanted["code"], actor="tests")
    told = run("export", wanted["code"], "--format", "csv").output
    page = (EXAMPLE / "README.md").read_text("utf-8")
    assert told.splitlines()[0] in page
    data = tmp_path / "exports" / "so-lieu-sipas-2026-0001.csv"
    found = example.reproduce(data, data.with_suffix(".codebook.json"), "", "", "")
    for name, figure in found.items():
        shown = re.search(rf"^{name} +(\S*)$", page, re.MULTILINE)
        assert shown is not None, name
        if isinstance(figure, float):
            assert float(shown[1]) == pytest.approx(figure, rel=1e-12)
        else:
            assert shown[1] == str(figure)
    head = data.read_text("utf-8-sig").splitlines()[0].split(",")
    assert ",".join(head[:14]) in page


def test_the_r_script_uses_the_names_that_the_codebook_has(
    run: Run, store: Store, clock: SetClock, tmp_path: Path
) -> None:
    """R is not needed here: what the script reads by name must at least be there."""
    folder = frozen_round(store, clock)
    run("export", str(folder), "--format", "csv", "--output", str(tmp_path / "mau.csv"))
    book = json.loads((tmp_path / "mau.codebook.json").read_text("utf-8"))
    figures = json.loads(run("recompute", str(folder), "--output", "json").output)
    script = (EXAMPLE / "reproduce_index.R").read_text("utf-8")
    reached = set(re.findall(r"codebook((?:\$\w+)+)", script))
    assert {"$design$psu", "$design$strata", "$design$weights", "$design$lonely", "$formulas"} <= reached
    for path in reached:
        part: Any = book
        for key in path.split("$")[1:]:
            part = part[key]
    formula = book["formulas"][0]
    assert {"id", "default", "measure", "levels", "indices"} <= set(formula)
    assert {"id", "terms"} <= set(formula["indices"][0])
    assert {"weight", "variables"} <= set(formula["indices"][0]["terms"][0])
    assert set(re.findall(r"figures\$(\w+)", script)) <= set(figures)
    assert set(re.findall(r"told\$(\w+)", script)) <= set(figures["figures"][0])
    assert script.count("(") == script.count(")")
    assert script.count("{") == script.count("}")
