"""Which inputs do not fit the criteria set: all of them, before anything is computed.

Not the checking of a criteria-set file (checking.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from survey.scoring.criteria import CriteriaSet, Criterion
from survey.scoring.inputs import LeafInput, NotApplicable, is_finite
from survey.scoring.problems import Problem, problem
from survey.scoring.rules_counted import Terms

Inputs = Mapping[str, LeafInput]


def refusals(criteria_set: CriteriaSet, inputs: Inputs, best: Mapping[str, float]) -> list[Problem]:
    """Find every input that the criteria set does not take, by leaf."""
    lines = dict(lineages(criteria_set.tree))
    found = [refused for name, given in inputs.items() if (refused := refuse(name, given, lines, inputs))]
    found += [problem(name, "unknown_leaf", id=name) for name in best if name not in lines]
    found += [problem(name, "not_a_number") for name, value in best.items() if not is_amount(value)]
    top = [node for node in criteria_set.tree if not node.outside_base]
    if not found and all(is_exempt(node, inputs) for node in top):
        found.append(problem("", "nothing_left"))
    return found


def is_amount(value: float) -> bool:
    return math.isfinite(value) and value >= 0


def lineages(
    nodes: Sequence[Criterion], above: tuple[Criterion, ...] = ()
) -> Iterator[tuple[str, tuple[Criterion, ...]]]:
    """Give each node's id with the way down to it, the node itself last."""
    for node in nodes:
        line = (*above, node)
        yield node.id, line
        yield from lineages(node.children, line)


def is_exempt(node: Criterion, inputs: Inputs) -> bool:
    """Say whether a node is exempted itself, or in all of its parts."""
    if isinstance(inputs.get(node.id), NotApplicable):
        return True
    return bool(node.children) and all(is_exempt(child, inputs) for child in node.children)


def refuse(
    name: str, given: LeafInput, lines: Mapping[str, tuple[Criterion, ...]], inputs: Inputs
) -> Problem | None:
    """Judge one input against the node that it is for."""
    if name not in lines:
        return problem(name, "unknown_leaf", id=name)
    *above, node = lines[name]
    if any(isinstance(inputs.get(parent.id), NotApplicable) for parent in above):
        return problem(name, "input_below_exempt", id=name)
    if isinstance(given, NotApplicable):
        return None if node.exemptible else problem(name, "not_exemptible")
    return refuse_value(node, given)


def refuse_value(node: Criterion, given: LeafInput) -> Problem | None:
    rule = node.rule
    if rule is None:
        return problem(node.id, "input_for_parent", id=node.id)
    if not isinstance(given, rule.accepts):
        return problem(node.id, "wrong_input", rule=rule.kind, got=type(given).__name__)
    if not is_finite(given):
        return problem(node.id, "not_a_number")
    return rule.refuse(given, Terms(node.id, node.maximum))
