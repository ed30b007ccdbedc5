"""The page of error codes, made from the tree itself: `python -m tests.meta.error_page` prints it.

Not a test: test_docs.py holds the page in docs/ against this.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import survey
from survey.errors import SurveyError

_HEAD = """\
# Error codes / Mã lỗi

Every error that a person can meet, as it is said to them. The page and the API also give a reference
(Số tham chiếu); for errors of the site itself (5xx) the same reference stands in the log.

Mỗi lỗi có một mã không đổi. Khi báo lỗi cho người quản trị, hãy gửi mã lỗi và số tham chiếu.

The code is `SVY-<HTTP status>-<number>`. Names in braces are filled in. What to do:
[operations](operations.md#when-something-goes-wrong). Problems *inside* a file or a form have codes of their own:
[questionnaires](questionnaire-format.md#problem-codes), [criteria sets](criteria-set-format.md).

This page is made by `.venv/bin/python -m tests.meta.error_page > docs/error-codes.md`; a test compares it with the code.

| code | Tiếng Việt | English | where |
|---|---|---|---|
"""


def error_leaves() -> tuple[type[SurveyError], ...]:
    """Give every error of the package that has a code of its own, in the order of their codes."""
    for module in pkgutil.walk_packages(survey.__path__, "survey."):
        importlib.import_module(module.name)
    ours = (kind for kind in {*_tree(SurveyError)} if kind.__module__.startswith("survey."))
    return tuple(sorted((kind for kind in ours if "code" in vars(kind)), key=lambda kind: kind.code))


def row_of(kind: type[SurveyError]) -> str:
    """Write the table's line of one error."""
    place = kind.__module__.replace(".", "/")
    return f"| {kind.code} | {kind.texts['vi']} | {kind.texts['en']} | `{kind.__name__}` in `{place}.py` |"


def error_page() -> str:
    """Write the whole page."""
    return _HEAD + "\n".join(map(row_of, error_leaves())) + "\n"


def _tree(kind: type[SurveyError]) -> Iterator[type[SurveyError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _tree(child)


if __name__ == "__main__":
    print(error_page(), end="")
