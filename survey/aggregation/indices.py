"""Composite indices: weighted sums of item estimates, with the covariance between the items.

Not the reading of a formula from a questionnaire (survey.questionnaires) and not points (scoring).
Summing the linearised vectors of the items, respondents of each item kept (available cases), *is*
a'Va with the full covariance matrix V, which is never formed (Woodruff 1971; Binder 1983).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from survey.aggregation.answers import Figure
from survey.aggregation.collapse import Cells
from survey.aggregation.design import SampleDesign
from survey.aggregation.design_effects import divide
from survey.aggregation.errors import BadIndex
from survey.aggregation.labels import BoolArray, FloatArray
from survey.aggregation.linearise import Linearised, linear_ratio
from survey.aggregation.residuals import Composite, Pool, spread_of_residuals
from survey.aggregation.sums import grouped_sum

#: Weights that sum to 1 within this make an index a mean, on the scale of its items.
SUM_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class IndexTerm:
    """A weight and the items whose answers it pools; one item is that item's own mean or share."""

    weight: float
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexDefinition:
    """An index: Σ weight × (pooled estimate over the term's items).

    One term an item is the average of item estimates ("averaged"); one term with all items is the
    share of all answers ("pooled"). They differ when nonresponse differs by item.

    Raises:
        BadIndex: no term, a term without items, a repeated item in a term, or a weight not a number.
    """

    id: str
    terms: tuple[IndexTerm, ...]

    def __post_init__(self) -> None:
        for problem, found in (
            ("không có thành phần / no term", not self.terms),
            ("thành phần không có tiêu chí / a term without items", any(not t.items for t in self.terms)),
            (
                "tiêu chí lặp lại / a repeated item",
                any(len(set(t.items)) != len(t.items) for t in self.terms),
            ),
            (
                "trọng số không phải là số / a weight that is not a number",
                any(not math.isfinite(t.weight) for t in self.terms),
            ),
        ):
            if found:
                raise BadIndex(index=self.id, problem=problem)

    @classmethod
    def averaged(cls, id: str, weights: Mapping[str, float]) -> IndexDefinition:
        """Define an average of item estimates from a weight an item."""
        return cls(id, tuple(IndexTerm(weight, (item,)) for item, weight in weights.items()))

    @classmethod
    def pooled(cls, id: str, items: Sequence[str]) -> IndexDefinition:
        """Define the share or mean of all answers to some items."""
        return cls(id, (IndexTerm(1.0, tuple(items)),))

    @property
    def is_mean(self) -> bool:
        """Say whether it lies on the scale of its items: weights not negative, summing to 1."""
        weights = [term.weight for term in self.terms]
        return min(weights) >= 0 and abs(sum(weights) - 1) <= SUM_TOLERANCE

    @property
    def is_single(self) -> bool:
        """Say whether one item makes the whole of it."""
        return len(self.terms) == 1 and len(self.terms[0].items) == 1

    @property
    def combination(self) -> str:
        """Name how it combines answers: "averaged", "pooled" or "averaged over pooled groups"."""
        if all(len(term.items) == 1 for term in self.terms):
            return "averaged"
        return "pooled" if len(self.terms) == 1 else "averaged over pooled groups"


def check_indices(indices: Sequence[IndexDefinition], items: Sequence[str]) -> None:
    """Check that indices name items that are there and that no id is used twice.

    Raises:
        BadIndex.
    """
    taken = set(items)
    for index in indices:
        absent = sorted({item for term in index.terms for item in term.items} - set(items))
        if absent:
            raise BadIndex(index=index.id, problem=f"không có tiêu chí / no item {', '.join(absent)}")
        if index.id in taken:
            raise BadIndex(index=index.id, problem="mã đã dùng / the id is used already")
        taken.add(index.id)


def linearise_indices(
    design: SampleDesign,
    cells: Cells,
    figures: Mapping[str, Figure],
    indices: Sequence[IndexDefinition],
) -> Linearised:
    """Linearise every index in every domain of the cells.

    A term that nobody in the domain answered leaves its weight to the other terms in proportion, and
    the index is marked incomplete; it has no value where its weights have mixed signs.
    """
    groups, domain = cells.grid.groups, cells.grid.domain
    sums = (grouped_sum(cells.weighted, domain, groups), grouped_sum(cells.weight, domain, groups))
    place = {item: column for column, item in enumerate(cells.items)}
    parts = [_combine(cells, sums, index, place) for index in indices]
    spread = spread_of_residuals(design, cells, figures, [part.parts for part in parts])
    return Linearised(
        value=np.stack([part.value for part in parts], axis=1),
        z=np.stack([part.z for part in parts], axis=1),
        n=spread.n,
        weight=spread.weight,
        weight_squares=spread.weight_squares,
        simple_variance=spread.simple_variance,
        incomplete=np.stack([part.incomplete for part in parts], axis=1),
    )


@dataclass(frozen=True, slots=True)
class _Combined:
    value: FloatArray
    z: FloatArray
    incomplete: BoolArray
    parts: Composite


def _combine(
    cells: Cells, sums: tuple[FloatArray, FloatArray], index: IndexDefinition, place: Mapping[str, int]
) -> _Combined:
    weighted, weight = sums
    columns = [[place[item] for item in term.items] for term in index.terms]
    divisors = np.stack([_add(weight, used) for used in columns], axis=1)
    shares = renormalise(np.array([term.weight for term in index.terms]), divisors > 0)
    value, z = np.zeros(weight.shape[0]), np.zeros(cells.grid.psu.size)
    parts = []
    for term, used, divisor, share in zip(index.terms, columns, divisors.T, shares.T, strict=True):
        pool = _pool(term.items, _add(weighted, used), divisor)
        value = value + share * pool.ratio
        z = z + share[cells.grid.domain] * _pool_cells(cells, used, pool, divisor)
        parts.append((pool, np.where(np.isnan(share), 0.0, share)))
    missing = (weight[:, [column for used in columns for column in used]] == 0).any(axis=1)
    return _Combined(value, np.where(np.isnan(z), 0.0, z), missing, parts)


def _pool(items: tuple[str, ...], weighted: FloatArray, divisor: FloatArray) -> Pool:
    answered = divisor > 0
    safe = np.where(answered, divisor, 1.0)
    return Pool(items, np.where(answered, weighted / safe, 0.0), np.where(answered, 1 / safe, 0.0))


def _pool_cells(cells: Cells, columns: Sequence[int], pool: Pool, divisor: FloatArray) -> FloatArray:
    upper, lower = _add(cells.weighted, columns), _add(cells.weight, columns)
    return linear_ratio(upper, lower, pool.ratio[cells.grid.domain], divisor[cells.grid.domain])


def _add(values: FloatArray, columns: Sequence[int]) -> FloatArray:
    total = values[:, columns[0]]
    for column in columns[1:]:
        total = total + values[:, column]
    return total


def renormalise(weights: FloatArray, answered: BoolArray) -> FloatArray:
    """Share the weight of unanswered terms among the answered ones, in proportion.

    Args:
        weights: (terms,) declared weights.
        answered: (groups, terms) whether a term has respondents.

    Returns:
        (groups, terms) weights with the declared sum; NaN where no term is answered, or where one is
        missing from weights of mixed signs, whose proportion has no meaning.
    """
    kept = weights * answered
    total, rest = _across(np.broadcast_to(weights, kept.shape)), _across(kept)
    factor = np.where(answered.all(axis=1), 1.0, divide(total, rest))
    if (weights < 0).any():
        factor = np.where(answered.all(axis=1), 1.0, np.nan)
    factor = np.where(answered.any(axis=1), factor, np.nan)
    return kept * factor[:, None]


def _across(values: FloatArray) -> FloatArray:
    total = np.zeros(values.shape[0])
    for column in values.T:
        total = total + column
    return total
