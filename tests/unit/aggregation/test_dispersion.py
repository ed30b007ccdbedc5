"""The population variance: closed forms, scale, domains, where there is none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import WHOLE, BadAnswers, BadRequest, DifferentLengths, SampleDesign, UnknownResult
from survey.aggregation.dispersion import population_variances
from tests.unit.aggregation.samples import ITEMS, answers_of, columns, design_of

QUICK = settings(deadline=None, max_examples=40)


def test_of_a_simple_random_sample_it_is_the_sample_variance() -> None:
    """Σ(y - m)²/(n-1), whose standard error is that of the mean of n/(n-1) (y - m)²."""
    y = np.random.default_rng(7).gamma(2.0, 10.0, 60)
    found = population_variances(SampleDesign.build(weights=np.ones(60)), {"wait": y}).estimate("", "wait")
    squares = 60 / 59 * (y - y.mean()) ** 2
    assert found.value == pytest.approx(y.var(ddof=1), rel=1e-12)
    assert found.se == pytest.approx(squares.std(ddof=1) / np.sqrt(60), rel=1e-12)
    assert (found.n, found.df, found.unit) == (60, 59, "score²")
    assert found.method.split("; ")[0] == "population variance of an item"


@QUICK
@given(columns(), st.sampled_from([0.125, 2.0, 1024.0]), st.integers(-50, 50))
def test_scaled_answers_scale_it_twice_and_shifted_ones_leave_it(
    table: dict[str, np.ndarray], factor: float, shift: int
) -> None:
    levels = {item: np.where(table[item] < 0, np.nan, table[item]) for item in ITEMS}
    moved = {item: factor * column + shift for item, column in levels.items()}
    design = design_of(table)
    before = population_variances(design, levels, domains=table["domain"])
    after = population_variances(design, moved, domains=table["domain"])
    for one, other in zip(before.rows, after.rows, strict=True):
        for figure in ("value", "se"):
            known, scaled = getattr(one.estimate, figure), getattr(other.estimate, figure)
            if known is None or known < 1e-9:
                continue
            assert scaled == pytest.approx(known * factor**2, rel=1e-6)


@QUICK
@given(columns(), st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_the_scale_of_weights_changes_it(
    table: dict[str, np.ndarray], random: object
) -> None:
    order = np.arange(len(table["weights"]))
    random.shuffle(order)  # type: ignore[attr-defined]  # a random.Random
    other = {**table, "weights": table["weights"] * 3}
    one = population_variances(design_of(table), answers_of(table)).estimate("", "a")
    two = population_variances(design_of(other, order), answers_of(other, order)).estimate("", "a")
    assert one.n == two.n
    if one.value is not None:
        assert two.value == pytest.approx(one.value, rel=1e-9, abs=1e-12)


@QUICK
@given(columns())
def test_a_domain_of_everyone_is_the_whole_and_a_small_part_is_its_own(table: dict[str, np.ndarray]) -> None:
    answers, domain = answers_of(table), table["domain"]
    found = population_variances(
        design_of(table), answers, domains={"all": np.full(domain.size, "all"), "place": domain}
    )
    assert found.estimate("all", "b") == found.estimate(WHOLE, "b")
    inside = (domain == domain[0]) & (table["b"] >= 0)
    n, w, y = inside.sum(), table["weights"][inside], table["b"][inside].astype(float)
    one = found.estimate(str(domain[0]), "b")
    assert one.n == n
    if n > 1:
        spread = n / (n - 1) * (w * (y - (w * y).sum() / w.sum()) ** 2).sum() / w.sum()
        assert one.value == pytest.approx(spread, rel=1e-9, abs=1e-12)


def test_one_respondent_has_no_variance_and_nobody_none_either() -> None:
    design = SampleDesign.build(weights=np.ones(5))
    answers = {"a": np.array([1.0, 5.0, 3.0, 2.0, np.nan])}
    found = population_variances(design, answers, domains=["x", "x", "x", "alone", "empty"])
    alone, empty = found.estimate("alone", "a"), found.estimate("empty", "a")
    assert (alone.n, alone.value, alone.se, alone.ci_low) == (1, None, None, None)
    assert "no_interval" in alone.flags
    assert (empty.n, empty.value) == (0, None)
    assert "no_respondents" in empty.flags


def test_rows_of_zero_weight_do_not_count() -> None:
    y = np.array([1.0, 4.0, 2.0, 900.0])
    with_zero = population_variances(SampleDesign.build(weights=[1, 1, 1, 0]), {"a": y}).estimate("", "a")
    assert with_zero.value == pytest.approx(y[:3].var(ddof=1), rel=1e-12)
    assert with_zero.n == 3


def test_faults_are_said() -> None:
    design = SampleDesign.build(weights=np.ones(3))
    with pytest.raises(BadAnswers, match="fee"):
        population_variances(design, {"fee": np.array(["10", "x", ""])})
    with pytest.raises(DifferentLengths, match="fee"):
        population_variances(design, {"fee": np.ones(4)})
    with pytest.raises(DifferentLengths, match="place"):
        population_variances(design, {"fee": np.ones(3)}, domains={"place": ["x"]})
    with pytest.raises(BadRequest):
        population_variances(design, {"fee": np.ones(3)}, level=95)
    with pytest.raises(UnknownResult, match="tea"):
        population_variances(design, {"fee": np.ones(3)}).estimate("", "tea")
