"""Estimates as CSV for programs: one table, a decimal point, every digit; comparisons below as rows.

For people there are the table and the workbook. Text that a spreadsheet would run is guarded.
"""

from __future__ import annotations

import csv
import io

from survey.aggregation.request import Answer
from survey.reports.cells import csv_text
from survey.reports.estimates_columns import Cell, FlatTable, comparisons_table, estimates_table


def estimates_csv(answer: Answer) -> str:
    """Write the estimates and, with columns of their own, the comparisons; lines end in CR LF (RFC 4180)."""
    table = _joined(estimates_table(answer), comparisons_table(answer))
    made = io.StringIO()
    lines = csv.writer(made)
    lines.writerow([csv_text(name) for name in table.head])
    for row in table.rows:
        lines.writerow([_cell(value) for value in row])
    return made.getvalue()


def _joined(estimates: FlatTable, comparisons: FlatTable) -> FlatTable:
    """Put comparisons below estimates: columns that only one of them has are empty in the other."""
    if not comparisons.rows:
        return estimates
    added = {"id": "comparison", "domain": "compared", "other": "compared_with", "p": "p", "q": "q"}
    if all(row[comparisons.head.index("level")] is None for row in comparisons.rows):
        kept = tuple(name for name in comparisons.head if name != "level")
    else:
        kept = comparisons.head
    names = {name: added.get(name, name) for name in kept}
    head = (*estimates.head, *(name for name in names.values() if name not in estimates.head))
    rows = [tuple(_at(estimates.head, row, name) for name in head) for row in estimates.rows]
    told = {new: old for old, new in names.items()}
    rows += [
        tuple(_at(comparisons.head, row, told.get(name, "")) for name in head) for row in comparisons.rows
    ]
    return FlatTable(head, tuple(rows), estimates.labels)


def _at(head: tuple[str, ...], row: tuple[Cell, ...], name: str) -> Cell:
    return row[head.index(name)] if name in head else None


def _cell(value: Cell) -> str | int | float | None:
    return csv_text(value) if isinstance(value, str) else value
