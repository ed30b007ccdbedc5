"""The sample design of a request from the columns of its data, and what it came to.

Not calibration (calibrating.py) nor replicates (replicating.py). Every row of the data is in the design;
nothing in a request can take one out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from survey.aggregation.design import SampleDesign
from survey.aggregation.errors import MissingLabels, listed
from survey.aggregation.labels import FloatArray
from survey.aggregation.request.columns import Coded, Columns
from survey.aggregation.request.errors import BadWeightColumn, NotNested, located
from survey.aggregation.request.request import DesignRequest
from survey.aggregation.selection import LonelyRule


def build_design(columns: Columns, told: DesignRequest) -> SampleDesign:
    """Build the design that a request describes.

    Without weights they follow from `fpc`; without either every row counts once.

    Raises:
        BadWeightColumn, NotNumbers, MissingLabels, NotNested.
        BadWeights, BadPopulation, LonelyPsu: naming the strata; their detail is the path.
    """
    strata = crossed(columns, told.strata, "strata")
    psu = [_labelled(columns, column, "psu") for column in told.psu]
    if strata is not None and psu:
        _check_nesting(told, strata, psu[0])
    fpc: list[FloatArray | None] = [columns.numbers(column, "design.fpc") for column in told.fpc]
    fpc += [None] * (2 - len(fpc))
    weights = _weights(columns, told)
    with located(f"design ({_described(told)})"):
        return SampleDesign.build(
            weights=np.ones(columns.rows) if weights is None and not told.fpc else weights,
            strata=None if strata is None else strata.as_objects(),
            psu=psu[0].as_objects() if psu else None,
            ssu=psu[1].as_objects() if len(psu) > 1 else None,
            fpc=fpc[0],
            ssu_fpc=fpc[1],
            lonely=cast(LonelyRule, told.lonely),
            lonely_domains=told.lonely_domains,
        )


def crossed(columns: Columns, names: Sequence[str], key: str) -> Coded | None:
    """Return one column of labels, or several crossed to `a / b`; None without any.

    Raises:
        MissingLabels: a row without a label, naming the column.
    """
    if not names:
        return None
    coded = [_labelled(columns, name, key) for name in names]
    if len(coded) == 1:
        return coded[0]
    codes = np.zeros(columns.rows, dtype=np.intp)
    for one in coded:
        codes = codes * len(one.labels) + one.codes
    present, place = np.unique(codes, return_inverse=True)
    return Coded(tuple(_joined(int(key), coded) for key in present), place.astype(np.intp))


def _joined(key: int, coded: Sequence[Coded]) -> str:
    parts = []
    for one in reversed(coded):
        key, at = divmod(key, len(one.labels))
        parts.append(str(one.labels[at]))
    return " / ".join(reversed(parts))


def _labelled(columns: Columns, column: str, key: str) -> Coded:
    coded = columns.labels(column)
    if coded.missing:
        with located(f"design.{key}"):
            raise MissingLabels(column=column, count=coded.missing)
    return coded


def _weights(columns: Columns, told: DesignRequest) -> FloatArray | None:
    if not told.weights:
        return None
    weights = columns.numbers(told.weights, "design.weights")
    for bad, problem in ((np.isnan(weights), "thiếu / missing"), (weights < 0, "số âm / negative")):
        if bad.any():
            raise BadWeightColumn(
                column=told.weights,
                path="design.weights",
                count=int(bad.sum()),
                problem=problem,
                row=int(np.argmax(bad)) + 1,
            )
    return weights


def _check_nesting(told: DesignRequest, strata: Coded, psu: Coded) -> None:
    """Refuse PSU codes that stand in several strata, unless they start anew in each.

    Where the request does not say, they do if one stratum has every code: 1, 2 in each stratum, say.
    """
    if told.nest:
        return
    pairs = np.unique(psu.codes * len(strata.labels) + strata.codes)
    of_pair = pairs // len(strata.labels)
    times = np.bincount(of_pair, minlength=len(psu.labels))
    several = np.flatnonzero(times > 1)
    in_stratum = np.bincount(pairs % len(strata.labels), minlength=len(strata.labels))
    starts_anew = told.nest is None and int(in_stratum.max()) == len(psu.labels)
    if several.size and not starts_anew:
        raise NotNested(
            column=told.psu[0],
            path="design.psu",
            count=int(several.size),
            psus=listed(psu.labels[at] for at in several),
        )


def _described(told: DesignRequest) -> str:
    parts = [f"{key}: {', '.join(names)}" for key, names in _used(told) if names]
    return "; ".join(parts) or "-"


def _used(told: DesignRequest) -> list[tuple[str, tuple[str, ...]]]:
    weights = (told.weights,) if told.weights else ()
    return [("weights", weights), ("strata", told.strata), ("psu", told.psu), ("fpc", told.fpc)]
