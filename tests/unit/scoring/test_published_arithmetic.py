"""The arithmetic of every published case of parindex.md §8 that concerns scoring."""

from __future__ import annotations

import pytest

from survey.rounding import round_half_up
from survey.scoring import Known, Measured, Points, band, load_shipped, score, standing_of, standings
from survey.scoring.published import printed
from tests.unit.scoring.sample import built, leaf

AREAS = load_shipped("par-2948-areas")
BLOCKS = load_shipped("par-876-blocks")

#: Units of each region among the 63 (reference data of the units room, until 30/06/2025).
REGION_UNITS = {
    "Trung du và miền núi phía Bắc": 14,
    "Đồng bằng sông Hồng": 11,
    "Bắc Trung Bộ và Duyên hải miền Trung": 14,
    "Tây Nguyên": 5,
    "Đông Nam Bộ": 6,
    "Đồng bằng sông Cửu Long": 13,
}


def test_the_maxima_of_decision_2948_make_100() -> None:
    """Decision 2948/QĐ-BNV, areas 1-8 (parindex.md §1.4)."""
    assert [leaf.maximum for leaf in AREAS.leaves()] == [10, 10, 14.5, 11, 16, 7, 16, 15.5]
    assert sum(leaf.maximum or 0 for leaf in AREAS.leaves()) == AREAS.base == 100
    assert AREAS.confirmed() == tuple("12345678")


def test_dak_lak_lost_what_leaves_75_37() -> None:
    """Đắk Lắk 2017: losses "/16, /16, /10, /11, /7, /10, /15,5" and one printed "0101" of 14.5.

    The page lists the maxima in that order; of the two areas of 10 and the two of 16 either order
    gives the same total. The misprinted loss of area 3 is taken as 0, as the total implies.
    """
    lost = {"5": 7.14, "7": 4.88, "1": 4.5, "4": 2.77, "6": 1.96, "2": 1.84, "8": 1.54, "3": 0.0}
    kept = {leaf.id: Points((leaf.maximum or 0) - lost[leaf.id]) for leaf in AREAS.leaves()}
    made = score(AREAS, kept)
    assert made.percent == pytest.approx(75.37, abs=1e-9)
    assert made.band is not None
    assert made.band.id == "C"
    assert sum(one.lost or 0 for one in made.nodes.values()) == pytest.approx(24.63)
    found = standing_of("Đắk Lắk", 2017).value
    assert isinstance(found, Known)
    assert found.value == round_half_up(made.percent or 0)


def test_the_blocks_of_decision_876_make_100() -> None:
    """68 + 22 + 10 (Thừa Thiên Huế, Kế hoạch 205/KH-UBND 2023)."""
    assert [leaf.maximum for leaf in BLOCKS.leaves()] == [68, 22, 10]
    (areas,) = BLOCKS.cuts
    known = {part.id: part.maximum for part in areas.parts if part.maximum is not None}
    assert known == {"area-1": 9.5, "area-8": 16.5}
    assert all(part.note and part.confidence == "not_found" for part in areas.parts if part.maximum is None)


@pytest.mark.parametrize(("sipas", "points", "places"), [(91.17, 9.12, 2), (83.94, 8.394, 3)])
def test_sipas_converts_linearly_to_10_points(sipas: float, points: float, places: int) -> None:
    """Hà Tĩnh 2021: 91.17 % gave 9.12 points (sipas.md); the 2024 mean 83.94 % (parindex.md §2.2)."""
    found = score(BLOCKS, {"sipas": Measured(sipas)}).nodes["sipas"].points
    assert round_half_up(found or 0, places) == points


@pytest.mark.parametrize(("points", "percent", "printed"), [(62.62, 89.457, 89.45), (61.46, 87.80, 87.80)])
def test_nam_dinh_scores_against_a_base_of_70(points: float, percent: float, printed: float) -> None:
    """Nam Định 2020: sở 62.62 → 89.45 %, huyện 61.46 → 87.80 % (parindex.md §3; printed by truncation)."""
    criteria_set = built(leaf("a", 50), leaf("b", 20), base=70)
    made = score(criteria_set, {"a": Points(50), "b": Points(points - 50)})
    assert made.percent == pytest.approx(percent, abs=5e-4)
    assert made.percent == pytest.approx(printed, abs=0.01)
    assert made.points == pytest.approx(points)


@pytest.mark.parametrize(("year", "mean"), [(2024, 88.37), (2023, 86.98)])
def test_the_national_mean_is_that_of_the_regions_weighted_by_their_units(year: int, mean: float) -> None:
    """Recomputed 88.356 and 86.976 against 88.37 and 86.98 (parindex.md §2.3), within 0.02."""
    found = standings(year)
    assert set(found.region_means) == set(REGION_UNITS)
    total = sum(found.region_means[region].value * count for region, count in REGION_UNITS.items())
    assert isinstance(found.mean, Known)
    assert found.mean.value == mean
    assert total / 63 == pytest.approx(mean, abs=0.02)


def test_the_changes_of_dak_nong_agree_with_its_values_and_places() -> None:
    """86.60 − 1.18 = 85.42; ranks 50 and 51; survey ranks 34 and 61 (parindex.md §0)."""
    now, before = standing_of("Đắk Nông", 2024), standing_of("Đắk Nông", 2023)
    assert isinstance(now.value, Known)
    assert isinstance(now.change_points, Known)
    assert isinstance(before.value, Known)
    assert round_half_up(now.value.value - now.change_points.value) == before.value.value == 85.42
    assert isinstance(now.rank, Known)
    assert isinstance(now.change_places, Known)
    assert isinstance(before.rank, Known)
    assert now.rank.value + now.change_places.value == before.rank.value == 51
    assert isinstance(now.survey_rank, Known)
    assert isinstance(now.survey_change_places, Known)
    assert isinstance(before.survey_rank, Known)
    assert now.survey_rank.value + now.survey_change_places.value == before.survey_rank.value == 61


@pytest.mark.parametrize("year", [2024, 2023, 2022, 2021, 2019])
def test_the_groups_of_a_year_hold_all_63_provinces(year: int) -> None:
    """13 + 50, 7 + 56, 2 + 56 + 5, 3 + 59 + 1, 1 + 43 + 19 (parindex.md §8)."""
    found = standings(year)
    assert isinstance(found.of, Known)
    assert sum(count.value for count in found.band_counts.values()) == found.of.value == 63


def test_every_collected_group_is_the_band_of_its_value() -> None:
    placed = [(row.value.value, row.band.value) for row in printed("par") if row.value and row.band]
    assert len(placed) > 60
    for value, letter in placed:
        found = band(value)
        assert found is not None
        assert found.id == letter, value


def test_better_values_have_better_published_places() -> None:
    """Within a year and an index, published ranks must fall in order of published values."""
    for index in ("par", "sipas"):
        for year in {row.year for row in printed(index)}:
            both = [
                (row.value.value, row.rank.value)
                for row in printed(index)
                if row.year == year and row.value and row.rank
            ]
            ordered = [place for _, place in sorted(both, key=lambda pair: -pair[0])]
            assert ordered == sorted(ordered), (index, year)


def test_kon_tum_leads_its_region_and_the_region_leaves_84_43_to_the_other_three() -> None:
    """(5 × 85.63 − 88.27 − 86.60) / 3 = 84.43 (parindex.md §4)."""
    found = standings(2024)
    rest = (5 * found.region_means["Tây Nguyên"].value - 88.27 - 86.60) / 3
    assert round_half_up(rest) == 84.43
