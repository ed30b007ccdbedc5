"""How the variance of statistics is had: by linearisation, from calibration residuals, or replicates.

Not the sums over strata (variance.py) nor the statistics (estimators.py). Each way gives variances of
all domains at once, and vectors of one domain, whose products are the covariances of anything with
anything (R survey `svyrecvar`, `svrVar`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.sparse import csc_array

from survey.aggregation.answers import Readings
from survey.aggregation.calibration_residuals import regression_of
from survey.aggregation.collapse import Cells, scan
from survey.aggregation.design import SampleDesign
from survey.aggregation.domains import DomainSet
from survey.aggregation.errors import BadRequest
from survey.aggregation.estimators import Estimator
from survey.aggregation.grid import WHOLE_ONLY, Grid
from survey.aggregation.labels import BoolArray, FloatArray
from survey.aggregation.replicates import Replicates
from survey.aggregation.selection import Selection
from survey.aggregation.sums import grouped_sum
from survey.aggregation.table import Sums
from survey.aggregation.variance import covariance, variance

#: A variance that is this part of the one before calibration is rounding.
EXPLAINED = 1e-20


class Uncertainty(Protocol):
    """The variances of T statistics in the groups of one grid."""

    def variances(self) -> FloatArray:
        """Return (groups, T)."""
        ...

    def vectors(self, group: int) -> FloatArray:
        """Return the vectors (N, T) of one group's statistics."""
        ...


@dataclass(frozen=True, slots=True)
class Taylor:
    """Linearised cells z (cells, T) of a grid."""

    selection: Selection
    grid: Grid
    z: FloatArray

    def variances(self) -> FloatArray:
        """Return the variances (groups, T)."""
        return variance(self.selection, self.grid, self.z)

    def vectors(self, group: int) -> FloatArray:
        """Return z by unit (units, T), zero in units without members."""
        at = slice(*np.searchsorted(self.grid.domain, [group, group + 1]))
        vectors = np.zeros((self.selection.unit_psu.size, self.z.shape[1]))
        vectors[self.grid.unit[at]] = self.z[at]
        return vectors


@dataclass(frozen=True, slots=True)
class Residual:
    """Linearised cells less their regression on the calibration's columns (Deville & Särndal 1992).

    Attributes:
        taylor: the cells as without calibration.
        fitted: (q, groups, T) coefficients of the regression.
        totals: (units, q) Σ w x over each unit, members of the domain or not.
    """

    taylor: Taylor
    fitted: FloatArray
    totals: FloatArray

    def variances(self) -> FloatArray:
        """Return the variances (groups, T), one domain after the other."""
        groups = self.taylor.grid.groups
        found = np.zeros((groups, self.taylor.z.shape[1]))
        grid = _one_group(self.totals.shape[0])
        for group in range(groups - 1):
            found[group] = variance(self.taylor.selection, grid, self.vectors(group))[0]
        # What calibration explains wholly leaves rounding only, which is no spread.
        return np.where(found <= EXPLAINED * self.taylor.variances(), 0.0, found)

    def vectors(self, group: int) -> FloatArray:
        """Return residuals by unit (units, T)."""
        vectors: FloatArray = self.taylor.vectors(group) - self.totals @ self.fitted[:, group]
        return vectors


def _one_group(units: int) -> Grid:
    every = np.arange(units)
    return Grid(WHOLE_ONLY, every, np.zeros(units, dtype=np.intp), np.ones(units))


@dataclass(frozen=True, slots=True)
class Replicated:
    """Replicate estimates of each group, made when asked for."""

    replicates: Replicates
    groups: int
    estimates: Callable[[int], FloatArray]
    values: FloatArray

    def variances(self) -> FloatArray:
        """Return the variances (groups, T)."""
        found = np.full(self.values.shape, np.nan)
        for group in range(self.groups - 1):
            found[group] = np.square(self.vectors(group)).sum(axis=0)
        return found

    def vectors(self, group: int) -> FloatArray:
        """Return √(scale rscales) (θ_r - centre) (R, T); replicates without a value count as the centre."""
        theta = self.estimates(group)
        known = ~np.isnan(theta)
        if self.replicates.mse:
            centre = self.values[group]
        else:
            counted = known & (self.replicates.rscales > 0)[:, None]
            count = counted.sum(axis=0)
            centre = np.where(counted, theta, 0.0).sum(axis=0) / np.maximum(count, 1)
        return np.where(known, theta - centre, 0.0) * self.replicates.roots[:, None]


def uncertainty_of(
    design: SampleDesign,
    estimator: Estimator,
    cells: Cells,
    total: Sums,
    rows: tuple[Readings, DomainSet] | None,
) -> Uncertainty:
    """Choose how variances are had by what the design holds.

    Args:
        rows: the answers and their domains, which calibration and supplied replicates look at.

    Raises:
        BadRequest: those without the responses themselves.
    """
    if design.replicates is not None:
        return _replicated(design, design.replicates, estimator, cells, total, rows)
    z = estimator.influence(total, cells.sums, cells.grid.domain)
    taylor = Taylor(design.selection, cells.grid, z)
    if design.calibration is None:
        return taylor
    return _residual(design, taylor, estimator, total, _needed(rows))


def _needed(rows: tuple[Readings, DomainSet] | None) -> tuple[Readings, DomainSet]:
    if rows is None:
        raise BadRequest(problem="cần từng phiếu trả lời / the responses themselves are needed")
    return rows


def _residual(
    design: SampleDesign,
    taylor: Taylor,
    estimator: Estimator,
    total: Sums,
    rows: tuple[Readings, DomainSet],
) -> Residual:
    if design.calibration is None:
        raise BadRequest(problem="no calibration")
    regression = regression_of(design.calibration)
    readings, domains = rows
    moments = np.stack(
        [
            _crossed(column * regression.weights, readings, domains, estimator, total)
            for column in regression.columns.T
        ]
    )
    columns, groups, statistics = moments.shape
    fitted = regression.coefficients(moments.reshape(columns, -1)).reshape(columns, groups, statistics)
    units = design.selection.unit_psu.size
    totals = grouped_sum(design.weights[:, None] * regression.columns, design.row_unit, units)
    return Residual(taylor, fitted, totals)


def _crossed(
    weights: FloatArray, readings: Readings, domains: DomainSet, estimator: Estimator, total: Sums
) -> FloatArray:
    """Return Σ weight × influence of each response (groups, T): linear, so taken on sums."""
    crossed = scan(weights, readings, total.layout, domains.codes, domains.groups)
    return estimator.influence(total, crossed, np.arange(domains.groups))


def _replicated(
    design: SampleDesign,
    replicates: Replicates,
    estimator: Estimator,
    cells: Cells,
    total: Sums,
    rows: tuple[Readings, DomainSet] | None,
) -> Replicated:
    layout, grid = total.layout, cells.grid
    if not replicates.by_row:
        starts = np.searchsorted(grid.domain, np.arange(grid.groups + 1))
        of_cells = cells.sums.table
        # A sparse product: BLAS wakes its threads for each of many small ones.
        factors = csc_array(replicates.factors)

        def of_psus(group: int) -> FloatArray:
            at = slice(starts[group], starts[group + 1])
            table = np.asarray(factors[:, grid.unit[at]] @ of_cells[at])
            return estimator.values(Sums.of(layout, table))

        return Replicated(replicates, grid.groups, of_psus, estimator.values(total))
    readings, domains = _needed(rows)
    tables = np.stack(
        [
            scan(weights, readings, layout, domains.codes, domains.groups).table
            for weights in replicates.factors
        ]
    )

    def of_rows(group: int) -> FloatArray:
        return estimator.values(Sums.of(layout, tables[:, group]))

    return Replicated(replicates, grid.groups, of_rows, estimator.values(total))


def covariance_of(design: SampleDesign, vectors: FloatArray, present: BoolArray) -> FloatArray:
    """Return the covariance matrix (m, m) of vectors (N, m) of any domains.

    `present` (units,) marks the units with members of the domains.

    Raises:
        LonelyPsu: see `survey.aggregation.variance.covariance`.
    """
    if design.replicates is not None:
        matrix: FloatArray = vectors.T @ vectors
        return matrix
    if design.calibration is not None:
        present = np.ones_like(present)
    return covariance(design.selection, vectors, present)
