"""R `survey` 4.5 on calibrated designs: postStratify, rake, calibrate (GREG) and calibrate(calfun="raking").

Source of all numbers: tests/data/stats/reference.json, cases clus1_{post,rake,greg,calraking}.* (R code in
each case), at the tolerance its case states. The weights themselves: tests/unit/aggregation/weighting.
"""

import numpy as np
import pytest

from survey.aggregation import (
    Analysis,
    Domain,
    IndexDefinition,
    Measure,
    SampleDesign,
    analyse,
    jackknife,
    ratios,
    totals,
)
from survey.aggregation.weighting import Calibration, Margin, NumericTotal, calibrate, poststratify, rake
from tests.statistics.r_cases import Case, cases, design_of, means, table
from tests.statistics.test_reference_values import check, check_uncertainty

KINDS = ("clus1_post", "clus1_rake", "clus1_greg", "clus1_calraking")
TYPES = {"E": 4421, "H": 755, "M": 1018}
SCHOOLWIDE = {"No": 1072, "Yes": 5122}


def calibration_of(kind: str) -> Calibration:
    """Calibrate the clusters sample as the R code of the case does."""
    x = table("apiclus1.csv")
    types = Margin("stype", x["stype"], TYPES)
    schoolwide = Margin("sch.wide", x["sch.wide"], SCHOOLWIDE)
    prior = NumericTotal("api99", x["api99"], 3914069)
    if kind == "clus1_post":
        return poststratify(x["pw"], types)
    if kind == "clus1_rake":
        return rake(x["pw"], [types, schoolwide], convention="rake")
    if kind == "clus1_greg":
        return calibrate(x["pw"], [types], [prior])
    return calibrate(x["pw"], [types, schoolwide], distance="raking")


def design(kind: str) -> SampleDesign:
    return design_of(cases()[f"{kind}.mean"]).calibrated(calibration_of(kind))


def names_of(case: Case, analysis: Analysis) -> list[tuple[Domain, str]]:
    labels = [".".join(group.values()) for group in case.result["groups"]]
    return [(Domain("domain", label), analysis.statistics[0]) for label in labels]


@pytest.mark.parametrize("kind", KINDS)
def test_means_and_their_covariance_agree_with_r(kind: str) -> None:
    case, x = cases()[f"{kind}.mean"], table("apiclus1.csv")
    items = {item: x[item] for item in ("api00", "enroll")}
    analysis = analyse(design(kind), items, measure=Measure("mean"))
    check(analysis.value[0], case.result["estimate"], case)
    check_uncertainty(analysis, [(analysis.domains[0], item) for item in items], case)
    assert analysis.design.df == analysis.df[0] == case.result["df"]


@pytest.mark.parametrize("kind", KINDS)
def test_totals_agree_with_r(kind: str) -> None:
    case = cases()[f"{kind}.total"]
    analysis = totals(design(kind), {"enroll": table("apiclus1.csv")["enroll"]})
    check(analysis.value[0], case.result["estimate"], case)
    check_uncertainty(analysis, [(analysis.domains[0], "enroll")], case)


@pytest.mark.parametrize("kind", KINDS)
def test_means_of_domains_agree_with_r(kind: str) -> None:
    """svyby(~api00, ~stype, d, svymean): outside the domain the influence is 0 and the residual is not."""
    case, x = cases()[f"{kind}.by_stype"], table("apiclus1.csv")
    analysis = analyse(design(kind), {"api00": x["api00"]}, domains=x["stype"], measure=Measure("mean"))
    names = names_of(case, analysis)
    check([analysis.value[analysis.place(*name)] for name in names], case.result["estimate"], case)
    check_uncertainty(analysis, names, case)


@pytest.mark.parametrize("kind", KINDS)
def test_totals_of_domains_agree_with_r(kind: str) -> None:
    """svyby(~enroll, ~comp.imp, d, svytotal)."""
    case, x = cases()[f"{kind}.by_comp"], table("apiclus1.csv")
    analysis = totals(design(kind), {"enroll": x["enroll"]}, domains=x["comp.imp"])
    names = names_of(case, analysis)
    check([analysis.value[analysis.place(*name)] for name in names], case.result["estimate"], case)
    check_uncertainty(analysis, names, case)


@pytest.mark.parametrize("kind", KINDS)
def test_ratios_agree_with_r(kind: str) -> None:
    case, x = cases()[f"{kind}.ratio"], table("apiclus1.csv")
    analysis = ratios(design(kind), {"api.stu": x["api.stu"]}, {"enroll": x["enroll"]})
    check(analysis.value[0], case.result["estimate"], case)
    check_uncertainty(analysis, [(analysis.domains[0], "api.stu")], case)


@pytest.mark.parametrize("kind", KINDS)
def test_an_index_after_calibration_is_the_contrast_of_its_items_by_rs_covariance(kind: str) -> None:
    """a'Va with V from R's case: no figure of R's own, but R's matrix."""
    case, x = cases()[f"{kind}.mean"], table("apiclus1.csv")
    a = np.array([0.75, 0.25])
    analysis = analyse(
        design(kind),
        {"api00": x["api00"], "enroll": x["enroll"]},
        measure=Measure("mean"),
        indices=[IndexDefinition.averaged("index", {"api00": 0.75, "enroll": 0.25})],
    )
    one = analysis.estimate("", "index")
    check(one.value, a @ np.array(case.result["estimate"]), case)
    check(one.se, np.sqrt(a @ np.array(case.result["vcov"]) @ a), case)


def test_jk1_agrees_with_r() -> None:
    """svymean(~api00+enroll, as.svrepdesign(d, type="JK1")), without fpc."""
    case, x = cases()["clus1.jk1_mean"], table("apiclus1.csv")
    taylor = design_of(case)
    replicated = taylor.replicated(jackknife(taylor.selection))
    analysis = analyse(
        replicated, {"api00": x["api00"], "enroll": x["enroll"]}, measure=Measure("mean"), deff=False
    )
    check(analysis.value[0], case.result["estimate"], case)
    check_uncertainty(analysis, [(analysis.domains[0], item) for item in ("api00", "enroll")], case)
    assert analysis.df[0] == case.result["df"]
    assert "jackknife JK1" in analysis.estimate("", "api00").method
    assert means(case, "api00").se[0, 0] != analysis.se[0, 0]
