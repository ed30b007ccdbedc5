"""Sizes of populations by stage, from the forms people have them in: sizes, or fractions sampled.

Not what they do to a variance (selection.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.errors import BadPopulation, DifferentLengths, listed
from survey.aggregation.labels import BoolArray, FloatArray, IntArray, Numbered

#: Units in the population, or the fraction sampled: one for all, one a row, or one a stratum label.
Population = float | Sequence[float] | NDArray[Any] | Mapping[Hashable, float]


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of one stage.

    Attributes:
        column: its name in messages.
        population: sizes or fractions.
        groups: the stratum of each row: at the second stage, the PSU.
        sampled: (groups,) units in the sample.
    """

    column: str
    population: Population
    groups: Numbered
    sampled: IntArray


def population_sizes(stages: Sequence[Told]) -> tuple[FloatArray, ...]:
    """Return the sizes of each stage, (groups,) each.

    All values are fractions where none of them, at any stage, is above 1, as in R `svydesign(fpc=)`.

    Raises:
        BadPopulation: missing, not positive, sizes mixed with fractions, or varying within a group.
        DifferentLengths.
    """
    given = [_by_group(stage) for stage in stages]
    if not any((values[np.isfinite(values)] > 1).any() for values in given):
        return tuple(stage.sampled / values for stage, values in zip(stages, given, strict=True))
    for stage, values in zip(stages, given, strict=True):
        _refuse(values < 1, stage.groups, "lẫn quy mô và tỷ lệ / sizes and fractions mixed")
    return tuple(given)


def _by_group(stage: Told) -> FloatArray:
    sizes = _spread(stage)
    _refuse(np.isnan(sizes), stage.groups, "thiếu / missing")
    _refuse(sizes <= 0, stage.groups, "không dương / not positive")
    return sizes


def _spread(stage: Told) -> FloatArray:
    groups, population = stage.groups, stage.population
    if isinstance(population, Mapping):
        return np.array([population.get(label, np.nan) for label in groups.labels], dtype=np.float64)
    by_row = np.asarray(population, dtype=np.float64)
    if by_row.ndim == 0:
        return np.full(len(groups.labels), float(by_row))
    if by_row.size != groups.codes.size:
        raise DifferentLengths(column=stage.column, found=by_row.size, expected=groups.codes.size)
    sizes = np.full(len(groups.labels), np.nan)
    sizes[groups.codes] = by_row
    varies = np.zeros(sizes.size, dtype=np.bool_)
    varies[groups.codes[by_row != sizes[groups.codes]]] = True
    _refuse(varies & ~np.isnan(sizes), groups, "không thống nhất trong tầng / varies within the stratum")
    return sizes


def _refuse(bad: BoolArray, groups: Numbered, problem: str) -> None:
    if bad.any():
        names = listed(groups.labels[h] for h in np.flatnonzero(bad))
        raise BadPopulation(problem=problem, strata=names)
