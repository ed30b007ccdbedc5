"""Figures read as Vietnamese officials write them (V1, V2 of the reporting habits)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.reports import (
    count_text,
    date_text,
    interval_text,
    number_text,
    percent_text,
    place_and_date_text,
    points_change_text,
    rank_change_text,
    rank_text,
    roman,
)


def test_numbers_take_a_decimal_comma_and_dot_thousands() -> None:
    assert count_text(36525) == "36.525"
    assert percent_text(83.94) == "83,94%"
    assert number_text(1234567.891) == "1.234.567,89"
    assert number_text(1234567.891, language="en") == "1,234,567.89"


def test_halves_round_away_from_zero_as_published() -> None:
    """Kon Tum 2023: 79.71 and 79.78 are published as 79.75 (mean 79.745)."""
    assert percent_text((79.71 + 79.78) / 2) == "79,75%"


def test_no_figure_is_a_dash() -> None:
    assert {percent_text(None), interval_text(80.0, None), rank_text(None), date_text(None)} == {"–"}


def test_an_interval_names_both_bounds() -> None:
    assert interval_text(82.06, 85.71) == "82,1 – 85,7"


@pytest.mark.parametrize(
    ("change", "vietnamese", "english"),
    [
        (1.28, "tăng 1,28 điểm phần trăm", "up 1.28 percentage points"),
        (-7.08, "giảm 7,08 điểm phần trăm", "down 7.08 percentage points"),
        (1.0, "tăng 1,00 điểm phần trăm", "up 1.00 percentage point"),
        (0.004, "không đổi", "unchanged"),
        (-0.0, "không đổi", "unchanged"),
        (None, "chưa có số liệu so sánh", "no figure to compare with"),
    ],
)
def test_changes_are_in_percentage_points(change: float | None, vietnamese: str, english: str) -> None:
    """2024 nationally: 83.94 is up 1.28 points; 2022: 80.08 is down 7.08 points."""
    assert points_change_text(change) == vietnamese
    assert points_change_text(change, language="en") == english


@pytest.mark.parametrize(
    ("gained", "vietnamese", "english"),
    [
        (2, "tăng 2 bậc", "up 2 places"),
        (-1, "giảm 1 bậc", "down 1 place"),
        (0, "giữ nguyên thứ hạng", "same rank"),
        (None, "chưa có thứ hạng so sánh", "no rank to compare with"),
    ],
)
def test_rank_changes_are_in_places(gained: int | None, vietnamese: str, english: str) -> None:
    assert rank_change_text(gained) == vietnamese
    assert rank_change_text(gained, language="en") == english


def test_a_shared_rank_names_its_places() -> None:
    assert (rank_text(5, 6), rank_text(5, 5), rank_text(5)) == ("5–6", "5", "5")


def test_the_date_of_a_document_follows_decree_30() -> None:
    """Days under 10 and months 1-2 take a leading 0 (30/2020/NĐ-CP, Annex I)."""
    assert place_and_date_text("Lâm Đồng", date(2027, 1, 5)) == "Lâm Đồng, ngày 05 tháng 01 năm 2027"
    assert place_and_date_text("Lâm Đồng", date(2027, 3, 15)) == "Lâm Đồng, ngày 15 tháng 3 năm 2027"
    assert place_and_date_text("Lâm Đồng", None) == "Lâm Đồng, ngày …… tháng …… năm ………"
    assert date_text(date(2026, 12, 1)) == "01/12/2026"


@pytest.mark.parametrize(("number", "letters"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (49, "XLIX")])
def test_groups_are_numbered_in_roman(number: int, letters: str) -> None:
    assert roman(number) == letters


@given(st.floats(-1e9, 1e9, allow_nan=False), st.integers(0, 4))
def test_a_written_number_reads_back_within_its_last_digit(value: float, places: int) -> None:
    read = float(number_text(value, places).replace(".", "").replace(",", "."))
    assert abs(read - value) <= 0.5 * 10**-places + 1e-3
