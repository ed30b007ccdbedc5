"""From a document to a request: defaults, other names for one thing, and what contradicts itself."""

from __future__ import annotations

from typing import Any

import pytest

from survey.aggregation.request import RequestRefused, build_request
from survey.aggregation.request.request import EstimateRequest, IntervalRequest

MEAN = {"kind": "mean", "items": ["q1"]}


def built(*statistics: Any, **more: Any) -> EstimateRequest:
    return build_request({"data": "a.csv", "statistics": list(statistics) or [MEAN]} | more)


def refused_at(*statistics: Any, **more: Any) -> list[str]:
    with pytest.raises(RequestRefused) as caught:
        built(*statistics, **more)
    return [problem.path for problem in caught.value.problems]


def test_everything_has_its_documented_default() -> None:
    request = built()
    (one,) = request.statistics
    assert (one.id, one.by, one.where, one.listwise, one.covariance) == ("mean_1", (), {}, False, False)
    assert one.interval == IntervalRequest("default", 0.95)
    assert (one.deff, one.all_deffs) == ("with_replacement", False)
    assert (request.design.lonely, request.design.nest, request.adjust) == ("fail", None, "bh")


def test_one_column_is_a_list_of_one() -> None:
    request = built(
        {"kind": "ratio", "items": "q1", "denominator": "q2", "by": "sex"},
        design={"psu": "commune", "fpc": "N", "strata": "province"},
    )
    (one,) = request.statistics
    assert (one.items, one.denominator, one.by) == (("q1",), ("q2",), ("sex",))
    assert (request.design.psu, request.design.fpc, request.design.strata) == (
        ("commune",),
        ("N",),
        ("province",),
    )


def test_one_denominator_serves_every_item() -> None:
    (one,) = built({"kind": "ratio", "items": ["a", "b"], "denominator": "n"}).statistics
    assert one.denominator == ("n", "n")


@pytest.mark.parametrize(
    ("told", "method"),
    [
        ("mean", "t"),
        ("xlogit", "logit"),
        ("nchs", "korn_graubard"),
        ("asin", "arcsine"),
        ("likelihood", "likelihood"),
    ],
)
def test_names_of_r_are_names_of_intervals_too(told: str, method: str) -> None:
    (one, other) = built(
        MEAN | {"interval": told}, MEAN | {"interval": {"method": told, "level": 0.9}}
    ).statistics
    assert one.interval == IntervalRequest(method, 0.95)  # type: ignore[arg-type]  # the parameter is a name
    assert other.interval == IntervalRequest(method, 0.9)  # type: ignore[arg-type]  # the parameter is a name


def test_the_requests_level_is_that_of_every_statistic_without_its_own() -> None:
    first, second = built(MEAN, MEAN | {"interval": {"level": 0.99}}, level=0.9).statistics
    assert (first.interval.level, second.interval.level) == (0.9, 0.99)


@pytest.mark.parametrize(
    ("told", "convention", "every"),
    [
        (False, "with_replacement", False),
        (True, "without_replacement", True),
        ("replace", "with_replacement", True),
        ("kish", "kish", True),
    ],
)
def test_deff_names_its_convention_as_r_does(told: Any, convention: str, every: bool) -> None:
    (one,) = built(MEAN | {"deff": told}).statistics
    assert (one.deff, one.all_deffs) == (convention, every)


@pytest.mark.parametrize(
    "weights", [{"a": 0.5, "b": 0.3, "c": 0.2}, [0.5, 0.3, 0.2]], ids=["by name", "by place"]
)
def test_index_weights_go_by_name_or_by_place(weights: Any) -> None:
    (one,) = built({"kind": "index", "items": ["a", "b", "c"], "index_weights": weights}).statistics
    assert one.index_weights == (0.5, 0.3, 0.2)


def test_an_index_without_weights_weighs_its_items_alike() -> None:
    (one,) = built({"kind": "index", "items": ["a", "b"]}).statistics
    assert one.index_weights == (0.5, 0.5)


def test_margins_as_a_mapping_are_margins_as_a_list() -> None:
    totals = {"nam": 5, "nữ": 6}
    mapping = built(calibrate={"kind": "rake", "margins": {"sex": totals}}).calibrate
    listed = built(calibrate={"kind": "rake", "margins": [{"column": "sex", "totals": totals}]}).calibrate
    assert mapping is not None
    assert listed is not None
    assert mapping.margins[0].totals == listed.margins[0].totals == ((("nam",), 5.0), (("nữ",), 6.0))


@pytest.mark.parametrize("kind", ["JK1", "jkn", "BRR", "Fay", "Rao-Wu", "rao_wu", "raowu", "Bootstrap"])
def test_kinds_of_replicates_are_read_in_any_case(kind: str) -> None:
    made = built(replicates={"kind": kind}).replicates
    assert made is not None
    assert made.kind in ("jk1", "jkn", "brr", "fay", "raowu", "bootstrap")


COMPARED = ({"sex": ("nam",)}, {"sex": ("nữ",)})


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"domain": {"sex": "nam"}, "other": {"sex": "nữ"}}, COMPARED),
        ({"domains": [{"sex": "nam"}, {"sex": ["nữ"]}]}, COMPARED),
        ({"domain": {"sex": "nam"}}, (COMPARED[0], None)),
        ({"domain": {"sex": "nam"}, "other": "whole"}, (COMPARED[0], None)),
        ({"part": {"sex": "nam"}}, (COMPARED[0], None)),
        ({"part": {"sex": "nam"}, "whole": "whole"}, (COMPARED[0], None)),
        ({"part": {"sex": "nam"}, "whole": {"sex": "nữ"}}, COMPARED),
    ],
)
def test_two_domains_are_said_in_several_ways(told: Any, expected: Any) -> None:
    (one,) = built(compare=[told]).compare
    assert (one.domain, one.other) == expected


@pytest.mark.parametrize(
    ("statistic", "path"),
    [
        ({"kind": "alpha", "items": ["q1"]}, "statistics[0].items"),
        ({"kind": "omega", "items": ["q1", "q2"]}, "statistics[0].items"),
        ({"kind": "ratio", "items": ["a", "b", "c"], "denominator": ["x", "y"]}, "statistics[0].denominator"),
        ({"kind": "index", "items": ["a", "b"], "index_weights": {"a": 1}}, "statistics[0].index_weights"),
        ({"kind": "index", "items": ["a", "b"], "index_weights": [1, 2, 3]}, "statistics[0].index_weights"),
        (
            {"kind": "index", "items": ["a", "b"], "index_weights": [1, 2], "combination": "pooled"},
            "statistics[0].index_weights",
        ),
        (MEAN | {"by": ["sex"], "where": {"sex": "nam"}}, "statistics[0].by"),
    ],
)
def test_a_statistic_that_contradicts_itself_is_refused(statistic: Any, path: str) -> None:
    assert refused_at(statistic) == [path]


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"design": {"psu": "a", "fpc": ["x", "y"]}}, "design.fpc"),
        ({"design": {"psu": ["a", "a"]}}, "design.psu"),
        ({"calibrate": {"kind": "bounded", "margins": {"a": {"x": 1}}}}, "calibrate.bounds"),
        (
            {"calibrate": {"kind": "linear", "margins": {"a": {"x": 1}}, "bounds": [1.1, 2]}},
            "calibrate.bounds",
        ),
        (
            {"calibrate": {"kind": "raking", "margins": {"a": {"x": 1}}, "bounds": [0.5, 2]}},
            "calibrate.bounds",
        ),
        ({"calibrate": {"kind": "rake", "totals": {"a": 1}, "margins": {"a": {"x": 1}}}}, "calibrate.totals"),
        (
            {"calibrate": {"kind": "poststratify", "margins": {"a": {"x": 1}, "b": {"y": 1}}}},
            "calibrate.margins",
        ),
        (
            {"calibrate": {"kind": "rake", "margins": [{"column": ["a", "b"], "totals": {"x": 1}}]}},
            "calibrate.margins[0].totals",
        ),
        (
            {
                "calibrate": {
                    "kind": "rake",
                    "margins": [{"column": ["a", "b"], "totals": [{"a": 1, "total": 5}]}],
                }
            },
            "calibrate.margins[0].totals[0]",
        ),
        (
            {"calibrate": {"kind": "rake", "margins": {"a": {"x": 1}}}, "replicates": {"kind": "JK1"}},
            "replicates",
        ),
    ],
)
def test_a_request_that_contradicts_itself_is_refused(more: Any, path: str) -> None:
    assert refused_at(**more) == [path]


def test_an_id_stands_for_one_statistic_only() -> None:
    assert refused_at(MEAN | {"id": "a"}, MEAN | {"id": "a"}) == ["statistics[1].id"]
    assert refused_at(MEAN | {"id": "mean_2"}, MEAN) == ["statistics[1].id"]
