"""The complete cases of a set of items, with their weighted means and covariances.

Not a filter of the design: who is not a complete case of the domain stays in the design with nothing
to add, so that standard errors count every PSU.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.answers import Answers, Measure, item_block
from survey.aggregation.design import SampleDesign
from survey.aggregation.errors import DifferentLengths, listed
from survey.aggregation.labels import BoolArray, FloatArray
from survey.aggregation.reliability.errors import ConstantItem, NotADomain, TooFewCases

#: An item whose standard deviation is this small, relative to its mean, does not vary.
NO_VARIATION = 1e-12


@dataclass(frozen=True, slots=True)
class Cases:
    """Complete cases: n responses of positive weight in the domain, with an answer to all k items.

    Attributes:
        items: the k columns.
        complete: (rows,) which responses of the sample they are.
        weight: (n,) their weights.
        mean: (k,) weighted means.
        centred: (n, k) answers less their means.
        covariance: (k, k) Σ w d d' / Σ w, without the factor n/(n-1), which no ratio of them needs.
    """

    items: tuple[str, ...]
    complete: BoolArray
    weight: FloatArray
    mean: FloatArray
    centred: FloatArray
    covariance: FloatArray

    @property
    def n(self) -> int:
        """Count the complete cases."""
        return self.weight.size

    @property
    def k(self) -> int:
        """Count the items."""
        return len(self.items)

    @property
    def correlation(self) -> FloatArray:
        """Return the weighted correlation matrix (k, k)."""
        scale = np.sqrt(np.diag(self.covariance))
        correlation: FloatArray = self.covariance / np.outer(scale, scale)
        np.fill_diagonal(correlation, 1.0)
        return correlation

    def spread(self, influence: FloatArray) -> FloatArray:
        """Put what each case adds (n, ...) in its place among all rows, NaN for the others."""
        rows = np.full((self.complete.size, *influence.shape[1:]), np.nan)
        rows[self.complete] = influence
        return rows


def complete_cases(design: SampleDesign, answers: Answers, domain: NDArray[Any] | None = None) -> Cases:
    """Take the complete cases of a domain (all rows when none is given), listwise over the items.

    Raises:
        BadAnswers, DifferentLengths, NotADomain, TooFewCases, ConstantItem.
    """
    block = item_block(answers)
    complete = domain_rows(domain, design.rows) & (design.weights > 0)
    figures = [Measure("mean").read(column) for column in block.columns]
    for item, figure in zip(block.items, figures, strict=True):
        if figure.answered.size != design.rows:
            raise DifferentLengths(column=item, found=figure.answered.size, expected=design.rows)
        complete &= figure.answered
    weight = design.weights[complete]
    if weight.size <= len(block.items):
        raise TooFewCases(found=weight.size, columns=len(block.items))
    values = np.stack([figure.value[complete] for figure in figures], axis=1).astype(np.float64)
    return _moments(block.items, complete, weight, values)


def domain_rows(domain: NDArray[Any] | None, rows: int) -> BoolArray:
    """Read a domain as true and false (rows,).

    Raises:
        NotADomain.
    """
    if domain is None:
        return np.ones(rows, dtype=np.bool_)
    read = np.asarray(domain)
    if read.dtype.kind != "b" or read.shape != (rows,):
        raise NotADomain(problem=f"{read.dtype}, {read.shape}")
    return read.copy()


def _moments(items: tuple[str, ...], complete: BoolArray, weight: FloatArray, values: FloatArray) -> Cases:
    mean = weight @ values / weight.sum()
    centred = values - mean
    covariance = (centred * weight[:, None]).T @ centred / weight.sum()
    scale = np.maximum(np.abs(mean), np.abs(values).max(axis=0))
    flat = np.sqrt(np.diag(covariance)) <= NO_VARIATION * scale
    if flat.any():
        raise ConstantItem(items=listed(items[at] for at in np.flatnonzero(flat)))
    return Cases(items, complete, weight, mean, centred, covariance)
