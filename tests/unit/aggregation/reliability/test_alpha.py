"""Cronbach's alpha: R's figure, closed forms, the influence of each response, the design behind it."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from survey.aggregation import BadAnswers, BadRequest, DifferentLengths, SampleDesign
from survey.aggregation.reliability import (
    ConstantItem,
    NotADomain,
    TooFewCases,
    TooFewItems,
    alpha_influence,
    cronbach_alpha,
)
from survey.aggregation.reliability.alpha import alpha_of
from survey.aggregation.reliability.cases import complete_cases
from tests.unit.aggregation.reliability.scales import by_weight, exact, named, scales, se_of, simple

DATA = Path(__file__).parents[3] / "data" / "stats"


def test_it_is_the_alpha_of_r() -> None:
    """R survey 4.5, svycralpha(~api00+api99+avg.ed+full, d): reference.json#strat.alpha."""
    cases = json.loads((DATA / "reference.json").read_text(encoding="utf-8"))["cases"]
    expected = next(case for case in cases if case["id"] == "strat.alpha")
    with (DATA / "apistrat.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    design = SampleDesign.build(
        weights=[float(row["pw"]) for row in rows],
        strata=[row["stype"] for row in rows],
        fpc=[float(row["fpc"]) for row in rows],
    )
    answers = {
        item: np.array([float(row[item]) for row in rows]) for item in ("api00", "api99", "avg.ed", "full")
    }
    alpha = cronbach_alpha(design, answers)
    assert alpha.value == pytest.approx(expected["result"]["value"], rel=expected["tol_rel"])
    assert (alpha.n, alpha.df) == (200, 197)
    assert "finite population correction" in alpha.method
    assert "listwise cases" in alpha.method


@pytest.mark.parametrize(("k", "r"), [(2, 0.5), (4, 0.3), (7, 0.8)])
def test_with_equal_correlations_it_is_spearman_and_brown(k: int, r: float) -> None:
    """Compound symmetry: alpha = k r / (1 + (k - 1) r) (Spearman 1910; Brown 1910)."""
    values = exact(np.full((k, k), r) + (1 - r) * np.eye(k))
    assert cronbach_alpha(simple(60), named(values)).value == pytest.approx(
        k * r / (1 + (k - 1) * r), rel=1e-9
    )


@settings(deadline=None, max_examples=15)
@given(scales())
def test_the_influence_of_a_response_is_the_derivative_by_its_weight(drawn: tuple) -> None:
    columns, answers, domain = drawn
    design = SampleDesign.build(**columns)

    def value(one: SampleDesign) -> float:
        cases = complete_cases(one, answers, domain)
        return alpha_of(cases.centred, cases.weight)[0]

    numeric = by_weight(value, columns)
    influence = alpha_influence(design, answers, domain=domain)
    np.testing.assert_allclose(influence, numeric, rtol=1e-5, atol=1e-8)


@settings(deadline=None, max_examples=25)
@given(scales())
def test_the_standard_error_is_that_of_the_total_over_every_psu(drawn: tuple) -> None:
    """Binder 1983: also PSUs without a complete case of the domain count in n_h."""
    columns, answers, domain = drawn
    domain = domain & (columns["psu"] != 3)
    design = SampleDesign.build(**columns)
    alpha = cronbach_alpha(design, answers, domain=domain)
    assert alpha.se == pytest.approx(se_of(design, alpha_influence(design, answers, domain=domain)), rel=1e-9)
    complete = domain & ~np.isnan(np.stack(list(answers.values()))).any(axis=0)
    psus = {(columns["strata"][row], columns["psu"][row]) for row in np.flatnonzero(complete)}
    assert alpha.df == len(psus) - len({stratum for stratum, _ in psus})
    half = stats.t.ppf(0.975, alpha.df) * alpha.se / (1 - alpha.value)
    assert alpha.ci_low == pytest.approx(1 - (1 - alpha.value) * np.exp(half), rel=1e-9, abs=1e-12)
    assert alpha.ci_high == pytest.approx(1 - (1 - alpha.value) * np.exp(-half), rel=1e-9, abs=1e-12)


@settings(deadline=None, max_examples=25)
@given(scales(), st.floats(0.01, 50), st.integers(0, 2**32 - 1))
def test_units_of_weight_order_of_rows_and_rows_of_weight_zero_change_nothing(
    drawn: tuple, factor: float, seed: int
) -> None:
    columns, answers, _ = drawn
    alpha = cronbach_alpha(SampleDesign.build(**columns), answers)
    scaled = SampleDesign.build(**{**columns, "weights": factor * columns["weights"]})
    order = np.random.default_rng(seed).permutation(48)
    turned = SampleDesign.build(**{name: column[order] for name, column in columns.items()})
    padded = SampleDesign.build(
        **{name: np.append(column, column[0] * 0) for name, column in columns.items()}
    )
    for found in (
        cronbach_alpha(scaled, answers),
        cronbach_alpha(turned, {item: column[order] for item, column in answers.items()}),
        cronbach_alpha(padded, {item: np.append(column, 99.0) for item, column in answers.items()}),
    ):
        assert found.value == pytest.approx(alpha.value, rel=1e-9)
        assert found.se == pytest.approx(alpha.se, rel=1e-9)
        assert (found.n, found.df) == (alpha.n, alpha.df)


def test_the_interval_covers_as_often_as_it_says() -> None:
    """Seed 23, 500 simple samples of 120, three items with r = 0.5 (alpha 0.75), level 0.90."""
    rng = np.random.Generator(np.random.PCG64(23))
    root = np.linalg.cholesky(np.full((3, 3), 0.5) + 0.5 * np.eye(3))
    design, covered = simple(120), 0
    for _ in range(500):
        alpha = cronbach_alpha(design, named(rng.normal(size=(120, 3)) @ root.T), level=0.90)
        covered += alpha.ci_low <= 0.75 <= alpha.ci_high
    assert abs(covered / 500 - 0.90) < 4 * np.sqrt(0.9 * 0.1 / 500)


def test_identical_items_have_alpha_one_and_no_interval() -> None:
    column = np.arange(20.0)
    alpha = cronbach_alpha(simple(20), {"a": column, "b": column.copy()})
    assert alpha.value == pytest.approx(1.0)
    assert (alpha.se, alpha.ci_low) == (None, None)
    assert "no_interval" in alpha.flags


def test_items_that_cancel_have_no_alpha() -> None:
    column = np.arange(20.0)
    alpha = cronbach_alpha(simple(20), {"a": column, "b": -column})
    assert (alpha.value, alpha.se, alpha.ci_low) == (None, None, None)


def test_only_complete_cases_count() -> None:
    values = np.random.default_rng(8).normal(size=(30, 3))
    gaps = np.vstack([values, [[1.0, np.nan, 2.0], [np.nan, 5.0, 1.0]]])
    assert cronbach_alpha(simple(32), named(gaps)).value == pytest.approx(
        cronbach_alpha(simple(30), named(values)).value, rel=1e-12
    )
    assert cronbach_alpha(simple(32), named(gaps)).n == 30


def test_whole_number_codes_below_zero_are_missing() -> None:
    levels = np.random.default_rng(9).integers(1, 6, (30, 3)).astype(np.int8)
    levels[3, 1] = -1
    assert cronbach_alpha(simple(30), named(levels)).n == 29


def test_without_degrees_of_freedom_there_is_a_value_and_no_interval() -> None:
    values = np.random.default_rng(8).normal(size=(30, 3))
    design = SampleDesign.build(weights=np.ones(30), psu=["one"] * 30, lonely="certainty")
    alpha = cronbach_alpha(design, named(values))
    assert alpha.value is not None
    assert (alpha.df, alpha.se, alpha.ci_high) == (0, None, None)


RANDOM = np.random.default_rng(1).normal(size=(12, 3))


@pytest.mark.parametrize(
    ("answers", "error", "named_in_text"),
    [
        ({"q0": RANDOM[:, 0]}, TooFewItems, "2"),
        (named(np.vstack([RANDOM[:3], np.full((9, 3), np.nan)])), TooFewCases, "3"),
        ({**named(RANDOM), "flat": np.full(12, 4)}, ConstantItem, "flat"),
        ({**named(RANDOM), "flat": np.full(12, 0.1)}, ConstantItem, "flat"),
        ({**named(RANDOM), "text": np.array(["x"] * 12)}, BadAnswers, "text"),
        (named(RANDOM[:11]), DifferentLengths, "q0"),
    ],
)
def test_what_cannot_be_estimated_is_refused_by_name(
    answers: dict, error: type[Exception], named_in_text: str
) -> None:
    with pytest.raises(error, match=named_in_text):
        cronbach_alpha(simple(12), answers)


@pytest.mark.parametrize("domain", [np.ones(11, dtype=bool), np.ones(12), np.ones((12, 1), dtype=bool)])
def test_a_domain_is_one_true_or_false_a_response(domain: np.ndarray) -> None:
    with pytest.raises(NotADomain):
        cronbach_alpha(simple(12), named(RANDOM), domain=domain)


def test_a_level_outside_zero_and_one_is_refused() -> None:
    with pytest.raises(BadRequest):
        cronbach_alpha(simple(12), named(RANDOM), level=0.0)
