"""Random areas for property tests, and the restricted likelihood written another way.

Not real areas.
"""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from scipy import linalg, optimize

from survey.aggregation.small_area import Areas


@st.composite
def random_areas(draw: st.DrawFn) -> Areas:
    """Draw 8 to 30 areas, some without a sample or a variance, with up to two covariates."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size, covariates = draw(st.integers(8, 30)), draw(st.integers(0, 2))
    x = rng.normal(size=(size, covariates))
    variance = rng.uniform(0.2, 3.0, size)
    spread = draw(st.sampled_from([0.0, 0.5, 2.0]))
    direct = (
        10 + x.sum(axis=1) + rng.normal(scale=spread, size=size) + rng.normal(size=size) * np.sqrt(variance)
    )
    direct[rng.random(size) < 0.1] = np.nan
    variance[rng.random(size) < 0.1] = np.nan
    direct[:6], variance[:6] = np.nan_to_num(direct[:6], nan=10.0), np.nan_to_num(variance[:6], nan=1.0)
    return Areas.build(
        names=[f"xã {at}" for at in range(size)],
        direct=direct,
        variance=variance,
        covariates=x,
        n=rng.integers(0, 99, size).tolist(),
    )


def reml_by_error_contrasts(y: np.ndarray, psi: np.ndarray, x: np.ndarray) -> float:
    """Maximise the restricted likelihood as the likelihood of m - p contrasts of y, by brute force.

    K'y with K'X = 0 has the density that REML maximises (Patterson & Thompson 1971): no P matrix, no
    scoring. A grid finds the basin; a root of the exact derivative (complex step) polishes it.
    """
    contrasts = linalg.null_space(x.T)
    z = contrasts.T @ y

    def loglik(sigma2: complex) -> complex:
        v = contrasts.T @ ((sigma2 + psi)[:, None] * contrasts)
        return complex(-(np.log(np.linalg.det(v)) + z @ np.linalg.solve(v, z)) / 2)

    def slope(sigma2: float) -> float:
        return float(np.imag(loglik(complex(sigma2, 1e-30))) / 1e-30)

    grid = np.concatenate([[0.0], np.geomspace(psi.min() / 1e4, 100 * (psi.max() + y @ y), 400)])
    best = int(np.argmax([np.real(loglik(complex(one))) for one in grid]))
    if best == 0 and slope(0.0) <= 0:
        return 0.0
    return float(optimize.brentq(slope, grid[max(best - 1, 0)], grid[best + 1], xtol=1e-15, rtol=1e-14))
