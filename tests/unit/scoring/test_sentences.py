"""Sentences say one, many, none and ties correctly, in both languages, with each language's comma."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.scoring import shipped_scales
from survey.scoring.sentences import (
    change_sentence,
    contribution_sentence,
    difference_sentence,
    interval_sentence,
    lost_sentence,
    movers_sentence,
    number,
    place_sentence,
    plan_sentence,
    self_score_sentence,
)
from tests.unit.scoring.sample import text


@pytest.mark.parametrize(
    ("value", "places", "vi", "en"),
    [
        (86.6, 2, "86,60", "86.60"),
        (79.745, 2, "79,75", "79.75"),
        (-1.18, 2, "−1,18", "−1.18"),
        (-0.001, 2, "0,00", "0.00"),
        (5651, 0, "5.651", "5,651"),
        (1234567.891, 2, "1.234.567,89", "1,234,567.89"),
    ],
)
def test_numbers_have_the_comma_of_their_language(value: float, places: int, vi: str, en: str) -> None:
    assert (number(value, "vi", places), number(value, "en", places)) == (vi, en)


@pytest.mark.parametrize(
    ("points", "places", "vi", "en"),
    [
        (1.18, 1, "Tăng 1,18 điểm, tăng 1 bậc.", "Up 1.18 points, up 1 place."),
        (0.76, -14, "Tăng 0,76 điểm, giảm 14 bậc.", "Up 0.76 points, down 14 places."),
        (-1.0, 27, "Giảm 1,00 điểm, tăng 27 bậc.", "Down 1.00 point, up 27 places."),
        (0.0, 0, "Giữ nguyên điểm, giữ nguyên thứ hạng.", "The same points, the same place."),
        (0.004, -1, "Giữ nguyên điểm, giảm 1 bậc.", "The same points, down 1 place."),
        (
            1.18,
            None,
            "Tăng 1,18 điểm, chưa so sánh được thứ hạng.",
            "Up 1.18 points, the places cannot be compared.",
        ),
        (None, 2, "Chưa so sánh được điểm, tăng 2 bậc.", "The points cannot be compared, up 2 places."),
    ],
)
def test_a_change_is_said_as_the_article_says_it(
    points: float | None, places: int | None, vi: str, en: str
) -> None:
    """Đắk Nông 2024: "+1.18 điểm, +1 bậc"; 2023: +0.76 and 14 places down (parindex.md §0, §4)."""
    assert change_sentence(points, places) == {"vi": vi, "en": en}


@pytest.mark.parametrize(
    ("more", "vi", "en"),
    [
        ({}, "Đạt 86,60%, xếp thứ 50/63.", "86.60%, place 50 of 63."),
        (
            {"band": {"vi": "Nhóm B", "en": "Group B"}},
            "Đạt 86,60%, nhóm B, xếp thứ 50/63.",
            "86.60%, group B, place 50 of 63.",
        ),
        (
            {"tied": 1},
            "Đạt 86,60%, xếp thứ 50/63, đồng hạng với 1 đơn vị khác.",
            "86.60%, place 50 of 63, tied with 1 other unit.",
        ),
        (
            {"tied": 2},
            "Đạt 86,60%, xếp thứ 50/63, đồng hạng với 2 đơn vị khác.",
            "86.60%, place 50 of 63, tied with 2 other units.",
        ),
    ],
)
def test_a_standing_says_its_band_and_its_ties(more: dict[str, Any], vi: str, en: str) -> None:
    assert place_sentence(86.6, 50, 63, **more) == {"vi": vi, "en": en}


def test_every_shipped_band_can_stand_in_a_sentence() -> None:
    """Groups A, B, C nationally; Tốt, Khá, Trung bình in Lâm Đồng (parindex.md §2.3, §3)."""
    said = [
        place_sentence(90, 1, 2, band=band.name)["vi"].split(", ")[1]
        for scale in shipped_scales().values()
        for band in scale.bands
    ]
    assert {"nhóm A", "nhóm B", "xếp loại Tốt", "xếp loại Trung bình"} <= set(said)


@pytest.mark.parametrize(
    ("low", "high", "vi"),
    [
        (47, 53, "Với độ tin cậy 95%, thứ hạng từ 47 đến 53."),
        (1, 1, "Với độ tin cậy 95%, thứ hạng là 1."),
        (None, None, "Chưa tính được khoảng thứ hạng."),
    ],
)
def test_an_interval_of_places(low: int | None, high: int | None, vi: str) -> None:
    assert interval_sentence(low, high)["vi"] == vi


@pytest.mark.parametrize(
    ("gap", "se", "vi"),
    [
        (0.3, 0.2, "Chênh lệch 0,30 điểm phần trăm nằm trong sai số."),
        (-0.3, 0.1, "Chênh lệch 0,30 điểm phần trăm vượt quá sai số."),
        (0.3, None, "Chênh lệch 0,30 điểm phần trăm, chưa biết sai số."),
        (0.3, 0.0, "Chênh lệch 0,30 điểm phần trăm vượt quá sai số."),
        (0.001, 0.2, "Không có chênh lệch."),
    ],
)
def test_a_difference_within_the_error_is_said_to_be(gap: float, se: float | None, vi: str) -> None:
    assert difference_sentence(gap, se)["vi"] == vi


@pytest.mark.parametrize(
    ("more", "vi", "en"),
    [
        (
            {"reached": True, "criteria": 3, "gained": 1.35, "place": 45, "of": 63},
            "Cần tăng 1,35 điểm ở 3 tiêu chí để xếp thứ 45/63.",
            "1.35 points more in 3 criteria bring place 45 of 63.",
        ),
        (
            {"reached": True, "criteria": 1, "gained": 1.0, "place": None, "of": None},
            "Cần tăng 1,00 điểm ở 1 tiêu chí.",
            "1.00 point more in 1 criterion.",
        ),
        (
            {"reached": True, "criteria": 0, "gained": 0.0, "place": 1, "of": 63},
            "Đã đạt mục tiêu, không cần thay đổi.",
            "The target is reached already, nothing has to change.",
        ),
        (
            {"reached": False, "criteria": 0, "gained": 0.0, "place": 12, "of": 63},
            "Không thể đạt mục tiêu; tốt nhất có thể xếp thứ 12/63.",
            "The target cannot be reached; the best that can be is place 12 of 63.",
        ),
        (
            {"reached": False, "criteria": 0, "gained": 0.0, "place": None, "of": None},
            "Không thể đạt mục tiêu.",
            "The target cannot be reached.",
        ),
    ],
)
def test_a_plan_says_what_it_takes_or_that_it_cannot_be(more: dict[str, Any], vi: str, en: str) -> None:
    assert plan_sentence(**more) == {"vi": vi, "en": en}


def test_lost_points_name_the_worst_and_count_the_rest() -> None:
    leaves = [
        ({"vi": f"tiêu chí {number}", "en": f"criterion {number}"}, 5.0 - number) for number in range(5)
    ]
    assert lost_sentence(15.0, leaves)["vi"] == (
        "Bị trừ 15,00 điểm ở 5 tiêu chí: tiêu chí 0 (5,00), tiêu chí 1 (4,00), tiêu chí 2 (3,00)"
        " và 2 tiêu chí khác."
    )
    assert lost_sentence(9.0, leaves[:2])["en"] == (
        "9.00 points lost in 2 criteria: criterion 0 (5.00) and criterion 1 (4.00)."
    )
    assert lost_sentence(1.0, leaves[4:])["en"] == "1.00 point lost in 1 criterion: criterion 4 (1.00)."
    assert lost_sentence(9.0, leaves[:4])["en"].endswith("and 1 other criterion.")
    assert lost_sentence(0.0, [])["vi"] == "Không bị trừ điểm."


def test_contributions_name_what_rose_and_what_fell() -> None:
    parts = [(text("A"), 0.8), (text("B"), -0.3), (text("C"), 1.2), (text("D"), 0.001), (text("E"), 0.1)]
    assert contribution_sentence(parts) == {
        "vi": "Tăng nhiều nhất: C (+1,20) và A (+0,80); giảm nhiều nhất: B (−0,30).",
        "en": "Most gained: C (+1.20) and A (+0.80); most lost: B (−0.30).",
    }
    assert contribution_sentence(parts[3:4])["vi"] == "Không lĩnh vực nào thay đổi."
    assert contribution_sentence([])["en"] == "No area changed."


@pytest.mark.parametrize(
    ("own", "appraised", "vi"),
    [
        (64.75, 62.62, "Tự chấm 64,75 điểm, thẩm định 62,62 điểm: thẩm định thấp hơn 2,13 điểm."),
        (60, 61.5, "Tự chấm 60,00 điểm, thẩm định 61,50 điểm: thẩm định cao hơn 1,50 điểm."),
        (60, 60.001, "Tự chấm 60,00 điểm, thẩm định 60,00 điểm: khớp nhau."),
    ],
)
def test_self_score_against_appraised_score(own: float, appraised: float, vi: str) -> None:
    """Nam Định 2020: 64.75 claimed, 62.62 given (parindex.md §5)."""
    assert self_score_sentence(own, appraised)["vi"] == vi


@pytest.mark.parametrize(
    ("counts", "vi", "en"),
    [
        ((53, 9, 0), "53 đơn vị tăng điểm và 9 đơn vị giảm điểm.", "53 units rose and 9 units fell."),
        (
            (1, 1, 1),
            "1 đơn vị tăng điểm, 1 đơn vị giảm điểm và 1 đơn vị giữ nguyên.",
            "1 unit rose, 1 unit fell and 1 unit stayed.",
        ),
        ((0, 0, 0), "Không có đơn vị nào để so sánh.", "There is no unit to compare."),
    ],
)
def test_how_many_rose_and_fell(counts: tuple[int, int, int], vi: str, en: str) -> None:
    """2024: 53 up and 9 down (parindex.md §4)."""
    assert movers_sentence(*counts) == {"vi": vi, "en": en}


@settings(deadline=None)
@given(points=st.floats(-100, 100), places=st.integers(-63, 63))
def test_every_sentence_is_one_nfc_sentence_in_each_language(points: float, places: int) -> None:
    for said in change_sentence(points, places).values():
        assert said[0] == said[0].upper()
        assert said.endswith(".")
        assert not said.endswith("..")
        assert unicodedata.is_normalized("NFC", said)
        assert "<" not in said
