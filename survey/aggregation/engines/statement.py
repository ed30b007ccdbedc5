"""The collapse as one ANSI SQL statement, letter for letter the same on every engine.

Not its execution (sql.py). It reads the view `responses` (responses_view.py), whose columns have names
of this project, so nothing in it needs quoting. NULL and negative answers leave the denominator; labels
that are missing are groups of their own here and become "missing" when the cells are made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.aggregation.engines.collapse_request import CollapseRequest, Dimensions, maximal
from survey.aggregation.engines.responses_view import (
    PSU,
    STRATUM,
    VIEW,
    WEIGHT,
    dimension_name,
    item_name,
)

ROWS, MEMBERS, BAD_WEIGHTS = "n_rows", "members", "bad_weights"
#: The largest double: NaN and infinity are above it on every engine, whatever it makes of NaN otherwise.
LARGEST = "1.7976931348623157E308"


def collapse_statement(request: CollapseRequest) -> str:
    """Write the statement that sums the responses of a request by (stratum, PSU) and sets of dimensions.

    Its columns are the labels; for each dimension whether a row adds up over it; three counts; and the
    sums in the order of the request's layout. Each grouping set is one crossing, and all are one scan.
    """
    design = (PSU,) if request.stratum is None else (STRATUM, PSU)
    every = [dimension_name(request, one) for one in request.dimensions]
    rolled = [f"GROUPING({name}) AS {rolled_name(name)}" for name in every]
    columns = ",\n  ".join((*design, *every, *rolled, *_counts(), *_sums(request)))
    sets = ",\n  ".join(
        f"({', '.join((*design, *(dimension_name(request, one) for one in dimensions)))})"
        for dimensions in crossings(request)
    )
    return f"SELECT\n  {columns}\nFROM {VIEW}\nGROUP BY GROUPING SETS (\n  {sets}\n)"  # noqa: S608  # names of ours


def crossings(request: CollapseRequest) -> tuple[Dimensions, ...]:
    """Return the sets of dimensions to cross, from which all that are asked for roll up."""
    return maximal(request.sets) or ((),)


def rolled_name(name: str) -> str:
    """Return the column that says whether a row of the answer adds up over a dimension (1) or not (0)."""
    return f"rolled_{name}"


def sum_names(request: CollapseRequest) -> tuple[str, ...]:
    """Return the columns of sums, in the order of the request's layout."""
    return tuple(f"{kind}_{at + 1}" for kind, width in request.layout.widths().items() for at in range(width))


def _counts() -> Iterator[str]:
    yield f"COUNT(*) AS {ROWS}"
    yield f"COUNT(CASE WHEN {WEIGHT} > 0 THEN 1 END) AS {MEMBERS}"
    yield f"COUNT(CASE WHEN {WEIGHT} >= 0 AND {WEIGHT} <= {LARGEST} THEN NULL ELSE 1 END) AS {BAD_WEIGHTS}"


def _sums(request: CollapseRequest) -> Iterator[str]:
    items = [item_name(at) for at in range(len(request.items))]
    answered = {
        "items": [f"{item} >= 0" for item in items],
        "unions": [_any_answered([items[at] for at in union]) for union in request.layout.unions],
    }
    figures = {
        "weighted": [_weighted(request, item) for item in items],
        "weight": [_sum(one, WEIGHT) for one in answered["items"]],
        "answered": [_count(one) for one in answered["items"]],
        "squares": [_sum(f"{item} >= 0", f"{WEIGHT} * {item} * {item}") for item in items],
        "union_weight": [_sum(one, WEIGHT) for one in answered["unions"]],
        "union_answered": [_count(one) for one in answered["unions"]],
    }
    every = (figure for kind in request.layout.widths() for figure in figures[kind])
    for figure, name in zip(every, sum_names(request), strict=True):
        yield f"{figure} AS {name}"


def _weighted(request: CollapseRequest, item: str) -> str:
    """Sum w y: y is 1 at the levels that count, or the answer itself."""
    if request.measure.kind == "mean":
        return _sum(f"{item} >= 0", f"{WEIGHT} * {item}")
    levels = ", ".join(str(level) for level in request.measure.levels)
    return _sum(f"{item} IN ({levels})", WEIGHT)


def _any_answered(items: Sequence[str]) -> str:
    return " OR ".join(f"{item} >= 0" for item in items)


def _sum(condition: str, value: str) -> str:
    """Sum to 0, never NULL, where nobody answered; 0E0 is zero as a double."""
    return f"SUM(CASE WHEN {condition} THEN {value} ELSE 0E0 END)"


def _count(condition: str) -> str:
    return f"COUNT(CASE WHEN ({condition}) AND {WEIGHT} > 0 THEN 1 END)"
