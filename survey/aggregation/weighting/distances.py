"""Distances between base and calibrated weights, as the ratio of weights they give (Deville & Särndal 1992).

Not how the equations are solved (newton.py). With u = x′λ, each distance gives F(u) with F(0) = F′(0) = 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from survey.aggregation.labels import FloatArray
from survey.aggregation.weighting.conventions import Kind

Curve = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance by its ratio F(u), slope F′(u), potential ∫F du and highest possible u·F, on (rows,)."""

    kind: Kind
    ratio: Curve
    slope: Curve
    potential: Curve
    highest: Curve


LINEAR = Distance(
    "linear",
    ratio=lambda u: 1 + u,
    slope=np.ones_like,
    potential=lambda u: u + np.square(u) / 2,
    highest=lambda u: _highest(u, -np.inf, np.inf),
)

RAKING = Distance(
    "raking", ratio=np.exp, slope=np.exp, potential=np.exp, highest=lambda u: _highest(u, 0.0, np.inf)
)


def truncated(lower: FloatArray | float, upper: FloatArray | float) -> Distance:
    """Bound the linear distance: F(u) = 1 + u held to [lower, upper], bounds of all rows or of each."""

    def ratio(u: FloatArray) -> FloatArray:
        return np.clip(1 + u, lower, upper)

    def slope(u: FloatArray) -> FloatArray:
        return ((1 + u > lower) & (1 + u < upper)).astype(np.float64)

    def potential(u: FloatArray) -> FloatArray:
        held = ratio(u)
        area: FloatArray = (np.square(held) - 1) / 2 + held * (1 + u - held)
        return area

    return Distance("truncated", ratio, slope, potential, lambda u: _highest(u, lower, upper))


def logit(lower: float, upper: float) -> Distance:
    """Bound the ratio smoothly between finite bounds: case 6 of Deville & Särndal 1992.

    F(u) = [L(U-1) + U(1-L) e^{Au}] / [U-1 + (1-L) e^{Au}] with A = (U-L) / ((1-L)(U-1)), written as
    L + (U-L) s(Au + log((1-L)/(U-1))) with s the logistic function, which cannot overflow.
    """
    width = upper - lower
    steepness, shift = width / ((1 - lower) * (upper - 1)), np.log((1 - lower) / (upper - 1))

    def ratio(u: FloatArray) -> FloatArray:
        held: FloatArray = lower + width * expit(steepness * u + shift)
        return held

    def slope(u: FloatArray) -> FloatArray:
        share = expit(steepness * u + shift)
        return np.asarray(steepness * width * share * (1 - share))

    def potential(u: FloatArray) -> FloatArray:
        area: FloatArray = lower * u + width / steepness * np.logaddexp(0.0, steepness * u + shift)
        return area

    return Distance("logit", ratio, slope, potential, lambda u: _highest(u, lower, upper))


def _highest(u: FloatArray, lower: FloatArray | float, upper: FloatArray | float) -> FloatArray:
    """Return the most that u·F can be for F between bounds that may be infinite."""
    with np.errstate(invalid="ignore"):
        return np.where(u > 0, upper * u, np.where(u < 0, lower * u, 0.0))
