"""Reliability under every kind of design: two stages, calibrated weights, replicate weights."""

import numpy as np
import pytest

from survey.aggregation import SampleDesign, jackknife, totals
from survey.aggregation.reliability import PHRASES, alpha_influence, cronbach_alpha
from survey.aggregation.weighting import Margin, calibrate
from tests.unit.aggregation.reliability.scales import named

ROWS = 96
RNG = np.random.default_rng(14)
VALUES = 3 + RNG.normal(size=(ROWS, 1)) + RNG.normal(size=(ROWS, 4))
VALUES[RNG.random(VALUES.shape) < 0.03] = np.nan
ANSWERS = named(VALUES)
GROUP = RNG.choice(["nam", "nữ"], ROWS)
DOMAIN = RNG.random(ROWS) < 0.8
STRATA, PSU, SSU = np.arange(ROWS) % 3, np.arange(ROWS) // 3 % 4, np.arange(ROWS) // 12


def design(**columns: object) -> SampleDesign:
    return SampleDesign.build(weights=RNG.uniform(1, 3, ROWS), strata=STRATA, psu=PSU, **columns)


def replicated() -> SampleDesign:
    base = design()
    return base.replicated(jackknife(base.selection))


def calibrated() -> SampleDesign:
    base = design()
    margin = Margin("sex", GROUP, {"nam": 90.0, "nữ": 110.0})
    return base.calibrated(calibrate(base.weights, [margin]))


DESIGNS = {
    "two stages": design(ssu=SSU, fpc=10.0, ssu_fpc=20.0),
    "calibrated": calibrated(),
    "jackknife": replicated(),
}


@pytest.mark.parametrize("kind", DESIGNS)
def test_the_error_is_that_of_the_total_of_the_influence(kind: str) -> None:
    one = DESIGNS[kind]
    alpha = cronbach_alpha(one, ANSWERS, domain=DOMAIN)
    total = totals(one, {"u": alpha_influence(one, ANSWERS, domain=DOMAIN)}).estimate("", "u")
    assert alpha.se == pytest.approx(total.se, rel=1e-9)


def test_the_jackknife_of_linearised_values_is_linearisation_and_says_so() -> None:
    """JKn of a total is its Taylor variance exactly (Wolter 2007, ch. 4)."""
    base = design()
    taylor = cronbach_alpha(base, ANSWERS)
    replicated = cronbach_alpha(base.replicated(jackknife(base.selection)), ANSWERS)
    assert replicated.se == pytest.approx(taylor.se, rel=1e-9)
    assert "replicates of linearised values" in replicated.method
    assert "replicates of linearised values" in PHRASES
    assert "replicates" not in taylor.method


def test_calibrated_weights_make_the_value_and_are_named_in_the_method() -> None:
    one = calibrated()
    alpha = cronbach_alpha(one, ANSWERS)
    weights = one.weights[~np.isnan(VALUES).any(axis=1)]
    spread = np.cov(VALUES[~np.isnan(VALUES).any(axis=1)].T, aweights=weights)
    assert alpha.value == pytest.approx(4 / 3 * (1 - np.trace(spread) / spread.sum()), rel=1e-9)
    assert "calibrat" in alpha.method
