"""The population variance of an item: how much citizens differ, with its own standard error.

Not the variance of an estimate (variance.py), which says how much a sample differs from another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from survey.aggregation.analyse import analyse
from survey.aggregation.answers import Answers, Measure
from survey.aggregation.assemble import Domains
from survey.aggregation.design import SampleDesign
from survey.aggregation.dimensions import (
    by_row,
    dimensions,
    domain_labels,
    is_named,
    method_of,
    numbers,
)
from survey.aggregation.domains import Domain, DomainSet
from survey.aggregation.errors import UnknownResult
from survey.aggregation.estimates import Estimate
from survey.aggregation.intervals import check_level
from survey.aggregation.labels import FloatArray

FORMULA = "population variance of an item"


@dataclass(frozen=True, slots=True)
class PopulationVariance:
    """The variance of one item between the people of one domain, in the square of the item's unit."""

    domain: Domain
    item: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class PopulationVariances:
    """Population variances, the whole sample first."""

    rows: tuple[PopulationVariance, ...]

    def estimate(self, domain: Domain | str, item: str) -> Estimate:
        """Return one estimate.

        Raises:
            UnknownResult: a domain or item that is not there, or a value in two dimensions.
        """
        found = [one.estimate for one in self.rows if one.item == item and is_named(one.domain, domain)]
        if len(found) != 1:
            raise UnknownResult(name=f"{item}, {domain!s} ({len(found)})")
        return found[0]


def population_variances(
    design: SampleDesign, answers: Answers, *, domains: Domains = None, level: float = 0.95
) -> PopulationVariances:
    """Estimate n/(n-1) Σ w (y - m)² / Σ w for every item, whole and by domain (R `svyvar`).

    Its standard error is that of the mean of n/(n-1) (y - m)²: estimating m adds nothing at first
    order, since Σ w (y - m) = 0; replicates keep m too. Each item keeps its own respondents; the
    interval is the t interval.

    Raises:
        BadAnswers, DifferentLengths, BadRequest.
    """
    check_level(level)
    columns = numbers(answers, design.rows)
    return PopulationVariances(
        tuple(
            one
            for dimension in dimensions(domains, design.rows)
            for one in _of_dimension(design, columns, dimension, level)
        )
    )


def _of_dimension(
    design: SampleDesign, columns: Mapping[str, FloatArray], dimension: DomainSet, level: float
) -> list[PopulationVariance]:
    squares = {item: _squares(design, y, dimension) for item, y in columns.items()}
    labels = domain_labels(dimension)
    analysis = analyse(design, squares, domains=labels, measure=Measure("mean"), level=level)
    return [
        PopulationVariance(domain, item, _as_variance(analysis.estimate(domain, item)))
        for domain in dimension.domains
        for item in columns
    ]


def _squares(design: SampleDesign, y: FloatArray, dimension: DomainSet) -> FloatArray:
    """Return n/(n-1) (y - m)² for each respondent, with the n and m of their domain; NaN for others.

    0 for the only respondent of a domain, whose variance is not known (`_as_variance`).
    """
    means = analyse(design, {"y": y}, domains=domain_labels(dimension), measure=Measure("mean"))
    at = [means.place(domain, "y") for domain in dimension.domains]
    n = np.array([means.n[place] for place in at])
    mean = np.array([means.value[place] for place in at])
    factor = n / np.maximum(n - 1, 1)
    squares: FloatArray = by_row(factor, dimension) * np.square(y - by_row(mean, dimension))
    return squares


def _as_variance(mean_square: Estimate) -> Estimate:
    return replace(
        mean_square,
        value=mean_square.value if mean_square.n > 1 else None,
        unit="score²",
        method=method_of(FORMULA, mean_square.method),
    )
