"""From a design and answers to the estimates of items and indices: the use of this room in one call.

Not the formulas, which each have their file; this one only sets them in order.
"""

from __future__ import annotations

from collections.abc import Sequence

from survey.aggregation.analysis import Analysis
from survey.aggregation.answers import Answers, Measure, read_answers
from survey.aggregation.assemble import Domains, assemble
from survey.aggregation.collapse import Cells
from survey.aggregation.design import SampleDesign
from survey.aggregation.indices import IndexDefinition, check_indices, linearise_indices
from survey.aggregation.linearise import Linearised, join, linearise_means
from survey.aggregation.methods import Statistic


def analyse(
    design: SampleDesign,
    answers: Answers,
    *,
    domains: Domains = None,
    measure: Measure,
    indices: Sequence[IndexDefinition] = (),
    level: float = 0.95,
) -> Analysis:
    """Estimate every item and every index, for the whole sample and in every domain.

    Each item keeps its own respondents (available cases); standard errors come from the linearised
    PSU sums of the whole design, so an index carries the covariance between its items.

    Args:
        domains: a label a row for one dimension, or several by name; they may overlap each other.
        measure: how an answer is counted, the same for all items.

    Raises:
        BadAnswers, DifferentLengths, BadIndex, BadRequest.
    """
    figures = read_answers(answers, measure)
    check_indices(indices, tuple(figures))
    share = measure.kind == "top_share"
    described = [
        Statistic(item, "share of an item" if share else "mean of an item", share, share) for item in figures
    ]
    described += [_described(index, share) for index in indices]

    def linearise(cells: Cells) -> Linearised:
        means = linearise_means(cells)
        return join(means, linearise_indices(design, cells, figures, indices)) if indices else means

    return assemble(design, figures, domains, level, measure.unit, described, linearise)


def _described(index: IndexDefinition, share: bool) -> Statistic:
    combination = index.combination
    formula = {
        "averaged": "index averaged over items",
        "pooled": "index pooled over answers",
    }.get(combination, "index averaged over pooled groups of items")
    return Statistic(index.id, formula, share and index.is_mean, index.is_single)
