"""An analyst's result as data for programs: what it is about, and flat tables with every digit.

Not the results themselves nor their tables for people (survey.cli, survey.web). Words in it are stable and
English; estimates are shares of the best that the formula can reach, 0 to 1.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from survey.aggregation import Estimate
from survey.questionnaires import Formula
from survey.reports.cells import csv_text
from survey.services.unit_names import unit_name

Cell = str | int | float | bool | None
#: The columns of an estimate.
FIGURES = ("value", "se", "ci_low", "ci_high", "n", "n_eff", "deff", "df", "flags")


@dataclass(frozen=True, slots=True)
class FlatTable:
    """A named table, a row a unit, item or rule."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class AnalysisDocument:
    """What a result is about (snapshot, formula, method, …), and its tables, the main one first."""

    about: Mapping[str, Any]
    tables: tuple[FlatTable, ...]


class OfSnapshot(Protocol):
    """What every result of one snapshot says of itself."""

    @property
    def snapshot(self) -> str: ...
    @property
    def data_sha256(self) -> str: ...
    @property
    def simulated(self) -> bool: ...
    @property
    def formula(self) -> Formula: ...
    @property
    def rows(self) -> int: ...


def about_result(result: OfSnapshot, analysis: str, **more: Any) -> dict[str, Any]:
    """Say what a result of one snapshot is about; `more` is what it alone has."""
    return {
        "analysis": analysis,
        "snapshot": result.snapshot,
        "data_sha256": result.data_sha256,
        "simulated": result.simulated,
        "formula": result.formula.id,
        "rows": result.rows,
        "scale": "share",
        **more,
    }


def as_json(document: AnalysisDocument) -> str:
    """Write a document as JSON, each table a list of objects."""
    told = dict(document.about)
    for table in document.tables:
        told[table.name] = [dict(zip(table.head, row, strict=True)) for row in table.rows]
    return json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def as_csv(document: AnalysisDocument) -> str:
    """Write the tables as one CSV; lines end in CR LF (RFC 4180).

    With several tables the table's name comes first, and a column that only another table has is empty.
    Text that a spreadsheet would run is guarded.
    """
    head = tuple(dict.fromkeys(name for table in document.tables for name in table.head))
    made = io.StringIO()
    lines = csv.writer(made)
    several = len(document.tables) > 1
    lines.writerow([*(["table"] if several else []), *head])
    for table in document.tables:
        for row in table.rows:
            told = dict(zip(table.head, row, strict=True))
            cells = [_csv_cell(told.get(name)) for name in head]
            lines.writerow([table.name, *cells] if several else cells)
    return made.getvalue()


def table_of(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> FlatTable:
    """Set a table together."""
    return FlatTable(name, tuple(head), tuple(tuple(row) for row in rows))


def unit_cells(unit_id: str) -> tuple[str, str]:
    """Give a unit's id and name; both "" for the whole."""
    return unit_id, unit_name(unit_id) if unit_id else ""


def figure_cells(estimate: Estimate) -> tuple[Cell, ...]:
    """Give the cells of FIGURES."""
    return (
        estimate.value,
        estimate.se,
        estimate.ci_low,
        estimate.ci_high,
        estimate.n,
        estimate.n_eff,
        estimate.deff,
        estimate.df,
        " ".join(estimate.flags),
    )


def number_cell(value: float) -> float | None:
    """Give a number, or nothing where there is none: JSON has no NaN."""
    return None if math.isnan(value) else float(value)


def prefixed(prefix: str, names: Sequence[str]) -> tuple[str, ...]:
    """Name columns apart from others of their kind."""
    return tuple(f"{prefix}_{name}" for name in names)


def _csv_cell(cell: Cell) -> str | int | float | None:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return csv_text(cell) if isinstance(cell, str) else cell
