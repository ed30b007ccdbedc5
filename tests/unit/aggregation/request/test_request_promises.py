"""The promises of this part: public names, errors in both languages, its place in the house."""

from __future__ import annotations

import re
from pathlib import Path

import survey.aggregation.request as part
from survey.aggregation.request import errors
from tests.unit.aggregation.promises import (
    assert_public_names,
    assert_said_in_both_languages,
    errors_of,
    our_imports,
    purpose_of,
)

FOLDER = Path(part.__file__).parent


def test_every_public_name_is_there_once() -> None:
    assert_public_names(part)


def test_every_error_is_public_and_has_a_code_of_this_part_and_both_languages() -> None:
    leaves = errors_of(errors)
    assert len(leaves) >= 15
    assert_said_in_both_languages(leaves, r"SVY-(422-1[56]\d|404-15\d|409-15\d)")
    assert all(one.__name__ in part.__all__ for one in leaves)


def test_this_part_imports_nothing_of_ours_outside_the_room_but_the_floor() -> None:
    for file, module in our_imports(FOLDER):
        assert module == "survey.errors" or module.startswith("survey.aggregation"), file


def test_every_file_says_what_it_is_for_and_what_it_is_not_for() -> None:
    for file in FOLDER.glob("*.py"):
        text = purpose_of(file)
        assert re.search(r"\b[Nn](ot|ever|othing)\b", text), file
        assert len(text.splitlines()) <= 5, file
