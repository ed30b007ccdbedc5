"""The file that the lines of kept indices stand in: a row a figure, named after the result's hash.

Not the file's format (storage/result_files.py) nor the result's row in the database (keeping.py).
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from survey.aggregation import Estimate
from survey.services.indices.result import Indices, ResultLine
from survey.storage.models import ResultRow
from survey.storage.result_files import read_figures, write_figures
from survey.storage.store import Store


def write_lines(store: Store, computed: Indices) -> str:
    """Write the lines of computed indices and return the SHA-256 of the file."""
    path = _file(store, computed.snapshot, computed.formula.id, computed.result_sha256)
    return write_figures(path, _rows(computed))


def read_lines(store: Store, code: str, kept: ResultRow) -> tuple[ResultLine, ...] | None:
    """Read the lines of a kept result; None where its file is not the one that was written."""
    figures = read_figures(_file(store, code, kept.formula, kept.result_sha256), kept.figures_sha256)
    return None if figures is None else tuple(_line(figure) for figure in figures)


def _file(store: Store, code: str, formula: str, sha256: str) -> Path:
    return store.folder / "results" / f"{code}-{formula}-{sha256[:16]}.parquet"


def _rows(computed: Indices) -> list[dict[str, object]]:
    rows = []
    for line in computed.lines:
        figures = asdict(line.estimate)
        rows.append(
            {
                "unit": line.unit,
                "kind": line.kind,
                "statistic": line.statistic,
                "estimate_unit": figures.pop("unit"),
                **figures,
                "flags": list(line.estimate.flags),
            }
        )
    return rows


def _line(row: dict[str, object]) -> ResultLine:
    figures = dict(row)
    unit, kind, statistic = figures.pop("unit"), figures.pop("kind"), figures.pop("statistic")
    figures["unit"] = figures.pop("estimate_unit")
    figures["flags"] = tuple(figures["flags"])  # type: ignore[arg-type]  # the schema says a list of texts
    return ResultLine(str(unit), kind, str(statistic), Estimate(**figures))  # type: ignore[arg-type]  # the schema fixes the types
