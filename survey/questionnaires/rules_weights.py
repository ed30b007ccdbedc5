"""Pass 2, weights: a weighted node names each of its parts once, and its weights sum to 1.

Sampling weights are another thing; they belong to `sampling`.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum

from survey.questionnaires.places import Place, at
from survey.questionnaires.problems import Problem, problem

TOLERANCE = 1e-9


def check_weights(node: Place) -> Iterator[Problem]:
    """Report weights that are missing, out of place, not positive or do not sum to 1."""
    if node.word("combine") == "weighted":
        if "weights" not in node.data:
            yield problem("weights-missing", node.at("weights"))
        for weights in node.inside("weights"):
            yield from _mismatch(node, weights)
            yield from _sum(weights)
    elif node.word("combine") is not None and "weights" in node.data:
        yield problem("weights-unexpected", node.at("weights"))


def _mismatch(node: Place, weights: Place) -> Iterator[Problem]:
    children = [id for child in node.each("children") if (id := child.word("id"))]
    parts = [*children, *(name for _, name in node.words("items"))]
    for part in dict.fromkeys([*parts, *weights.data]):
        if (part in parts) != (part in weights.data):
            yield problem("weights-mismatch", at(weights.path, part), id=part)


def _sum(weights: Place) -> Iterator[Problem]:
    numbers = {name: value for name, value in weights.data.items() if _is_number(value)}
    for name, value in numbers.items():
        if not value > 0:
            yield problem("weight-not-positive", at(weights.path, name))
    if len(numbers) == len(weights.data):
        total = fsum(float(value) for value in numbers.values())
        if not abs(total - 1) <= TOLERANCE:
            yield problem("weights-sum", weights.path, total=f"{total:.12g}")


def _is_number(value: object) -> bool:
    """Tell a number of sane size; above 1 the shape pass reports it."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -2 < value < 2
