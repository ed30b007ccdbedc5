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

from survey.aggregation.design_effects import divide
from survey.aggregation.errors import BadIndex
from survey.aggregation.estimators import Respondents, linear_ratio
from survey.aggregation.labels import BoolArray, FloatArray, IntArray
from survey.aggregation.methods import Statistic
from survey.aggregation.residuals import Composite, Pool
from survey.aggregation.table import Sums

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


@dataclass(frozen=True, slots=True)
class Indices:
    """Composite indices of items.

    A term that nobody in the domain answered leaves its weight to the other terms in proportion, and
    the index is marked incomplete; it has no value where its weights have mixed signs.

    Attributes:
        described: the indices in words.
        definitions: their formulas.
        items: the items, in the order of the sums.
        first_union: place of the first index's respondents among the unions of the sums.
    """

    described: tuple[Statistic, ...]
    definitions: tuple[IndexDefinition, ...]
    items: tuple[str, ...]
    first_union: int = 0

    def unions(self) -> tuple[tuple[int, ...], ...]:
        """Return the items, by place, whose respondents enter each index."""
        place = self._places()
        return tuple(
            tuple(sorted({place[item] for term in one.terms if term.weight for item in term.items}))
            or tuple(sorted({place[item] for term in one.terms for item in term.items}))
            for one in self.definitions
        )

    def values(self, total: Sums) -> FloatArray:
        """Return Σ share × pooled estimate."""
        value = np.zeros((total.rows, len(self.definitions)))
        for column, index in enumerate(self._terms(total)):
            for term in index:
                value[:, column] += term.share * term.pool.ratio
        return value

    def influence(self, total: Sums, part: Sums, group: IntArray) -> FloatArray:
        """Return Σ share × (S - R X) / X_domain over the terms."""
        z = np.zeros((part.rows, len(self.definitions)), order="F")
        weighted, weight = np.asfortranarray(part.weighted), np.asfortranarray(part.weight)
        for column, index in enumerate(self._terms(total)):
            for term in index:
                upper, lower = _add(weighted, term.pool.items), _add(weight, term.pool.items)
                of_term = linear_ratio(upper, lower, term.pool.ratio, term.divisor, group)
                z[:, column] += np.nan_to_num(term.share)[group] * of_term
        return z

    def respondents(self, total: Sums) -> Respondents:
        """Count who answered any item of each index."""
        unions = slice(self.first_union, self.first_union + len(self.definitions))
        place = self._places()
        incomplete = [
            (total.weight[:, [place[item] for term in one.terms for item in term.items]] == 0).any(axis=1)
            for one in self.definitions
        ]
        return Respondents(
            n=total.union_answered[:, unions],
            weight=total.union_weight[:, unions],
            weight_squares=total.union_weight_squares[:, unions],
            simple_variance=np.full((total.rows, len(self.definitions)), np.nan),
            incomplete=np.stack(incomplete, axis=1),
        )

    def composites(self, total: Sums) -> Sequence[Composite | None]:
        """Return the pools of each index with their shares."""
        return [[(term.pool, np.nan_to_num(term.share)) for term in index] for index in self._terms(total)]

    def _places(self) -> dict[str, int]:
        return {item: at for at, item in enumerate(self.items)}

    def _terms(self, total: Sums) -> list[list[_Term]]:
        place = self._places()
        weighted, weight = np.asfortranarray(total.weighted), np.asfortranarray(total.weight)
        return [
            _terms_of(
                index, [tuple(place[item] for item in term.items) for term in index.terms], weighted, weight
            )
            for index in self.definitions
        ]


@dataclass(frozen=True, slots=True)
class _Term:
    """One term of an index in every group: its share of the index, its pooled estimate and its X."""

    share: FloatArray
    pool: Pool
    divisor: FloatArray


def _terms_of(
    index: IndexDefinition, columns: list[tuple[int, ...]], weighted: FloatArray, weight: FloatArray
) -> list[_Term]:
    divisors = np.stack([_add(weight, used) for used in columns], axis=1)
    shares = renormalise(np.array([term.weight for term in index.terms]), divisors > 0)
    return [
        _Term(share, _pool(used, _add(weighted, used), divisor), divisor)
        for used, divisor, share in zip(columns, divisors.T, shares.T, strict=True)
    ]


def _pool(items: tuple[int, ...], weighted: FloatArray, divisor: FloatArray) -> Pool:
    answered = divisor > 0
    safe = np.where(answered, divisor, 1.0)
    return Pool(items, np.where(answered, weighted / safe, 0.0), np.where(answered, 1 / safe, 0.0))


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
