"""What each part of the room promises alike: public names, errors in both languages, imports one way.

Not what a part alone promises, which stands in its own tests.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from types import ModuleType

from survey.errors import LANGUAGES, SurveyError


def errors_of(module: ModuleType) -> list[type[SurveyError]]:
    """Give the errors that a module declares."""
    every = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, SurveyError)]
    return [one for one in every if one.__module__ == module.__name__]


def assert_public_names(part: ModuleType) -> None:
    """Check that every public name is there, and once."""
    assert [name for name in part.__all__ if not hasattr(part, name)] == []
    assert len(set(part.__all__)) == len(part.__all__)


def assert_said_in_both_languages(leaves: Collection[type[SurveyError]], codes: str) -> None:
    """Check that each error has a code of its own, of a pattern, and fills the same places in each language."""
    assert len({one.code for one in leaves}) == len(leaves)
    for one in leaves:
        assert re.fullmatch(codes, one.code), one
        assert set(one.texts) == set(LANGUAGES), one
        places = [set(re.findall(r"{(\w+)}", text)) for text in one.texts.values()]
        assert places[0] == places[1], one


def our_imports(folder: Path) -> Iterator[tuple[Path, str]]:
    """Give every module of ours that the files of a folder import from, with the file."""
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("survey"):
                yield file, str(node.module)


def purpose_of(file: Path) -> str:
    """Give what a file says of itself in its first lines."""
    return ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
