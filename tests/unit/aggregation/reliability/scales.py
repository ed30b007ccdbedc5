"""Scales for tests: random samples with strata and PSUs, and data with an exact correlation matrix.

Not real answers.
"""

import numpy as np
from hypothesis import strategies as st

from survey.aggregation import SampleDesign


def exact(covariance: np.ndarray, rows: int = 60, seed: int = 4) -> np.ndarray:
    """Make rows whose unweighted covariance, divided by the rows, is the given one."""
    drawn = np.random.default_rng(seed).normal(size=(rows, len(covariance)))
    drawn -= drawn.mean(axis=0)
    white = drawn @ np.linalg.inv(np.linalg.cholesky(drawn.T @ drawn / rows)).T
    return white @ np.linalg.cholesky(covariance).T


def named(values: np.ndarray) -> dict[str, np.ndarray]:
    """Name the columns q0, q1, ..."""
    return {f"q{at}": column for at, column in enumerate(values.T)}


def simple(rows: int) -> SampleDesign:
    """Build the design of a simple random sample with equal weights."""
    return SampleDesign.build(weights=np.ones(rows))


@st.composite
def scales(draw: st.DrawFn, rows: int = 48, items: int = 5) -> tuple[dict, dict[str, np.ndarray], np.ndarray]:
    """Draw the columns of a design, items that share a factor, with gaps, and a domain."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    factor = rng.normal(size=(rows, 1))
    values = 3 + factor * rng.uniform(0.4, 1.2, items) + rng.normal(size=(rows, items))
    values[rng.random(values.shape) < draw(st.sampled_from([0.0, 0.04]))] = np.nan
    design = {
        "weights": rng.uniform(0.3, 4.0, rows),
        "strata": np.arange(rows) % 3,
        "psu": np.arange(rows) // 3 % 4,
    }
    return design, named(values), rng.random(rows) < 0.8


def by_weight(statistic, columns: dict, step: float = 1e-5) -> np.ndarray:
    """Return the derivative of a statistic by each response's weight, by central differences."""
    derivative = np.empty(columns["weights"].size)
    for row in range(derivative.size):
        values = []
        for sign in (1, -1):
            weights = columns["weights"].copy()
            weights[row] += sign * step
            values.append(statistic(SampleDesign.build(**{**columns, "weights": weights})))
        derivative[row] = (values[0] - values[1]) / (2 * step)
    return derivative


def se_of(design: SampleDesign, influence: np.ndarray) -> float:
    """Return √V of the total Σ w u by the textbook formula, stratum by stratum, without correction."""
    total = np.bincount(design.row_psu, weights=design.weights * influence, minlength=design.psu_stratum.size)
    variance = 0.0
    for stratum in range(len(design.strata)):
        of = total[design.psu_stratum == stratum]
        variance += of.size / (of.size - 1) * np.sum((of - of.mean()) ** 2)
    return float(np.sqrt(variance))
