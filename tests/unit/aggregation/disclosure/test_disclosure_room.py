"""The package's promises: its public names, its errors in both languages, what it imports."""

import ast
import re
from pathlib import Path

import survey.aggregation.disclosure as room
from survey.aggregation.disclosure import errors
from survey.errors import LANGUAGES, SurveyError

FOLDER = Path(room.__file__).parent


def leaves() -> list[type[SurveyError]]:
    found = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, SurveyError)]
    return [one for one in found if one.__module__ == errors.__name__]


def test_every_public_name_of_disclosure_is_there_once() -> None:
    assert all(hasattr(room, name) for name in room.__all__)
    assert len(set(room.__all__)) == len(room.__all__)


def test_every_error_of_disclosure_is_public_and_said_in_both_languages() -> None:
    codes = [one.code for one in leaves()]
    assert len(set(codes)) == len(codes) == 7
    for one in leaves():
        assert one.__name__ in room.__all__
        assert re.fullmatch(r"SVY-422-12\d", one.code)
        assert set(one.texts) == set(LANGUAGES)
        places = [set(re.findall(r"{(\w+)}", text)) for text in one.texts.values()]
        assert places[0] == places[1]


def test_disclosure_imports_nothing_of_ours_but_its_room_and_the_floor() -> None:
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("survey"):
                assert node.module == "survey.errors" or str(node.module).startswith("survey.aggregation."), (
                    file
                )
