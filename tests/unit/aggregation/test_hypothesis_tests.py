"""The design-based t-test: closed forms, duality with its interval, groups that are not two."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from survey.aggregation import BadAnswers, BadRequest, DifferentLengths, SampleDesign
from survey.aggregation.hypothesis_tests import WrongGroups, t_test
from tests.unit.aggregation.samples import columns, design_of

QUICK = settings(deadline=None, max_examples=40)
Y = np.random.default_rng(5).normal(3.2, 1.0, 50)


def test_one_simple_random_sample_gives_students_t_with_one_degree_less() -> None:
    """s²/n is the design's variance too; R's `svyttest` takes PSUs - strata - 1."""
    found = t_test(SampleDesign.build(weights=np.ones(50)), {"y": Y}, null=3.0)
    assert found.statistic == pytest.approx(stats.ttest_1samp(Y, 3.0).statistic, rel=1e-12)
    assert found.df == 48
    assert found.p_value == pytest.approx(2 * stats.t.sf(abs(found.statistic), 48), rel=1e-12)
    assert found.estimate.value == pytest.approx(Y.mean(), rel=1e-12)
    assert found.groups == ()


def test_two_groups_of_a_simple_random_sample_have_a_closed_form() -> None:
    """Linearised: V = n/(n-1) (Σ(y - m_a)²/n_a² + Σ(y - m_b)²/n_b²)."""
    group = np.where(np.arange(50) < 20, "a", "b")
    found = t_test(SampleDesign.build(weights=np.ones(50)), {"y": Y}, group)
    a, b = Y[:20], Y[20:]
    variance = 50 / 49 * (a.var() / 20 + b.var() / 30)
    assert found.groups == ("a", "b")
    assert found.estimate.value == pytest.approx(b.mean() - a.mean(), rel=1e-10)
    assert found.statistic == pytest.approx((b.mean() - a.mean()) / np.sqrt(variance), rel=1e-10)
    assert found.df == 48


@QUICK
@given(columns(), st.floats(-1.5, 1.5))
def test_a_value_is_refused_at_5_per_cent_just_where_the_interval_leaves_it_out(
    table: dict[str, np.ndarray], null: float
) -> None:
    group = np.where(table["domain"] == "x", "x", "other")
    answers = {"a": np.where(table["a"] < 0, np.nan, table["a"])}
    try:
        found = t_test(design_of(table), answers, group, null=null)
    except WrongGroups:
        return
    if found.p_value is None:
        assert found.estimate.ci_low is None
        return
    outside = not found.estimate.ci_low <= null <= found.estimate.ci_high
    assert outside == (found.p_value < 0.05)
    assert 0 <= found.p_value <= 1


@QUICK
@given(columns())
def test_the_other_order_of_groups_turns_the_sign(table: dict[str, np.ndarray]) -> None:
    answers = {"a": np.where(table["a"] < 0, np.nan, table["a"])}
    is_x = table["domain"] == "x"
    try:
        one = t_test(design_of(table), answers, np.where(is_x, "1", "2"))
        two = t_test(design_of(table), answers, np.where(is_x, "2", "1"))
    except WrongGroups:
        return
    assert one.df == two.df
    if one.statistic is not None:
        assert two.statistic == pytest.approx(-one.statistic, rel=1e-9, abs=1e-12)
        assert two.p_value == pytest.approx(one.p_value, rel=1e-9)


def test_a_test_within_a_domain_counts_every_psu_of_its_strata() -> None:
    """Labels on five of six rows: V = 6/5 Σ z² over six PSUs, and the df of the five, less 1."""
    y = np.array([2.0, 4.0, 9.0, 5.0, 6.0, 70.0])
    group = ["a", "a", "a", "b", "b", None]
    found = t_test(SampleDesign.build(weights=np.ones(6)), {"y": y}, group)
    z = np.concatenate([(y[:3] - 5) / 3, (y[3:5] - 5.5) / 2])
    assert found.estimate.se == pytest.approx(np.sqrt(6 / 5 * (z**2).sum()), rel=1e-12)
    assert found.df == 5 - 1 - 1


def test_missing_answers_leave_the_test_and_its_degrees_of_freedom() -> None:
    y = np.array([2, 4, -1, 5, 3, -1, 1], dtype=np.int8)
    found = t_test(SampleDesign.build(weights=np.ones(7)), {"y": y})
    assert (found.estimate.n, found.df) == (5, 3)


def test_without_degrees_of_freedom_or_variation_there_is_no_test() -> None:
    least = t_test(SampleDesign.build(weights=np.ones(3)), {"y": np.array([1.0, 2.0, 6.0])})
    assert (least.df, least.p_value) == (1, pytest.approx(2 * stats.t.sf(least.statistic, 1)))
    few = t_test(SampleDesign.build(weights=np.ones(2)), {"y": np.array([1.0, 2.0])})
    assert (few.df, few.statistic, few.p_value, few.estimate.ci_low) == (0, None, None, None)
    assert few.estimate.flags.count("no_interval") == 1
    same = t_test(SampleDesign.build(weights=np.ones(9)), {"y": np.full(9, 4)}, null=3)
    assert (same.estimate.value, same.statistic, same.p_value) == (4, None, None)


def test_a_group_of_zero_weight_is_no_group() -> None:
    design = SampleDesign.build(weights=[1, 1, 1, 1, 1, 1, 0])
    found = t_test(design, {"y": np.array([1.0, 3, 2, 5, 6, 9, 99])}, list("aaabbbc"))
    assert found.groups == ("a", "b")
    with pytest.raises(WrongGroups):
        t_test(design, {"y": np.ones(7)}, list("aaaaaac"))


@pytest.mark.parametrize(
    ("groups", "said"), [(list("aaaa"), "1 found: a"), (list("abca"), "3 found"), ([None] * 4, "0 found: ∅")]
)
def test_groups_that_are_not_two_are_refused(groups: list[str | None], said: str) -> None:
    with pytest.raises(WrongGroups, match=said) as refused:
        t_test(SampleDesign.build(weights=np.ones(4)), {"y": np.arange(4.0)}, groups)
    assert refused.value.code == "SVY-422-176"


def test_faults_are_said() -> None:
    design = SampleDesign.build(weights=np.ones(3))
    with pytest.raises(WrongGroups):
        t_test(design, {"y": np.full(3, np.nan)})
    with pytest.raises(BadAnswers, match="fee"):
        t_test(design, {"fee": np.array(["10", "x", ""])})
    with pytest.raises(DifferentLengths, match="fee"):
        t_test(design, {"fee": np.ones(4)})
    with pytest.raises(DifferentLengths, match="group"):
        t_test(design, {"fee": np.ones(3)}, ["a", "b"])
    with pytest.raises(BadRequest, match="2 items"):
        t_test(design, {"fee": np.ones(3), "wait": np.ones(3)})
    with pytest.raises(BadRequest):
        t_test(design, {"fee": np.ones(3)}, level=95)
