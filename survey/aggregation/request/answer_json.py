"""An answer as JSON: every number in full double precision, null where there is none.

Not its tables for people (survey.reports).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from survey.aggregation.estimates import Estimate
from survey.aggregation.request.answer import Answer, AnswerLine, ComparisonLine, CovarianceTable, cv_of

FORMAT = "survey-estimates/1"


def answer_text(answer: Answer) -> str:
    """Write an answer as JSON, ending with a line end; the same answer gives the same text."""
    return json.dumps(answer_document(answer), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def answer_document(answer: Answer) -> dict[str, Any]:
    """Return an answer as what JSON can hold."""
    told: dict[str, Any] = {
        "format": FORMAT,
        "survey_version": answer.version,
        "title": answer.title,
        "request_sha256": answer.request_sha256,
        "data": {
            "name": answer.data.name,
            "format": answer.data.format,
            "sha256": answer.data.sha256,
            "rows": answer.data.rows,
        },
        "design": _plain(answer.design),
        "calibration": _plain(answer.calibration),
        "replicates": _plain(answer.replicates),
        "estimates": [_line(one) for one in answer.lines],
        "covariances": [_covariance(one) for one in answer.covariances],
        "comparisons": [_comparison(one) for one in answer.comparisons],
        "family": _plain(answer.family),
        "notes": [{"vi": vi, "en": en} for vi, en in answer.notes],
    }
    return told


def _line(line: AnswerLine) -> dict[str, Any]:
    told: dict[str, Any] = {
        "statistic": line.statistic,
        "kind": line.kind,
        "domain": dict(line.domain),
        "where": _plain(line.where),
        "item": line.item,
        "denominator": line.denominator or None,
        "level": line.level,
        "probability": line.probability,
        **_figures(line.estimate),
        "deff": _number(line.deff),
        "deff_convention": line.deff_convention,
        "cv": _number(line.cv),
    }
    if line.deffs is not None:
        told["deffs"] = _plain(line.deffs)
    if line.more:
        told.update(_plain(line.more))
    return told | _words(line.estimate)


def _figures(estimate: Estimate) -> dict[str, Any]:
    return {
        "estimate": _number(estimate.value),
        "se": _number(estimate.se),
        "ci_low": _number(estimate.ci_low),
        "ci_high": _number(estimate.ci_high),
        "confidence": estimate.level,
        "df": _number(estimate.df),
        "n": estimate.n,
        "n_eff": _number(estimate.n_eff),
    }


def _words(estimate: Estimate) -> dict[str, Any]:
    return {"unit": estimate.unit, "flags": list(estimate.flags), "method": estimate.method}


def _comparison(line: ComparisonLine) -> dict[str, Any]:
    figures = _figures(line.estimate)
    del figures["n_eff"]
    return {
        "id": line.id,
        "statistic": line.statistic,
        "kind": line.kind,
        "item": line.item,
        "level": line.level,
        "domain": _plain(line.domain),
        "other": "whole" if line.other is None else _plain(line.other),
        **figures,
        "cv": _number(cv_of(line.estimate)),
        "p": _number(line.p),
        "q": _number(line.q),
        **_words(line.estimate),
    }


def _covariance(table: CovarianceTable) -> dict[str, Any]:
    return {
        "statistic": table.statistic,
        "rows": [
            {
                "domain": dict(line.domain),
                "item": line.item,
                "level": line.level,
                "estimate": _number(line.estimate.value),
            }
            for line in table.rows
        ],
        "matrix": [[_number(value) for value in row] for row in table.matrix.tolist()],
    }


def _number(value: float | None) -> float | int | None:
    if value is None or not math.isfinite(value):
        return None
    return value


def _plain(value: object) -> Any:
    """Return mappings, sequences and numbers as JSON has them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return _number(value)
    return value
