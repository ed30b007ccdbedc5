"""Composite indices: the covariance of their items, items nobody answered, averaged against pooled."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import (
    WHOLE,
    BadIndex,
    IndexDefinition,
    IndexTerm,
    Measure,
    SampleDesign,
    analyse,
)
from tests.unit.aggregation.samples import ITEMS, TOP, sample, weights_of_index


@settings(deadline=None)
@given(sample(), weights_of_index())
def test_the_variance_of_an_index_is_a_v_a(drawn: tuple, weights: dict[str, float]) -> None:
    """V(Σ a m) = a'Va with the items' full covariance matrix (Woodruff 1971)."""
    design, answers, domains = drawn
    index = IndexDefinition.averaged("index", weights)
    analysis = analyse(design, answers, domains=domains, measure=TOP, indices=[index])
    for domain in analysis.domains:
        at = analysis.place(domain, "index")
        if analysis.incomplete[at] or np.isnan(analysis.value[at]):
            continue
        covariance = analysis.covariance([(domain, item) for item in weights])
        a = np.array(list(weights.values()))
        assert analysis.variance[at] == pytest.approx(a @ covariance @ a, rel=1e-9, abs=1e-15)


@settings(deadline=None)
@given(sample())
def test_an_index_of_one_item_is_the_item(drawn: tuple) -> None:
    design, answers, domains = drawn
    index = IndexDefinition("index", (IndexTerm(1.0, (ITEMS[0],)),))
    analysis = analyse(design, answers, domains=domains, measure=TOP, indices=[index])
    at, item = analysis.statistic_places["index"], 0
    for array in (
        analysis.value,
        analysis.variance,
        analysis.n,
        analysis.deff,
        analysis.ci_low,
        analysis.ci_high,
    ):
        np.testing.assert_allclose(array[:, at], array[:, item], rtol=1e-9, atol=1e-15)


@settings(deadline=None)
@given(sample(), st.integers(2, 5))
def test_an_index_of_identical_items_is_the_item(drawn: tuple, copies: int) -> None:
    """Their covariance is their variance, so averaging the same answers narrows nothing."""
    design, answers, domains = drawn
    same = {f"copy{number}": answers[ITEMS[0]] for number in range(copies)}
    indices = [
        IndexDefinition.averaged("averaged", dict.fromkeys(same, 1 / copies)),
        IndexDefinition.pooled("pooled", tuple(same)),
    ]
    analysis = analyse(design, same, domains=domains, measure=TOP, indices=indices)
    for name in ("averaged", "pooled"):
        at = analysis.statistic_places[name]
        for array in (analysis.value, analysis.variance, analysis.n, analysis.deff):
            np.testing.assert_allclose(array[:, at], array[:, 0], rtol=1e-9, atol=1e-15)


def simple(answers: dict[str, list[float]], *indices: IndexDefinition, domains: list[str] | None = None):
    columns = {item: np.array(column, dtype=float) for item, column in answers.items()}
    rows = len(next(iter(columns.values())))
    design = SampleDesign.build(weights=np.ones(rows))
    return analyse(design, columns, domains=domains, measure=Measure("mean"), indices=list(indices))


NONE = float("nan")


def test_averaged_and_pooled_differ_when_nonresponse_differs() -> None:
    """Means 4 and 1: averaged 2.5; pooled, three answers of 4 and one of 1: 13/4."""
    analysis = simple(
        {"a": [4, 4, 4], "b": [1, NONE, NONE]},
        IndexDefinition.averaged("averaged", {"a": 0.5, "b": 0.5}),
        IndexDefinition.pooled("pooled", ["a", "b"]),
    )
    assert analysis.estimate("", "averaged").value == pytest.approx(2.5)
    assert analysis.estimate("", "pooled").value == pytest.approx(13 / 4)
    assert "index averaged over items" in analysis.estimate("", "averaged").method
    assert "index pooled over answers" in analysis.estimate("", "pooled").method


def test_an_index_counts_whoever_answered_any_of_its_items() -> None:
    index = IndexDefinition.averaged("index", {"a": 0.5, "b": 0.5})
    analysis = simple({"a": [4, 5, NONE, NONE], "b": [NONE, 3, 2, NONE]}, index)
    assert analysis.estimate("", "index").n == 3


def test_an_item_of_no_weight_adds_no_respondent() -> None:
    index = IndexDefinition.averaged("index", {"a": 1.0, "b": 0.0})
    analysis = simple({"a": [4, 5, NONE], "b": [1, 3, 2]}, index)
    assert analysis.estimate("", "index").n == 2


def test_an_item_nobody_answered_leaves_its_weight_to_the_others_and_is_flagged() -> None:
    index = IndexDefinition.averaged("index", {"a": 0.5, "b": 0.3, "c": 0.2})
    analysis = simple(
        {"a": [4, 5, 2, 1], "b": [1, 2, 5, 5], "c": [NONE, NONE, 3, 4]},
        index,
        domains=["d", "d", "e", "e"],
    )
    found = analysis.estimate("d", "index")
    assert found.value == pytest.approx((0.5 * 4.5 + 0.3 * 1.5) / 0.8)
    assert "items_missing" in found.flags
    assert analysis.estimate("d", "c").flags == ("no_respondents", "no_interval")
    assert "items_missing" not in analysis.estimate("e", "index").flags
    assert "items_missing" not in analysis.estimate("", "index").flags


def test_the_variance_with_a_missing_item_is_that_of_the_index_without_it() -> None:
    answers = {"a": [4, 5, 2, 1, 3, 2], "b": [1, 2, 5, 5, 1, 2], "c": [NONE] * 6}
    full = IndexDefinition.averaged("full", {"a": 0.5, "b": 0.3, "c": 0.2})
    rest = IndexDefinition.averaged("rest", {"a": 0.5 / 0.8, "b": 0.3 / 0.8})
    analysis = simple(answers, full, rest)
    ours, theirs = analysis.estimate("", "full"), analysis.estimate("", "rest")
    assert ours.value == pytest.approx(theirs.value)
    assert ours.se == pytest.approx(theirs.se)
    assert ours.deff == pytest.approx(theirs.deff)


def test_an_index_nobody_answered_has_no_value_and_is_never_0() -> None:
    index = IndexDefinition.averaged("index", {"a": 0.5, "b": 0.5})
    found = simple({"a": [NONE, NONE], "b": [NONE, NONE]}, index).estimate("", "index")
    assert (found.value, found.se, found.ci_low, found.n) == (None, None, None, 0)
    assert found.flags == ("no_respondents", "items_missing", "no_interval")


def test_weights_of_mixed_signs_are_never_renormalised() -> None:
    index = IndexDefinition.averaged("gap", {"a": 1.0, "b": -1.0})
    analysis = simple({"a": [4, 5, 3], "b": [NONE, NONE, 2]}, index, domains=["d", "d", "e"])
    found = analysis.estimate("d", "gap")
    assert (found.value, found.se) == (None, None)
    assert "items_missing" in found.flags
    assert analysis.estimate("", "gap").value == pytest.approx(4 - 2)


def test_a_term_of_several_items_pools_them_inside_an_average() -> None:
    """0.5 × (4 + 2 + 3)/3 + 0.5 × 1, three answers pooled in the first term."""
    index = IndexDefinition("index", (IndexTerm(0.5, ("a", "b")), IndexTerm(0.5, ("c",))))
    analysis = simple({"a": [4, 2], "b": [3, NONE], "c": [1, 1]}, index)
    assert analysis.estimate("", "index").value == pytest.approx(0.5 * 3 + 0.5)
    assert "pooled groups" in analysis.estimate("", "index").method


@pytest.mark.parametrize(
    "terms",
    [
        (),
        (IndexTerm(1.0, ()),),
        (IndexTerm(float("nan"), ("a",)),),
        (IndexTerm(1.0, ("a", "a")),),
    ],
)
def test_a_formula_that_makes_no_sense_is_refused(terms: tuple[IndexTerm, ...]) -> None:
    with pytest.raises(BadIndex, match="tong"):
        IndexDefinition("tong", terms)


def test_an_index_of_an_absent_item_or_a_used_id_is_refused() -> None:
    with pytest.raises(BadIndex, match="b9"):
        simple({"a": [1, 2]}, IndexDefinition.averaged("index", {"b9": 1.0}))
    with pytest.raises(BadIndex, match="already"):
        simple({"a": [1, 2]}, IndexDefinition.averaged("a", {"a": 1.0}))


def test_published_arithmetic_of_kon_tum_comes_out() -> None:
    """A sub-index is the mean of its items' shares: 79.71 and 79.78 give 79.745 (SIPAS 2024, Kon Tum)."""
    rows = 10_000
    answers = {
        "a": np.where(np.arange(rows) < 7971, 4, 2).astype(np.int8),
        "b": np.where(np.arange(rows) < 7978, 4, 2).astype(np.int8),
    }
    analysis = analyse(
        SampleDesign.build(weights=np.ones(rows)),
        answers,
        measure=TOP,
        indices=[IndexDefinition.averaged("participation", {"a": 0.5, "b": 0.5})],
    )
    found = analysis.estimate(WHOLE, "participation").scaled(100, "percent")
    assert found.value == pytest.approx(79.745, rel=1e-12)
