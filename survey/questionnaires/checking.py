"""Checking a document: its syntax, its shape, its meaning, every problem at once.

The one door to the checker. Nothing here stops at the first finding: the meaning of what is
sound is judged even when other parts are broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from survey.questionnaires.outline import Outline
from survey.questionnaires.places import Json
from survey.questionnaires.problems import Problem
from survey.questionnaires.rules_formulas import check_formulas
from survey.questionnaires.rules_items import check_items
from survey.questionnaires.rules_names import check_names
from survey.questionnaires.rules_routing import check_routing
from survey.questionnaires.rules_scales import check_scales
from survey.questionnaires.rules_texts import check_texts
from survey.questionnaires.shape import check_shape
from survey.questionnaires.syntax import read_json

MEANING: tuple[Callable[[Outline], Iterator[Problem]], ...] = (
    check_texts,
    check_names,
    check_scales,
    check_items,
    check_routing,
    check_formulas,
)


def check(raw: bytes) -> list[Problem]:
    """Report every problem of a questionnaire file; an empty list when it is sound."""
    return examine(raw)[1]


def examine(raw: bytes) -> tuple[Json, list[Problem]]:
    """Read a file and check it: the JSON document, as far as it was read, and its problems."""
    document, found = read_json(raw)
    if document is None and found:
        return None, found
    found.extend(check_shape(document))
    if isinstance(document, dict):
        outline = Outline.of(document)
        for rule in MEANING:
            found.extend(rule(outline))
    return document, _once(found)


def _once(found: list[Problem]) -> list[Problem]:
    """Drop what both passes found: same place, same code."""
    return list({(problem.path, problem.code): problem for problem in found}.values())
