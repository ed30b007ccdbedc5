"""One-time codes: what typing forgives, what the check character finds, what a dump cannot do (K13)."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.services.slips.codes import LENGTH, LETTERS, RANDOM, SlipKey, check_character, read_code, written
from survey.services.slips.errors import MistypedSlip

DRAWN = st.text(LETTERS, min_size=RANDOM, max_size=RANDOM)
CODES = DRAWN.map(lambda drawn: drawn + check_character(drawn))


@given(CODES)
def test_a_code_is_read_as_people_type_it(code: str) -> None:
    """K13: dashes, blanks, lower case, and the letters that are taken for digits."""
    confused = code.replace("0", "O").replace("1", "l")
    for typed in (
        code,
        written(code),
        written(code).lower(),
        f"  {' '.join(code)} ",
        confused,
        confused.lower(),
    ):
        assert read_code(typed) == code


@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(LETTERS))
def test_one_wrong_character_is_always_found(code: str, place: int, letter: str) -> None:
    wrong = code[:place] + letter + code[place + 1 :]
    if wrong == code:
        return
    with pytest.raises(MistypedSlip):
        read_code(wrong)


@given(CODES, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_two_characters_that_changed_places_are_always_found(code: str, one: int, other: int) -> None:
    swapped = list(code)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    if "".join(swapped) == code:
        return
    with pytest.raises(MistypedSlip):
        read_code("".join(swapped))


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_code_or_mistyped(typed: str) -> None:
    with suppress(MistypedSlip):
        assert len(read_code(typed)) == LENGTH


def test_the_alphabet_has_no_letter_that_is_taken_for_another() -> None:
    assert len(LETTERS) == len(set(LETTERS)) == 32
    assert not set("ILOU") & set(LETTERS)


def test_without_the_key_file_a_dump_tells_of_no_guess_whether_it_is_right() -> None:
    """K13: the salt is no column, so the hash of a known code differs under every other key."""
    code = "7KQM4XTP" + check_character("7KQM4XTP")
    ours, other = SlipKey(b"a" * 32), SlipKey(b"b" * 32)
    assert ours.hash_of(code) == ours.hash_of(code)
    assert ours.hash_of(code) != other.hash_of(code)
    hashed = ours.hash_of(code)
    assert ours.response_id("one", hashed) != ours.response_id("two", hashed)
    assert ours.response_id("one", hashed) != other.response_id("one", hashed)
    assert ours.response_id("one", hashed).hex not in hashed
