"""The room's promises: its public names, its errors in both languages, its place in the house."""

import importlib
import sys
from pathlib import Path

import survey.aggregation as room
from survey.errors import SurveyError
from tests.unit.aggregation.promises import (
    assert_public_names,
    assert_said_in_both_languages,
    our_imports,
    purpose_of,
)

FOLDER = Path(room.__file__).parent


def leaves() -> list[type[SurveyError]]:
    """Give the room's errors, those of its sub-rooms too, each once."""
    for file in sorted(FOLDER.rglob("*.py")):
        importlib.import_module(".".join(("survey", *file.relative_to(FOLDER.parent).with_suffix("").parts)))
    named = [module for name, module in sys.modules.items() if name.startswith(room.__name__)]
    found = {one for module in named for one in vars(module).values() if is_leaf(one)}
    return sorted(found, key=lambda one: one.code)


def is_leaf(one: object) -> bool:
    return isinstance(one, type) and issubclass(one, SurveyError) and one.__module__.startswith(room.__name__)


def test_every_public_name_is_there_and_in_order() -> None:
    assert_public_names(room)


def test_every_error_is_public_and_has_its_own_code_and_both_languages() -> None:
    assert len(leaves()) >= 10
    assert_said_in_both_languages(leaves(), r"SVY-(404|409|422|503)-(4|1[0-8])\d")
    for one in leaves():
        home = sys.modules[one.__module__.rpartition(".")[0]]
        assert one.__name__ in home.__all__, one


def test_the_room_imports_nothing_of_ours_but_the_floor() -> None:
    for file, module in our_imports(FOLDER):
        assert module == "survey.errors" or module.startswith("survey.aggregation"), file


def test_every_file_says_what_it_is_for_and_what_it_is_not_for() -> None:
    for file in FOLDER.rglob("*.py"):
        text = purpose_of(file)
        assert text, file
        if file.name != "__init__.py":
            assert "Not " in text or "not " in text, file
