"""Quantiles: observed values, order, scale, domains, closed forms, coverage of the median's interval."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from survey.aggregation import (
    BadAnswers,
    BadRequest,
    DifferentLengths,
    Domain,
    SampleDesign,
    UnknownResult,
    jackknife,
)
from survey.aggregation.quantiles import BadProbability, ShareInterval, quantiles
from tests.unit.aggregation.samples import ITEMS, answers_of, columns, design_of

QUICK = settings(deadline=None, max_examples=40)
PROBABILITIES = (0.1, 0.25, 0.5, 0.75, 0.9)
KINDS: tuple[ShareInterval, ...] = ("mean", "xlogit", "asin", "beta")
FIGURES = ("value", "se", "ci_low", "ci_high", "n", "df", "flags")


def test_of_a_simple_random_sample_it_is_an_order_statistic() -> None:
    """1..100, median 50; 0.5 ± t √(0.25/99) is 0.4003 to 0.5997, the 41st and the 60th."""
    found = quantiles(SampleDesign.build(weights=np.ones(100)), {"wait": np.arange(1.0, 101)}).estimate(
        "", "wait"
    )
    assert (found.value, found.ci_low, found.ci_high) == (50, 41, 60)
    assert found.se == pytest.approx(19 / (2 * stats.t.ppf(0.975, 99)), rel=1e-12)
    assert (found.n, found.df, found.flags) == (100, 99, ())


def test_rounding_does_not_move_a_quantile_to_the_next_person() -> None:
    """Ten weights of 0.1: 0.1 + 0.1 + 0.1 is not 0.3 in binary, yet the 0.3 quantile is the third."""
    design = SampleDesign.build(weights=np.full(10, 0.1))
    tenths = tuple(k / 10 for k in range(1, 10))
    found = quantiles(design, {"a": np.arange(1.0, 11)}, tenths)
    assert [found.estimate("", "a", p).value for p in tenths] == list(range(1, 10))


@QUICK
@given(columns())
def test_a_quantile_is_an_answer_given_and_grows_with_its_probability(table: dict[str, np.ndarray]) -> None:
    found = quantiles(design_of(table), answers_of(table), PROBABILITIES, domains=table["domain"])
    for domain in {one.domain for one in found.rows}:
        rows = np.full(40, True) if not domain.value else table["domain"] == domain.value
        for item in ITEMS:
            values = [found.estimate(domain, item, p).value for p in PROBABILITIES]
            given_answers = set(table[item][rows & (table[item] >= 0)].tolist())
            assert set(values) <= (given_answers or {None})
            assert all(low <= high for low, high in pairwise(v for v in values if v is not None))


@QUICK
@given(columns(), st.sampled_from(PROBABILITIES))
def test_a_quantile_is_the_smallest_answer_with_enough_weight_at_or_below(
    table: dict[str, np.ndarray], p: float
) -> None:
    answered = table["a"] >= 0
    found = quantiles(design_of(table), answers_of(table), (p,)).estimate("", "a", p)
    w, y = table["weights"][answered], table["a"][answered]
    share = {level: w[y <= level].sum() / w.sum() for level in set(y.tolist())}
    assert found.value == (min(level for level in share if share[level] >= p - 1e-9) if share else None)


@QUICK
@given(columns(), st.sampled_from([0.5, 4.0, 1024.0]), st.integers(-1000, 1000))
def test_a_quantile_and_its_interval_move_with_the_answers(
    table: dict[str, np.ndarray], factor: float, shift: int
) -> None:
    levels = {item: np.where(table[item] < 0, np.nan, table[item]) for item in ITEMS}
    moved = {item: factor * column + shift for item, column in levels.items()}
    design = design_of(table)
    for one, other in zip(
        quantiles(design, levels, domains=table["domain"]).rows,
        quantiles(design, moved, domains=table["domain"]).rows,
        strict=True,
    ):
        before, after = one.estimate, other.estimate
        for figure in ("value", "ci_low", "ci_high"):
            known = getattr(before, figure)
            assert getattr(after, figure) == (None if known is None else factor * known + shift)
        assert after.se == (None if before.se is None else pytest.approx(factor * before.se, rel=1e-12))
        assert after.flags == before.flags


@QUICK
@given(columns(), st.randoms(use_true_random=False), st.floats(1e-3, 1e6))
def test_neither_the_order_of_rows_nor_the_scale_of_weights_changes_anything(
    table: dict[str, np.ndarray], random: object, factor: float
) -> None:
    order = np.arange(len(table["weights"]))
    random.shuffle(order)  # type: ignore[attr-defined]  # a random.Random
    other = {**table, "weights": table["weights"] * factor}
    one = quantiles(design_of(table), answers_of(table), domains=table["domain"])
    two = quantiles(design_of(other, order), answers_of(other, order), domains=table["domain"][order])
    for before, after in zip(one.rows, two.rows, strict=True):
        for figure in FIGURES:
            assert getattr(before.estimate, figure) == getattr(after.estimate, figure)


@QUICK
@given(columns(), st.sampled_from(KINDS))
def test_an_interval_holds_its_quantile(table: dict[str, np.ndarray], kind: ShareInterval) -> None:
    for one in quantiles(design_of(table), answers_of(table), PROBABILITIES, interval=kind).rows:
        found = one.estimate
        assert found.ci_low is None or found.ci_low <= found.value
        assert found.ci_high is None or found.value <= found.ci_high
        assert (found.se is None) == (None in (found.ci_low, found.ci_high))
        assert found.se is None or found.se > 0


def test_a_domain_that_is_a_stratum_is_estimated_as_if_alone() -> None:
    """No PSU of another stratum enters its variance, so its rows alone give the same figures."""
    rng = np.random.default_rng(11)
    stratum, psu = np.repeat([0, 1], 60), np.repeat(np.arange(20), 6)
    y, w = rng.gamma(2.0, 10.0, 120), rng.uniform(1, 3, 120)
    design = SampleDesign.build(weights=w, strata=stratum, psu=psu)
    parts = quantiles(design, {"y": y}, domains={"stratum": stratum})
    first = stratum == 0
    alone = quantiles(
        SampleDesign.build(weights=w[first], strata=stratum[first], psu=psu[first]), {"y": y[first]}
    )
    for p in (0.25, 0.5, 0.75):
        one, other = parts.estimate(Domain("stratum", "0"), "y", p), alone.estimate("", "y", p)
        assert [getattr(one, figure) for figure in FIGURES] == [getattr(other, figure) for figure in FIGURES]


def test_a_domain_counts_the_psus_without_members() -> None:
    """Four PSUs, the domain in two of them: V of its share is 4/3 Σ z², not 2/1 Σ z² of filtered rows."""
    y, place = np.arange(1.0, 41), np.repeat(["in", "in", "out", "out"], 10)
    design = SampleDesign.build(weights=np.ones(40), psu=np.repeat(np.arange(4), 10))
    found = quantiles(design, {"y": y}, (0.5,), domains=place, level=0.5).estimate("in", "y")
    z = np.array([(10 - 5) / 20, (0 - 5) / 20])
    half = stats.t.ppf(0.75, 1) * np.sqrt(4 / 3 * (z**2).sum())
    assert (found.value, found.df) == (10, 1)
    assert (found.ci_low, found.ci_high) == (np.ceil(20 * (0.5 - half)), np.ceil(20 * (0.5 + half)))


def test_one_psu_has_no_interval_and_nobody_has_no_quantile() -> None:
    answers = {"a": np.array([1, 2, 3, 4, 5, -1], dtype=np.int8)}
    design = SampleDesign.build(weights=np.ones(6))
    found = quantiles(design, answers, domains=["x", "x", "x", "x", "alone", "empty"])
    alone, empty = found.estimate("alone", "a"), found.estimate("empty", "a")
    assert (alone.value, alone.se, alone.ci_low, alone.ci_high, alone.df) == (5, None, None, None, 0)
    assert {"few_respondents", "no_interval"} <= set(alone.flags)
    assert alone.method.endswith("; no interval")
    assert (empty.value, empty.n) == (None, 0)
    assert "no_respondents" in empty.flags


def test_a_share_interval_beyond_1_leaves_the_end_open_and_logit_closes_it() -> None:
    """R gives NaN for that end; at 0.9 of 20 people, 0.9 + t se is above 1."""
    design, answers = SampleDesign.build(weights=np.ones(20)), {"a": np.arange(20.0)}
    wide = quantiles(design, answers, (0.9,)).estimate("", "a", 0.9)
    assert (wide.value, wide.ci_high, wide.se) == (17, None, None)
    assert wide.ci_low is not None
    assert wide.flags == ("few_respondents", "open_interval")
    closed = quantiles(design, answers, (0.9,), interval="xlogit").estimate("", "a", 0.9)
    assert closed.ci_high is not None
    assert "logit" in closed.method


def test_on_a_scale_of_levels_the_interval_reaches_the_next_level() -> None:
    """85 % of 200 are at 4 or below, as R has it: 0.85 + t √(0.85·0.15/199) > 0.85 is reached at 5."""
    answers = np.repeat([1, 3, 4, 5], [10, 20, 140, 30]).astype(np.int8)
    found = quantiles(SampleDesign.build(weights=np.ones(200)), {"a": answers}).estimate("", "a")
    assert (found.value, found.ci_low, found.ci_high) == (4, 4, 5)
    assert found.se == pytest.approx(1 / (2 * stats.t.ppf(0.975, 199)), rel=1e-12)


def test_a_bound_at_0_or_1_of_the_share_is_the_least_or_the_greatest_answer() -> None:
    """The arcsine interval ends at 0 and 1; a row of zero weight is nobody's answer."""
    y = np.array([-700.0, *range(1, 11), 700.0])
    design = SampleDesign.build(weights=[0, *[1] * 10, 0])
    found = quantiles(design, {"a": y}, (0.05, 0.88, 0.95), interval="asin")
    least, greatest = found.estimate("", "a", 0.05), found.estimate("", "a", 0.88)
    assert (least.value, least.ci_low) == (1, 1)
    assert (greatest.value, greatest.ci_high) == (9, 10)
    assert found.estimate("", "a", 0.95).value == 10


def test_replicates_give_the_interval_of_linearisation_where_they_agree() -> None:
    """The jackknife of a mean of equal weights is s²/n exactly, so the share's interval is the same."""
    design, answers = SampleDesign.build(weights=np.ones(80)), {"a": np.arange(80.0) ** 1.5}
    linear = quantiles(design, answers).rows
    replicated = quantiles(design.replicated(jackknife(design.selection)), answers).rows
    for one, other in zip(linear, replicated, strict=True):
        for figure in FIGURES:
            assert getattr(one.estimate, figure) == getattr(other.estimate, figure)
        assert "jackknife" in other.estimate.method


def test_an_item_that_never_varies_has_no_interval() -> None:
    found = quantiles(SampleDesign.build(weights=np.ones(9)), {"a": np.full(9, 3)}).estimate("", "a")
    assert (found.value, found.ci_low, found.ci_high, found.se) == (3, None, None, None)
    assert "no_interval" in found.flags


def test_rows_of_zero_weight_and_missing_answers_do_not_count() -> None:
    y = np.array([5.0, 1.0, 3.0, np.nan, -700.0])
    found = quantiles(SampleDesign.build(weights=[1, 1, 1, 1, 0]), {"a": y}).estimate("", "a")
    assert (found.value, found.n) == (3, 3)


def test_faults_are_said() -> None:
    design, answers = SampleDesign.build(weights=np.ones(3)), {"fee": np.ones(3)}
    for wrong in ((0.0,), (1.0,), (0.5, 50), (-0.1,), (float("nan"),), ()):
        with pytest.raises(BadProbability) as refused:
            quantiles(design, answers, wrong)
        assert refused.value.code == "SVY-422-175"
    with pytest.raises(BadProbability, match="50"):
        quantiles(design, answers, (0.5, 50))
    with pytest.raises(BadAnswers, match="fee"):
        quantiles(design, {"fee": np.array(["10", "x", ""])})
    with pytest.raises(DifferentLengths, match="fee"):
        quantiles(design, {"fee": np.ones(4)})
    with pytest.raises(BadRequest):
        quantiles(design, answers, level=95)
    with pytest.raises(BadRequest, match="score"):
        quantiles(design, answers, interval="score")  # type: ignore[arg-type]  # what a request may hold
    with pytest.raises(UnknownResult, match="0.4"):
        quantiles(design, answers).estimate("", "fee", 0.4)


def test_the_interval_of_the_median_covers_the_median() -> None:
    """600 samples of 4 strata × 10 PSUs × 6 people, seed 20250713; the population's median is 0.

    y = u_i + v_j, standard normal parts, the PSU's a third of the variance. The bound is three
    Monte-Carlo standard errors. As if simple random, the interval would cover far less.
    """
    rng = np.random.Generator(np.random.PCG64(20250713))
    rounds, psus, people = 600, 40, 6
    psu = np.repeat(np.arange(psus), people)
    weights = np.repeat([1.0, 2.0, 1.5, 0.5], psus * people // 4)
    design = SampleDesign.build(weights=weights, strata=psu // 10, psu=psu)
    as_if_random = SampleDesign.build(weights=weights)
    covered = np.zeros((rounds, 2), dtype=bool)
    for at in range(rounds):
        y = np.sqrt(1 / 3) * rng.normal(size=psus)[psu] + np.sqrt(2 / 3) * rng.normal(size=psu.size)
        for k, one in enumerate((design, as_if_random)):
            found = quantiles(one, {"y": y}, (0.5,)).estimate("", "y")
            covered[at, k] = found.ci_low <= 0 <= found.ci_high
    share = covered.mean(axis=0)
    error = np.sqrt(0.95 * 0.05 / rounds)
    assert abs(share[0] - 0.95) < 3 * error
    assert share[1] < 0.95 - 3 * error
