"""Predict the areas from a fitted model, with mean squared errors.

Not the fit (reml.py) nor what is published (estimates.py, model.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.aggregation.labels import FloatArray
from survey.aggregation.small_area.areas import Areas
from survey.aggregation.small_area.reml import RemlFit


@dataclass(frozen=True, slots=True)
class Prediction:
    """Predicted areas (M,).

    Attributes:
        value: EBLUP γ·direct + (1-γ)·synthetic; the synthetic estimate where there is no sample.
        synthetic: x'β.
        gamma: σ²/(σ² + ψ), the weight of the direct estimate; 0 where there is no sample.
        g1, g2, g3: parts of the mean squared error: of the predictor with everything known, of β, of σ².
    """

    value: FloatArray
    synthetic: FloatArray
    gamma: FloatArray
    g1: FloatArray
    g2: FloatArray
    g3: FloatArray

    @property
    def mse(self) -> FloatArray:
        """Return g1 + g2 + 2·g3 (Prasad & Rao 1990; for REML: Datta & Lahiri 2000)."""
        return self.g1 + self.g2 + 2 * self.g3


def predict(areas: Areas, fit: RemlFit) -> Prediction:
    """Predict every area.

    g1 = γψ, g2 = (1-γ)²·x'(X'V⁻¹X)⁻¹x, g3 = ψ²/(σ²+ψ)³ · 2/Σ(σ²+ψ)⁻². Without a sample: g1 = σ²,
    g2 = x'(X'V⁻¹X)⁻¹x, g3 = 0, which is the limit for ψ without bound.
    """
    x, sigma2 = areas.covariates, fit.gls.sigma2
    sampled = areas.is_sampled
    psi = np.where(sampled, areas.variance, 1.0)
    synthetic = x @ fit.gls.beta
    gamma = np.where(sampled, sigma2 / (sigma2 + psi), 0.0)
    direct = np.where(sampled, areas.direct, synthetic)
    of_beta = np.einsum("ip,pq,iq->i", x, fit.gls.inverse, x)
    of_sigma2 = np.square(psi) / (sigma2 + psi) ** 3 * fit.sigma2_variance
    return Prediction(
        value=gamma * direct + (1 - gamma) * synthetic,
        synthetic=synthetic,
        gamma=gamma,
        g1=np.where(sampled, gamma * psi, sigma2),
        g2=np.square(1 - gamma) * of_beta,
        g3=np.where(sampled, of_sigma2, 0.0),
    )
