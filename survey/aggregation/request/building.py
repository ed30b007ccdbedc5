"""From a document of the right shape to a request: lists for single values, defaults, other names.

Not the shape (shape.py) nor what the keys contradict among themselves (contradictions.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from survey.aggregation.request.building_statistics import statistics_of
from survey.aggregation.request.contradictions import contradictions
from survey.aggregation.request.document import Document, Json, document_of, read_document
from survey.aggregation.request.errors import RequestRefused
from survey.aggregation.request.request import (
    Adjustment,
    CalibrateRequest,
    ComparisonRequest,
    DataRequest,
    DesignRequest,
    EstimateRequest,
    Label,
    MarginRequest,
    ReplicatesRequest,
    Where,
)
from survey.aggregation.request.shape import check_shape
from survey.aggregation.request.values import compare_id, many, where_of

_ADJUSTMENTS: dict[str, Adjustment] = {"BH": "bh", "fdr": "bh", "BY": "by"}


def read_request(path: Path | str) -> EstimateRequest:
    """Read and check a request file.

    Raises:
        NoSuchFile, RequestUnreadable, RequestRefused.
    """
    return _request(read_document(Path(path)))


def build_request(told: Mapping[str, Json]) -> EstimateRequest:
    """Check a request that a program wrote as a mapping.

    Raises:
        RequestUnreadable, RequestRefused.
    """
    return _request(document_of(told))


def _request(document: Document) -> EstimateRequest:
    told = document.data
    check_shape(told)
    problems = list(contradictions(told))
    if problems:
        raise RequestRefused(problems)
    level = float(told.get("level", 0.95))
    return EstimateRequest(
        title=told.get("title", ""),
        data=_data(told["data"]),
        design=_design(told.get("design", {})),
        calibrate=_calibrate(told["calibrate"]) if "calibrate" in told else None,
        replicates=_replicates(told["replicates"]) if "replicates" in told else None,
        statistics=statistics_of(told["statistics"], level),
        compare=tuple(_comparison(at, one) for at, one in enumerate(told.get("compare", ()))),
        adjust=_ADJUSTMENTS.get(told.get("adjust", "bh"), told.get("adjust", "bh")),
        sha256=document.sha256,
    )


def _data(told: Json) -> DataRequest:
    if isinstance(told, str):
        return DataRequest(told)
    return DataRequest(
        path=told["path"],
        format=told.get("format", ""),
        sha256=told.get("sha256", "").lower(),
        delimiter=told.get("delimiter", ","),
        columns=tuple(told.get("columns", ())),
        types=tuple(told.get("types", {}).items()),
    )


def _design(told: Json) -> DesignRequest:
    return DesignRequest(
        weights=told.get("weights", ""),
        strata=many(told.get("strata")),
        psu=many(told.get("psu")),
        fpc=many(told.get("fpc")),
        nest=told.get("nest"),
        lonely=told.get("lonely", "fail"),
        lonely_domains=told.get("lonely_domains", False),
    )


def _calibrate(told: Json) -> CalibrateRequest:
    bounds = told.get("bounds")
    return CalibrateRequest(
        kind="linear" if told["kind"] == "greg" else told["kind"],
        margins=tuple(_margins(told.get("margins", ()))),
        totals=tuple(told.get("totals", {}).items()),
        bounds=(float(bounds[0]), float(bounds[1])) if bounds else None,
    )


def _margins(told: Json) -> Iterator[MarginRequest]:
    if isinstance(told, Mapping):
        for column, totals in told.items():
            yield MarginRequest(f"calibrate.margins.{column}", (column,), _cells(totals))
        return
    for at, one in enumerate(told):
        path, columns = f"calibrate.margins[{at}]", many(one["column"])
        if isinstance(one["totals"], Mapping):
            yield MarginRequest(path, columns, _cells(one["totals"]))
        else:
            cells = tuple((tuple(cell[name] for name in columns), cell["total"]) for cell in one["totals"])
            yield MarginRequest(path, columns, cells)


def _cells(totals: Mapping[str, float]) -> tuple[tuple[tuple[Label, ...], float], ...]:
    return tuple(((label,), float(total)) for label, total in totals.items())


def _replicates(told: Json) -> ReplicatesRequest:
    columns, rscales = told.get("columns", ()), told.get("rscales")
    return ReplicatesRequest(
        kind="".join(letter for letter in told.get("kind", "").lower() if letter.isalnum()),
        replicates=told.get("replicates"),
        rho=told.get("rho"),
        seed=told.get("seed", 1),
        columns=() if isinstance(columns, str) else tuple(columns),
        pattern=columns if isinstance(columns, str) else "",
        scale=told.get("scale"),
        rscales=None if rscales is None else many(rscales),
        mse=told.get("mse", False),
        combined=told.get("combined", True),
    )


def _comparison(place: int, told: Json) -> ComparisonRequest:
    domain, other = _two_domains(told)
    return ComparisonRequest(
        path=f"compare[{place}]",
        id=compare_id(place, told),
        statistic=told.get("statistic"),
        item=told.get("item"),
        level=told.get("level"),
        domain=domain,
        other=other,
    )


def _two_domains(told: Json) -> tuple[Where | None, Where | None]:
    if "domains" in told:
        first, second = told["domains"]
    elif "part" in told:
        first, second = told["part"], told.get("whole", "whole")
    else:
        first, second = told["domain"], told.get("other", "whole")
    return _domain_or_whole(first), _domain_or_whole(second)


def _domain_or_whole(told: Json) -> Where | None:
    return None if told == "whole" or not told else where_of(told)
