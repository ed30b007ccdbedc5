"""Which set holds on a day: by unit type, year, kind of unit, and a replacement in mid-year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.scoring import (
    CriteriaSet,
    Edition,
    NoSetInForce,
    SeveralSetsInForce,
    in_force,
    load_shipped,
    overlap_problems,
    terms,
)
from tests.unit.scoring.sample import built, leaf
from tests.unit.scoring.variants import variant

FIRST, SECOND = "son-la-2211", "son-la-2712"


def son_la(day: date) -> str:
    sets = [variant(FIRST), variant(SECOND)]
    return in_force(sets, unit_type="commune", day=day, year=2025, illustrations=True).id


def test_a_set_that_replaces_another_in_mid_year_ends_it_on_the_day_before() -> None:
    """Sơn La: 2211 of 31/08/2025 gave way to 2712 of 31/10/2025 for the same year (parindex.md §3)."""
    assert son_la(date(2025, 8, 31)) == FIRST
    assert son_la(date(2025, 10, 30)) == FIRST
    assert son_la(date(2025, 10, 31)) == SECOND
    assert son_la(date(2025, 12, 31)) == SECOND


def test_the_replaced_set_keeps_its_own_dates_and_its_term_ends() -> None:
    first, second = variant(FIRST), variant(SECOND)
    assert first.valid_to is None
    assert [(term.first, term.last) for term in terms([first, second])] == [
        (date(2025, 8, 31), date(2025, 10, 30)),
        (date(2025, 10, 31), None),
    ]
    assert overlap_problems(second, [first]) == []
    assert overlap_problems(first, [second]) == []


def test_two_sets_that_claim_the_same_days_are_named_with_them() -> None:
    first, second = variant(FIRST), replace(variant(SECOND), replaces=None)
    (found,) = overlap_problems(second, [first])
    assert (found.path, found.code) == ("/valid_from", "same_day_claimed")
    assert "son-la-2211" in found.text()
    assert "31/10/2025" in found.text()
    with pytest.raises(SeveralSetsInForce) as refused:
        in_force([first, second], unit_type="commune", day=date(2025, 12, 31), illustrations=True)
    assert "son-la-2211 1; son-la-2712 1" in refused.value.text("vi")


def test_an_illustration_is_never_in_force_unless_it_is_asked_for() -> None:
    """par-illustration and par-876-blocks share days and unit type; only the official one answers."""
    sets = [load_shipped(name) for name in ("par-illustration", "par-876-blocks", "par-2948-areas")]
    day = load_shipped("par-876-blocks").valid_from
    assert in_force(sets, unit_type="province", day=day, year=2022).id == "par-876-blocks"
    with pytest.raises(NoSetInForce):
        in_force(sets[:1], unit_type="province", day=date(2025, 1, 1))
    assert overlap_problems(sets[0], sets[1:]) == []


def test_without_the_year_assessed_two_national_sets_may_both_be_open() -> None:
    """No end is known of set 2948; who asks without the year is told of both, never given one."""
    sets = [load_shipped("par-876-blocks"), load_shipped("par-2948-areas")]
    with pytest.raises(SeveralSetsInForce):
        in_force(sets, unit_type="province", day=date(2023, 1, 1))


def test_blocks_of_different_kinds_may_have_sets_of_their_own() -> None:
    """Hải Phòng ranks phường apart from xã and đặc khu; a set for one claims nothing of the other."""
    both = variant("hai-phong-2025-communes")
    wards = replace(both, id="wards", blocks=both.blocks[:1])
    communes = replace(both, id="communes", blocks=both.blocks[1:])
    assert overlap_problems(wards, [communes]) == []
    assert [one.code for one in overlap_problems(wards, [both])] == ["same_day_claimed"]
    day = date(2025, 6, 1)
    sets = [wards, communes]
    chosen = {
        kind: in_force(sets, unit_type="commune", day=day, kind=kind, illustrations=True).id
        for kind in ("ward", "commune", "special_zone")
    }
    assert chosen == {"ward": "wards", "commune": "communes", "special_zone": "communes"}


def test_the_year_assessed_chooses_between_sets_of_two_years() -> None:
    old = replace(variant(FIRST), id="old", years=(2024,), replaces=None)
    new = replace(variant(FIRST), id="new")
    day = date(2025, 9, 1)
    assert overlap_problems(new, [old]) == []
    assert in_force([old, new], unit_type="commune", day=day, year=2024, illustrations=True).id == "old"
    assert in_force([old, new], unit_type="commune", day=day, year=2025, illustrations=True).id == "new"


def test_no_set_at_all_says_the_day_and_the_type() -> None:
    with pytest.raises(NoSetInForce) as refused:
        in_force([], unit_type="department", day=date(2025, 1, 2))
    assert "02/01/2025" in refused.value.text("vi")


START = date(2024, 1, 1)
SPANS = st.lists(st.tuples(st.integers(0, 60), st.none() | st.integers(0, 40)), min_size=1, max_size=5)


def chain(spans: list[tuple[int, int | None]], *, linked: bool) -> list[CriteriaSet]:
    base = built(leaf("a", 100))
    made: list[CriteriaSet] = []
    for index, (first, length) in enumerate(spans):
        begins = START + timedelta(days=first)
        made.append(
            replace(
                base, id=f"set-{index}", years=(), valid_from=begins,
                valid_to=None if length is None else begins + timedelta(days=length),
                replaces=Edition(made[-1].id, "1") if linked and made else None,
            )
        )  # fmt: skip
    return made


@given(spans=SPANS, day=st.integers(-5, 120))
def test_a_day_is_claimed_twice_exactly_when_the_choice_fails(
    spans: list[tuple[int, int | None]], day: int
) -> None:
    sets = chain(spans, linked=False)
    when = START + timedelta(days=day)
    holding = [one.id for one in sets if one.is_valid_on(when)]
    try:
        assert [in_force(sets, unit_type="department", day=when, illustrations=True).id] == holding
    except NoSetInForce:
        assert holding == []
    except SeveralSetsInForce:
        assert len(holding) > 1
        assert any(overlap_problems(one, [two for two in sets if two is not one]) for one in sets)


@given(spans=SPANS)
def test_sets_that_each_replace_the_last_later_never_share_a_day(
    spans: list[tuple[int, int | None]],
) -> None:
    in_order = sorted(spans, key=lambda span: span[0])
    sets = chain(in_order, linked=True)
    held = terms(sets)
    assert all(one.shared_with(two) is None for i, one in enumerate(held) for two in held[:i])
