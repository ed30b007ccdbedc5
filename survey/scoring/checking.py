"""The checker of criteria-set files: every problem, with its path, in one pass.

Not the refusing (loading.py raises). Shape by JSON Schema, then meaning of all that is sound.
"""

from __future__ import annotations

from typing import Any

from survey.scoring.meaning_rules import rule_problems
from survey.scoring.meaning_set import set_problems
from survey.scoring.meaning_settings import setting_problems
from survey.scoring.meaning_tree import tree_problems
from survey.scoring.places import Document, owners
from survey.scoring.problems import Problem
from survey.scoring.shape import read_document, shape_problems


def check(raw: bytes) -> list[Problem]:
    """Check the bytes of a criteria-set file; an empty list means that it can be used."""
    document, problems = read_document(raw)
    return problems if document is None and problems else problems + check_document(document)


def check_document(document: Any) -> list[Problem]:
    """Check a criteria set that has been read as JSON."""
    shape = list(shape_problems(document))
    if not isinstance(document, dict):
        return shape
    sound = Document(document, owners(shape))
    parts = (tree_problems, rule_problems, set_problems, setting_problems)
    meaning = [found for part in parts for found in part(sound)]
    return sorted([*shape, *meaning], key=lambda found: found.path)
