"""Every reference value of R `survey` 4.5 that this room computes, at the tolerance its case states.

Source of all numbers: tests/data/stats/reference.json (R code in each case), see its README.
"""

import numpy as np
import pytest

from survey.aggregation import (
    Analysis,
    Domain,
    IndexDefinition,
    Measure,
    analyse,
    arcsine_interval,
    beta_interval,
    logit_interval,
    t_interval,
    totals,
    wilson_interval,
)
from tests.statistics.r_cases import (
    BY_DOMAIN,
    ELSEWHERE,
    PROPORTION,
    SINGLE,
    TESTS,
    WHOLE_SAMPLE,
    Case,
    cases,
    design_of,
    in_scope,
    intervals_of_proportions,
    level_of,
    means,
    of_kind,
    table,
)

#: A figure that R prints as 0 is 0 to this, in units of the statistic.
ZERO = 1e-12
#: What rounding leaves of a 0, as a part of the bound above.
ROUNDING = 1e-10


def check(found: object, expected: object, case: Case, zero: float = ZERO) -> None:
    """Compare arrays at the case's relative tolerance; only what R gives as 0 is compared absolutely."""
    ours = np.asarray(found, dtype=float).reshape(-1)
    theirs = np.asarray(expected, dtype=float).reshape(-1)
    assert ours.shape == theirs.shape
    none = np.abs(theirs) <= zero * ROUNDING
    np.testing.assert_allclose(ours[~none], theirs[~none], rtol=case.tol_rel, atol=0, err_msg=case.id)
    np.testing.assert_allclose(ours[none], 0, atol=zero, err_msg=case.id)


def check_covariance(found: np.ndarray, expected: object, case: Case) -> None:
    """Compare covariance matrices; domains without a common PSU covary by rounding only."""
    check(found, expected, case, zero=max(1e-15 * float(np.abs(found).max()), 1e-24))


def ids(case: Case) -> str:
    return case.id


def test_every_case_is_computed_here_or_has_a_test_elsewhere() -> None:
    computed = {case.id for case in (*of_kind(WHOLE_SAMPLE), *of_kind(BY_DOMAIN), *of_kind(SINGLE))}
    computed |= {case.id for case in intervals_of_proportions()}
    assert computed == {case.id for case in in_scope()}
    assert set(cases()) == computed | set(ELSEWHERE)
    for case, file in ELSEWHERE.items():
        text = (TESTS / file).read_text(encoding="utf-8")
        sample, statistic = case.split(".", 1)
        assert sample in text or "{sample}" in text, case
        assert statistic in text or statistic == "weights", case
    assert (len(computed), len(ELSEWHERE), len(cases())) == (132, 36, 168)


def check_uncertainty(analysis: Analysis, names: list[tuple[Domain, str]], case: Case) -> None:
    """Compare standard errors, covariances, intervals and cv of some estimates with a case."""
    expected = case.result
    places = [analysis.place(*name) for name in names]
    value = np.array([analysis.value[at] for at in places])
    se = np.sqrt([analysis.variance[at] for at in places])
    check(se, expected["se"], case)
    for key, df in (("ci_normal", np.inf), ("ci_t", expected.get("df"))):
        if key in expected:
            check_interval(value, se, df, expected[key], case)
    if "vcov" in expected:
        check_covariance(analysis.covariance(names), expected["vcov"], case)
    if "cv" in expected:
        check(se / value, expected["cv"], case)


def check_interval(value: np.ndarray, se: np.ndarray, df: float, expected: object, case: Case) -> None:
    """Compare t intervals with R's; where nothing varies we give none, and R one of no width."""
    low, high = t_interval(value, np.where(se > ZERO, se, 0), df, level_of(case))
    theirs = np.asarray(expected, dtype=float).reshape(-1, 2)
    assert np.isnan(low).tolist() == (se <= ZERO).tolist()
    varies = se > ZERO
    check(low[varies], theirs[varies, 0], case)
    check(high[varies], theirs[varies, 1], case)


@pytest.mark.parametrize("case", of_kind(WHOLE_SAMPLE), ids=ids)
def test_statistics_of_the_whole_agree_with_r(case: Case) -> None:
    analysis = WHOLE_SAMPLE[case.statistic](case)
    whole = analysis.domains[0]
    check(analysis.value[0], case.result["estimate"], case)
    check_uncertainty(analysis, [(whole, statistic) for statistic in analysis.statistics], case)
    if "df" in case.result:
        assert analysis.design.df == case.result["df"]
    if "deff" in case.result:
        convention = "with_replacement" if "replace" in case.expr else "without_replacement"
        check(analysis.design_effect(convention)[0], case.result["deff"], case)


@pytest.mark.parametrize("case", of_kind(BY_DOMAIN), ids=ids)
def test_statistics_of_domains_agree_with_r(case: Case) -> None:
    analysis = BY_DOMAIN[case.statistic](case)
    labels = [".".join(group.values()) for group in case.result["groups"]]
    names = [(Domain("domain", label), analysis.statistics[0]) for label in labels]
    check([analysis.value[analysis.place(*name)] for name in names], case.result["estimate"], case)
    check_uncertainty(analysis, names, case)


@pytest.mark.parametrize("case", intervals_of_proportions(), ids=ids)
def test_intervals_of_a_proportion_agree_with_r(case: Case) -> None:
    analysis = WHOLE_SAMPLE["prop_indicator"](case)
    p, variance, n = analysis.value[0, 0], analysis.variance[0, 0], analysis.n[0, 0]
    se, df = np.sqrt(variance), analysis.df[0]
    method = PROPORTION.fullmatch(case.statistic)
    assert method is not None
    interval = {
        "logit": lambda: logit_interval(p, se, df),
        "xlogit": lambda: logit_interval(p, se, df),
        "mean": lambda: t_interval(p, se, df),
        "asin": lambda: arcsine_interval(p, se, df),
        "wilson": lambda: wilson_interval(p, se, df),
        "beta": lambda: beta_interval(p, se, n, df),
    }[method[1]]()
    check(p, case.result["estimate"], case)
    check(variance, case.result["variance"], case)
    check(interval, case.result["ci"], case)


@pytest.mark.parametrize("case", of_kind({"degf"}), ids=ids)
def test_degrees_of_freedom_of_the_design_agree_with_r(case: Case) -> None:
    assert design_of(case).df == case.result["value"]


@pytest.mark.parametrize("case", of_kind({"subset_degf"}), ids=ids)
def test_degrees_of_freedom_of_a_domain_agree_with_r(case: Case) -> None:
    analysis = means(case, "api00", by=table(case.data)["stype"])
    assert analysis.estimate("E", "api00").df == case.result["value"]


@pytest.mark.parametrize("case", of_kind({"subset_mean"}), ids=ids)
def test_a_subset_is_a_domain_and_not_a_filter(case: Case) -> None:
    analysis = means(case, "api00", by=table(case.data)["comp.imp"])
    name = (Domain("domain", "Yes"), "api00")
    check(analysis.value[analysis.place(*name)], case.result["estimate"], case)
    check_uncertainty(analysis, [name], case)


@pytest.mark.parametrize("case", of_kind({"index_linear"}), ids=ids)
def test_a_composite_index_agrees_with_r(case: Case) -> None:
    x = table(case.data)
    weights = {"api00": 0.5, "api99": 0.3, "meals": -0.2}
    analysis = analyse(
        design_of(case),
        {item: x[item] for item in weights},
        measure=Measure("mean"),
        indices=[IndexDefinition.averaged("index", weights)],
    )
    whole = analysis.domains[0]
    check(analysis.value[analysis.place(whole, "index")], case.result["estimate"], case)
    check_uncertainty(analysis, [(whole, "index")], case)
    by_contrast = analysis.contrast({(whole, item): weight for item, weight in weights.items()})
    check([by_contrast.value, by_contrast.se], [case.result["estimate"], case.result["se"]], case)


@pytest.mark.parametrize("case", of_kind({"diff_domains"}), ids=ids)
def test_a_difference_of_domains_agrees_with_r(case: Case) -> None:
    difference = means(case, "api00", by=table(case.data)["stype"]).difference("api00", "E", "M")
    check(difference.value, case.result["estimate"], case)
    check(difference.se, case.result["se"], case)


@pytest.mark.parametrize("case", of_kind({"svytable"}), ids=ids)
def test_a_weighted_table_agrees_with_r(case: Case) -> None:
    x = table(case.data)
    counted = totals(
        design_of(case),
        {"count": np.ones(len(x["pw"]))},
        domains={
            f"{stype}.{wide}": np.where((x["stype"] == stype) & (x["sch.wide"] == wide), "in", "")
            for stype in "EHM"
            for wide in ("No", "Yes")
        },
    )
    for row in case.result["rows"]:
        domain = Domain(f"{row['stype']}.{row['sch.wide']}", "in")
        check(counted.estimate(domain, "count").value, row["Freq"], case)
