"""The list of statistics of a request: each with its defaults and its one name for what has several.

Not whether the keys go together (building.py).
"""

from __future__ import annotations

from survey.aggregation.methods import IntervalMethod
from survey.aggregation.request.document import Json
from survey.aggregation.request.request import (
    DeffConvention,
    IntervalRequest,
    StatisticRequest,
)
from survey.aggregation.request.values import canonical, many, where_of

_METHODS: dict[str, IntervalMethod] = {
    "default": "default",
    "t": "t",
    "mean": "t",
    "normal": "normal",
    "logit": "logit",
    "xlogit": "logit",
    "wilson": "wilson",
    "beta": "beta",
    "korn_graubard": "korn_graubard",
    "nchs": "korn_graubard",
    "arcsine": "arcsine",
    "asin": "arcsine",
    "likelihood": "likelihood",
}
_CONVENTIONS: dict[object, DeffConvention] = {
    False: "with_replacement",
    True: "without_replacement",
    "replace": "with_replacement",
}


def statistics_of(told: Json, level: float) -> tuple[StatisticRequest, ...]:
    """Read the statistics; one without an id gets its kind and place, such as "mean_1"."""
    return tuple(_statistic(place, one, level) for place, one in enumerate(told))


def _statistic(place: int, told: Json, level: float) -> StatisticRequest:
    items, deff = many(told["items"]), told.get("deff", False)
    return StatisticRequest(
        path=f"statistics[{place}]",
        id=default_id(place, told),
        kind=told["kind"],
        items=items,
        denominator=_denominators(told, len(items)),
        outcome=told.get("outcome", ""),
        levels=tuple(canonical(one) for one in told.get("levels", ())),
        index_weights=_index_weights(told, items),
        probabilities=tuple(float(one) for one in told.get("probabilities", (0.5,))),
        combination=told.get("combination", "averaged"),
        by=many(told.get("by")),
        where=where_of(told.get("where", {})),
        listwise=told.get("missing") == "listwise",
        interval=_interval(told.get("interval", {}), level),
        deff=_CONVENTIONS.get(deff, deff),
        all_deffs=bool(deff),
        covariance=told.get("covariance", False),
    )


def default_id(place: int, told: Json) -> str:
    """Return the id of a statistic, made from its kind and place where it has none."""
    return str(told.get("id", f"{told['kind']}_{place + 1}"))


def _denominators(told: Json, items: int) -> tuple[str, ...]:
    given = many(told.get("denominator"))
    return given * items if len(given) == 1 else given


def _index_weights(told: Json, items: tuple[str, ...]) -> tuple[float, ...]:
    given = told.get("index_weights")
    if given is None:
        return (1 / len(items),) * len(items)
    if isinstance(given, dict):
        return tuple(float(given[item]) for item in items)
    return tuple(float(one) for one in given)


def _interval(told: Json, level: float) -> IntervalRequest:
    given: Json = {"method": told} if isinstance(told, str) else told
    return IntervalRequest(_METHODS[given.get("method", "default")], float(given.get("level", level)))
