"""Which columns a request uses, and where it first names each: only those are read.

Not their content (columns.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from survey.aggregation.errors import listed
from survey.aggregation.request.errors import NoReplicateColumns, NoSuchColumn
from survey.aggregation.request.request import (
    CalibrateRequest,
    ComparisonRequest,
    EstimateRequest,
    ReplicatesRequest,
    StatisticRequest,
    Where,
)
from survey.aggregation.request.shape import at

#: Keys of population totals that mean the size of the population.
INTERCEPT = ("(Intercept)", "Intercept", "intercept")


def columns_needed(request: EstimateRequest, names: Sequence[str]) -> dict[str, str]:
    """Return the columns to read, each with the path that first names it.

    Args:
        names: the columns of the data.

    Raises:
        NoSuchColumn: the first that the data do not have, with near names.
        NoReplicateColumns: a pattern that fewer than two columns fit.
    """
    needed: dict[str, str] = {}
    known = set(names)
    for column, path in _named(request, names):
        if column not in known:
            near = get_close_matches(column, names, 3) or names
            raise NoSuchColumn(column=column, path=path, near=listed(near))
        needed.setdefault(column, path)
    return needed


def replicate_columns(told: ReplicatesRequest, names: Sequence[str]) -> tuple[str, ...]:
    """Return the replicate-weight columns: the list, or those that fit the pattern in file order.

    Raises:
        NoReplicateColumns.
    """
    if not told.pattern:
        return told.columns
    pattern = told.pattern if any(mark in told.pattern for mark in "*?[") else f"{told.pattern}*"
    found = tuple(name for name in names if fnmatchcase(name, pattern)) or _fitting(told.pattern, names)
    if len(found) < 2:
        raise NoReplicateColumns(count=len(found), pattern=told.pattern, path="replicates.columns")
    return found


def _fitting(expression: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names that a regular expression finds, as R `svrepdesign(repweights=)` takes them."""
    try:
        found = re.compile(expression)
    except re.error:
        return ()
    return tuple(name for name in names if found.search(name))


def indicator_columns(key: str, names: Sequence[str]) -> list[str]:
    """Return the columns whose name begins a key such as "stypeH", R's name of a level of stype."""
    return [name for name in names if key.startswith(name) and key != name]


def _named(request: EstimateRequest, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    design = request.design
    for key, columns in (
        ("weights", (design.weights,) if design.weights else ()),
        ("strata", design.strata),
        ("psu", design.psu),
        ("fpc", design.fpc),
    ):
        yield from ((column, f"design.{key}") for column in columns)
    if request.calibrate:
        yield from _of_calibration(request.calibrate, names)
    if request.replicates:
        columns = replicate_columns(request.replicates, names)
        yield from ((column, "replicates.columns") for column in columns)
    for statistic in request.statistics:
        yield from _of_statistic(statistic)
    for comparison in request.compare:
        yield from _of_comparison(comparison)
    yield from ((column, "data.columns") for column in request.data.columns)
    yield from ((column, "data.types") for column, _ in request.data.types)


def _of_calibration(told: CalibrateRequest, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    for margin in told.margins:
        yield from ((column, margin.path) for column in margin.columns)
    for key, _ in told.totals:
        if key in INTERCEPT:
            continue
        begun = () if key in names else indicator_columns(key, names)
        yield from ((column, at("calibrate.totals", key)) for column in begun or (key,))


def _of_statistic(told: StatisticRequest) -> Iterator[tuple[str, str]]:
    for key, columns in (
        ("items", told.items),
        ("denominator", told.denominator),
        ("outcome", (told.outcome,) if told.outcome else ()),
        ("by", told.by),
    ):
        yield from ((column, f"{told.path}.{key}") for column in columns)
    yield from ((column, f"{told.path}.where") for column in told.where)


def _of_comparison(told: ComparisonRequest) -> Iterator[tuple[str, str]]:
    for where in (told.domain, told.other):
        yield from ((column, told.path) for column in _columns(where))


def _columns(where: Where | None) -> Sequence[str]:
    return tuple(where) if where else ()
