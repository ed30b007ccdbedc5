"""Form numbers: a wrong digit or two swapped neighbours never make another form's number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.services.paper.errors import BadFormNumbers
from survey.services.paper.numbers import (
    LAST_SERIAL,
    form_number,
    is_form_number,
    read_number,
    read_numbers,
    serial_of,
)

NUMBERS = st.builds(form_number, st.integers(1, 9_999), st.integers(1, LAST_SERIAL))


def test_the_check_digit_is_damm_s() -> None:
    """Damm 2004: the check digit of 572 is 4; here it closes the digits of round 5, serial 72."""
    from survey.services.paper.numbers import _check

    assert _check("572") == 4
    assert _check("5724") == 0


@given(NUMBERS, st.data())
def test_one_wrong_digit_is_always_caught(number: str, data: st.DataObject) -> None:
    places = [place for place, sign in enumerate(number) if sign.isdecimal()]
    place = data.draw(st.sampled_from(places))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))
    assert not is_form_number(number[:place] + wrong + number[place + 1 :])


@given(NUMBERS)
def test_two_neighbours_swapped_are_always_caught(number: str) -> None:
    digits = number.replace("-", "")
    for place in range(len(digits) - 1):
        swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        assert is_form_number(swapped) == (swapped == digits)


@given(st.sets(st.tuples(st.integers(1, 300), st.integers(1, LAST_SERIAL)), min_size=2, max_size=50))
def test_no_two_forms_share_a_number(forms: set[tuple[int, int]]) -> None:
    assert len({form_number(*one) for one in forms}) == len(forms)


@given(NUMBERS, st.sampled_from(["{}", " {} ", "{}\r\n", "\t{}"]), st.sampled_from(["-", "", " ", ".", "–"]))
def test_a_number_is_read_however_its_parts_are_parted(number: str, around: str, between: str) -> None:
    assert read_number(around.format(number.replace("-", between))) == number


def test_numbers_are_read_one_a_line_each_once() -> None:
    first, second = form_number(3, 345), form_number(3, 346)
    assert read_numbers(f"{first}\n\n{second}\n{first.replace('-', '')}\n") == (first, second)
    assert serial_of(first) == 345


@pytest.mark.parametrize(
    "typed", ["", "\n \n", "x", "1-00001", "1-00001-0", "１-00001-5", "9" * 40, "1-0000O-5"]
)
def test_what_is_no_number_is_named(typed: str) -> None:
    with pytest.raises(BadFormNumbers):
        read_numbers(typed)
