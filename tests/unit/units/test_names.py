"""Spellings that mean the same unit, and the Vietnamese alphabetical order."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.units import fold, load_units, vietnamese_sort_key

ORDERED = Path(__file__).parents[2] / "data" / "vietnamese_order.txt"
VIETNAMESE = st.text("aàạăắâầbcdđeéêếghioóôồơớuúưừyỳ AĐHƯ-'12", max_size=12)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa Thắng", "Hoà Thắng"),
        ("Phú Thủy", "Phú Thuỷ"),
        ("ĐẮK LẮK", "Đắk Lắk"),
        ("Ðà Nẵng", "Đà Nẵng"),  # U+00D0, the Icelandic letter that old keyboards type
        ("\u0189à Nẵng", "Đà Nẵng"),  # the African letter, of the same look
        ("Bà Rịa - Vũng Tàu", "Bà Rịa–Vũng Tàu"),
        ("Thừa Thiên - Huế", "Thừa Thiên Huế"),
        ("B’Lao", "B'Lao"),
        ("  Lâm   Đồng ", "Lâm Đồng"),
    ],
)
def test_spellings_of_one_name_fold_to_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Hòa", "Hóa"), ("Đăk", "Đak"), ("Dà", "Đà"), ("La", "Là")])
def test_letters_and_tones_keep_names_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=30))
def test_folding_ignores_the_unicode_form_and_is_done_after_one_time(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(VIETNAMESE)
def test_folding_a_folded_name_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_no_two_units_of_one_level_and_day_fold_to_one_key_in_one_parent() -> None:
    units = load_units().units
    keys = {(unit.level, unit.parent_id, unit.valid_from, fold(unit.name)) for unit in units}
    assert len(keys) == len(units)


def test_the_order_is_that_of_duckdb_collate_vi() -> None:
    """Source: tests/data/vietnamese_order.txt, written by DuckDB 2.0.0 with COLLATE vi."""
    ordered = [line for line in ORDERED.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert len(ordered) > 400
    assert sorted(reversed(ordered), key=vietnamese_sort_key) == ordered


def test_letters_stand_in_the_order_of_the_alphabet_and_tones_after_them() -> None:
    """Source: the Vietnamese alphabet; the tones ngang, huyền, hỏi, ngã, sắc, nặng."""
    letters = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
    assert sorted(reversed(letters), key=vietnamese_sort_key) == letters
    tones = ["ba", "bà", "bả", "bã", "bá", "bạ", "bă"]
    assert sorted(reversed(tones), key=vietnamese_sort_key) == tones


@given(st.text(max_size=20))
def test_a_sort_key_is_figures_only_so_that_every_collation_agrees(text: str) -> None:
    assert vietnamese_sort_key(text).isascii()
    assert vietnamese_sort_key(text).isdigit()


@given(VIETNAMESE)
def test_a_sort_key_does_not_depend_on_case_or_unicode_form(text: str) -> None:
    key = vietnamese_sort_key(text)
    assert vietnamese_sort_key(unicodedata.normalize("NFD", text)) == key
    assert vietnamese_sort_key(text.upper()) == key


def test_highland_letters_sort_beside_their_base_letters() -> None:
    """Ê̆ and ŏ have no place in the Vietnamese alphabet; they must not fall behind y."""
    names = ["Ea Kar", "Ĕa Kar", "Ê Ban", "Ê\u0306 Đê", "Y Jut"]
    assert sorted(reversed(names), key=vietnamese_sort_key) == names
