"""Units of one round as the units of another: by the shipped register, on both sides of 01/07/2025."""

from datetime import date

from survey.services.unit_names import alphabetical, kind_name, said_kind, unit_name
from survey.services.unit_succession import unit_links

BEFORE, AFTER = date(2024, 12, 31), date(2026, 3, 2)
#: Resolution 202/2025/QH15: Đắk Nông, Bình Thuận and Lâm Đồng became Lâm Đồng.
THREE = ("p63-60", "p63-67", "p63-68")


def test_units_that_merged_become_one() -> None:
    found = unit_links(THREE, earlier=BEFORE, later=AFTER)
    assert dict(found.links) == dict.fromkeys(THREE, "p34-68")
    assert dict(found.parts) == {"p34-68": THREE}
    assert (found.split, found.partial) == ((), ())


def test_a_unit_of_which_a_part_was_not_asked_before_is_not_one_area() -> None:
    assert unit_links(THREE[:2], earlier=BEFORE, later=AFTER).partial == ("p34-68",)


def test_a_unit_that_stands_on_both_days_stays_as_it_is() -> None:
    found = unit_links(["p34-68", "a68-noi-vu"], earlier=date(2025, 8, 1), later=AFTER)
    assert (dict(found.links), found.split, found.partial) == ({}, (), ())


def test_units_that_were_not_there_yet_split_backwards_and_have_no_change() -> None:
    """Asked the wrong way round, Lâm Đồng of 2026 is three provinces in 2024: none of them alone."""
    assert unit_links(["p34-68"], earlier=AFTER, later=BEFORE).split == ("p34-68",)


def test_a_unit_that_is_not_known_here_keeps_its_id_and_has_no_kind() -> None:
    found = unit_links(["nowhere"], earlier=BEFORE, later=AFTER)
    assert (dict(found.links), found.split) == ({}, ())
    assert (unit_name("nowhere"), kind_name("nowhere")) == ("nowhere", "")


def test_units_stand_in_vietnamese_order_of_their_names_without_the_kind() -> None:
    """Đ comes after D and before L, which no byte order does."""
    assert [unit_name(unit) for unit in alphabetical(reversed(THREE))] == [
        "Tỉnh Bình Thuận",
        "Tỉnh Đắk Nông",
        "Tỉnh Lâm Đồng",
    ]


def test_a_kind_is_said_in_the_language_asked_for_and_another_name_stays() -> None:
    assert (said_kind("Phường", "en"), said_kind("Phường", "vi")) == ("Ward", "Phường")
    assert said_kind("Khối Đảng", "en") == "Khối Đảng"
