"""Results with and without flagged responses: weight zero, never a row less."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import DifferentLengths, Domain, Measure, SampleDesign, UnknownResult, analyse
from survey.aggregation.quality import (
    NotComparable,
    NothingLeft,
    Sensitivity,
    UnusableColumn,
    with_and_without,
    without_flagged,
)
from tests.unit.aggregation.samples import ITEMS, TOP, answers_of, columns

WHOLE = Domain("", "")


def both(table: dict[str, np.ndarray], flagged: np.ndarray) -> tuple[Sensitivity, SampleDesign]:
    def design(weights: np.ndarray) -> SampleDesign:
        return SampleDesign.build(weights=weights, strata=table["stratum"], psu=table["psu"])

    reviewed = design(without_flagged(table["weights"], flagged))
    found = [
        analyse(one, answers_of(table), domains=table["domain"], measure=TOP)
        for one in (design(table["weights"]), reviewed)
    ]
    return with_and_without(*found), reviewed


def figure(number: float | None) -> float:
    return np.nan if number is None else number


@settings(deadline=None, max_examples=30)
@given(columns(), st.integers(0, 2**32 - 1))
def test_weight_zero_is_the_domain_of_the_unflagged(table: dict[str, np.ndarray], seed: int) -> None:
    """The value and standard error without flagged responses are those of a domain, not of a filter."""
    flagged = np.random.default_rng(seed).random(40) < 0.3
    if flagged.all():
        return
    sensitivity, reviewed = both(table, flagged)
    assert reviewed.rows == 40
    complete = SampleDesign.build(weights=table["weights"], strata=table["stratum"], psu=table["psu"])
    domain = analyse(complete, answers_of(table), domains=np.where(flagged, "", "kept"), measure=TOP)
    for item in ITEMS:
        expected, found = domain.estimate("kept", item), sensitivity.change(WHOLE, item)
        assert figure(found.without_flagged) == pytest.approx(figure(expected.value), rel=1e-12, nan_ok=True)
        assert figure(found.se_without) == pytest.approx(figure(expected.se), rel=1e-9, nan_ok=True)
        assert found.n_without == expected.n


@settings(deadline=None, max_examples=20)
@given(columns())
def test_without_flags_nothing_changes(table: dict[str, np.ndarray]) -> None:
    sensitivity, _ = both(table, np.zeros(40, dtype=bool))
    assert not sensitivity.n_lost.any()
    assert not np.nan_to_num(sensitivity.difference).any()


def test_the_difference_and_the_lost_respondents_are_counted_by_hand() -> None:
    """Answers 5 5 1 1 3: mean 3; without the two fives 5/3, and two respondents fewer."""
    answers = {"q": np.array([5, 5, 1, 1, 3, -1])}
    flagged = np.array([True, True, False, False, False, True])
    analyses = [
        analyse(SampleDesign.build(weights=weights), answers, measure=Measure("mean"))
        for weights in (np.ones(6), without_flagged(np.ones(6), flagged))
    ]
    change = with_and_without(*analyses).change(WHOLE, "q")
    assert (change.with_flagged, change.without_flagged) == (3.0, pytest.approx(5 / 3))
    assert change.difference == pytest.approx(-4 / 3)
    assert (change.n_with, change.n_without, change.n_lost) == (5, 3, 2)


def test_every_estimate_is_walked_over() -> None:
    answers = {"q": np.array([5, 1, 3, 2])}
    analysis = analyse(
        SampleDesign.build(weights=np.ones(4)), answers, domains=["a", "a", "b", "b"], measure=Measure("mean")
    )
    rows = [(domain.value, item) for domain, item, _ in with_and_without(analysis, analysis).rows()]
    assert rows == [("", "q"), ("a", "q"), ("b", "q")]


def test_different_analyses_are_not_compared() -> None:
    design = SampleDesign.build(weights=np.ones(4))
    answers = {"q": np.array([5, 1, 3, 2])}
    one = analyse(design, answers, measure=Measure("mean"))
    for other in (
        analyse(design, {"other": answers["q"]}, measure=Measure("mean")),
        analyse(design, answers, domains=["a", "a", "b", "b"], measure=Measure("mean")),
        analyse(design, answers, measure=TOP),
        analyse(SampleDesign.build(weights=np.ones(3)), {"q": answers["q"][:3]}, measure=Measure("mean")),
    ):
        with pytest.raises(NotComparable):
            with_and_without(one, other)
    with pytest.raises(UnknownResult):
        with_and_without(one, one).change(WHOLE, "absent")


def test_flags_that_leave_nobody_or_do_not_fit_are_refused() -> None:
    with pytest.raises(NothingLeft, match="2 responses"):
        without_flagged([1.0, 2.0, 0.0], np.array([True, True, False]))
    with pytest.raises(DifferentLengths):
        without_flagged([1.0, 2.0], np.array([True]))
    with pytest.raises(UnusableColumn):
        without_flagged([1.0, 2.0], [0, 1])
    with pytest.raises(UnusableColumn):
        without_flagged(["a", "b"], np.array([True, False]))
