"""Standings repeat what was published, and say what was not."""

from __future__ import annotations

import pytest

from survey.scoring import (
    Known,
    NoPublishedUnit,
    NoPublishedYear,
    Unknown,
    standing_of,
    standings,
    years,
)
from survey.scoring.published import printed, rows
from tests.unit.scoring.sample import TAY_NGUYEN

FILES = ["par_index_province_results.csv", "sipas_province_results.csv", "facts.csv", "conflicts.csv"]


def value(figure: Known[object] | Unknown) -> object:
    assert isinstance(figure, Known)
    assert figure.source
    return figure.value


def test_dak_nong_2024_stands_as_the_founding_article_says() -> None:
    """Article of 26/04/2025 (parindex.md §0)."""
    found = standing_of("Đắk Nông", 2024, regions=TAY_NGUYEN)
    assert (value(found.value), value(found.band)) == (86.60, "B")
    assert (value(found.rank), value(found.of)) == (50, 63)
    assert (value(found.change_points), value(found.change_places)) == (1.18, 1)
    assert (value(found.region), value(found.region_rank), value(found.region_of)) == ("Tây Nguyên", 2, 5)
    assert isinstance(found.region_first, Known)
    assert found.region_first.value.unit == "Kon Tum"
    assert value(found.region_first.value.value) == 88.27
    assert (value(found.survey_rank), value(found.survey_change_places)) == (34, 27)


def test_what_was_derived_is_marked_as_inferred() -> None:
    found = standing_of("Đắk Nông", 2024)
    assert (value(found.value_before), value(found.rank_before)) == (85.42, 51)
    for figure, sure in (
        (found.value, "seen"),
        (found.value_before, "inferred"),
        (found.rank_before, "inferred"),
        (found.band, "inferred"),
        (found.change_points, "seen"),
    ):
        assert isinstance(figure, Known)
        assert figure.confidence == sure


def test_the_score_rose_while_the_rank_fell_from_2022_to_2023() -> None:
    """Đắk Nông 84.66 and 37th, then 85.42 and 51st (parindex.md §4): both changes are shown."""
    found = standing_of("Đắk Nông", 2023)
    assert (value(found.change_points), value(found.change_places)) == (0.76, -14)
    assert isinstance(found.change_points, Known)
    assert found.change_points.confidence == "inferred"
    assert value(found.survey_rank) == 61
    assert isinstance(found.survey_change_places, Unknown)


def test_a_province_without_published_figures_says_so() -> None:
    found = standing_of("Gia Lai", 2024, regions=TAY_NGUYEN)
    for figure in (found.value, found.band, found.rank, found.change_points, found.region_rank):
        assert isinstance(figure, Unknown)
        assert figure.text("vi")
        assert figure.text("en") != figure.text("vi")
    assert value(found.of) == 63


def test_without_regions_the_region_is_unknown_and_the_rest_stays() -> None:
    found = standing_of("Hà Nội", 2023)
    assert isinstance(found.region, Unknown)
    assert isinstance(found.region_first, Unknown)
    assert (value(found.value), value(found.rank)) == (91.43, 3)


def test_a_region_is_ranked_by_its_values_when_all_are_known() -> None:
    three = dict.fromkeys(["Hà Nội", "Hải Phòng", "Quảng Ninh"], "a region of three")
    found = standing_of("Hà Nội", 2023, regions=three)
    assert (value(found.region_rank), value(found.region_of)) == (3, 3)
    assert isinstance(found.region_first, Known)
    assert found.region_first.value.unit == "Quảng Ninh"
    assert found.region_first.confidence == "inferred"


@pytest.mark.parametrize(
    ("unit", "year", "index", "kept", "others"),
    [
        ("Hải Phòng", 2023, "par", 91.87, [91.81]),
        ("Quảng Ninh", 2018, "par", 89.06, [89.6]),
        ("Sơn La", 2021, "sipas", 90.13, [90.30]),
        ("Hải Phòng", 2023, "sipas", 88.09, [88.90]),
    ],
)
def test_two_printed_values_are_both_kept(
    unit: str, year: int, index: str, kept: float, others: list[float]
) -> None:
    """Conflicts of parindex.md §4 and sipas.md."""
    found = standing_of(unit, year, index)
    assert isinstance(found.value, Known)
    assert found.value.value == kept
    assert [other.value for other in found.value.conflicts] == others


def test_two_provinces_printed_38th_are_both_kept_and_marked() -> None:
    """SIPAS 2021: Bà Rịa - Vũng Tàu and Đà Nẵng (sipas.md)."""
    for unit in ("Bà Rịa - Vũng Tàu", "Đà Nẵng"):
        place = standing_of(unit, 2021, "sipas").rank
        assert isinstance(place, Known)
        assert (place.value, [other.value for other in place.conflicts]) == (38, [38])


def test_every_conflict_stands_beside_a_kept_figure() -> None:
    kept = {(row.index, row.year, row.unit) for index in ("par", "sipas") for row in printed(index)}
    conflicts = {(row["index"], int(row["year"]), row["unit"]) for row in rows("conflicts.csv")}
    assert conflicts <= kept
    assert len(conflicts) >= 9


def test_the_standings_of_2024_are_in_order_and_say_how_much_is_known() -> None:
    found = standings(2024, regions=TAY_NGUYEN)
    names = [unit.unit for unit in found.units]
    assert names == [
        "Hải Phòng",
        "Bà Rịa - Vũng Tàu",
        "Hà Nội",
        "Đồng Nai",
        "Sơn La",
        "Kon Tum",
        "Hòa Bình",
        "Đắk Nông",
        "Ninh Thuận",
        "Cao Bằng",
    ]
    assert (found.known_values, value(found.of), value(found.mean)) == (8, 63, 88.37)
    assert {letter: count.value for letter, count in found.band_counts.items()} == {"A": 13, "B": 50}
    assert found.region_means["Tây Nguyên"].value == 85.63


def test_sipas_has_no_bands() -> None:
    found = standing_of("Đắk Nông", 2023, "sipas")
    assert (value(found.value), value(found.rank)) == (81.21, 41)
    assert isinstance(found.band, Unknown)


def test_a_rank_taken_from_a_listed_order_is_inferred() -> None:
    place = standing_of("Thái Nguyên", 2024, "sipas").rank
    assert isinstance(place, Known)
    assert (place.value, place.confidence) == (2, "inferred")


def test_a_year_or_a_unit_that_was_not_published_is_refused() -> None:
    with pytest.raises(NoPublishedYear) as year:
        standings(2025)
    assert year.value.text("vi") == "Chưa có kết quả công bố của chỉ số PAR năm 2025."
    with pytest.raises(NoPublishedUnit):
        standing_of("Atlantis", 2024)
    with pytest.raises(NoPublishedUnit):
        standing_of("#TRUNG_BINH_63_TINH", 2024)


def test_every_year_of_both_indices_can_be_shown() -> None:
    for year in years("par"):
        assert standings(year).units or year
    assert standings(years("sipas")[0], "sipas").units
    assert years("par")[0] == 2024


@pytest.mark.parametrize("name", FILES)
def test_every_published_row_names_its_source_and_how_sure_it_is(name: str) -> None:
    for row in rows(name):
        assert row["source"].strip(), row
        assert row["confidence"].startswith(("seen", "inferred")), row
