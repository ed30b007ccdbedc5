"""Input that cannot be weighted, and totals that are not reached: each has its own clear error."""

from typing import Any

import numpy as np
import pytest

from survey.aggregation import BadWeights, DifferentLengths, EmptySample, MissingLabels
from survey.aggregation.weighting import (
    BadAuxiliary,
    BadBounds,
    BadTotals,
    DisagreeingMargins,
    Margin,
    NotConverged,
    NumericTotal,
    UnknownLabel,
    UnreachableTotal,
    UnsampledLabel,
    calibrate,
    make_auxiliary,
    poststratify,
    rake,
)

ONES = np.ones(4)
SEX = Margin("sex", ["f", "f", "m", "m"], {"f": 6, "m": 4})


@pytest.mark.parametrize(
    ("margin", "error", "words"),
    [
        (Margin("sex", ["f", "m"], {"f": 6, "m": 4}), DifferentLengths, ["sex", "2", "4"]),
        (Margin("sex", ["f", None, "m", ""], {"f": 6, "m": 4}), MissingLabels, ["sex", "2"]),
        (Margin("sex", ["f", "x", "m", "x"], {"f": 6, "m": 4}), UnknownLabel, ["sex", "2", "x"]),
        (Margin("sex", ["f", "f", "f", "f"], {"f": 6, "m": 4}), UnsampledLabel, ["sex", "m"]),
        (Margin("sex", ["f", "f", "m", "m"], {"f": 6, "m": 0}), BadTotals, ["sex", "m", "zero"]),
        (Margin("sex", ["f", "f", "m", "m"], {"f": -6, "m": 4}), BadTotals, ["sex", "f", "negative"]),
        (
            Margin("sex", ["f", "f", "m", "m"], {"f": float("nan"), "m": 4}),
            BadTotals,
            ["sex", "f", "missing"],
        ),
        (
            Margin("sex", ["f", "f", "m", "m"], {"f": float("inf"), "m": 4}),
            BadTotals,
            ["sex", "f", "infinite"],
        ),
        (Margin("sex", ["f", "f", "m", "m"], {}), BadTotals, ["sex", "no labels"]),
    ],
)
def test_a_margin_that_does_not_fit_the_rows_is_refused_naming_column_and_label(
    margin: Margin, error: type[Exception], words: list[str]
) -> None:
    for made in (
        lambda: poststratify(ONES, margin),
        lambda: rake(ONES, [margin]),
        lambda: calibrate(ONES, [margin]),
    ):
        with pytest.raises(error) as caught:
            made()
        assert all(word in str(caught.value) for word in words)


def test_a_label_carried_by_rows_without_weight_only_counts_as_unsampled() -> None:
    with pytest.raises(UnsampledLabel, match="m"):
        rake([1.0, 1.0, 0.0, 0.0], [SEX])


@pytest.mark.parametrize(
    ("weights", "error"),
    [
        ([], EmptySample),
        ([1, -1, 1, 1], BadWeights),
        ([1, float("nan"), 1, 1], BadWeights),
        ([1, float("inf"), 1, 1], BadWeights),
        ([0, 0, 0, 0], BadWeights),
        (["a", "b", "c", "d"], BadWeights),
    ],
)
def test_base_weights_must_be_weights(weights: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        rake(weights, [SEX])


def test_margins_of_two_populations_are_refused_naming_both_sums() -> None:
    other = Margin("area", ["u", "r", "u", "r"], {"u": 6, "r": 4.001})
    with pytest.raises(DisagreeingMargins) as caught:
        rake(ONES, [SEX, other])
    assert all(word in str(caught.value) for word in ("sex", "10", "area", "10.001"))
    with pytest.raises(DisagreeingMargins, match="population"):
        calibrate(ONES, [SEX], population=11)


@pytest.mark.parametrize(
    ("number", "error", "words"),
    [
        (NumericTotal("age", [1, 2, 3], 9), DifferentLengths, ["age", "3", "4"]),
        (NumericTotal("age", [1, 2, float("nan"), 3], 9), BadAuxiliary, ["age", "1 responses"]),
        (NumericTotal("age", ["a", "b", "c", "d"], 9), BadAuxiliary, ["age", "not a number"]),
        (NumericTotal("age", [1, 2, 3, 4], float("nan")), BadTotals, ["age"]),
        (NumericTotal("sex", [1, 2, 3, 4], 9), BadAuxiliary, ["sex", "twice"]),
    ],
)
def test_a_numeric_column_that_cannot_be_used_is_refused(
    number: NumericTotal, error: type[Exception], words: list[str]
) -> None:
    with pytest.raises(error) as caught:
        calibrate(ONES, [SEX], [number])
    assert all(word in str(caught.value) for word in words)


def test_no_margin_and_no_population_are_refused() -> None:
    with pytest.raises(BadAuxiliary):
        make_auxiliary(ONES)
    with pytest.raises(BadAuxiliary):
        rake(ONES, [])
    for population in (0.0, -5.0, float("nan")):
        with pytest.raises(BadTotals):
            make_auxiliary(ONES, population=population)


def test_totals_that_contradict_each_other_are_refused_naming_both_figures() -> None:
    """Every woman is urban in the sample, so the two margins cannot differ."""
    with pytest.raises(BadAuxiliary) as caught:
        rake(ONES, [SEX, Margin("area", ["u", "u", "r", "r"], {"u": 5, "r": 5})])
    assert all(word in str(caught.value) for word in ("area=r", "4", "5"))
    with pytest.raises(BadAuxiliary, match="zeros"):
        calibrate(ONES, [SEX], [NumericTotal("zeros", np.zeros(4), 3)])


@pytest.mark.parametrize(
    ("distance", "bounds"),
    [
        ("linear", (1.1, 2.0)),
        ("linear", (0.2, 0.9)),
        ("linear", (1.0, 2.0)),
        ("linear", (2.0, 0.5)),
        ("linear", (float("nan"), 2.0)),
        ("logit", (0.0, float("inf"))),
        ("logit", (float("-inf"), 2.0)),
        ("logit", None),
        ("raking", (0.5, 2.0)),
        ("euclid", None),
    ],
)
def test_bounds_that_make_no_sense_are_refused(distance: Any, bounds: Any) -> None:
    with pytest.raises(BadBounds):
        calibrate(ONES, [SEX], distance=distance, bounds=bounds)


@pytest.mark.parametrize("distance", ["linear", "logit"])
def test_bounds_too_narrow_for_a_total_are_refused_naming_it_and_what_can_be_reached(distance: Any) -> None:
    with pytest.raises(UnreachableTotal) as caught:
        calibrate(ONES, [SEX], distance=distance, bounds=(0.5, 2.5))
    assert all(word in str(caught.value) for word in ("sex=f", "2 responses", "1 to 5", "6"))


def test_a_numeric_total_out_of_reach_is_refused_whatever_the_signs_of_its_values() -> None:
    values = [-1.0, 2.0, -3.0, 4.0]
    reached = NumericTotal("x", values, 2 * 6 - 0.5 * 4 - 0.1)
    calibrate(ONES, [], [reached], bounds=(0.5, 2.0))
    for total in (2 * 6 - 0.5 * 4 + 0.1, 0.5 * 6 - 2 * 4 - 0.1):
        with pytest.raises(UnreachableTotal, match="x"):
            calibrate(ONES, [], [NumericTotal("x", values, total)], bounds=(0.5, 2.0))


def impossible() -> list[Margin]:
    """All of the north is old, yet the north needs 30 and the old only number 20."""
    return [
        Margin("region", ["n", "s", "s"], {"n": 30, "s": 70}),
        Margin("age", ["old", "old", "young"], {"old": 20, "young": 80}),
    ]


def test_raking_that_cannot_converge_names_the_worst_margin_cell_and_residual() -> None:
    with pytest.raises(NotConverged) as caught:
        rake(np.ones(3), impossible(), most_sweeps=200)
    text = str(caught.value)
    assert all(word in text for word in ("200 iterations", "region=n", "30", "20", "3.33e-01"))
    assert "region=n" in caught.value.text("vi")


def test_raking_that_cannot_converge_reports_it_when_asked_to() -> None:
    report = rake(np.ones(3), impossible(), most_sweeps=200, strict=False).report
    assert not report.converged
    assert report.iterations == 200
    assert [fit.title for fit in report.failed] == ["region=n", "region=s"]
    assert report.failed[0] == report.worst
    assert report.worst.relative_error == pytest.approx(1 / 3)
    assert [fit.title for fit in report.margins] == ["region=n", "region=s", "age=old", "age=young"]


@pytest.mark.parametrize(
    ("distance", "bounds", "reason"),
    [
        ("raking", None, "not converged"),
        ("linear", (0.0, 99.0), "no such weights exist"),
        ("logit", (0.0, 99.0), "no such weights exist"),
    ],
)
def test_distances_that_cannot_meet_totals_together_say_so(distance: Any, bounds: Any, reason: str) -> None:
    """Only bounds make it provable: raking weights may grow without end."""
    with pytest.raises(NotConverged, match=reason):
        calibrate(np.ones(3), impossible(), distance=distance, bounds=bounds)
    made = calibrate(np.ones(3), impossible(), distance=distance, bounds=bounds, strict=False)
    assert made.report.impossible == (bounds is not None)
    assert not made.report.converged
    assert np.isfinite(made.weights).all()


def test_a_proof_that_no_weights_exist_comes_with_few_steps() -> None:
    """Each total is within reach of weights 0.5 to 2 by itself; both together are not."""
    margin = Margin("a", [0, 0, 1, 1], {0: 4, 1: 1})
    number = NumericTotal("x", [0.0, 1.0, 0.0, 1.0], 3.9)
    for distance in ("linear", "logit"):
        made = calibrate(ONES, [margin], [number], distance=distance, bounds=(0.49, 2.01), strict=False)
        assert made.report.impossible
        assert made.report.iterations < 30
    possible = NumericTotal("x", [0.0, 1.0, 0.0, 1.0], 2.5)
    assert not calibrate(ONES, [margin], [possible], bounds=(0.49, 2.01), strict=False).report.impossible


def test_an_iteration_cut_short_is_not_called_converged_nor_impossible() -> None:
    margins = [
        Margin("a", [0, 0, 1, 1], {0: 30, 1: 70}),
        Margin("b", [0, 1, 0, 1], {0: 60, 1: 40}),
    ]
    weights = [1.0, 9.0, 5.0, 2.0]
    with pytest.raises(NotConverged):
        rake(weights, margins, most_sweeps=1)
    with pytest.raises(NotConverged):
        calibrate(weights, margins, distance="raking", most_steps=1)
    cut = calibrate(weights, margins, distance="raking", most_steps=1, strict=False)
    assert not cut.report.impossible
    assert rake(weights, margins, most_sweeps=1, tolerance=0.5).report.converged
