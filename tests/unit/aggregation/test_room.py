"""The room's promises: its public names, its errors in both languages, its place in the house."""

import ast
import re
from pathlib import Path

import survey.aggregation as room
from survey.aggregation import errors
from survey.errors import LANGUAGES, SurveyError

FOLDER = Path(room.__file__).parent


def leaves() -> list[type[SurveyError]]:
    found = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, SurveyError)]
    return [one for one in found if one.__module__ == errors.__name__]


def test_every_public_name_is_there_and_in_order() -> None:
    assert all(hasattr(room, name) for name in room.__all__)
    assert len(set(room.__all__)) == len(room.__all__)


def test_every_error_is_public_and_has_its_own_code_and_both_languages() -> None:
    codes = [one.code for one in leaves()]
    assert len(set(codes)) == len(codes) >= 10
    for one in leaves():
        assert one.__name__ in room.__all__
        assert re.fullmatch(r"SVY-422-(4|17|18)\d", one.code)
        assert set(one.texts) == set(LANGUAGES)
        places = [set(re.findall(r"{(\w+)}", text)) for text in one.texts.values()]
        assert places[0] == places[1]


def test_the_room_imports_nothing_of_ours_but_the_floor() -> None:
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("survey"):
                assert node.module == "survey.errors" or node.module.startswith("survey.aggregation"), file


def test_every_file_says_what_it_is_for_and_what_it_is_not_for() -> None:
    for file in FOLDER.glob("*.py"):
        text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        assert text, file
        if file.name != "__init__.py":
            assert "Not " in text or "not " in text, file
