"""Fit the Fay-Herriot model: the variance between areas by REML, the coefficients by least squares.

Not the estimates of the areas (eblup.py). y_i = x_i'β + u_i + e_i, with V(u_i) = σ² and V(e_i) = ψ_i known
(Fay & Herriot 1979). Pure arrays: y and ψ (m,), x (m, p) of full rank, m > p.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from survey.aggregation.labels import FloatArray
from survey.aggregation.small_area.errors import NoConvergence

LOG_2_PI = math.log(2 * math.pi)
ITERATIONS = 100
HALVINGS = 40
#: A step of σ² below this part of σ² + median ψ ends the search.
PRECISION = 1e-11
#: The search starts at the best of so many values of σ²: a restricted likelihood can have two maxima.
STARTS = 40


@dataclass(frozen=True, slots=True)
class LeastSquares:
    """Generalised least squares at one σ².

    Attributes:
        sigma2: the variance between areas.
        weights: (m,) 1 / (σ² + ψ).
        beta: (p,) coefficients, and inverse: (p, p) their covariance (X'V⁻¹X)⁻¹.
        residual: (m,) y - Xβ.
        restricted_loglik: -½[(m-p)·log 2π + log|V| + log|X'V⁻¹X| + r'V⁻¹r] (Harville 1974, without the
            constant ½·log|X'X|).
    """

    sigma2: float
    weights: FloatArray
    beta: FloatArray
    inverse: FloatArray
    residual: FloatArray
    restricted_loglik: float

    @property
    def loglik(self) -> float:
        """Return the Gaussian log likelihood of y at these estimates (R `sae`, `goodness`)."""
        squares = float(np.sum(self.weights * np.square(self.residual)))
        return -(self.residual.size * LOG_2_PI - float(np.log(self.weights).sum()) + squares) / 2


@dataclass(frozen=True, slots=True)
class RemlFit:
    """The fitted model, and how many scoring steps it took."""

    gls: LeastSquares
    iterations: int

    @property
    def sigma2_variance(self) -> float:
        """Return the asymptotic variance of σ̂², 2 / Σ (σ² + ψ)⁻² (Prasad & Rao 1990; R `sae`)."""
        return float(2 / np.square(self.gls.weights).sum())


def fit_reml(y: FloatArray, psi: FloatArray, x: FloatArray) -> RemlFit:
    """Maximise the restricted likelihood over σ² ≥ 0 by scoring.

    A step is score / observed information where that is positive, as it is near a maximum, and Fisher's
    score / expected information elsewhere: Fisher's alone can take hundreds of steps where the likelihood
    is flat. A step that would leave σ² ≥ 0 ends at 0, one that loses likelihood is halved. σ² = 0 is the
    estimate where the likelihood falls from there on.

    Raises:
        NoConvergence.
    """
    at = least_squares(y, psi, x, _start(y, psi, x))
    middle = float(np.median(psi))
    for iteration in range(1, ITERATIONS + 1):
        found = _step(y, psi, x, at)
        if abs(found.sigma2 - at.sigma2) <= PRECISION * (at.sigma2 + middle):
            return RemlFit(found, iteration)
        at = found
    raise NoConvergence(iterations=ITERATIONS)


def least_squares(y: FloatArray, psi: FloatArray, x: FloatArray, sigma2: float) -> LeastSquares:
    """Return generalised least squares with variances σ² + ψ, by QR of the weighted covariates."""
    weights = 1 / (sigma2 + psi)
    root = np.sqrt(weights)
    q, r = np.linalg.qr(root[:, None] * x)
    of_r = np.linalg.inv(r)
    beta = of_r @ (q.T @ (root * y))
    residual = y - x @ beta
    twice = (
        (y.size - x.shape[1]) * LOG_2_PI
        - np.log(weights).sum()
        + 2 * np.log(np.abs(np.diagonal(r))).sum()
        + np.sum(weights * np.square(residual))
    )
    return LeastSquares(sigma2, weights, beta, of_r @ of_r.T, residual, float(-twice / 2))


def _start(y: FloatArray, psi: FloatArray, x: FloatArray) -> float:
    """Return the likeliest of σ² = 0 and a grid from far below the least ψ to far above the spread of y."""
    above = max(float(psi.max()), float(np.square(y - y.mean()).sum()))
    grid = np.concatenate([[0.0], np.geomspace(float(psi.min()) / 100, 10 * above, STARTS)])
    root = 1 / np.sqrt(grid[:, None] + psi)
    q, r = np.linalg.qr(root[:, :, None] * x)
    z = root * y
    squares = np.square(z).sum(axis=1) - np.square(z[:, None, :] @ q).sum(axis=(1, 2))
    log_det = np.log(np.abs(np.diagonal(r, axis1=1, axis2=2))).sum(axis=1) - np.log(root).sum(axis=1)
    return float(grid[np.argmin(squares + 2 * log_det)])


def score_and_information(x: FloatArray, fit: LeastSquares) -> tuple[float, float, float]:
    """Return the score of σ², its expected and its observed information.

    Score ½(y'PPy - tr P), expected ½ tr PP, observed y'PPPy - ½ tr PP, where P = W - WX(X'WX)⁻¹X'W and W
    is diagonal, so only (p, p) matrices are needed (Rao & Molina 2015, ch. 6).
    """
    w = fit.weights
    py = w * fit.residual
    second = fit.inverse @ ((x * np.square(w)[:, None]).T @ x)
    third = fit.inverse @ ((x * (w**3)[:, None]).T @ x)
    of_p = float(w.sum() - np.trace(second))
    of_square = float(np.square(w).sum() - 2 * np.trace(third) + np.sum(second * second.T))
    projected = x.T @ (w * py)
    cubic = float(np.sum(w * np.square(py)) - projected @ fit.inverse @ projected)
    return (float(np.square(py).sum()) - of_p) / 2, of_square / 2, cubic - of_square / 2


def _step(y: FloatArray, psi: FloatArray, x: FloatArray, at: LeastSquares) -> LeastSquares:
    """Return the next point of the search, `at` itself where no step gains."""
    score, expected, observed = score_and_information(x, at)
    step = score / (observed if observed > 0 else expected)
    for _ in range(HALVINGS):
        found = least_squares(y, psi, x, max(0.0, at.sigma2 + step))
        if found.restricted_loglik >= at.restricted_loglik - 1e-13 * abs(at.restricted_loglik):
            return found
        step /= 2
    return at
