"""Repeated samples: do intervals cover, and are standard errors the spread they claim to be?

A round is drawn 600 times from a model with known shares (seeded): 4 strata of 12 PSUs of 8 people,
answers that go together within a person and within a PSU, and items missing at different rates. Bounds
are three Monte-Carlo standard errors. Model: answer k of person j in PSU i is satisfied when
μ_k + 0.5 u_i + 0.7 v_j + 0.5 e_jk > 0, so that its share is Φ(μ_k / √0.99).
"""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import norm

from survey.aggregation import Analysis, IndexDefinition, Measure, SampleDesign, analyse

ROUNDS, STRATA, PSUS, PEOPLE = 600, 4, 12, 8
ROWS = STRATA * PSUS * PEOPLE
CENTRES = np.array([0.9, 0.5, 0.2, 0.7, -0.1, 1.2])
MISSING = np.array([0.05, 0.30, 0.10, 0.20, 0.00, 0.15])
WEIGHTS = np.array([0.3, 0.2, 0.1, 0.2, 0.1, 0.1])
ITEMS = tuple(f"b{number}" for number in range(1, 7))
TRUE_INDEX = float(WEIGHTS @ norm.cdf(CENTRES / np.sqrt(0.5**2 + 0.7**2 + 0.5**2)))
GAP = 0.0  # the two domains have the same true index


def draw(rng: np.random.Generator) -> np.ndarray:
    """Draw one round's answers (rows, items): 1 satisfied, 0 not, -1 missing."""
    psu = np.repeat(rng.normal(size=STRATA * PSUS), PEOPLE)[:, None]
    person = rng.normal(size=(ROWS, 1))
    latent = CENTRES + 0.5 * psu + 0.7 * person + 0.5 * rng.normal(size=(ROWS, len(ITEMS)))
    answers = (latent > 0).astype(np.int8)
    answers[rng.random(answers.shape) < MISSING] = -1
    return answers


@dataclass(frozen=True)
class Rounds:
    """What 600 rounds gave, one row a round."""

    value: np.ndarray
    se: np.ndarray
    covered: np.ndarray
    se_without_covariance: np.ndarray
    df: int
    gap: np.ndarray
    gap_se: np.ndarray
    gap_covered: np.ndarray
    gap_se_as_if_independent: np.ndarray


@pytest.fixture(scope="module")
def rounds() -> Rounds:
    rng = np.random.default_rng(20240406)
    psu = np.repeat(np.arange(STRATA * PSUS), PEOPLE)
    design = SampleDesign.build(
        weights=np.repeat([1.0, 2.0, 1.5, 0.5], PSUS * PEOPLE), strata=psu // PSUS, psu=psu
    )
    half = np.where(np.arange(ROWS) % 2, "odd", "even")
    rows = [_measured(design, draw(rng), half) for _ in range(ROUNDS)]
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    value, se, covered, naive, gap, gap_se, gap_covered, gap_naive = columns
    return Rounds(value, se, covered, naive, design.df, gap, gap_se, gap_covered, gap_naive)


def _measured(design: SampleDesign, answers: np.ndarray, half: np.ndarray) -> tuple[float, ...]:
    analysis = analyse(
        design,
        {item: answers[:, at] for at, item in enumerate(ITEMS)},
        domains=half,
        measure=Measure("top_share", (1,)),
        indices=[IndexDefinition.averaged("index", dict(zip(ITEMS, WEIGHTS, strict=True)))],
    )
    one, gap = analysis.estimate("", "index"), analysis.difference("index", "odd", "even")
    assert one.value is not None
    assert one.ci_low is not None
    assert one.ci_high is not None
    assert gap.value is not None
    assert gap.ci_low is not None
    assert gap.ci_high is not None
    assert one.se is not None
    assert gap.se is not None
    return (
        one.value,
        one.se,
        float(one.ci_low <= TRUE_INDEX <= one.ci_high),
        _without_covariance(analysis),
        gap.value,
        gap.se,
        float(gap.ci_low <= GAP <= gap.ci_high),
        _as_if_independent(analysis),
    )


def _without_covariance(analysis: Analysis) -> float:
    variances = analysis.variance[0, : len(ITEMS)]
    return float(np.sqrt((WEIGHTS**2 * variances).sum()))


def _as_if_independent(analysis: Analysis) -> float:
    odd, even = (analysis.variance[analysis.place(name, "index")] for name in ("odd", "even"))
    return float(np.sqrt(odd + even))


def margin(share: float) -> float:
    """Return three Monte-Carlo standard errors of a share over the rounds."""
    return 3 * float(np.sqrt(share * (1 - share) / ROUNDS))


def test_the_interval_of_an_index_covers_as_often_as_it_says(rounds: Rounds) -> None:
    assert rounds.covered.mean() == pytest.approx(0.95, abs=margin(0.95))


def test_the_index_is_unbiased_under_nonresponse_at_random(rounds: Rounds) -> None:
    error = 3 * rounds.value.std() / np.sqrt(ROUNDS)
    assert rounds.value.mean() == pytest.approx(TRUE_INDEX, abs=error)


def test_the_standard_error_of_an_index_is_its_spread_over_rounds(rounds: Rounds) -> None:
    """The standard deviation of 600 draws is itself known to 1/√1200 = 2.9 %."""
    assert np.sqrt((rounds.se**2).mean()) == pytest.approx(rounds.value.std(ddof=1), rel=3 / np.sqrt(1200))


def test_adding_item_variances_without_their_covariance_is_far_too_small(rounds: Rounds) -> None:
    """statistics.md, pitfall 3: about half of the right standard error."""
    assert (rounds.se_without_covariance / rounds.se).mean() < 0.65
    t = 2.0154  # t(0.975) with 44 degrees of freedom, any statistical table
    assert rounds.df == 44
    claimed = np.abs(rounds.value - TRUE_INDEX) <= t * rounds.se_without_covariance
    assert claimed.mean() < 0.85


def test_the_interval_of_a_difference_within_psus_covers_as_often_as_it_says(rounds: Rounds) -> None:
    assert rounds.gap_covered.mean() == pytest.approx(0.95, abs=margin(0.95))


def test_domains_that_share_psus_are_not_independent(rounds: Rounds) -> None:
    """statistics.md, pitfall 4: here the shared PSUs make a difference surer, not less sure."""
    spread = rounds.gap.std(ddof=1)
    assert np.sqrt((rounds.gap_se**2).mean()) == pytest.approx(spread, rel=3 / np.sqrt(1200))
    assert (rounds.gap_se_as_if_independent / rounds.gap_se).mean() > 1.15
