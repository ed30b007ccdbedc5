"""Looking units up as of a day, upwards, downwards and across the merger of 1 July 2025."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.units import (
    AmbiguousUnitName,
    Unit,
    UnitNotFound,
    UnitTree,
    UnknownUnitId,
    fold,
    load_units,
)

EVE, DAY_ONE = date(2025, 6, 30), date(2025, 7, 1)
MID_2024, MID_2026 = date(2024, 6, 1), date(2026, 6, 1)
days_with_provinces = st.dates(date(2008, 8, 1), date(2040, 12, 31))


@pytest.fixture(scope="module")
def tree() -> UnitTree:
    return load_units()


@pytest.mark.parametrize(
    ("day", "provinces", "cities"),
    [(MID_2024, 58, 5), (date(2025, 1, 1), 57, 6), (EVE, 57, 6), (DAY_ONE, 28, 6), (MID_2026, 27, 7)],
)
def test_the_provinces_of_a_day_are_those_of_the_law(
    tree: UnitTree, day: date, provinces: int, cities: int
) -> None:
    """Source: 63 with 5, then 6 cities (175/2024/QH15); 28 + 6 (202/2025/QH15); Đồng Nai (30/2026/QH16)."""
    kinds = Counter(unit.kind for unit in tree.as_of(day, level="province"))
    assert kinds == {"province": provinces, "city": cities}


@given(days_with_provinces)
def test_on_any_day_each_province_has_its_own_name_and_code(day: date) -> None:
    provinces = load_units().as_of(day, level="province")
    assert len(provinces) in (63, 34)
    assert len({fold(unit.name) for unit in provinces}) == len(provinces)
    assert len({unit.code for unit in provinces}) == len(provinces)


@given(days_with_provinces)
def test_on_any_day_every_province_is_found_by_its_full_name(day: date) -> None:
    tree = load_units()
    for unit in tree.as_of(day, level="province"):
        assert tree.find(unit.full_name.upper(), as_of=day) == unit
        assert tree.find(unit.name, level="province", as_of=day) == unit


def test_six_regions_hold_the_63_provinces(tree: UnitTree) -> None:
    """Source: the six planning regions, 11 + 14 + 14 + 5 + 6 + 13 (named in regions.csv)."""
    sizes = Counter(unit.region for unit in tree.as_of(EVE, level="province"))
    assert sizes == {
        "Đồng bằng sông Hồng": 11,
        "Trung du và miền núi phía Bắc": 14,
        "Bắc Trung Bộ và Duyên hải miền Trung": 14,
        "Tây Nguyên": 5,
        "Đông Nam Bộ": 6,
        "Đồng bằng sông Cửu Long": 13,
    }
    assert {region.name for region in tree.regions(EVE)} == set(sizes)


def test_the_regions_of_the_34_are_unknown_and_not_invented(tree: UnitTree) -> None:
    assert {unit.region for unit in tree.as_of(DAY_ONE, level="province")} == {None}
    assert tree.regions(DAY_ONE) == ()


def test_lam_dong_has_its_124_communes(tree: UnitTree) -> None:
    """Source: vietnamadminunits 1.0.4; the count of 124 is confirmed by PLO (communes_lam_dong.csv)."""
    children = tree.children("p34-68", DAY_ONE)
    assert Counter(unit.kind for unit in children if unit.level == "commune") == {
        "commune": 103,
        "ward": 20,
        "special_zone": 1,
    }
    assert tree.children("p34-68", EVE) == ()
    assert all(tree.ancestors(unit.id) == (tree.get("p34-68"),) for unit in children)


def test_an_agency_says_that_the_list_is_a_sample(tree: UnitTree) -> None:
    agencies = tree.as_of(DAY_ONE, level="agency")
    assert "Sở Nội vụ" in {unit.full_name for unit in agencies}
    assert all("không phải danh sách chính thức" in unit.source and not unit.code for unit in agencies)


@given(days_with_provinces)
def test_every_province_of_any_day_is_one_unit_on_every_later_day(later: date) -> None:
    tree = load_units()
    for unit in tree.as_of(min(later, EVE), level="province"):
        assert len(tree.counterparts(unit.id, later)) == 1


def test_every_old_province_has_one_chain_of_links_to_a_unit_that_stands(tree: UnitTree) -> None:
    for unit in tree.as_of(MID_2024, level="province"):
        here = unit
        while here.valid_to is not None:
            (link,) = tree.successors(here.id)
            assert link.act
            here = tree.get(link.to_id)
            assert here.valid_from == link.on
        assert here in tree.as_of(MID_2026)


def test_52_provinces_became_23_and_11_stayed(tree: UnitTree) -> None:
    """Source: Resolution 202/2025/QH15, as reported by Lao Động (successions.csv)."""
    links = [link for unit in tree.as_of(EVE, level="province") for link in tree.successors(unit.id)]
    merged = [link.to_id for link in links if link.change == "merged"]
    kept = [link for link in links if link.change == "kept"]
    assert (len(merged), len(set(merged)), len(kept)) == (52, 23, 11)
    assert min(Counter(merged).values()) == 2
    assert {link.act for link in links} == {"202/2025/QH15"}
    assert all(tree.get(link.from_id).name == tree.get(link.to_id).name for link in kept)


def test_dak_nong_ends_on_the_eve_and_becomes_lam_dong(tree: UnitTree) -> None:
    assert tree.find("Đắk Nông", as_of=EVE).id == "p63-67"
    with pytest.raises(UnitNotFound):
        tree.find("Đắk Nông", level="province", as_of=DAY_ONE)
    assert _names(tree.counterparts("p63-67", DAY_ONE)) == ["Lâm Đồng"]
    assert _names(tree.counterparts("p34-68", EVE)) == ["Bình Thuận", "Đắk Nông", "Lâm Đồng"]
    assert {link.from_id for link in tree.predecessors("p34-68")} == {"p63-60", "p63-67", "p63-68"}


def test_hue_and_dong_nai_change_their_kind_on_the_day(tree: UnitTree) -> None:
    """Source: Resolutions 175/2024/QH15 and 30/2026/QH16."""
    assert tree.find("Thừa Thiên Huế", as_of=date(2024, 12, 31)).full_name == "Tỉnh Thừa Thiên Huế"
    assert tree.find("TP. Huế", as_of=date(2025, 1, 1)).full_name == "Thành phố Huế"
    assert tree.find("Đồng Nai", as_of=date(2026, 4, 29)).kind == "province"
    assert tree.find("Đồng Nai", as_of=date(2026, 4, 30)).kind == "city"
    assert _names(tree.counterparts("p63-46", MID_2026)) == ["Huế"]


def test_counterparts_before_the_data_begins_are_none(tree: UnitTree) -> None:
    assert tree.counterparts("p34-68", date(2000, 1, 1)) == ()


@pytest.mark.parametrize(
    ("written", "id_"),
    [
        ("tp hồ chí minh", "p34-79"),
        ("TP.HCM", "p34-79"),
        ("T.P. Hà Nội", "p34-01"),
        ("Tỉnh Huế", "p34-46"),  # a wrong kind is forgiven, a wrong level is not
        ("Thành phố Lâm Đồng", "p34-68"),
        ("phường B’Lao", "c34-24829"),
        ("xã Hoà Thắng", "c34-23053"),
        ("ĐẶC KHU PHÚ QUÝ", "c34-23272"),
        ("Tỉnh Tuyên Quang", "p34-08"),
        ("Xã Tuyên Quang", "c34-22963"),
    ],
)
def test_a_name_is_found_as_people_write_it(tree: UnitTree, written: str, id_: str) -> None:
    assert tree.find(written, as_of=DAY_ONE).id == id_


def test_the_press_name_hue_finds_the_province_of_2024(tree: UnitTree) -> None:
    assert tree.find("Thành phố Huế", as_of=MID_2024).id == "p63-46"


def test_a_commune_prefix_never_finds_a_province(tree: UnitTree) -> None:
    with pytest.raises(UnitNotFound):
        tree.find("Xã Lâm Đồng", as_of=DAY_ONE)


def test_a_name_of_two_levels_asks_which_one(tree: UnitTree) -> None:
    with pytest.raises(AmbiguousUnitName) as refused:
        tree.find("Tuyên Quang", as_of=DAY_ONE)
    assert "Tỉnh Tuyên Quang" in refused.value.text("vi")
    assert "Xã Tuyên Quang" in refused.value.text("vi")
    assert tree.find("Tuyên Quang", level="province", as_of=DAY_ONE).id == "p34-08"
    assert tree.find("Tuyên Quang", within="p34-68", as_of=DAY_ONE).id == "c34-22963"
    assert tree.find("Tuyên Quang", kind="commune", as_of=DAY_ONE).id == "c34-22963"


def test_a_name_without_marks_is_refused_with_the_near_names(tree: UnitTree) -> None:
    with pytest.raises(UnitNotFound) as refused:
        tree.find("Dak Nong", level="province", as_of=MID_2024)
    assert refused.value.code == "SVY-404-20"
    assert "Đắk Nông" in refused.value.text("vi")
    assert "01/06/2024" in refused.value.text("en")


@given(st.text(max_size=30))
def test_any_text_is_found_or_refused_by_name(text: str) -> None:
    with suppress(UnitNotFound, AmbiguousUnitName):
        assert load_units().find(text, as_of=DAY_ONE).is_valid(DAY_ONE)


def test_an_unknown_id_is_refused_everywhere(tree: UnitTree) -> None:
    for ask in (tree.get, tree.ancestors, tree.successors, tree.predecessors):
        with pytest.raises(UnknownUnitId):
            ask("p63-99")
    with pytest.raises(UnknownUnitId):
        tree.children("p63-99", DAY_ONE)


def test_units_come_in_vietnamese_order_and_parents_before_children(tree: UnitTree) -> None:
    names = _names(tree.as_of(DAY_ONE, level="province"))
    assert names[:3] == ["An Giang", "Bắc Ninh", "Cà Mau"]
    assert names.index("Cao Bằng") < names.index("Cần Thơ") < names.index("Đà Nẵng") < names.index("Gia Lai")
    seen: set[str | None] = {None}
    for unit in tree.parents_first():
        assert unit.parent_id in seen
        seen.add(unit.id)
    assert len(seen) == len(tree.units) + 1


def _names(units: tuple[Unit, ...]) -> list[str]:
    return [unit.name for unit in units]
