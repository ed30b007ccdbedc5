"""A formula's indices as aggregation takes them: their names, their terms, and their place on the scale.

Not what a formula says (questionnaires) nor the answers that it counts (snapshot_sample.py).
"""

from __future__ import annotations

from dataclasses import replace

from survey.aggregation import Estimate, IndexDefinition, IndexTerm
from survey.questionnaires import Formula, FormulaNode, flatten

_INDEX = "index:"


def statistic_of(node: FormulaNode) -> str:
    """Name the statistic of a node: apart from any item's, whatever ids a questionnaire has."""
    return f"{_INDEX}{node.id}"


def node_of(statistic: str) -> str:
    """Return the id of the node whose statistic it is."""
    return statistic.removeprefix(_INDEX)


def definition_of(node: FormulaNode) -> IndexDefinition:
    """Define a node's index from the flat terms of its part of the tree."""
    return IndexDefinition(
        statistic_of(node), tuple(IndexTerm(term.weight, term.items) for term in flatten(node))
    )


def share_of_best(formula: Formula, estimate: Estimate) -> Estimate:
    """Bring an index to a share of the best that the formula can reach, 0 to 1."""
    low, high = formula.scale_range
    moved = [
        None if figure is None else (figure - low) / (high - low)
        for figure in (estimate.value, estimate.ci_low, estimate.ci_high)
    ]
    se = None if estimate.se is None else estimate.se / (high - low)
    return replace(estimate, value=moved[0], ci_low=moved[1], ci_high=moved[2], se=se, unit="share")
