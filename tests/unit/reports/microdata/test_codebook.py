"""The codebook: every variable with its question, codes, counts, and how to declare the design."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from survey.reports import NOT_ASKED, SurveyDesign, write_microdata
from survey.reports.microdata import declarations
from tests.unit.reports.microdata.samples import HOSTILE, both, microdata, question

CODES = [5, 5, -1, None, NOT_ASKED, 1]


@pytest.fixture
def codebook(tmp_path: Path) -> dict[str, Any]:
    write_microdata(microdata({question("q"): CODES}), tmp_path / "mau.csv", "csv")
    read: dict[str, Any] = json.loads((tmp_path / "mau.codebook.json").read_text("utf-8"))
    return read


def test_counts_add_up_to_the_rows_of_every_variable(codebook: dict[str, Any]) -> None:
    for one in codebook["variables"]:
        assert (
            one["n_valid"] + one["n_missing"] + one["n_blank"] == codebook["snapshot"]["rows"] == len(CODES)
        )
    (asked,) = [one for one in codebook["variables"] if one["name"] == "q"]
    assert (asked["n_valid"], asked["n_missing"], asked["n_blank"]) == (3, 2, 1)
    assert {value["code"]: value["n"] for value in asked["values"]} == {1: 1, 5: 2, -1: 1, NOT_ASKED: 1}
    assert {value["code"]: value["stata"] for value in asked["values"] if value["missing"]} == {
        -1: ".a",
        NOT_ASKED: ".z",
    }


def test_it_names_its_sources_and_the_design(codebook: dict[str, Any]) -> None:
    assert codebook["snapshot"]["data_sha256"] == "a" * 64
    assert codebook["questionnaire"]["sha256"] == "b" * 64
    assert codebook["snapshot"]["exclusions"] == [{"reason": "partial", "count": 2}]
    design = codebook["design"]
    assert (design["strata"], design["psu"], design["weights"]) == ("stratum", "psu", "base_weight")
    names = {one["name"] for one in codebook["variables"]}
    for formula in codebook["formulas"]:
        for index in formula["indices"]:
            assert {name for term in index["terms"] for name in term["variables"]} <= names


def test_each_program_is_told_strata_psu_weights_and_the_rule_for_a_lonely_psu() -> None:
    """R survey 4.5 `svydesign`; Stata 18 [SVY] svyset; SPSS 29 CSPLAN."""
    told = declarations(SurveyDesign("tang", "cum", "trong_so", "adjust"))
    assert told["Stata"] == ("svyset cum [pweight=trong_so], strata(tang) singleunit(centered)",)
    assert told["R"][1] == 'options(survey.lonely.psu = "adjust")'
    assert "ids = ~cum, strata = ~tang, weights = ~trong_so" in told["R"][2]
    assert any("STRATA=tang CLUSTER=cum" in line for line in told["SPSS"])


def test_the_workbook_holds_the_same_and_runs_nothing(tmp_path: Path) -> None:
    answers = {question(f"q{at}", text): [5, -1] for at, text in enumerate(HOSTILE)}
    write_microdata(microdata(answers, units=["=1+1", "Xã"]), tmp_path / "mau.sav", "sav")
    book = openpyxl.load_workbook(tmp_path / "mau.codebook.xlsx")
    assert book.sheetnames == ["Ghi chú", "Biến", "Giá trị"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert book["Ghi chú"]["A1"].value == "DỮ LIỆU MÔ PHỎNG"
    read = json.loads((tmp_path / "mau.codebook.json").read_text("utf-8"))
    names = [row[0].value for row in book["Biến"].iter_rows(min_row=4)]
    assert names == [one["name"] for one in read["variables"]]
    codes = [(row[0].value, row[1].value) for row in book["Giá trị"].iter_rows(min_row=4)]
    assert codes == [(one["name"], value["code"]) for one in read["variables"] for value in one["values"]]


def test_the_whole_question_stands_in_the_codebook_where_a_format_cuts_it(tmp_path: Path) -> None:
    text = "Câu hỏi rất dài: " + "ế " * 250
    write_microdata(microdata({question("q", text): [1]}), tmp_path / "mau.dta", "dta")
    read = json.loads((tmp_path / "mau.codebook.json").read_text("utf-8"))
    (asked,) = [one for one in read["variables"] if one["name"] == "q"]
    assert asked["label"] == {"vi": text, "en": text} == {"vi": both(text).in_("vi"), "en": text}
