"""Importance against performance: lines, quadrants, and what an interval leaves uncertain."""

import numpy as np
import pytest
from hypothesis import given, settings

from survey.aggregation import BadRequest, Measure, SampleDesign, analyse
from survey.aggregation.drivers import QUADRANTS, describe_quadrant, importance_performance
from survey.errors import LANGUAGES
from tests.unit.aggregation.reliability.scales import exact, named, scales, simple

MEAN = Measure("mean")


def four_corners(rows: int = 4000) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Correlations .6 .6 .1 .1 with overall satisfaction, means 2 4 2 4: an item in each quadrant."""
    covariance = np.eye(5)
    covariance[4, :4] = covariance[:4, 4] = [0.6, 0.6, 0.1, 0.1]
    values = exact(covariance, rows=rows)
    return values[:, 4], named(values[:, :4] + [2, 4, 2, 4])


@pytest.mark.parametrize("kind", ["relative_weight", "correlation", "standardised"])
def test_each_corner_has_its_name(kind: str) -> None:
    """Martilla & James 1977, lines at the means of the items: performance 3, correlation .35."""
    overall, items = four_corners()
    chart = importance_performance(simple(4000), overall, items, measure=MEAN, kind=kind)
    assert [one.quadrant for one in chart.drivers] == [
        "concentrate_here",
        "keep_up",
        "low_priority",
        "possible_overkill",
    ]
    assert not any(one.uncertain for one in chart.drivers)
    assert chart.performance_line == pytest.approx(3.0)
    assert chart.importance_line == pytest.approx((0.36 + 0.01) / 2 if kind == "relative_weight" else 0.35)
    assert (chart.lines, chart.kind) == ("means", kind)
    assert chart.drivers[0].text() == "Tập trung cải thiện"


def test_declared_lines_are_used_and_a_point_on_a_line_is_above_it() -> None:
    overall, items = four_corners()
    measured = importance_performance(simple(4000), overall, items, measure=MEAN, kind="correlation")
    at = measured.drivers[2].importance.value, measured.drivers[2].performance.value
    chart = importance_performance(simple(4000), overall, items, measure=MEAN, kind="correlation", lines=at)
    assert (chart.importance_line, chart.performance_line) == at
    assert chart.lines == "declared"
    assert chart.drivers[2].quadrant == "keep_up"
    assert chart.drivers[2].uncertain


@pytest.mark.parametrize(("shift", "expected"), [(0.9, True), (1.1, False)])
def test_an_item_is_uncertain_when_either_interval_reaches_its_line(shift: float, expected: bool) -> None:
    """A line 0.9 half-widths away is reached, one 1.1 half-widths away is not, along either axis."""
    overall, items = four_corners()
    first = importance_performance(
        simple(4000), overall, items, measure=MEAN, kind="standardised", lines=(9.0, 9.0)
    ).drivers[0]
    for axis in ("importance", "performance"):
        one = getattr(first, axis)
        line = one.value + shift * (one.ci_high - one.value)
        lines = (line, 9.0) if axis == "importance" else (9.0, line)
        chart = importance_performance(
            simple(4000), overall, items, measure=MEAN, kind="standardised", lines=lines
        )
        assert chart.drivers[0].uncertain is expected


def test_without_an_interval_an_item_is_uncertain() -> None:
    overall, items = four_corners(60)
    design = SampleDesign.build(weights=np.ones(60), psu=["one"] * 60, lonely="certainty")
    chart = importance_performance(design, overall, items, measure=MEAN)
    assert all(one.uncertain for one in chart.drivers)


@settings(deadline=None, max_examples=20)
@given(scales())
def test_performance_is_the_estimate_published_elsewhere(drawn: tuple) -> None:
    """Available cases, as `analyse` gives them; importance stands on complete cases, and both say so."""
    columns, answers, domain = drawn
    design = SampleDesign.build(**columns)
    overall = answers.pop("q0")
    chart = importance_performance(design, overall, answers, measure=MEAN, domain=domain)
    published = analyse(design, answers, domains=np.where(domain, "in", "out"), measure=MEAN)
    for one in chart.drivers:
        assert one.performance == published.estimate("in", one.item)
        assert "available cases" in one.performance.method
        assert "listwise cases" in one.importance.method
        assert one.performance.n >= one.importance.n == chart.details.n


def test_performance_may_be_a_share() -> None:
    levels = np.random.default_rng(3).integers(1, 6, (200, 3))
    chart = importance_performance(
        simple(200), levels[:, 0], named(levels[:, 1:]), measure=Measure("top_share", (4, 5))
    )
    assert [one.performance.value for one in chart.drivers] == pytest.approx(
        (levels[:, 1:] >= 4).mean(axis=0)
    )
    assert {one.performance.unit for one in chart.drivers} == {"share"}


def test_requests_that_make_no_sense_are_refused() -> None:
    overall, items = four_corners(60)
    for wrong in ({"kind": "stated"}, {"lines": (np.nan, 3.0)}, {"level": 1.5}):
        with pytest.raises(BadRequest):
            importance_performance(simple(60), overall, items, measure=MEAN, **wrong)


def test_every_quadrant_is_said_in_both_languages() -> None:
    assert len(QUADRANTS) == 4
    for quadrant, texts in QUADRANTS.items():
        assert set(texts) == set(LANGUAGES)
        assert describe_quadrant(quadrant) == texts["vi"] != describe_quadrant(quadrant, "en")
