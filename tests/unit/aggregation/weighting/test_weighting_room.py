"""The promises of the room's corner: public names, errors in both languages, short files with a purpose."""

import ast
import re
from pathlib import Path

import survey.aggregation.weighting as corner
from survey.aggregation.weighting import errors
from survey.errors import LANGUAGES, SurveyError

FOLDER = Path(corner.__file__).parent


def test_every_public_name_is_there_once() -> None:
    assert all(hasattr(corner, name) for name in corner.__all__)
    assert len(set(corner.__all__)) == len(corner.__all__)


def test_every_error_is_public_and_has_its_own_code_and_both_languages() -> None:
    every = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, SurveyError)]
    leaves = [one for one in every if one.__module__ == errors.__name__]
    assert len({one.code for one in leaves}) == len(leaves) == 10
    for one in leaves:
        assert one.__name__ in corner.__all__
        assert re.fullmatch(r"SVY-422-10\d", one.code)
        assert set(one.texts) == set(LANGUAGES)
        places = [set(re.findall(r"{(\w+)}", text)) for text in one.texts.values()]
        assert places[0] == places[1]


def test_every_file_says_what_it_is_for_and_what_it_is_not_for() -> None:
    for file in FOLDER.glob("*.py"):
        assert "Not " in (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""), file


def test_nothing_here_imports_the_core_but_its_labels_sums_and_errors() -> None:
    """The core imports this corner, so the corner may import only what the core itself stands on."""
    allowed = {f"survey.aggregation.{leaf}" for leaf in ("labels", "sums", "errors")} | {"survey.errors"}
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("survey"):
                assert node.module in allowed or node.module.startswith(corner.__name__), file
