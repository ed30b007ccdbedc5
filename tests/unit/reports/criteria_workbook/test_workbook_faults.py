"""What is wrong in a criteria workbook is told by sheet and cell as well as by path."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from survey.reports.criteria_workbook import SHEET_CATALOGUE, write_criteria_workbook
from survey.reports.reading import error_workbook, read_sheets
from survey.scoring import load_shipped, overlap_problems
from tests.unit.reports.criteria_workbook.books import Changes, changed, checked, filled, told
from tests.unit.scoring.sample import built, groups, leaf, node
from tests.unit.scoring.variants import variant

FORMAT = Path(__file__).parents[4] / "docs" / "criteria-set-format.md"
INFO, TREE, RULES, BANDS = "Thông tin", "Cây tiêu chí", "Cách tính", "Xếp loại"
OPTIONS = [
    {"id": name, "name": {"vi": name, "en": name}, "points": points} for name, points in (("x", 40), ("y", 0))
]
#: Rows of the tree: 4 is a, 5 a1, 6 a2, 7 b. Rows of the rules: 4-5 options of a1, 6-9 of a2, 10 of b.
KEPT = built(
    node("a", 60, leaf("a1", 40, {"kind": "choice", "options": OPTIONS}),
         leaf("a2", 20, {"kind": "survey", "weighting": "weights", "groups": groups("g", "h", g=0.5, h=0.5)})),
    leaf("b", 40, {"kind": "threshold_linear", "threshold": 80}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # the content: the scoring room's checker, at the cell
        ({(TREE, "E5"): 41}, [(TREE, "E4", "/tree/0/maximum", "maxima_do_not_add_up"), (RULES, "E4", "/tree/0/children/0/rule/options", "choice_maximum")]),
        ({(TREE, "E7"): 39}, [(INFO, "B21", "/base", "maxima_do_not_add_up")]),
        ({(TREE, "H7"): None, (RULES, "C9"): None, (RULES, "D9"): None}, [(TREE, "H7", "/tree/1/rule", "leaf_without_rule")]),
        ({(TREE, "G7"): None}, [(TREE, "G7", "/tree/1/method", "leaf_without_method")]),
        ({(RULES, "L7"): 0.6}, [(RULES, "E7", "/tree/0/children/1/rule/groups", "weights_do_not_add_up")]),
        ({(RULES, "D9"): 180}, [(RULES, "D9", "/tree/1/rule/threshold", "threshold_above_full")]),
        ({(INFO, "B12"): date(2024, 1, 1)}, [(INFO, "B12", "/valid_to", "dates_reversed")]),
        ({(TREE, "L4"): "nowhere"}, [(TREE, "L4", "/tree/0/sources", "unknown_source")]),
        ({(TREE, "K7"): "z"}, [(TREE, "K7", "/tree/1/parts", "unknown_part")]),
        ({(INFO, "B28"): "a; zz"}, [(INFO, "B28", "/ranking/tie_break/1", "unknown_node")]),
        # a rule that refers to a missing item
        ({(RULES, "C9"): "Mã cuộc khảo sát", (RULES, "D9"): "nowhere", (TREE, "H7"): "Khảo sát"}, [(RULES, "D9", "/tree/1/rule/survey", "unknown_survey")]),
        # two scales
        ({(BANDS, "A4"): "own", (BANDS, "E4"): "A"}, [(BANDS, "A4", "/bands", "two_scales")]),
        # the cells: before the content
        ({(TREE, "E7"): "bốn mươi"}, [(TREE, "E7", "/tree/1/maximum", "not_number")]),
        ({(TREE, "E7"): date(2025, 5, 12)}, [(TREE, "E7", "/tree/1/maximum", "became_day")]),
        ({(TREE, "H7"): "Đoán"}, [(TREE, "H7", "/tree/1/rule/kind", "not_in_list")]),
        ({(TREE, "I7"): "có thể"}, [(TREE, "I7", "/tree/1/exemptible", "not_in_list")]),
        ({(INFO, "B11"): "tháng ba"}, [(INFO, "B11", "/valid_from", "not_day")]),
        ({(INFO, "B10"): "năm 2025"}, [(INFO, "B10", "/years", "not_years")]),
        ({(INFO, "A10"): "Năm nào"}, [(INFO, "A10", "", "fact_unknown")]),
        ({(INFO, "A12"): "Có hiệu lực từ ngày"}, [(INFO, "A12", "/valid_from", "fact_twice")]),
        ({(INFO, "B5"): None}, [(INFO, "B5", "/id", "cell_blank")]),
        ({(TREE, "D5"): None, (TREE, "C5"): None}, [(TREE, "C5", "/tree/0/children/0/name", "cell_blank")]),
        ({(RULES, "C9"): "Hệ số"}, [(TREE, "H7", "/tree/1/rule/threshold", "parameter_missing"), (RULES, "C9", "/tree/1/rule", "not_in_list")]),
        ({(RULES, "A10"): "b", (RULES, "C10"): "Ngưỡng bắt đầu có điểm (%)", (RULES, "D10"): 70}, [(RULES, "C10", "/tree/1/rule", "parameter_twice")]),
        ({(RULES, "A10"): "b", (RULES, "D10"): 70}, [(RULES, "D10", "/tree/1/rule", "value_without_parameter")]),
        ({(RULES, "A10"): "b", (RULES, "E10"): "x"}, [(RULES, "E10", "/tree/1/rule", "line_not_for_rule")]),
        ({(RULES, "A10"): "zz", (RULES, "D10"): 70}, [(RULES, "A10", "", "unknown_leaf_row")]),
        ({(TREE, "O3"): "Cột thêm", (TREE, "O4"): "x"}, [(TREE, "O3", "", "column_unknown")]),
        ({(TREE, "K3"): None}, [(TREE, "A3", "", "column_missing")]),
        ({(TREE, "E7"): "=20+20"}, [(TREE, "E7", "/tree/1/maximum", "formula")]),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_cell_and_its_path(
    changes: Changes, expected: list[tuple[str, str, str, str]]
) -> None:
    found = filled(KEPT, changes)
    assert told(found) == expected
    assert found.criteria_set is None
    assert all(one.text("vi") and one.text("en") for one in found.problems)


def test_an_id_that_stands_twice_is_told_at_the_second_row() -> None:
    found = filled(built(leaf("a", 50), leaf("c", 50)), {(TREE, "A5"): "a"})
    assert told(found) == [(TREE, "A5", "/tree/1/id", "duplicate_id")]


def test_a_rule_without_its_lines_is_told_at_the_leaf() -> None:
    found = filled(built(leaf("a", 100)), {(TREE, "H4"): "Chọn phương án"})
    assert told(found) == [(TREE, "H4", "/tree/0/rule/options", "lines_missing")]


def test_the_children_of_a_missing_node_are_named() -> None:
    found = told(filled(KEPT, {(TREE, "B5"): "zz"}))
    assert (TREE, "B5", "", "unknown_parent") in found
    assert (TREE, "E4", "/tree/0/maximum", "maxima_do_not_add_up") in found


def test_nodes_that_hold_one_another_are_named() -> None:
    found = told(filled(KEPT, {(TREE, "B4"): "a1"}))
    assert {(TREE, "B4", "", "parent_cycle"), (TREE, "B5", "", "parent_cycle")} <= set(found)


def test_a_chain_of_thousands_of_nodes_is_refused_and_breaks_nothing() -> None:
    rows = {(TREE, f"{column}{row}"): value for row in range(8, 4000)
            for column, value in (("A", f"n{row}"), ("B", f"n{row - 1}" if row > 8 else "b"))}  # fmt: skip
    found = told(filled(KEPT, rows))
    assert [one for one in found if one[3] == "nested_too_far"] == [
        (TREE, "A16", "/tree/1" + "/children/0" * 9, "nested_too_far")
    ]
    assert "parent_cycle" not in {one[3] for one in found}


def test_more_rows_than_any_set_has_are_not_read() -> None:
    found = told(filled(KEPT, {("Nguồn", f"A{row}"): f"s{row}" for row in range(5, 5100)}))
    assert ("Nguồn", "A5004", "", "too_many_rows") in found


CELLS = st.none() | st.booleans() | st.integers(-9, 200) | st.floats(allow_nan=False, allow_infinity=False)
ANYTHING = CELLS | st.text(st.characters(min_codepoint=32, max_codepoint=1000), max_size=6) | st.dates()
PLACES = st.tuples(
    st.sampled_from(
        [INFO, TREE, RULES, BANDS, "Khảo sát", "Khối xếp hạng", "Miễn chấm", "Cách chia", "Nguồn"]
    ),
    st.builds(lambda column, row: f"{column}{row}", st.sampled_from("ABCDEFGHIJKL"), st.integers(3, 12)),
)


@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(changes=st.dictionaries(PLACES, ANYTHING, min_size=1, max_size=6))
def test_whatever_stands_in_the_cells_is_a_set_or_a_list_of_problems(
    changes: dict[tuple[str, str], Any],
) -> None:
    found = filled(KEPT, changes)
    assert (found.criteria_set is None) == bool(found.problems)
    assert all(one.text("vi") and one.text("en") and one.sheet for one in found.problems)


def test_overlapping_validity_is_told_at_the_first_day() -> None:
    second = filled(variant("son-la-2712"), {(INFO, "B13"): None, (INFO, "B14"): None})
    assert second.criteria_set is not None
    (found,) = second.placed(overlap_problems(second.criteria_set, [variant("son-la-2211")]))
    assert (found.sheet, found.cell, found.path, found.code) == (
        INFO,
        "B11",
        "/valid_from",
        "same_day_claimed",
    )


def test_a_second_scale_on_its_sheet_is_told_at_its_row() -> None:
    rows: dict[tuple[str, str], Any] = {(BANDS, "A7"): "second", (BANDS, "E7"): "X"}
    found = told(filled(variant("lam-dong-2025-classes"), rows))
    assert (BANDS, "A7", "/bands", "two_scales") in found


def test_a_gap_between_bands_is_told_at_its_row() -> None:
    found = told(filled(variant("lam-dong-2025-classes"), {(BANDS, "I5"): 84}))
    assert [(sheet, path, code) for sheet, _, path, code in found] == [(BANDS, "/bands/bands/0", "gap")]


def test_a_name_that_differs_on_a_later_row_of_the_same_scale_is_told() -> None:
    found = told(filled(variant("lam-dong-2025-classes"), {(BANDS, "B5"): "Tên khác"}))
    assert found == [(BANDS, "B5", "/bands", "repeat_differs")]


def test_a_sheet_that_is_gone_or_hidden_is_named() -> None:
    book = load_workbook(io.BytesIO(write_criteria_workbook(KEPT)))
    del book[TREE]
    book[RULES].sheet_state = "hidden"
    made = io.BytesIO()
    book.save(made)
    codes = {(one.sheet, one.code) for one in checked(made.getvalue()).problems}
    assert {(TREE, "sheet_missing"), (RULES, "sheet_missing")} <= codes


@pytest.mark.parametrize(
    "changes",
    [
        {(TREE, "E7"): "40"},
        {(TREE, "E7"): "40,0"},
        {(TREE, "H7"): "threshold_linear"},
        {(TREE, "H7"): "  CÓ NGƯỠNG, rồi tỷ lệ thuận "},
        {(TREE, "A7"): "b "},
        {(INFO, "B11"): "1/1/2025"},
        {(INFO, "B10"): 2025},
        {(TREE, "I7"): False},
        {(RULES, "A5"): None},
        {("Khảo sát", "A4"): None},
    ],
)
def test_what_officials_type_in_other_ways_is_understood(changes: Changes) -> None:
    found = filled(KEPT, changes)
    assert told(found) == []
    assert found.criteria_set is not None
    assert found.criteria_set.leaves() == KEPT.leaves()


def test_english_that_is_left_blank_is_the_vietnamese_text() -> None:
    found = filled(KEPT, {(TREE, "D7"): None, (TREE, "C7"): "Hồ sơ"})
    assert found.criteria_set is not None
    assert found.criteria_set.tree[1].name == {"vi": "Hồ sơ", "en": "Hồ sơ"}


def test_a_file_is_handed_back_with_its_wrong_cells_marked() -> None:
    raw = changed(write_criteria_workbook(KEPT), {(TREE, "E7"): "bốn mươi"})
    sheets = read_sheets(raw, name="bo.xlsx")
    marked = error_workbook(sheets, checked(raw).cell_problems())
    book = load_workbook(io.BytesIO(marked))
    assert book["Lỗi"]["C2"].value == "E7"
    assert book[TREE]["E7"].comment is not None
    # The mended file is taken with the list of errors still in it.
    assert told(checked(changed(marked, {(TREE, "E7"): 40}))) == []


def test_every_code_of_a_sheet_stands_in_the_format_document() -> None:
    written = set(re.findall(r"`([a-z0-9_]+)`", FORMAT.read_text("utf-8").split("## Problem codes")[1]))
    assert set(SHEET_CATALOGUE) <= written


def test_every_problem_of_a_sheet_is_said_in_both_languages_with_the_same_places() -> None:
    for code, texts in SHEET_CATALOGUE.items():
        vi, en = (set(re.findall(r"{(\w+)}", words)) for words in texts)
        assert vi == en, code


def test_a_shipped_set_of_real_size_is_read_within_seconds() -> None:
    """A set of 120 leaves is the size of the national one (88 sub-criteria) and more."""
    leaves = [leaf(f"1.{number}", 1, {"kind": "linear"}) for number in range(120)]
    found = checked(write_criteria_workbook(built(node("1", 120, *leaves), base=120)))
    assert found.criteria_set is not None
    assert len(found.criteria_set.leaves()) == 120
    assert load_shipped("par-illustration").leaves()
