"""The promises of this part: public names, errors in both languages, its place in the house."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import survey.aggregation.request as part
from survey.aggregation.request import errors
from survey.errors import LANGUAGES, SurveyError

FOLDER = Path(part.__file__).parent


def leaves() -> list[type[SurveyError]]:
    found = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, SurveyError)]
    return [one for one in found if one.__module__ == errors.__name__]


def test_every_public_name_is_there_once() -> None:
    assert all(hasattr(part, name) for name in part.__all__)
    assert sorted(set(part.__all__)) == sorted(part.__all__)


def test_every_error_is_public_and_has_a_code_of_this_part_and_both_languages() -> None:
    codes = [one.code for one in leaves()]
    assert len(set(codes)) == len(codes) >= 15
    for one in leaves():
        assert one.__name__ in part.__all__
        assert re.fullmatch(r"SVY-(422-1[56]\d|404-15\d|409-15\d)", one.code)
        assert set(one.texts) == set(LANGUAGES)
        places = [set(re.findall(r"{(\w+)}", text)) for text in one.texts.values()]
        assert places[0] == places[1]


def test_this_part_imports_nothing_of_ours_outside_the_room_but_the_floor() -> None:
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("survey"):
                assert node.module == "survey.errors" or node.module.startswith("survey.aggregation"), file


def test_every_file_says_what_it_is_for_and_what_it_is_not_for() -> None:
    for file in FOLDER.glob("*.py"):
        text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        assert re.search(r"\b[Nn](ot|ever|othing)\b", text), file
        assert len(text.splitlines()) <= 5, file
