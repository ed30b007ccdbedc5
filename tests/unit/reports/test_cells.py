"""Text in cells stays the text it is."""

from __future__ import annotations

import unicodedata
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from survey.reports.cells import (
    CELL_LIMIT,
    CUT_MARK,
    cell_at,
    clean_text,
    csv_text,
    plain_from_csv,
    put_text,
    sheet_name,
)
from tests.unit.reports.workbooks import NASTY, unescaped

anything = st.text(st.characters(exclude_categories=()), max_size=60)
risky = st.builds(str.__add__, st.sampled_from(["=", "+", "-", "@", "\t", "\r", "_x0041_", "<r>"]), anything)


def reopened(values: list[object]) -> list[object]:
    book = Workbook()
    sheet = book.worksheets[0]
    for line, value in enumerate(values, start=1):
        if isinstance(value, str):
            put_text(cell_at(sheet, line, 1), value)
        else:
            sheet.cell(line, 1).value = value  # type: ignore[assignment]  # numbers only
    stream = BytesIO()
    book.save(stream)
    return [load_workbook(stream).worksheets[0].cell(line, 1) for line in range(1, len(values) + 1)]


@settings(deadline=None, max_examples=60)
@given(st.lists(anything | risky | st.sampled_from(NASTY), min_size=1, max_size=20))
@example(NASTY)
def test_whatever_a_text_begins_with_it_comes_back_as_that_text(texts: list[str]) -> None:
    """T12 of the threat model; fault 8 (formula injection) and 12 (control characters)."""
    for cell, text in zip(reopened(list(texts)), texts, strict=True):
        assert cell.data_type == "s" or text == ""  # type: ignore[attr-defined]
        assert unescaped(cell.value) == clean_text(text)  # type: ignore[attr-defined]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.integers(-(10**15), 10**15) | st.floats(-1e12, 1e12, allow_nan=False), min_size=1, max_size=20
    )
)
@example([-5, 0, 83.94])
def test_a_number_stays_that_number(numbers: list[float]) -> None:
    """Fault 9: over-cleaning turned −5 into 5. The file keeps 16 digits (%.16g)."""
    for cell, number in zip(reopened(list(numbers)), numbers, strict=True):
        assert cell.data_type == "n"  # type: ignore[attr-defined]
        assert cell.value == pytest.approx(number, rel=1e-15, abs=0)  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5", "@x"])
def test_editing_a_cell_does_not_run_its_text(text: str) -> None:
    (cell,) = reopened([text])
    assert cell.quotePrefix  # type: ignore[attr-defined]


@given(anything | st.sampled_from(NASTY))
def test_clean_text_is_clean_once_and_for_all(text: str) -> None:
    clean = clean_text(text)
    assert clean == clean_text(clean) == unicodedata.normalize("NFC", clean)
    assert clean.encode("utf-8").decode("utf-8") == clean
    assert not any(ord(letter) < 0x20 and letter not in "\t\n" for letter in clean)


def test_a_control_character_is_replaced_where_it_can_be_seen() -> None:
    assert clean_text("a\x00b\x1bc\ud800d\r\ne") == "a␀b␛c\ufffdd\ne"


def test_the_two_forms_of_vietnamese_letters_become_one() -> None:
    """Fault 13: names arrive in NFC and NFD."""
    assert clean_text(unicodedata.normalize("NFD", "Đắk Nông – phường Ẵm")) == "Đắk Nông – phường Ẵm"


@pytest.mark.parametrize("letter", ["a", "ế", "😀", "_x0041_", "Z\u0351\u036b"])
def test_a_text_too_long_for_a_cell_is_cut_and_says_so(letter: str) -> None:
    """Excel counts UTF-16 units and holds 32,767."""
    cut = clean_text(letter * (CELL_LIMIT + 1))
    assert cut.endswith(CUT_MARK)
    assert len(cut.encode("utf-16-le")) // 2 <= CELL_LIMIT
    (cell,) = reopened([cut])
    assert unescaped(cell.value) == cut  # type: ignore[attr-defined]


def test_a_text_of_just_the_limit_is_whole() -> None:
    assert clean_text("ế" * CELL_LIMIT) == "ế" * CELL_LIMIT


@given(anything | risky | st.sampled_from(NASTY))
def test_csv_text_never_begins_like_a_formula_and_can_be_undone(text: str) -> None:
    safe = csv_text(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    assert plain_from_csv(safe) == clean_text(text)


def test_csv_text_leaves_harmless_text_alone() -> None:
    assert csv_text("'quoted' – a=b") == "'quoted' – a=b"


@given(anything | st.sampled_from([*NASTY, "History", "a/b:c?*[x]", "x" * 40, "😀" * 31]))
def test_any_title_gives_a_name_that_excel_accepts(title: str) -> None:
    first = sheet_name(title)
    second = sheet_name(title, [first.upper()])
    for name in (first, second):
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"
    assert first.casefold() != second.casefold()
