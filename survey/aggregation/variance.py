"""Variances, covariances and degrees of freedom from linearised PSU vectors.

Not the linearisation (linearise.py). V = Σ_h (1-f_h) n_h/(n_h-1) Σ_i (z_i - z̄_h)², with n_h PSUs
counted on the whole sample and zeros for PSUs without members (Särndal et al. 1992, ch. 4 and 10;
R survey `svyrecvar`, first stage). z is centred before it is squared: the raw expansion loses digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.aggregation.collapse import Grid
from survey.aggregation.design import SampleDesign
from survey.aggregation.design_effects import divide
from survey.aggregation.labels import BoolArray, FloatArray, IntArray
from survey.aggregation.sums import grouped_sum, sum_by


@dataclass(frozen=True, slots=True)
class _Strata:
    """The (group, stratum) pairs of a grid: J pairs.

    Attributes:
        of_cell: (cells,) the cell's pair.
        group, stratum: (J,).
        empty: (J,) PSUs of the stratum without a cell in the group.
    """

    of_cell: IntArray
    group: IntArray
    stratum: IntArray
    empty: FloatArray


def _strata_of(design: SampleDesign, grid: Grid) -> _Strata:
    strata = design.psus.size
    pairs, of_cell = np.unique(grid.domain * strata + design.psu_stratum[grid.psu], return_inverse=True)
    group, stratum = pairs // strata, pairs % strata
    return _Strata(of_cell, group, stratum, design.psus[stratum] - np.bincount(of_cell))


def variance(design: SampleDesign, grid: Grid, z: FloatArray) -> FloatArray:
    """Return the variance (groups, T) of statistics with linearised cells z (cells, T)."""
    strata = _strata_of(design, grid)
    mean = grouped_sum(z, strata.of_cell, strata.group.size) / design.psus[strata.stratum][:, None]
    empty = strata.empty
    if design.lonely == "adjust":
        mean = np.where(design.lone[strata.stratum][:, None], _psu_mean(design, strata, z, grid), mean)
    squares = grouped_sum(np.square(z - mean[strata.of_cell]), strata.of_cell, strata.group.size)
    squares += empty[:, None] * np.square(mean)
    summed = grouped_sum(squares * design.scale[strata.stratum][:, None], strata.group, grid.groups)
    return summed * _averaging(design, strata.group, strata.stratum, grid.groups)[:, None]


def _psu_mean(design: SampleDesign, strata: _Strata, z: FloatArray, grid: Grid) -> FloatArray:
    """Return, for each pair, the mean of z over the PSUs of the strata present in its group."""
    psus = sum_by(strata.group, design.psus[strata.stratum], grid.groups)
    mean = divide(grouped_sum(z, grid.domain, grid.groups), psus[:, None])
    return mean[strata.group]


def _averaging(design: SampleDesign, group: IntArray, stratum: IntArray, groups: int) -> FloatArray:
    """Return the factor that lets lone strata vary as the average of the others (rule "average")."""
    if design.lonely != "average":
        return np.ones(groups)
    present = np.bincount(group, minlength=groups).astype(np.float64)
    lone = sum_by(group, design.lone[stratum], groups)
    return divide(present, present - lone)


def covariance(design: SampleDesign, vectors: FloatArray, present: BoolArray) -> FloatArray:
    """Return the covariance matrix (m, m) of m linearised vectors (psus, m), zeros where no member.

    `present` (strata,) marks the strata of their domains, which only the lonely rules look at.
    """
    stratum, together = design.psu_stratum, np.zeros(design.psu_stratum.size, dtype=np.intp)
    mean = grouped_sum(vectors, stratum, design.psus.size) / design.psus[:, None]
    if design.lonely == "adjust":
        psus = max(int(design.psus[present].sum()), 1)
        mean[design.lone] = grouped_sum(vectors, together, 1)[0] / psus
    centred = vectors - mean[stratum]
    scaled = centred * (design.scale * present)[stratum][:, None]
    rows = [grouped_sum(centred * one[:, None], together, 1)[0] for one in scaled.T]
    strata = np.flatnonzero(present)
    matrix: FloatArray = np.stack(rows) * _averaging(design, np.zeros_like(strata), strata, 1)[0]
    return matrix


def degrees_of_freedom(design: SampleDesign, grid: Grid) -> IntArray:
    """Count, in each group, PSUs with members less strata with members."""
    live = grid.members > 0
    strata = design.psus.size
    pairs = np.unique(grid.domain[live] * strata + design.psu_stratum[grid.psu[live]])
    with_members = np.bincount(grid.domain[live], minlength=grid.groups)
    return with_members - np.bincount(pairs // strata, minlength=grid.groups)
