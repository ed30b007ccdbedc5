"""The sample design: its numbering, its errors and its rules for strata with one PSU."""

from fractions import Fraction

import numpy as np
import pytest

from survey.aggregation import (
    BadPopulation,
    BadRequest,
    BadWeights,
    DifferentLengths,
    EmptySample,
    LonelyPsu,
    Measure,
    MissingLabels,
    SampleDesign,
    analyse,
    totals,
)

MEAN = Measure("mean")


def test_psu_codes_repeat_across_strata() -> None:
    """The key of a PSU is (stratum, PSU): statistics.md, pitfall 8."""
    design = SampleDesign.build(weights=np.ones(8), strata=list("aaaabbbb"), psu=[1, 1, 2, 2, 1, 1, 2, 2])
    assert design.psus.tolist() == [2, 2]
    assert design.df == 2


def test_psus_are_numbered_stratum_by_stratum() -> None:
    design = SampleDesign.build(
        weights=np.ones(6), strata=list("babbaa"), psu=["y", "x", "x", "y", "z", "x"], lonely="remove"
    )
    assert design.strata == ("a", "b")
    assert design.psu_stratum.tolist() == [0, 0, 1, 1]
    assert design.row_psu.tolist() == [3, 0, 2, 3, 1, 0]


def test_without_psu_every_response_is_its_own() -> None:
    design = SampleDesign.build(weights=np.ones(5), strata=[2, 1, 2, 1, 1])
    assert design.psus.tolist() == [3, 2]
    assert sorted(design.row_psu.tolist()) == [0, 1, 2, 3, 4]


def test_rows_of_zero_weight_stay_in_the_design_and_out_of_the_estimate() -> None:
    """A PSU whose rows have no weight still counts in n_h, as in R after `subset`; not in df or n."""
    answers = {"a": np.array([1.0, 2.0, 4.0, 9.0])}
    weights = np.array([1.0, 1.0, 1.0, 0.0])
    design = SampleDesign.build(weights=weights)
    found = analyse(design, answers, measure=MEAN).estimate("", "a")
    mean = Fraction(7, 3)
    z = [(Fraction(y) - mean) / 3 for y in (1, 2, 4)] + [Fraction(0)]
    variance = Fraction(4, 3) * sum(part**2 for part in z)
    assert found.value == pytest.approx(float(mean), rel=1e-14)
    assert found.se == pytest.approx(float(variance) ** 0.5, rel=1e-14)
    assert (found.n, found.df) == (3, 2)


@pytest.mark.parametrize(
    ("weights", "count"),
    [([1.0, float("nan"), 2.0], "1"), ([1.0, -1.0, -2.0], "2"), ([1.0, None, 2.0], "1"), ([0.0, 0.0], "2")],
)
def test_weights_that_are_missing_negative_or_all_zero_are_refused(weights: list[float], count: str) -> None:
    with pytest.raises(BadWeights) as refused:
        SampleDesign.build(weights=weights)
    assert count in refused.value.text("vi")


def test_weights_that_are_text_are_refused() -> None:
    with pytest.raises(BadWeights):
        SampleDesign.build(weights=np.array(["một", "hai"]))


def test_a_sample_without_rows_is_refused() -> None:
    with pytest.raises(EmptySample):
        SampleDesign.build(weights=[])


def test_columns_of_other_lengths_are_refused_by_name() -> None:
    with pytest.raises(DifferentLengths) as refused:
        SampleDesign.build(weights=np.ones(3), psu=[1, 2])
    assert refused.value.places == {"column": "psu", "found": 2, "expected": 3}


def test_a_response_without_a_stratum_is_refused() -> None:
    with pytest.raises(MissingLabels) as refused:
        SampleDesign.build(weights=np.ones(4), strata=["a", None, "a", ""])
    assert refused.value.places == {"column": "strata", "count": 2}


def test_the_population_of_a_stratum_may_come_by_row_by_label_or_as_one_number() -> None:
    strata = np.array(["a", "a", "b", "b", "b"])
    by_row = SampleDesign.build(weights=np.ones(5), strata=strata, fpc=[10, 10, 30, 30, 30])
    by_label = SampleDesign.build(weights=np.ones(5), strata=strata, fpc={"b": 30, "a": 10})
    scales = [design.selection.first.scale("fail").tolist() for design in (by_row, by_label)]
    assert scales[0] == scales[1] == pytest.approx([0.8 * 2, 0.9 * 1.5])
    assert SampleDesign.build(weights=np.ones(4), fpc=8.0).selection.first.scale(
        "fail"
    ).tolist() == pytest.approx([0.5 * 4 / 3])


@pytest.mark.parametrize(
    ("population", "problem"),
    [
        ([10, 11, 30, 30], "varies"),
        ({"a": 10}, "missing"),
        ([1, 1, 30, 30], "smaller"),
        ([float("nan"), 2, 30, 30], "varies"),
    ],
)
def test_a_population_that_cannot_be_is_refused_with_its_strata(population: object, problem: str) -> None:
    with pytest.raises(BadPopulation, match=problem):
        SampleDesign.build(weights=np.ones(4), strata=list("aabb"), fpc=population)  # type: ignore[arg-type]  # wrong on purpose


def test_a_lonely_psu_is_refused_and_its_strata_are_named() -> None:
    with pytest.raises(LonelyPsu, match="Kon Tum, Đắk Nông") as refused:
        SampleDesign.build(weights=np.ones(4), strata=["Kon Tum", "Lâm Đồng", "Lâm Đồng", "Đắk Nông"])
    assert "gộp tầng" in refused.value.text("vi").lower()


def test_a_stratum_taken_whole_is_not_lonely() -> None:
    """With n_h = N_h = 1 the stratum adds no sampling variance (R: f = 0)."""
    design = SampleDesign.build(weights=np.ones(3), strata=list("abb"), fpc={"a": 1, "b": 100})
    assert design.selection.first.scale("fail")[0] == 0
    assert not design.lone.any()


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(BadRequest):
        SampleDesign.build(weights=np.ones(2), lonely="guess")  # type: ignore[arg-type]  # wrong on purpose


# One stratum of two PSUs, one of one, one of three, a row a PSU, all weights 1. By hand, with
# total = 30 and PSU values 1, 3 | 10 | 2, 6, 8 (statistics.md §2.5; R `survey.lonely.psu`).
VALUES = {"a": np.array([1.0, 3.0, 10.0, 2.0, 6.0, 8.0])}
STRATA = list("xxyzzz")
WITHIN = Fraction(2) * 2 + Fraction(3, 2) * Fraction(56, 3)  # Σ n/(n-1) Σ (z - mean)²: 4 + 28
BY_RULE = {
    "remove": WITHIN,
    "certainty": WITHIN,
    "adjust": WITHIN + (10 - Fraction(30, 6)) ** 2,
    "average": WITHIN * Fraction(3, 2),
}


@pytest.mark.parametrize("rule", BY_RULE)
def test_each_rule_for_a_lonely_psu_gives_its_variance(rule: str) -> None:
    design = SampleDesign.build(weights=np.ones(6), strata=STRATA, lonely=rule)  # type: ignore[arg-type]  # a string of the rule
    analysis = totals(design, VALUES)
    assert analysis.variance[0, 0] == pytest.approx(float(BY_RULE[rule]), rel=1e-14)
    assert analysis.covariance([("", "a")])[0, 0] == pytest.approx(float(BY_RULE[rule]), rel=1e-14)
    assert f"lonely PSU: {rule}" in analysis.estimate("", "a").method


@pytest.mark.parametrize("rule", ["adjust", "average"])
def test_a_rule_looks_only_at_the_strata_present_in_the_domain(rule: str) -> None:
    """In the domain of strata x and y: adjust moves y to the mean of three PSUs, average knows two strata."""
    design = SampleDesign.build(weights=np.ones(6), strata=STRATA, lonely=rule)  # type: ignore[arg-type]  # a string of the rule
    analysis = totals(design, VALUES, domains=["in", "in", "in", "out", "out", "out"])
    expected = {"adjust": 4 + (10 - Fraction(14, 3)) ** 2, "average": Fraction(4 * 2)}[rule]
    at = analysis.place("in", "a")
    assert analysis.variance[at] == pytest.approx(float(expected), rel=1e-14)
    assert analysis.covariance([("in", "a")])[0, 0] == pytest.approx(float(expected), rel=1e-14)


def test_the_rules_take_nothing_from_a_domain_of_lonely_strata_only() -> None:
    design = SampleDesign.build(weights=np.ones(6), strata=STRATA, lonely="average")
    found = totals(design, VALUES, domains=["", "", "lone", "", "", ""]).estimate("lone", "a")
    assert (found.se, found.ci_low, found.df) == (None, None, 0)
    assert "no_interval" in found.flags
