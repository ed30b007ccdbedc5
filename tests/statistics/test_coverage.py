"""Repeated samples from known populations: do intervals cover as often as they say, whatever the variance is from?

Seeded draws; bounds are three Monte-Carlo standard errors. Beside test_simulation.py (one stage, Taylor): two
stages with finite populations, raking, an index in a domain, rounds whose PSUs overlap, the Rao-Wu bootstrap.
Joint coverage of ranks: tests/unit/aggregation/ranking.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import norm

from survey.aggregation import (
    Analysis,
    Estimate,
    IndexDefinition,
    Measure,
    SampleDesign,
    analyse,
    rao_wu,
    totals,
)
from survey.aggregation.changes import change
from survey.aggregation.weighting import Margin, rake

DRAWS = 400
MEAN = Measure("mean")


@dataclass(frozen=True)
class Drawn:
    """What the draws gave, one value a draw."""

    value: np.ndarray
    se: np.ndarray
    covered: np.ndarray

    @property
    def spread(self) -> float:
        """Return the standard deviation of the estimates: what a standard error claims to be."""
        return float(self.value.std(ddof=1))

    @property
    def claimed(self) -> float:
        """Return the root of the mean variance estimate."""
        return float(np.sqrt((self.se**2).mean()))


def draws(truth: float, estimate: Callable[[np.random.Generator], Estimate], seed: int) -> Drawn:
    """Draw samples and estimate from each."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(DRAWS):
        one = estimate(rng)
        assert one.value is not None
        assert one.se is not None
        assert one.ci_low is not None
        assert one.ci_high is not None
        rows.append((one.value, one.se, one.ci_low <= truth <= one.ci_high))
    value, se, covered = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    return Drawn(value, se, covered)


def assert_honest(drawn: Drawn, truth: float, level: float = 0.95) -> None:
    """Hold bias, standard error and coverage to three Monte-Carlo standard errors."""
    margin = 3 * np.sqrt(level * (1 - level) / DRAWS)
    assert drawn.covered.mean() == pytest.approx(level, abs=margin)
    assert drawn.value.mean() == pytest.approx(truth, abs=3 * drawn.spread / np.sqrt(DRAWS))
    # The spread of 400 draws is itself known to 1/√800, and the mean variance to about as much again.
    assert drawn.claimed == pytest.approx(drawn.spread, rel=3 * np.sqrt(2) / np.sqrt(2 * DRAWS))


# Two stages: 2 strata of 30 PSUs of 20 people; 12 PSUs and 5 people in each are drawn.
PSUS, PEOPLE, DRAWN_PSUS, DRAWN_PEOPLE = 30, 20, 12, 5


def two_stage_population() -> np.ndarray:
    rng = np.random.default_rng(1)
    return (
        3
        + np.array([0.0, 1.0])[:, None, None]
        + 0.5 * rng.normal(size=(2, PSUS, 1))
        + rng.normal(size=(2, PSUS, PEOPLE))
    )


POPULATION = two_stage_population()


def two_stage_total(rng: np.random.Generator, *, ssu_sizes: bool = True) -> Estimate:
    psus = np.stack([rng.permutation(PSUS)[:DRAWN_PSUS] for _ in range(2)])
    people = rng.permuted(np.tile(np.arange(PEOPLE), (2 * DRAWN_PSUS, 1)), axis=1)[:, :DRAWN_PEOPLE]
    y = np.take_along_axis(
        POPULATION[np.arange(2)[:, None], psus].reshape(2 * DRAWN_PSUS, PEOPLE), people, axis=1
    )
    cluster = np.repeat(np.arange(2 * DRAWN_PSUS), DRAWN_PEOPLE)
    design = SampleDesign.build(
        weights=np.full(cluster.size, PSUS / DRAWN_PSUS * PEOPLE / DRAWN_PEOPLE),
        strata=cluster // DRAWN_PSUS,
        psu=cluster,
        ssu=people.reshape(-1),
        fpc=PSUS,
        ssu_fpc=PEOPLE if ssu_sizes else None,
    )
    return totals(design, {"y": y.reshape(-1)}, deff=False).estimate("", "y")


def test_two_stages_of_finite_populations_cover() -> None:
    """40 % of PSUs and 25 % of their people: leaving out either stage's part is wrong by several percent."""
    truth = float(POPULATION.sum())
    assert_honest(draws(truth, two_stage_total, seed=11), truth)


def test_without_its_second_stage_a_variance_is_too_small() -> None:
    """f V2 is what is missing; the difference is exact in every sample, so a few draws show it."""
    found = []
    for seed in range(20):
        both, first = (
            two_stage_total(np.random.default_rng(seed), ssu_sizes=asked).se for asked in (True, False)
        )
        assert both is not None
        assert first is not None
        found.append(first / both)
    assert max(found) < 1
    assert np.mean(found) < 0.95


# Raking: 4,000 people whose answers follow age and area, which the population totals know.


def people() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(2)
    age, area = rng.choice(3, 4000, p=[0.5, 0.3, 0.2]), rng.choice(2, 4000, p=[0.6, 0.4])
    y = 2 + 1.0 * age + 0.8 * area + rng.normal(size=4000)
    return {"age": age, "area": area, "y": y}


EVERYONE = people()


def mean_of_180(rng: np.random.Generator, *, raked: bool = True) -> Estimate:
    """Draw 180 with replacement; return their mean, raked to age and area or not."""
    rows = rng.integers(0, 4000, 180)
    design = SampleDesign.build(weights=np.full(180, 4000 / 180))
    if raked:
        margins = [
            Margin(name, EVERYONE[name][rows], dict(enumerate(np.bincount(EVERYONE[name]).tolist())))
            for name in ("age", "area")
        ]
        design = design.calibrated(rake(design.weights, margins))
    return analyse(design, {"y": EVERYONE["y"][rows]}, measure=MEAN, deff=False).estimate("", "y")


def test_a_raked_mean_covers_and_is_surer_than_the_plain_one() -> None:
    truth = float(EVERYONE["y"].mean())
    drawn = draws(truth, mean_of_180, seed=12)
    assert_honest(drawn, truth)
    plain = mean_of_180(np.random.default_rng(3), raked=False)
    assert plain.se is not None
    assert drawn.claimed < 0.85 * plain.se  # the weights' own residuals, not those of the mean


# An index in a domain: shares of 4 items that go together, missing at other rates in each.
CENTRES, MISSING = np.array([0.9, 0.2, -0.1, 0.6]), np.array([0.05, 0.35, 0.2, 0.1])
SHARES = np.array([0.4, 0.3, 0.2, 0.1])
ITEMS = ("b1", "b2", "b3", "b4")


def index_in_a_domain(rng: np.random.Generator) -> Estimate:
    """3 strata of 14 PSUs of 8 people; the domain is about half of the people of every PSU."""
    psu = np.repeat(np.arange(42), 8)
    latent = CENTRES + 0.5 * rng.normal(size=42)[psu][:, None] + 0.7 * rng.normal(size=(psu.size, 1))
    answers = (latent + 0.5 * rng.normal(size=(psu.size, 4)) > 0).astype(np.int8)
    answers[rng.random(answers.shape) < MISSING] = -1
    design = SampleDesign.build(weights=1.0 + psu // 14, strata=psu // 14, psu=psu)
    analysis: Analysis = analyse(
        design,
        dict(zip(ITEMS, answers.T, strict=True)),
        domains=np.where(rng.random(psu.size) < 0.5, "in", "out"),
        measure=Measure("top_share", (1,)),
        indices=[IndexDefinition.averaged("index", dict(zip(ITEMS, SHARES.tolist(), strict=True)))],
        deff=False,
    )
    return analysis.estimate("in", "index")


def test_an_index_with_item_nonresponse_covers_in_a_domain() -> None:
    truth = float(SHARES @ norm.cdf(CENTRES / np.sqrt(0.5**2 + 0.7**2 + 0.5**2)))
    assert_honest(draws(truth, index_in_a_domain, seed=13), truth)


# Two rounds: 3 strata; of 12 PSUs a round, some are kept. PSU effects stay; everyone gains 0.3.
GAIN, A_ROUND = 0.3, 12


def two_rounds(rng: np.random.Generator, kept: int, apart: float = 0.0) -> tuple[Analysis, Analysis]:
    """Draw two rounds that share `kept` PSUs a stratum, strata being `apart` in the mean."""
    effect = 0.6 * rng.normal(size=(3, 2 * A_ROUND)) + apart * np.arange(3)[:, None]
    made = []
    for year, first in ((0, 0), (1, A_ROUND - kept)):
        psus = np.arange(first, first + A_ROUND)
        y = 3 + GAIN * year + effect[:, psus, None] + rng.normal(size=(3, A_ROUND, 6))
        stratum = np.repeat(np.arange(3), A_ROUND * 6)
        design = SampleDesign.build(
            weights=np.ones(stratum.size), strata=stratum, psu=np.tile(np.repeat(psus, 6), 3)
        )
        made.append(analyse(design, {"y": y.reshape(-1)}, measure=MEAN, deff=False))
    return made[0], made[1]


@pytest.mark.parametrize("kept", [0, 6, A_ROUND])
def test_a_change_between_rounds_covers_whatever_they_share(kept: int) -> None:
    drawn = draws(GAIN, lambda rng: change(*two_rounds(rng, kept), "y"), seed=14 + kept)
    assert_honest(drawn, GAIN)
    earlier, later = two_rounds(np.random.default_rng(1), kept)
    independent = float(np.hypot(earlier.se[0, 0], later.se[0, 0]))
    if kept == A_ROUND:
        assert drawn.claimed < 0.75 * independent
    elif not kept:
        assert drawn.claimed == pytest.approx(independent, rel=0.3)


def test_rounds_that_change_psus_between_unlike_strata_claim_too_much_rather_than_too_little() -> None:
    """Stacking takes the number of a round's PSUs in a stratum as random (R does): wide where strata differ."""
    drawn = draws(GAIN, lambda rng: change(*two_rounds(rng, 6, apart=1.0), "y"), seed=15)
    assert drawn.claimed > drawn.spread
    assert drawn.covered.mean() > 0.95


# The bootstrap


def bootstrapped_ratio(rng: np.random.Generator) -> Estimate:
    """4 strata of 10 PSUs with unequal weights and sizes: a mean is a ratio of two random sums."""
    psu = np.repeat(np.arange(40), rng.integers(3, 9, 40))
    y = 3 + 0.5 * rng.normal(size=40)[psu] + rng.normal(size=psu.size)
    design = SampleDesign.build(weights=rng.uniform(1, 3, psu.size), strata=psu // 10, psu=psu)
    replicated = design.replicated(rao_wu(design.selection, 200, seed=int(rng.integers(2**31))))
    return analyse(replicated, {"y": y}, measure=MEAN, deff=False).estimate("", "y")


def test_a_rao_wu_interval_covers() -> None:
    assert_honest(draws(3.0, bootstrapped_ratio, seed=16), 3.0)
