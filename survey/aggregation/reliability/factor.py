"""One common factor of a correlation matrix, by minimum residuals.

Not several factors, nor a rotation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.aggregation.labels import BoolArray, FloatArray

SWEEPS = 5_000
TOLERANCE = 1e-13
#: A loading within this of 1 is at its bound (a Heywood case).
BOUND = 1e-6


@dataclass(frozen=True, slots=True)
class OneFactor:
    """A fitted factor.

    Attributes:
        correlation: (k, k) that it was fitted to.
        loading: (k,) between -1 and 1, their sum not negative.
        converged: whether the last sweep moved no loading.
    """

    correlation: FloatArray
    loading: FloatArray
    converged: bool

    @property
    def uniqueness(self) -> FloatArray:
        """Return 1 - loading² (k,)."""
        return 1 - np.square(self.loading)

    @property
    def at_bound(self) -> BoolArray:
        """Say which loadings (k,) reached 1 or -1: Heywood cases."""
        return np.abs(self.loading) >= 1 - BOUND

    @property
    def residual(self) -> float:
        """Return the root mean square of the off-diagonal residuals r_ab - λ_a λ_b."""
        rest = self.correlation - np.outer(self.loading, self.loading)
        return float(np.sqrt(np.mean(np.square(rest[~np.eye(self.loading.size, dtype=np.bool_)]))))

    def gradient(self, by_loading: FloatArray) -> FloatArray:
        """Carry a gradient (k,) by the loadings to one (k, k), symmetric, by the correlations.

        The fit solves h_a = Σ_{b≠a} (r_ab - λ_a λ_b) λ_b = 0, so dλ = -J⁻¹ dh, with
        ∂h_a/∂λ_a = -Σ_{b≠a} λ_b², ∂h_a/∂λ_b = r_ab - 2 λ_a λ_b and dh_a = Σ_{b≠a} λ_b dr_ab.
        """
        loading = self.loading
        slope = self.correlation - 2 * np.outer(loading, loading)
        np.fill_diagonal(slope, -(np.sum(np.square(loading)) - np.square(loading)))
        try:
            adjoint = np.linalg.solve(slope.T, -by_loading)
        except np.linalg.LinAlgError:
            return np.full(slope.shape, np.nan)
        carried = np.outer(adjoint, loading)
        carried = (carried + carried.T) / 2
        np.fill_diagonal(carried, 0.0)
        return carried


def fit_one_factor(correlation: FloatArray) -> OneFactor:
    """Fit λ by minimising Σ_{a<b} (r_ab - λ_a λ_b)² within [-1, 1] (minres, Harman & Jones 1966).

    Each sweep sets every loading to its best value given the others, so the sum never rises.
    """
    loading = _start(correlation)
    converged = False
    for _ in range(SWEEPS):
        before = loading.copy()
        _sweep(correlation, loading)
        converged = bool(np.max(np.abs(loading - before)) <= TOLERANCE)
        if converged:
            break
    if loading.sum() < 0:
        loading = -loading
    return OneFactor(correlation, loading, converged)


def _start(correlation: FloatArray) -> FloatArray:
    """Start from the first principal axis."""
    values, axes = np.linalg.eigh(correlation)
    start: FloatArray = np.clip(axes[:, -1] * np.sqrt(values[-1]), -1.0, 1.0)
    return start * 0.9


def _sweep(correlation: FloatArray, loading: FloatArray) -> None:
    for at in range(loading.size):
        others = loading.copy()
        others[at] = 0.0
        norm = float(others @ others)
        loading[at] = np.clip(float(correlation[at] @ others) / norm, -1.0, 1.0) if norm > 0 else 0.0
