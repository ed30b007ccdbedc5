"""Solve the calibration equations Σ d F(x′λ) x = totals by Newton's method with step-halving.

Not which distance F (distances.py). The columns are first made orthonormal under the base weights, so
that the first step is the regression estimator; a step is halved until the dual objective
λ′totals - Σ d ∫F rises, which it does for every F that never falls (Deville & Särndal 1992 §2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh, solve_triangular

from survey.aggregation.labels import FloatArray
from survey.aggregation.weighting.distances import Distance
from survey.aggregation.weighting.projection import project

#: Halvings of a step before no better one is thought to exist.
MOST_HALVINGS = 60
#: Directions in which this share, or less, of the steepest curvature is left count as that share.
FLATTEST = 1e-12
#: Share of the promised rise that a step must bring.
RISE = 1e-4
#: Rounding of the objective, relative to its parts.
ROUNDING = 1e-14
#: Share by which totals must exceed what any weights give along λ to be out of reach for certain.
CERTAIN = 1e-9


@dataclass(frozen=True, slots=True)
class _Point:
    """Where the search stands: λ (q,), x′λ and F (rows,), the misfit (q,) and the dual objective."""

    place: FloatArray
    along: FloatArray
    ratios: FloatArray
    misfit: FloatArray
    objective: float
    rounding: float


@dataclass(frozen=True, slots=True)
class Solution:
    """What was found: F (rows,), the steps made, and whether no F of that distance meets the totals."""

    ratios: FloatArray
    steps: int
    is_impossible: bool


@dataclass(frozen=True, slots=True)
class Equations:
    """Calibration equations in orthonormal columns: basis (rows, q), base weights, totals (q,)."""

    distance: Distance
    basis: FloatArray
    weights: FloatArray
    totals: FloatArray

    def solve(self, is_reached: Callable[[FloatArray], bool], most_steps: int) -> Solution:
        """Step until the weights reach the totals, nothing gets better, or it is proven that none can.

        One step more is then taken if it helps: near the solution each step squares the error.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            point, steps = self._at(np.zeros(self.totals.size)), 0
            while steps < most_steps and not is_reached(self.weights * point.ratios):
                better = None if self._is_impossible(point) else self._better(point)
                if better is None:
                    break
                point, steps = better, steps + 1
            last = self._at(point.place + self._step(point))
            point = last if _length(last.misfit) < _length(point.misfit) else point
            return Solution(point.ratios, steps, self._is_impossible(point))

    def _is_impossible(self, point: _Point) -> bool:
        """Say whether λ proves that no weights meet the totals: λ′totals is above all Σ d F x′λ (Farkas)."""
        gain, highest = self.totals * point.place, self.weights * self.distance.highest(point.along)
        slack = CERTAIN * float(np.abs(gain).sum() + np.abs(highest).sum())
        return bool(gain.sum() - highest.sum() > slack)

    def _at(self, place: FloatArray) -> _Point:
        along = self.basis @ place
        ratios = self.distance.ratio(along)
        potential = self.weights * self.distance.potential(along)
        gain = self.totals * place
        return _Point(
            place=place,
            along=along,
            ratios=ratios,
            misfit=self.totals - self.basis.T @ (self.weights * ratios),
            objective=float(gain.sum() - potential.sum()),
            rounding=ROUNDING * float(np.abs(gain).sum() + np.abs(potential).sum()),
        )

    def _better(self, point: _Point) -> _Point | None:
        step = self._step(point)
        promised = float(step @ point.misfit)
        for _ in range(MOST_HALVINGS):
            found = self._at(point.place + step)
            if _is_better(found, point, promised):
                return found
            step, promised = step / 2, promised / 2
        return None

    def _step(self, point: _Point) -> FloatArray:
        curvature = self.weights * self.distance.slope(point.along)
        values, vectors = eigh(self.basis.T @ (curvature[:, None] * self.basis))
        floor = FLATTEST * float(values[-1]) if values[-1] > 0 else 1.0
        step: FloatArray = vectors @ (vectors.T @ point.misfit / np.maximum(values, floor))
        return step


def _is_better(found: _Point, before: _Point, promised: float) -> bool:
    """Say whether the objective rises enough, or, where it is all rounding, whether the misfit falls."""
    rise = found.objective - before.objective
    if rise >= RISE * promised and rise > before.rounding:
        return True
    return rise >= -before.rounding and _length(found.misfit) < _length(before.misfit)


def _length(misfit: FloatArray) -> float:
    return float(np.linalg.norm(misfit))


def equations(distance: Distance, columns: FloatArray, weights: FloatArray, totals: FloatArray) -> Equations:
    """Set up the equations for independent columns (rows, q) with totals (q,) under weights (rows,)."""
    factored = project(columns, weights)
    inverse = solve_triangular(factored.triangle, np.eye(totals.size)) / factored.norms[:, None]
    return Equations(distance, columns @ inverse, weights, totals @ inverse)
