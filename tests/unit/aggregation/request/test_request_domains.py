"""Domains of a request: crossings, conditions and compared domains, never a filter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation.domains import WHOLE
from survey.aggregation.request import EmptyDomain, NoSuchLabel, build_request
from survey.aggregation.request.columns import Columns
from survey.aggregation.request.domains import DomainPlan, describe, plan_domains, rows_inside

TABLE = pa.table(
    {
        "sex": ["nam", "nữ", None, "nam", "nữ", "nam"],
        "year": [2023, 2024, 2024, 2024, 2023, 2024],
        "q": [1, 2, 3, 4, 5, 1],
    }
)


def plan(table: pa.Table = TABLE, compared: Any = (), **told: Any) -> DomainPlan:
    request = build_request({"data": "a", "statistics": [{"kind": "mean", "items": ["q"], **told}]})
    return plan_domains(Columns(table, False, {}, {}), request.statistics[0], compared)


def members(one: DomainPlan) -> dict[tuple[object, ...], list[int]]:
    return {
        tuple(label for _, label in named.labels): np.flatnonzero(
            one.dimensions[named.domain.by] == named.domain.value
        ).tolist()
        for named in one.listed
    }


def test_without_columns_there_is_the_whole() -> None:
    assert plan().listed[0].domain == WHOLE
    assert plan().dimensions == {}


def test_columns_are_crossed_in_the_order_of_their_labels_and_kept_apart() -> None:
    one = plan(by=["year", "sex"])
    assert members(one) == {(2023, "nam"): [0], (2023, "nữ"): [4], (2024, "nam"): [3, 5], (2024, "nữ"): [1]}
    assert one.listed[0].labels == (("year", 2023), ("sex", "nam"))
    assert one.unlabelled == (("sex", 1),)


def test_a_condition_leaves_rows_outside_without_a_label() -> None:
    one = plan(by="sex", where={"year": 2024})
    assert members(one) == {("nam",): [3, 5], ("nữ",): [1]}
    assert all(len(labels) == TABLE.num_rows for labels in one.dimensions.values())


def test_a_condition_alone_is_one_domain() -> None:
    one = plan(where={"year": [2024], "sex": ["nam", "nữ"]})
    assert members(one) == {(): [1, 3, 5]}


@pytest.mark.parametrize("value", [2024, 2024.0, "2024"])
def test_a_number_is_one_value_however_it_is_written(value: Any) -> None:
    assert members(plan(where={"year": value})) == {(): [1, 2, 3, 5]}


def test_a_column_both_crossed_and_conditioned_lists_the_values_that_remain() -> None:
    assert list(members(plan(by="year", where={"year": [2023]}))) == [(2023,)]


def test_a_value_that_the_column_lacks_is_named_with_those_it_has() -> None:
    with pytest.raises(NoSuchLabel) as caught:
        plan(where={"year": [2024, 2025]})
    assert caught.value.places == {
        "column": "year",
        "path": "statistics[0].where.year",
        "values": "'2025'",
        "known": "2023, 2024",
    }


def test_conditions_that_nobody_meets_together_are_an_empty_domain() -> None:
    table = TABLE.slice(0, 2)
    with pytest.raises(EmptyDomain, match="sex = nam; year = 2024"):
        plan(table, where={"sex": "nam", "year": 2024})
    with pytest.raises(EmptyDomain, match=r"statistics\[0\]\.by"):
        plan(TABLE.slice(2, 1), by="sex")


def test_compared_domains_lie_inside_the_statistics_own() -> None:
    men, whole = {"sex": ("nam",)}, None
    one = plan(where={"year": 2024}, compared=[("compare[0].domain", men), ("compare[0].other", whole)])
    found = one.compared_domain(men)
    assert np.flatnonzero(one.dimensions[found.by] == found.value).tolist() == [3, 5]
    assert one.compared_domain(whole) == one.listed[0].domain
    with pytest.raises(EmptyDomain, match=r"compare\[1\]\.domain"):
        plan(where={"sex": "nữ"}, compared=[("compare[1].domain", men)])


def test_one_condition_is_one_domain_whatever_the_order_of_its_values() -> None:
    one = plan(
        compared=[
            ("a", {"sex": ("nam", "nữ"), "year": (2024,)}),
            ("b", {"year": (2024,), "sex": ("nữ", "nam")}),
        ]
    )
    assert len(one.dimensions) == 1


def test_a_condition_is_described_in_one_line() -> None:
    assert describe({"sex": ("nam", "nữ"), "year": (2024,)}) == "sex = nam, nữ; year = 2024"
    assert describe(None) == describe({}) == "*"


LABELS = st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1, max_size=25)


@given(first=LABELS, second=LABELS, data=st.data())
@settings(deadline=None, max_examples=50)
def test_domains_partition_the_labelled_rows_that_meet_the_condition(
    first: list[str | None], second: list[str | None], data: st.DataObject
) -> None:
    rows = min(len(first), len(second))
    table = pa.table(
        {"x": pa.array(first[:rows], pa.string()), "y": pa.array(second[:rows], pa.string()), "q": [1] * rows}
    )
    columns = Columns(table, False, {}, {})
    known = columns.labels("x").labels
    if not known:
        return
    values = tuple(data.draw(st.sets(st.sampled_from(known), min_size=1)))
    inside = rows_inside(columns, {"x": values}, "where")
    labelled = inside & (columns.labels("y").codes >= 0)
    if not labelled.any():
        return
    found = members(plan(table, by=["y", "x"], where={"x": list(values)}))
    together = sorted(row for rows_ in found.values() for row in rows_)
    assert together == np.flatnonzero(labelled).tolist()
    for labels, rows_ in found.items():
        assert {(second[row], first[row]) for row in rows_} == {labels}
