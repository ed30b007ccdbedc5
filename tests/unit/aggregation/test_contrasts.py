"""Differences with one degree of freedom, of answers that do not vary, and of indices with an item missing."""

import numpy as np
import pytest

from survey.aggregation import Analysis, IndexDefinition, Measure, SampleDesign, analyse

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


def test_a_difference_of_indices_tells_an_item_missing_in_either_domain() -> None:
    index = IndexDefinition.averaged("index", {"u": 0.5, "v": 0.5})
    answers = {"u": [1, 2, 4, 3, 5, 2, 1, 1], "v": [1, 5, NONE, NONE, 2, 2, NONE, NONE]}
    analysis = analysed(answers, ["a", "a", "b", "b"] * 2, index)
    assert "items_missing" in analysis.difference("index", "a", "b").flags
    assert "items_missing" in analysis.difference("index", "b", "a").flags
    assert "items_missing" not in analysis.difference("index", "a").flags
