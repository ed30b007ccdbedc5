"""`survey score set …` as an official uses it: a template, a check by path and cell, both forms of a set."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from survey.scoring import dump, load_file, load_shipped
from tests.integration.commands import run_command
from tests.unit.scoring.variants import FOLDER

TREE = "Cây tiêu chí"


def typed(path: Path, sheet: str, cell: str, value: object) -> None:
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def test_a_set_goes_into_a_workbook_and_comes_back(tmp_path: Path) -> None:
    book, back = tmp_path / "a.xlsx", tmp_path / "a.json"
    run_command("score", "set", "template", book, "--like", "par-876-blocks")
    assert "par-876-blocks" in run_command("score", "set", "check", book).output
    run_command("score", "set", "convert", book, back)
    assert back.read_bytes() == dump(load_shipped("par-876-blocks"))
    run_command("score", "set", "convert", back, tmp_path / "b.xlsx")
    run_command("score", "set", "check", tmp_path / "b.xlsx")


def test_an_empty_template_is_checked_cell_by_cell(tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    run_command("score", "set", "template", book)
    told = run_command("score", "set", "check", book, ends=1).output
    assert "B5" in told
    assert "/valid_from" in told
    assert "Ô này chưa điền" in told


def test_a_fault_is_told_by_cell_and_path_and_marked_in_a_workbook(tmp_path: Path) -> None:
    book, marked = tmp_path / "a.xlsx", tmp_path / "loi.xlsx"
    run_command("score", "set", "convert", FOLDER / "ha-nam-2023-exemptions.json", book)
    typed(book, TREE, "E5", 21)
    told = run_command("score", "set", "check", book, "--errors", marked, ends=1).output
    assert "/tree/1/maximum" in told
    assert "E5" in told
    assert "maxima_do_not_add_up" in told
    assert openpyxl.load_workbook(marked)[TREE]["E5"].comment is not None
    assert "E5" in run_command("score", "set", "convert", book, tmp_path / "b.json", ends=1).output
    assert not (tmp_path / "b.json").exists()


def test_days_that_another_set_claims_too_are_refused(tmp_path: Path) -> None:
    book, rival = tmp_path / "a.xlsx", FOLDER / "son-la-2211.json"
    run_command("score", "set", "convert", FOLDER / "son-la-2712.json", book)
    run_command("score", "set", "check", book, "--beside", rival)
    for cell in ("B13", "B14"):  # the set that it replaces
        typed(book, "Thông tin", cell, None)
    told = run_command("score", "set", "check", book, "--beside", rival, ends=1).output
    assert "B11" in told
    assert "same_day_claimed" in told


def test_a_local_set_that_leaves_its_framework_is_refused(tmp_path: Path) -> None:
    frame, local = FOLDER / "ha-noi-commune-framework.json", tmp_path / "local.xlsx"
    run_command("score", "set", "convert", FOLDER / "ha-noi-commune-local.json", local)
    run_command("score", "set", "check", local, "--framework", frame)
    for cell, points in (("E4", 45), ("E5", 20), ("E7", 55), ("E8", 40)):
        typed(local, TREE, cell, points)
    told = run_command("score", "set", "check", local, "--framework", frame, ends=1).output
    assert told.count("framework_maximum") == 2


def test_what_is_no_set_is_refused_in_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "a.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a workbook")
    assert "SVY-422-260" in run_command("score", "set", "check", broken, ends=2).output
    run_command("score", "set", "convert", FOLDER / "five-levels.json", tmp_path / "a.txt", ends=2)
    assert load_file(FOLDER / "five-levels.json").id == "five-levels"
