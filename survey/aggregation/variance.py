"""Variances, covariances and degrees of freedom from linearised unit vectors.

Not the linearisation (estimators.py). V = Σ_h (1-f_h) n_h/(n_h-1) Σ_i (z_i - z̄_h)², with n_h units
counted on the whole sample and zeros for units without members, summed over the stages of selection
(Särndal et al. 1992, ch. 4 and 10; R survey `svyrecvar`). z is centred before it is squared: the raw
expansion loses digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.aggregation.design_effects import divide
from survey.aggregation.errors import LonelyPsu, listed
from survey.aggregation.grid import Grid, pair_up
from survey.aggregation.labels import BoolArray, FloatArray, IntArray
from survey.aggregation.selection import LonelyRule, Selection, Stage, neighbours
from survey.aggregation.sums import grouped_sum, number_pairs, sum_by


@dataclass(frozen=True, slots=True)
class Placed:
    """Cells of one stage by group: each cell's unit and group, and whether the unit has members there.

    Nobody is a member of the group of rows in no domain, so that no rule for domains looks at it.
    """

    unit: IntArray
    group: IntArray
    groups: int
    present: BoolArray


@dataclass(frozen=True, slots=True)
class _Strata:
    """The (group, stratum) pairs that cells of a stage fall into: J pairs.

    Attributes:
        of_cell: (cells,) the cell's pair.
        group: (J,).
        sampled, scale: (J,) units in the sample, and what multiplies squares about the mean.
        empty: (J,) units of the sample without a cell.
        apart: (J,) lone pairs, which their rule centres elsewhere or leaves out.
    """

    of_cell: IntArray
    group: IntArray
    sampled: FloatArray
    scale: FloatArray
    empty: FloatArray
    apart: BoolArray


def variance(selection: Selection, grid: Grid, z: FloatArray) -> FloatArray:
    """Return the variance (groups, T) of statistics with linearised cells z (cells, T).

    Raises:
        LonelyPsu: a domain with one PSU of a stratum, where the rule "fail" holds for domains.
    """
    groups, real = grid.groups, grid.domain < len(grid.domains)
    if selection.second is None:
        placed = Placed(grid.unit, grid.domain, groups, real)
        return _variance(selection.first, selection.lonely, selection.lonely_domains, placed, z)
    psu, group, place = pair_up(selection.psus, selection.unit_psu[grid.unit], grid.domain, groups)
    of_psu = Placed(psu, group, groups, group < len(grid.domains))
    of_unit = Placed(grid.unit, grid.domain, groups, real)
    between = grouped_sum(z, place, psu.size)
    return _variance(
        selection.first, selection.lonely, selection.lonely_domains, of_psu, between
    ) + _variance(selection.second, "remove", False, of_unit, z)


def _variance(
    stage: Stage, rule: LonelyRule, lonely_domains: bool, placed: Placed, z: FloatArray
) -> FloatArray:
    strata = _strata_of(stage, rule, lonely_domains, placed)
    mean = _centres(strata, rule, placed, z)
    squares = np.square(z - mean[strata.of_cell]) * strata.scale[strata.of_cell][:, None]
    summed = grouped_sum(squares, placed.group, placed.groups)
    summed += grouped_sum(
        np.square(mean) * (strata.empty * strata.scale)[:, None], strata.group, placed.groups
    )
    factor = _averaging(strata, rule, placed.groups)
    return summed if factor is None else summed * factor[:, None]


def _strata_of(stage: Stage, rule: LonelyRule, lonely_domains: bool, placed: Placed) -> _Strata:
    strata = stage.sampled.size
    keys, of_cell = number_pairs(placed.group * strata + stage.stratum[placed.unit], placed.groups * strata)
    group, stratum = keys // strata, keys % strata
    sampled, scale = stage.sampled[stratum].astype(np.float64), stage.scale(rule)[stratum]
    cells = np.bincount(of_cell, minlength=keys.size)
    apart = stage.lone[stratum]
    if lonely_domains:
        alone = (sum_by(of_cell, placed.present, keys.size) == 1) & (sampled > 1)
        if rule in ("fail", "collapse"):
            alone &= stage.unsampled[stratum] > 0
        if rule == "fail" and alone.any():
            raise LonelyPsu(strata=listed(stage.labels[h] for h in np.unique(stratum[alone])))
        if rule == "collapse":
            return _collapsed(stage, placed, of_cell, group, stratum, alone)
        apart = apart | alone
        if rule != "adjust":
            scale = np.where(alone, 0.0, scale)
    return _Strata(of_cell, group, sampled, scale, sampled - cells, apart)


def _collapsed(
    stage: Stage, placed: Placed, of_cell: IntArray, group: IntArray, stratum: IntArray, alone: BoolArray
) -> _Strata:
    """Merge the strata of which a domain has one unit with their neighbours in that domain."""
    merged = neighbours(alone, group)
    count = int(merged[-1]) + 1 if merged.size else 0
    sampled = sum_by(merged, stage.sampled[stratum], count)
    population = sum_by(merged, stage.population[stratum], count)
    passed_on = stage.passed_on[stratum][np.searchsorted(merged, np.arange(count))]
    scale = np.where(
        sampled > 1, (1 - sampled / population) * sampled / np.maximum(sampled - 1, 1) * passed_on, 0.0
    )
    cells = np.bincount(merged[of_cell], minlength=count)
    nowhere = np.zeros(count, dtype=np.bool_)
    of_group = group[np.searchsorted(merged, np.arange(count))]
    return _Strata(merged[of_cell], of_group, sampled, scale, sampled - cells, nowhere)


def _centres(strata: _Strata, rule: LonelyRule, placed: Placed, z: FloatArray) -> FloatArray:
    """Return what each pair's z is measured from (J, T): its mean, or for "adjust" that of all PSUs."""
    mean: FloatArray = grouped_sum(z, strata.of_cell, strata.group.size) / strata.sampled[:, None]
    if rule == "adjust" and strata.apart.any():
        psus = sum_by(strata.group, strata.sampled, placed.groups)
        overall = divide(grouped_sum(z, placed.group, placed.groups), psus[:, None])
        mean = np.where(strata.apart[:, None], overall[strata.group], mean)
    return mean


def _averaging(strata: _Strata, rule: LonelyRule, groups: int) -> FloatArray | None:
    """Return the factor that lets lone strata vary as the average of the others (rule "average")."""
    if rule != "average":
        return None
    present = np.bincount(strata.group, minlength=groups).astype(np.float64)
    return divide(present, present - sum_by(strata.group, strata.apart, groups))


def covariance(selection: Selection, vectors: FloatArray, present: BoolArray) -> FloatArray:
    """Return the covariance matrix (m, m) of m linearised vectors (units, m), zeros where no member.

    `present` (units,) marks the units with members of their domains: lonely rules look at them, and
    only their strata count.

    Raises:
        LonelyPsu: as in `variance`.
    """
    first, unit_psu = selection.first, selection.unit_psu
    if selection.second is None:
        return _covariance(first, selection.lonely, selection.lonely_domains, vectors, present)
    here = sum_by(unit_psu, present, selection.psus) > 0
    between = grouped_sum(vectors, unit_psu, selection.psus)
    return _covariance(first, selection.lonely, selection.lonely_domains, between, here) + _covariance(
        selection.second, "remove", False, vectors, present
    )


def _covariance(
    stage: Stage, rule: LonelyRule, lonely_domains: bool, vectors: FloatArray, present: BoolArray
) -> FloatArray:
    strata_present = np.zeros(stage.sampled.size, dtype=np.bool_)
    strata_present[stage.stratum[present]] = True
    units = np.flatnonzero(strata_present[stage.stratum])
    z = vectors[units]
    placed = Placed(units, np.zeros(units.size, dtype=np.intp), 1, present[units])
    strata = _strata_of(stage, rule, lonely_domains, placed)
    centred = z - _centres(strata, rule, placed, z)[strata.of_cell]
    matrix: FloatArray = (centred * strata.scale[strata.of_cell][:, None]).T @ centred
    factor = _averaging(strata, rule, 1)
    return matrix if factor is None else matrix * factor[0]


def degrees_of_freedom(selection: Selection, grid: Grid) -> IntArray:
    """Count, in each group, PSUs with members less strata with members."""
    live = grid.members > 0
    psu, group, _ = pair_up(
        selection.psus, selection.unit_psu[grid.unit[live]], grid.domain[live], grid.groups
    )
    _stratum, group_of_stratum, _ = pair_up(
        selection.strata, selection.first.stratum[psu], group, grid.groups
    )
    with_members = np.bincount(group, minlength=grid.groups)
    return with_members - np.bincount(group_of_stratum, minlength=grid.groups)
