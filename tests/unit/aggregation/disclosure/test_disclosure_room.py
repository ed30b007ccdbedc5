"""The package's promises: its public names, its errors in both languages, what it imports."""

from pathlib import Path

import survey.aggregation.disclosure as room
from survey.aggregation.disclosure import errors
from tests.unit.aggregation.promises import (
    assert_public_names,
    assert_said_in_both_languages,
    errors_of,
    our_imports,
)

FOLDER = Path(room.__file__).parent


def test_every_public_name_of_disclosure_is_there_once() -> None:
    assert_public_names(room)


def test_every_error_of_disclosure_is_public_and_said_in_both_languages() -> None:
    leaves = errors_of(errors)
    assert len(leaves) == 7
    assert_said_in_both_languages(leaves, r"SVY-422-12\d")
    assert all(one.__name__ in room.__all__ for one in leaves)


def test_disclosure_imports_nothing_of_ours_but_its_room_and_the_floor() -> None:
    for file, module in our_imports(FOLDER):
        assert module == "survey.errors" or module.startswith("survey.aggregation."), file
