"""R `survey` 4.5 on quantiles, the population variance, tests and likelihood intervals.

Source of all numbers: tests/data/stats/reference.json (R code in each case), see its README; each is
held at the tolerance its case states.
"""

import numpy as np
import pytest

from survey.aggregation.chi_square import chi_square_test
from survey.aggregation.dispersion import population_variances
from survey.aggregation.estimates import Estimate
from survey.aggregation.hypothesis_tests import t_test
from survey.aggregation.likelihood import likelihood_interval
from survey.aggregation.quantiles import quantiles
from tests.statistics.r_cases import SAMPLES, WHOLE_SAMPLE, Case, cases, design_of, table


def check(found: object, expected: object, case: Case) -> None:
    """Compare at the case's relative tolerance."""
    np.testing.assert_allclose(
        np.asarray(found, dtype=float), np.asarray(expected, dtype=float), rtol=case.tol_rel, err_msg=case.id
    )


def test_quantiles_and_woodruff_intervals_agree_with_r() -> None:
    case = cases()["strat.quantile"]
    found = quantiles(design_of(case), {"api00": table(case.data)["api00"]}, (0.25, 0.5, 0.75))
    expected = case.result["quantiles"][0]
    estimates = [found.estimate("", "api00", p) for p in expected["p"]]
    for ours, theirs in (("value", "quantile"), ("ci_low", "ci_low"), ("ci_high", "ci_high"), ("se", "se")):
        check([getattr(one, ours) for one in estimates], expected[theirs], case)
    assert {one.df for one in estimates} == {design_of(case).df}


def test_the_population_variance_agrees_with_r() -> None:
    case = cases()["clus1.var"]
    found: Estimate = population_variances(design_of(case), {"api00": table(case.data)["api00"]}).estimate(
        "", "api00"
    )
    expected = case.result
    check([found.value, found.se], [expected["estimate"], expected["se"]], case)
    check([[found.ci_low, found.ci_high]], expected["ci_t"], case)
    check(found.se**2, expected["vcov"][0][0], case)
    assert found.df == expected["df"]


def test_the_t_test_of_two_groups_agrees_with_r() -> None:
    case = cases()["strat.ttest"]
    x = table(case.data)
    found = t_test(design_of(case), {"api00": x["api00"]}, x["comp.imp"])
    expected = case.result
    check(
        [found.statistic, found.p_value, found.estimate.value],
        [expected["statistic"], expected["p_value"], expected["estimate"]],
        case,
    )
    check([found.estimate.ci_low, found.estimate.ci_high], expected["ci"], case)
    assert found.df == found.estimate.df == expected["parameter"]


def test_the_rao_scott_test_agrees_with_r() -> None:
    case = cases()["clus1.chisq"]
    x = table(case.data)
    found = chi_square_test(design_of(case), x["sch.wide"], x["stype"])
    expected = case.result
    check([found.statistic, found.p_value], [expected["statistic"], expected["p_value"]], case)
    check([found.ndf, found.ddf], expected["parameter"], case)
    assert ("small_expected_counts" in found.flags) == ("incorrect" in expected["warnings"])


@pytest.mark.parametrize("sample", SAMPLES)
def test_likelihood_intervals_agree_with_r(sample: str) -> None:
    """To 1e-5: R draws a spline through its profile."""
    case = cases()[f"{sample}.ciprop_schwide_likelihood"]
    analysis = WHOLE_SAMPLE["prop_indicator"](case)
    p, variance = analysis.value[0, 0], analysis.variance[0, 0]
    check([p, variance], [case.result["estimate"], case.result["variance"]], case)
    found = likelihood_interval(p, np.sqrt(variance), analysis.n[0, 0], analysis.df[0])
    check(found, case.result["ci"], case)
