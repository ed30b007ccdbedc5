"""Random units to rank, for property tests.

Not real estimates.
"""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st


@st.composite
def ranked_units(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw K estimates (some equal), standard errors (some missing), and a covariance with these."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(st.integers(1, 12))
    estimates = rng.normal(size=size).round(draw(st.integers(0, 4)))
    loadings = rng.normal(size=(size, draw(st.integers(1, 14)))) * draw(st.floats(0.01, 2))
    covariance = loadings @ loadings.T
    se = np.sqrt(np.diagonal(covariance)).copy()
    se[rng.random(size) < draw(st.sampled_from([0.0, 0.3]))] = np.nan
    return estimates, se, covariance
