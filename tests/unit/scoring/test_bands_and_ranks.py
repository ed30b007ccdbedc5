"""Bands and places are decided on two decimals, by rules that are data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.scoring import TooCoarse, band, rank, shipped_scales
from survey.scoring.ranking import Tie


@pytest.mark.parametrize(
    ("percent", "letter"),
    [(90, "A"), (89.995, "A"), (89.994, "B"), (86.6, "B"), (80, "B"), (79.99, "C"), (70, "C"), (69.99, "D")],
)
def test_a_band_begins_at_its_threshold(percent: float, letter: str) -> None:
    """A ≥ 90; B 80-<90; C 70-<80 (parindex.md §2.3)."""
    found = band(percent)
    assert found is not None
    assert found.id == letter


def test_the_band_below_70_says_that_it_is_unverified() -> None:
    found = band(62.55)
    assert found is not None
    assert (found.confidence, found.name["vi"]) == ("unverified", "Nhóm D (chưa kiểm chứng)")


def test_a_scale_without_known_thresholds_places_nothing() -> None:
    scale = shipped_scales()["tot-kha-trung-binh"]
    assert not scale.is_known
    assert scale.band(95) is None
    assert [one.name["vi"] for one in scale.bands] == ["Tốt", "Khá", "Trung bình"]


@given(st.floats(0, 100))
def test_every_percent_has_exactly_one_band(percent: float) -> None:
    spans = [one.span for one in shipped_scales()["abc"].bands]
    assert sum(span is not None and span.contains(percent) for span in spans) == 1


def test_one_hundredth_of_a_point_decided_the_first_place_of_2022() -> None:
    """Quảng Ninh 90.10 and Hải Phòng 90.09 (parindex.md §2.3)."""
    ranks = rank({"Hải Phòng": 90.09, "Quảng Ninh": 90.10})
    assert {unit: place.place for unit, place in ranks.items() if place} == {"Quảng Ninh": 1, "Hải Phòng": 2}


def test_ranking_below_two_decimals_is_refused() -> None:
    with pytest.raises(TooCoarse):
        rank({"a": 90.10, "b": 90.09}, places=1)


@pytest.mark.parametrize(
    ("tie", "shown"),
    [
        ("competition", ["1", "2", "2", "4"]),
        ("dense", ["1", "2", "2", "3"]),
        ("range", ["1", "2-3", "2-3", "4"]),
    ],
)
def test_ties_are_shown_by_the_rule_that_was_chosen(tie: Tie, shown: list[str]) -> None:
    ranks = rank({"a": 90.0, "b": 80.004, "c": 80.0, "d": 70.0}, tie=tie)
    assert [str(place) for place in ranks.values()] == shown


def test_more_decimals_can_break_a_tie() -> None:
    ranks = rank({"b": 80.004, "c": 80.0}, places=3)
    assert [place.place for place in ranks.values() if place] == [1, 2]


def test_a_unit_without_a_value_has_no_place() -> None:
    ranks = rank({"a": None, "b": 5.0, "c": None})
    assert (ranks["a"], ranks["c"]) == (None, None)
    assert ranks["b"] is not None
    assert (ranks["b"].place, ranks["b"].of) == (1, 1)


@given(st.dictionaries(st.text(max_size=4), st.none() | st.floats(0, 100), max_size=20), st.randoms())
def test_places_do_not_depend_on_the_order_of_the_units(
    values: dict[str, float | None], seed: object
) -> None:
    shuffled = list(values)
    seed.shuffle(shuffled)
    assert rank({unit: values[unit] for unit in shuffled}) == rank(values)
