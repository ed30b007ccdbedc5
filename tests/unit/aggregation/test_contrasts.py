"""Differences with few degrees of freedom, of answers that do not vary, over nothing, with an item missing."""

import numpy as np
import pytest

from survey.aggregation import Analysis, IndexDefinition, Measure, SampleDesign, analyse, ratios, totals

NONE = float("nan")


def analysed(answers: dict[str, list[float]], domains: list[str], *indices: IndexDefinition) -> Analysis:
    rows = len(domains)
    design = SampleDesign.build(weights=1 + np.arange(rows) / 7, psu=np.arange(rows) % 2)
    columns = {item: np.array(column) for item, column in answers.items()}
    return analyse(design, columns, domains=domains, measure=Measure("mean"), indices=indices)


def test_two_psus_leave_one_degree_of_freedom_and_an_interval() -> None:
    """t(0.975) with one degree of freedom is tan(0.475 π)."""
    found = analysed({"y": [1, 2, 4, 3, 5, 2, 1, 1]}, ["a", "a", "b", "b"] * 2).difference("y", "a", "b")
    assert found.df == 1
    assert found.se is not None
    assert found.ci_high == pytest.approx(found.value + found.se * np.tan(0.475 * np.pi), rel=1e-9)


def test_rounding_of_one_domains_answers_is_no_standard_error_beside_zeros() -> None:
    answers = {"y": [0.3, 0.3, 0, 0, 0.3, 0.3, 0, 0]}
    for pair in (("a", "b"), ("b", "a")):
        found = analysed(answers, ["a", "a", "b", "b"] * 2).difference("y", *pair)
        assert (found.se, found.ci_low, found.ci_high) == (None, None, None)
        assert found.flags == ("few_respondents", "no_interval")


def test_totals_of_domains_within_one_psu_have_no_standard_error_of_their_difference() -> None:
    """The other PSU gives a spread, but one PSU less one stratum leaves no degree of freedom."""
    design = SampleDesign.build(weights=np.ones(4), psu=[1, 1, 2, 2])
    found = totals(design, {"y": np.array([5.0, 1, 7, 7])}, domains=["a", "b", "", ""]).difference(
        "y", "a", "b"
    )
    assert (found.value, found.df, found.se, found.ci_low) == (4, 0, None, None)


def test_zeros_beside_zeros_differ_by_0_without_a_standard_error() -> None:
    found = analysed({"y": [0.0] * 8}, ["a", "a", "b", "b"] * 2).difference("y", "a", "b")
    assert (found.value, found.df, found.se) == (0, 1, None)


def test_a_ratio_over_nothing_has_no_value_and_brings_no_covariance() -> None:
    """In domain b every denominator is 0, though the numerators are not."""
    y, x, domains = np.arange(1.0, 9), np.array([2.0, 3, 0, 0] * 2), ["a", "a", "b", "b"] * 2
    design = SampleDesign.build(weights=np.ones(8), psu=np.arange(8) // 2)
    found = ratios(design, {"y": y}, {"x": x}, domains=domains)
    (name,) = found.statistics
    assert (found.estimate("b", name).value, found.estimate("b", name).se) == (None, None)
    matrix = found.covariance([("a", name), ("b", name)])
    assert matrix[0, 0] > 0
    assert (matrix[0, 1], matrix[1, 1]) == (0, 0)


def test_a_difference_of_indices_tells_an_item_missing_in_either_domain() -> None:
    index = IndexDefinition.averaged("index", {"u": 0.5, "v": 0.5})
    answers = {"u": [1, 2, 4, 3, 5, 2, 1, 1], "v": [1, 5, NONE, NONE, 2, 2, NONE, NONE]}
    analysis = analysed(answers, ["a", "a", "b", "b"] * 2, index)
    assert "items_missing" in analysis.difference("index", "a", "b").flags
    assert "items_missing" in analysis.difference("index", "b", "a").flags
    assert "items_missing" not in analysis.difference("index", "a").flags
