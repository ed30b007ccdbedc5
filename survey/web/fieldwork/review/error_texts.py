"""The text of an error by its code, for records whose reason is kept as one."""

from __future__ import annotations

from collections.abc import Iterator

from survey.errors import SurveyError


def text_of_code(code: str, language: str) -> str | None:
    """Give what an error says, without what it would fill in; None for a code that no error has."""
    for kind in _leaves(SurveyError):
        if kind.code == code:
            said = kind.texts.get(language, kind.texts["vi"])
            return None if "{" in said else said
    return None


def _leaves(kind: type[SurveyError]) -> Iterator[type[SurveyError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _leaves(below)
