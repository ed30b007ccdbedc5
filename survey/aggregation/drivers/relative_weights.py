"""Johnson's relative weights: R² shared out among correlated items.

Not the dominance analysis they approximate, which needs every subset of the items.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.aggregation.drivers.regression import Fit, solve, symmetric
from survey.aggregation.labels import FloatArray


@dataclass(frozen=True, slots=True)
class RelativeWeights:
    """Relative weights ε_j = Σ_k Λ_jk² β_k² with Λ = R^½ and β = Λ⁻¹ r (Johnson 2000).

    Attributes:
        fit: the regression they share out.
        roots: (p,) square roots of the eigenvalues of R; `axes` (p, p) their axes.
        loading: (p, p) Λ; `slope` (p,) β on the orthogonal counterparts of the items.
        weight: (p,) ε, not negative, summing to R².
    """

    fit: Fit
    roots: FloatArray
    axes: FloatArray
    loading: FloatArray
    slope: FloatArray
    weight: FloatArray

    def influence(self, at: int) -> FloatArray:
        """Return the linearised values (n,) of ε_j.

        With c_k = 2 Λ_jk² β_k and v = Λ⁻¹ c: dε_j = Σ_k 2 Λ_jk β_k² dΛ_jk + v'dr - v'dΛ β, and dΛ solves
        Λ dΛ + dΛ Λ = dR, which is a division by sums of roots on the axes of R.
        """
        row = self.loading[at]
        carried = solve(self.loading, 2 * np.square(row) * self.slope)
        by_loading = -np.outer(carried, self.slope)
        by_loading[at] += 2 * row * np.square(self.slope)
        turned = self.axes.T @ symmetric(by_loading) @ self.axes / np.add.outer(self.roots, self.roots)
        return self.fit.influence(self.axes @ turned @ self.axes.T, carried)


def relative_weights(fit: Fit) -> RelativeWeights:
    """Share out the R² of a regression among its items."""
    values, axes = np.linalg.eigh(fit.among)
    roots = np.sqrt(values)
    loading: FloatArray = (axes * roots) @ axes.T
    slope = solve(loading, fit.with_overall)
    return RelativeWeights(fit, roots, axes, loading, slope, np.square(loading) @ np.square(slope))
