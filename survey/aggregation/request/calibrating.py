"""The calibration of a request: its margins and totals against the data, by the rule it names.

Not how weights are found (survey.aggregation.weighting).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from survey.aggregation.design import SampleDesign
from survey.aggregation.errors import MissingLabels
from survey.aggregation.labels import FloatArray
from survey.aggregation.request.columns import Columns
from survey.aggregation.request.errors import MarginsDiffer, located
from survey.aggregation.request.needed import INTERCEPT, indicator_columns
from survey.aggregation.request.request import CalibrateRequest, Label, MarginRequest
from survey.aggregation.request.shape import at
from survey.aggregation.request.values import key_of
from survey.aggregation.weighting import (
    Calibration,
    Margin,
    NumericTotal,
    calibrate,
    poststratify,
    rake,
)


def calibrate_design(design: SampleDesign, columns: Columns, told: CalibrateRequest) -> SampleDesign:
    """Calibrate the design's weights as a request says.

    Raises:
        MarginsDiffer, MissingLabels, NotNumbers, NoSuchColumn.
        UnknownLabel, UnsampledLabel, DisagreeingMargins, NotConverged and the others of weighting, their
        detail naming the path.
    """
    margins = [_margin(columns, one) for one in told.margins]
    numbers, population = _numbers(columns, told)
    with located("calibrate"):
        return design.calibrated(_calibrated(design.weights, told, margins, numbers, population))


def _calibrated(
    weights: FloatArray,
    told: CalibrateRequest,
    margins: Sequence[Margin],
    numbers: Sequence[NumericTotal],
    population: float | None,
) -> Calibration:
    if told.kind == "poststratify":
        return poststratify(weights, margins[0])
    if told.kind == "rake":
        return rake(weights, margins, convention="rake")
    if told.kind == "raking":
        return calibrate(weights, margins, numbers, population=population, distance="raking")
    if told.kind == "logit":
        return calibrate(
            weights, margins, numbers, population=population, distance="logit", bounds=told.bounds
        )
    return calibrate(weights, margins, numbers, population=population, bounds=told.bounds)


def _margin(columns: Columns, told: MarginRequest) -> Margin:
    totals: dict[Hashable, float] = {}
    for labels, total in told.totals:
        name = _cell_name(labels)
        if name in totals:
            raise MarginsDiffer(path=told.path, problem=f"hai lần / twice: {name}")
        totals[name] = float(total)
    return Margin(" × ".join(told.columns), _cells(columns, told), totals)


def _cells(columns: Columns, told: MarginRequest) -> list[str | None]:
    coded = [columns.labels(column) for column in told.columns]
    for column, one in zip(told.columns, coded, strict=True):
        if one.missing:
            with located(told.path):
                raise MissingLabels(column=column, count=one.missing)
    named = [[key_of(label) for label in one.labels] for one in coded]
    return [
        " × ".join(names[code] for names, code in zip(named, codes, strict=True))
        for codes in zip(*(one.codes.tolist() for one in coded), strict=True)
    ]


def _cell_name(labels: Sequence[Label]) -> str:
    return " × ".join(key_of(label) for label in labels)


def _numbers(columns: Columns, told: CalibrateRequest) -> tuple[list[NumericTotal], float | None]:
    numbers, population = [], None
    for key, total in told.totals:
        if key in INTERCEPT:
            population = float(total)
            continue
        path = at("calibrate.totals", key)
        values = columns.numbers(key, path) if key in columns.paths else _indicator(columns, key, path)
        _refuse_missing(values, key, path)
        numbers.append(NumericTotal(key, values, float(total)))
    return numbers, population


def _indicator(columns: Columns, key: str, path: str) -> FloatArray:
    """Return 0 and 1 for a level named as R names it, such as "stypeH"."""
    found = {
        (column, place)
        for column in indicator_columns(key, tuple(columns.paths))
        for place, label in enumerate(columns.labels(column).labels)
        if f"{column}{key_of(label)}" == key
    }
    if len(found) != 1:
        problem = f"“{key}” không phải cột hay cột+nhãn nào / is no column and no column + label"
        raise MarginsDiffer(path=path, problem=problem)
    ((column, place),) = found
    codes = columns.labels(column).codes
    return np.where(codes < 0, np.nan, codes == place)


def _refuse_missing(values: FloatArray, key: str, path: str) -> None:
    missing = int(np.isnan(values).sum())
    if missing:
        problem = f"cột “{key}” thiếu {missing} ô / column “{key}” lacks {missing} cells"
        raise MarginsDiffer(path=path, problem=problem)
