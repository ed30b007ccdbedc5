"""Responses as CSV: UTF-8 with BOM, one header row of item ids, ISO dates, decimal point.

For programs and for what does not fit a workbook; people are better served by workbook.py.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date

from survey.reports.cells import csv_text
from survey.reports.responses.columns import Absent, ResponseColumn, Table, Value, Written
from survey.reports.targets import Target, whole_file


def write_responses_csv(
    columns: Sequence[ResponseColumn],
    rows: Iterable[Sequence[Value]],
    target: Target,
    *,
    simulated: bool,
    expected_rows: int | None = None,
) -> Written:
    """Write responses as CSV in bounded memory; only text cells are guarded, −5 stays −5.

    Raises:
        HeaderRepeated, RowWidthDiffers, CellKindMismatch, RowsMissing: the target is untouched.
    """
    table = Table(columns, simulated=simulated)
    with whole_file(target) as work:
        with work.open("w", encoding="utf-8-sig", newline="") as made:
            lines = csv.writer(made)
            lines.writerow([csv_text(column.id) for column in table.columns])
            for row in table.checked(rows):
                lines.writerow([_cell(value) for value in row])
        return table.finish(expected_rows)


def _cell(value: Value) -> str | int | float | None:
    if isinstance(value, str):
        return csv_text(value)
    if isinstance(value, Absent):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
