"""Names that SPSS, Stata, R and CSV all take (SPSS: 64 bytes, any case; Stata: 32, `help reserved`)."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.reports import variable_names
from survey.reports.microdata.names import NAME_LIMIT, RESERVED

VALID = re.compile("[A-Za-z][A-Za-z0-9_]*")
IDS = st.from_regex("[A-Za-z][A-Za-z0-9_.-]{0,63}(/[A-Za-z][A-Za-z0-9_.-]{0,63})?", fullmatch=True)


@settings(deadline=None, max_examples=50)
@given(st.lists(IDS, max_size=40), st.randoms())
def test_every_name_is_valid_unlike_the_others_in_any_case_and_does_not_depend_on_the_order(
    ids: list[str], chance: random.Random
) -> None:
    names = variable_names(ids, taken=("psu", "stratum"))
    assert set(names) == set(ids)
    for name in names.values():
        assert VALID.fullmatch(name)
        assert len(name) <= NAME_LIMIT
        assert not name.endswith("_")
        assert name.casefold() not in RESERVED | {"psu", "stratum"}
    assert len({name.casefold() for name in names.values()}) == len(names)
    shuffled = list(ids)
    chance.shuffle(shuffled)
    assert variable_names(shuffled, taken=("psu", "stratum")) == names


def test_a_name_stays_as_it_is_whatever_questions_come_later() -> None:
    before = variable_names(["B1a.clear", "a" * 40, "if"])
    after = variable_names(["new", "B1a.clear", "a" * 41, "a" * 40, "if", "z.z"])
    assert {one: after[one] for one in before} == before


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("B1a.clear", "B1a_clear"),
        ("A5.steps/return", "A5_steps_return"),
        ("Điểm số", "Diem_so"),
        ("9a", "v_9a"),
    ],
)
def test_an_id_becomes_the_name_it_looks_like(source: str, name: str) -> None:
    assert variable_names([source]) == {source: name}


@pytest.mark.parametrize("word", ["if", "WITH", "str20", "strL", "_n", "NULL", "psu", "Psu", "_", "đ" * 50])
def test_a_word_that_a_program_keeps_for_itself_gets_a_mark(word: str) -> None:
    name = variable_names([word], taken=["psu"])[word]
    assert VALID.fullmatch(name)
    assert name.casefold() not in {word.casefold(), "psu"}


def test_ids_that_come_to_one_name_all_get_marks_but_the_id_that_is_that_name() -> None:
    names = variable_names(["a.b", "a-b", "a_b", "A_B"])
    assert names["A_B"] == "A_B"
    assert len({name.casefold() for name in names.values()}) == 4
    assert all(re.fullmatch("[aA]_[bB]_[0-9a-f]{4}", names[one]) for one in ("a.b", "a-b", "a_b"))


def test_long_ids_that_begin_alike_stay_apart() -> None:
    ids = [f"{'rat-dai.' * 7}{number}" for number in range(300)]
    names = variable_names(ids)
    assert len(set(names.values())) == 300
    assert max(map(len, names.values())) <= NAME_LIMIT
