"""The checker names every fault of the data, and the shipped data has none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.units import DATA, InvalidUnitData, check_units, load_units
from survey.units.problems import RULES

HEADER = "id,code,name,kind,parent_id,region,valid_from,valid_to,source"
PROVINCE = "t-1,01,Một,province,,,2025-07-01,,test"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of the shipped data, to be spoilt."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def test_the_shipped_data_has_no_problem() -> None:
    assert check_units(DATA) == ()


def test_every_shipped_file_names_its_source_in_its_first_lines() -> None:
    files = sorted(DATA.glob("*.csv"))
    assert len(files) == 7
    for path in files:
        head = path.read_text("utf-8").splitlines()[:4]
        assert any(line.startswith("# Source: ") for line in head), path.name


@pytest.mark.parametrize(
    ("row", "rules"),
    [
        ("c34-24733,99999,Bản sao,commune,p34-68,,2025-07-01,,test", {"duplicate_id"}),
        ("x,24733,Khác,commune,p34-68,,2025-07-01,,test", {"overlap"}),
        ("x,,kiến đức,commune,p34-68,,2026-01-01,,test", {"overlap"}),
        ("x,,Lạc,commune,p34-99,,2025-07-01,,test", {"missing_parent"}),
        ("x,,Lạc,commune,,,2025-07-01,,test", {"parent_level"}),
        ("x,,Lạc,commune,c34-24733,,2025-07-01,,test", {"parent_level"}),
        ("x,,Lạc,province,p34-68,,2025-07-01,,test", {"parent_level"}),
        ("x,,Lạc,commune,p34-68,,2025-06-30,,test", {"parent_dates"}),
        ("x,,Lạc,commune,p34-75,,2025-07-01,,test", {"parent_dates"}),
        ("x,,Lạc,province,,Tây Bắc,2025-07-01,,test", {"unknown_region"}),
        ("x,,Lạc,province,,Tây Nguyên,2025-07-01,,test", {"unknown_region"}),
        ("x,,Lạc,province,,,2025-07-01,2024-07-01,test", {"reversed_dates", "no_successor"}),
        ("x,,Lạc,commune,p34-68,,2025-07-01,2026-01-01,test", {"no_successor"}),
        ("x,,Lạc,county,p34-68,,2025-07-01,,test", {"value"}),
        ("x,,Lạc,commune,p34-68,,01/07/2025,,test", {"value"}),
        ("x,,Lạc,commune,p34-68,,20250701,,test", {"value"}),
        ("x,,Lạc,commune,p34-68,,2025-07-01,,", {"value"}),
        ("x,,Hoa\u0300,commune,p34-68,,2025-07-01,,test", {"value"}),
        ("x,,,county,p34-68,,,,", {"value"}),
        ("x,,Lạc,commune", {"cells"}),
    ],
)
def test_a_broken_row_of_units_is_named_by_file_and_line(folder: Path, row: str, rules: set[str]) -> None:
    (folder / "spoilt.csv").write_text(f"# Source: test\n{HEADER}\n{row}\n", "utf-8")
    problems = check_units(folder)
    assert {problem.rule for problem in problems} == rules
    assert {problem.where for problem in problems} <= {"spoilt.csv:3"}


@pytest.mark.parametrize(
    ("row", "rules"),
    [
        ("p63-67,p34-99,2025-07-01,merged,act,test", {"dangling"}),
        ("p63-67,p34-66,2025-07-02,merged,act,test", {"succession_dates"}),
        ("p34-68,p34-66,2025-07-01,merged,act,test", {"succession_dates"}),
        ("p63-67,p34-68,2025-07-01,merged,act,test", {"duplicate_link"}),
        ("p63-67,p34-68,2025-07-01,annexed,act,test", {"value"}),
    ],
)
def test_a_broken_link_is_named(folder: Path, row: str, rules: set[str]) -> None:
    path = folder / "successions.csv"
    path.write_text(path.read_text("utf-8") + row + "\n", "utf-8")
    assert {problem.rule for problem in check_units(folder)} == rules


def test_a_lost_link_leaves_a_province_without_a_successor(folder: Path) -> None:
    path = folder / "successions.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("p63-67,")), "utf-8")
    assert [(problem.rule, problem.subject) for problem in check_units(folder)] == [
        ("no_successor", "p63-67")
    ]


def test_an_alias_of_nobody_dangles(folder: Path) -> None:
    path = folder / "aliases.csv"
    path.write_text(path.read_text("utf-8") + "p63-00,Không\n", "utf-8")
    assert [problem.rule for problem in check_units(folder)] == ["dangling"]


def test_a_file_of_other_columns_is_told_which_ones_are_wanted(folder: Path) -> None:
    (folder / "communes_lam_dong.csv").write_text("code;name\n1;Một\n", "utf-8")
    (problem,) = check_units(folder)
    assert problem.rule == "columns"
    assert HEADER in problem.text("en")


def test_all_problems_come_at_once_in_reading_order(tmp_path: Path) -> None:
    bad = "x,,,county,p34-68,,,,"
    rows = "\n".join([HEADER, *[PROVINCE] * 9, bad])
    (tmp_path / "units.csv").write_text(rows, "utf-8")
    (tmp_path / "other.csv").write_bytes(b"\xff\xfe")
    problems = check_units(tmp_path)
    lines = [int(problem.where.partition(":")[2] or 0) for problem in problems]
    assert lines == sorted(lines)
    assert {"unreadable", "duplicate_id", "overlap", "value"} == {problem.rule for problem in problems}
    assert sum(problem.rule == "value" for problem in problems) == 4


def test_loading_refuses_broken_data_and_lists_every_problem(folder: Path) -> None:
    (folder / "spoilt.csv").write_text(f"{HEADER}\nx,,,county,p34-68,,,,\n", "utf-8")
    with pytest.raises(InvalidUnitData) as refused:
        load_units(folder)
    assert refused.value.code == "SVY-422-31"
    assert refused.value.places["count"] == 4
    assert refused.value.detail.count("spoilt.csv:2") == 4


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_in_a_file_break_the_checker(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "units.csv").write_bytes(HEADER.encode() + b"\n" + content)
    for problem in check_units(tmp_path):
        assert problem.text("vi").startswith("units.csv")


def test_a_file_saved_by_excel_on_windows_reads_the_same(tmp_path: Path) -> None:
    text = f"# Source: test\n{HEADER}\n{PROVINCE}\n"
    (tmp_path / "units.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert check_units(tmp_path) == ()
    assert [unit.name for unit in load_units(tmp_path).units] == ["Một"]


def test_the_version_is_that_of_the_data(folder: Path) -> None:
    same = load_units(folder)
    assert same.version == load_units().version
    assert len(same.version) == 64
    changed = folder.parent / "changed"
    shutil.copytree(folder, changed)
    path = changed / "aliases.csv"
    path.write_text(path.read_text("utf-8") + "p63-67,Dak Nong\n", "utf-8")
    assert load_units(changed).version != same.version


def test_line_endings_do_not_change_the_version(folder: Path) -> None:
    expected = load_units().version
    for path in folder.glob("*.csv"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_units(folder).version == expected


def test_the_data_is_read_once() -> None:
    assert load_units() is load_units()


def test_every_rule_says_it_in_both_languages() -> None:
    assert all(set(texts) == {"vi", "en"} and all(texts.values()) for texts in RULES.values())
