"""The domains of a statistic as labels row by row: crossings of columns, conditions, compared domains.

Not a filter: a row outside a domain keeps its place in the design, its label is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.domains import WHOLE, Domain
from survey.aggregation.errors import listed
from survey.aggregation.labels import BoolArray, IntArray
from survey.aggregation.request.columns import Columns
from survey.aggregation.request.errors import EmptyDomain, NoSuchLabel
from survey.aggregation.request.request import Label, StatisticRequest, Where
from survey.aggregation.request.values import key_of

#: Labels of one dimension, row by row: text, or None outside.
RowLabels = NDArray[np.object_]
_BY, _WHERE = "by", "where"


@dataclass(frozen=True, slots=True)
class NamedDomain:
    """A domain of the answer: the analysis's own, and a label for each of its columns."""

    domain: Domain
    labels: tuple[tuple[str, Label], ...]


@dataclass(frozen=True, slots=True)
class DomainPlan:
    """The domains of one statistic.

    Attributes:
        dimensions: dimension → label a row, for an analysis.
        listed: the domains that the answer lists, in the order of their labels.
        compared: the domain of each compared condition, by its canonical form.
        unlabelled: (column, rows) of `by` columns with rows that lack a label.
    """

    dimensions: Mapping[str, RowLabels]
    listed: tuple[NamedDomain, ...]
    compared: Mapping[tuple[tuple[str, tuple[str, ...]], ...], Domain]
    unlabelled: tuple[tuple[str, int], ...]

    def compared_domain(self, where: Where | None) -> Domain:
        """Return the domain of a compared condition; None is the statistic's own whole."""
        return self.compared[form_of(where)]


def form_of(where: Where | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return a condition in one form, whatever the order of its columns and values."""
    told = where or {}
    return tuple(sorted((column, tuple(sorted(map(key_of, values)))) for column, values in told.items()))


def plan_domains(
    columns: Columns, statistic: StatisticRequest, compared: Sequence[tuple[str, Where | None]] = ()
) -> DomainPlan:
    """Plan the domains of a statistic: those that it lists, and those that comparisons ask of it.

    Args:
        compared: (path, condition) of each compared domain; None is the statistic's whole.

    Raises:
        NoSuchLabel: a condition on a value that the column does not have.
        EmptyDomain: a condition that no row meets.
    """
    inside = rows_inside(columns, statistic.where, f"{statistic.path}.where")
    dimensions: dict[str, RowLabels] = {}
    named = _listed(columns, statistic, inside, dimensions)
    places: dict[tuple[tuple[str, tuple[str, ...]], ...], Domain] = {}
    for path, where in compared:
        form = form_of(where)
        if form not in places:
            places[form] = _compared(columns, statistic, inside, dimensions, path, where)
    unlabelled = tuple(
        (column, missing) for column in statistic.by if (missing := columns.labels(column).missing)
    )
    return DomainPlan(dimensions, named, places, unlabelled)


def rows_inside(columns: Columns, where: Where, path: str) -> BoolArray:
    """Say which rows meet a condition (rows,).

    Raises:
        NoSuchLabel, EmptyDomain.
    """
    inside = np.ones(columns.rows, dtype=np.bool_)
    for column, values in where.items():
        coded, wanted = columns.labels(column), {key_of(value) for value in values}
        known = [key_of(label) for label in coded.labels]
        absent = sorted(wanted - set(known))
        if absent:
            raise NoSuchLabel(
                column=column,
                path=f"{path}.{column}",
                values=listed(repr(one) for one in absent),
                known=listed(coded.labels) or "-",
            )
        inside &= np.array([*(one in wanted for one in known), False])[coded.codes]
    if not inside.any():
        raise EmptyDomain(path=path, domain=describe(where))
    return inside


def describe(where: Where | None) -> str:
    """Write a condition in one line: `stype = E, H; year = 2024`."""
    if not where:
        return "*"
    return "; ".join(f"{column} = {', '.join(map(str, values))}" for column, values in where.items())


def _listed(
    columns: Columns, statistic: StatisticRequest, inside: BoolArray, dimensions: dict[str, RowLabels]
) -> tuple[NamedDomain, ...]:
    if not statistic.by:
        return (NamedDomain(_own_whole(statistic, inside, dimensions), ()),)
    codes, labels = _crossed(columns, statistic.by, inside)
    if not labels:
        raise EmptyDomain(path=f"{statistic.path}.by", domain=listed(statistic.by))
    names = [f"{place:08d}" for place in range(len(labels))]
    dimensions[_BY] = _row_labels(names, codes)
    return tuple(NamedDomain(Domain(_BY, name), label) for name, label in zip(names, labels, strict=True))


def _own_whole(statistic: StatisticRequest, inside: BoolArray, dimensions: dict[str, RowLabels]) -> Domain:
    if not statistic.where:
        return WHOLE
    dimensions[_WHERE] = _members(inside)
    return Domain(_WHERE, _WHERE)


def _compared(
    columns: Columns,
    statistic: StatisticRequest,
    inside: BoolArray,
    dimensions: dict[str, RowLabels],
    path: str,
    where: Where | None,
) -> Domain:
    if not where:
        return _own_whole(statistic, inside, dimensions)
    members = rows_inside(columns, where, path) & inside
    if not members.any():
        raise EmptyDomain(path=path, domain=f"{describe(where)}; {describe(statistic.where)}")
    name = f"compared_{len(dimensions)}"
    dimensions[name] = _row_labels([name], np.where(members, 0, -1))
    return Domain(name, name)


def _members(inside: BoolArray) -> RowLabels:
    return _row_labels([_WHERE], np.where(inside, 0, -1))


def _row_labels(names: Sequence[str], codes: IntArray) -> RowLabels:
    return np.array([*names, None], dtype=object)[codes]


def _crossed(
    columns: Columns, by: Sequence[str], inside: BoolArray
) -> tuple[IntArray, list[tuple[tuple[str, Label], ...]]]:
    """Number the crossings that have rows; (rows,) codes, -1 outside, and each crossing's labels."""
    coded = [columns.labels(column) for column in by]
    keys, member = np.zeros(columns.rows, dtype=np.intp), inside.copy()
    for one in coded:
        keys = keys * len(one.labels) + one.codes
        member &= one.codes >= 0
    present, place = np.unique(keys[member], return_inverse=True)
    codes = np.full(columns.rows, -1, dtype=np.intp)
    codes[member] = place
    labels = []
    for key in present.tolist():
        parts: list[tuple[str, Label]] = []
        for column, one in zip(reversed(by), reversed(coded), strict=True):
            key, at = divmod(key, len(one.labels))
            parts.append((column, one.labels[at]))
        labels.append(tuple(reversed(parts)))
    return codes, labels
