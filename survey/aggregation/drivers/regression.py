"""Weighted least squares of overall satisfaction on items, as functions of the weighted moments.

Not a causal claim: derived importance says what goes with satisfaction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.aggregation.drivers.errors import CollinearItems
from survey.aggregation.errors import listed
from survey.aggregation.labels import FloatArray
from survey.aggregation.reliability.cases import Cases
from survey.aggregation.reliability.influence import from_correlations, moment_influence

#: Smallest eigenvalue of the items' correlations below which they are collinear.
COLLINEAR = 1e-10


@dataclass(frozen=True, slots=True)
class Fit:
    """A regression of the last column of its cases on the p others, with an intercept.

    Attributes:
        cases: the complete cases, overall satisfaction last.
        among: (p, p) correlations of the items; `with_overall` (p,) those with overall satisfaction.
        coefficient: (p,) b, in the items' own units; `standardised` (p,) b s_x / s_y.
    """

    cases: Cases
    among: FloatArray
    with_overall: FloatArray
    coefficient: FloatArray
    standardised: FloatArray

    @property
    def intercept(self) -> float:
        """Return the intercept."""
        return float(self.cases.mean[-1] - self.cases.mean[:-1] @ self.coefficient)

    @property
    def r_squared(self) -> float:
        """Return the share of overall satisfaction's weighted variance that the items account for."""
        return float(self.with_overall @ self.standardised)

    def coefficient_influence(self) -> FloatArray:
        """Return the linearised values (n, p + 1) of the intercept and b: (Σ w x x')⁻¹ x e (Binder 1983)."""
        cases = self.cases
        x = np.column_stack([np.ones(cases.n), cases.centred[:, :-1]])
        residual = cases.centred[:, -1] - cases.centred[:, :-1] @ self.coefficient
        information = (x * cases.weight[:, None]).T @ x
        added = solve(information, (x * residual[:, None]).T).T
        added[:, 0] -= added[:, 1:] @ cases.mean[:-1]
        return added

    def influence(self, among: FloatArray, with_overall: FloatArray) -> FloatArray:
        """Return the linearised values (n,) of a function with gradients by the two sets of correlations.

        Args:
            among: (p, p) symmetric, such that dg = Σ_ab among_ab dr_ab over all a and b.
            with_overall: (p,).
        """
        p = with_overall.size
        gradient = np.zeros((p + 1, p + 1))
        gradient[:p, :p] = among
        gradient[:p, p] = gradient[p, :p] = with_overall / 2
        return moment_influence(self.cases, from_correlations(self.cases, gradient))

    def standardised_influence(self, at: int) -> FloatArray:
        """Return the linearised values (n,) of β = R⁻¹ r: dβ = R⁻¹ (dr - dR β)."""
        row = solve(self.among, np.eye(self.among.shape[0])[at])
        return self.influence(-symmetric(np.outer(row, self.standardised)), row)

    def r_squared_influence(self) -> FloatArray:
        """Return the linearised values (n,) of R² = r'β: dR² = 2β'dr - β'dR β."""
        return self.influence(-np.outer(self.standardised, self.standardised), 2 * self.standardised)


def fit(cases: Cases) -> Fit:
    """Regress the last column of complete cases on the others.

    Raises:
        CollinearItems.
    """
    correlation = cases.correlation
    among, with_overall = correlation[:-1, :-1], correlation[:-1, -1]
    if np.linalg.eigvalsh(among)[0] < COLLINEAR:
        raise CollinearItems(items=listed(cases.items[:-1]))
    standardised = solve(among, with_overall)
    scale = np.sqrt(np.diag(cases.covariance))
    return Fit(cases, among, with_overall, standardised * scale[-1] / scale[:-1], standardised)


def symmetric(matrix: FloatArray) -> FloatArray:
    """Return the symmetric part of a matrix."""
    part: FloatArray = (matrix + matrix.T) / 2
    return part


def solve(matrix: FloatArray, right: FloatArray) -> FloatArray:
    """Solve a linear system, in doubles."""
    return np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)
