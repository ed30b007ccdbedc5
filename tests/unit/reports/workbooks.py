"""Reading workbooks back, as other programs do."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from survey.reports import SummaryReport, write_summary

NASTY: list[str] = json.loads(
    (Path(__file__).parents[2] / "data" / "reports" / "nasty_strings.json").read_text("ascii")
)["strings"]


def unescaped(text: object) -> str:
    """Undo _xHHHH_ as Excel does (openpyxl leaves inline strings escaped); None is an empty text."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found.group(1), 16)), str(text or ""))


def made(report: SummaryReport) -> BytesIO:
    """Return the summary workbook of a report as a stream."""
    stream = BytesIO()
    write_summary(report, stream)
    stream.seek(0)
    return stream


def opened(report: SummaryReport) -> Workbook:
    return load_workbook(made(report))


def parts(stream: BytesIO) -> dict[str, str]:
    """Return every XML part of a workbook by its name."""
    with ZipFile(stream) as packed:
        return {name: packed.read(name).decode("utf-8") for name in packed.namelist()}


def column_of(sheet: object, title: str, rows: range = range(1, 30)) -> int:
    """Return the column (from 1) whose header says `title`."""
    for line in rows:
        for cell in sheet[line]:  # type: ignore[index]  # a worksheet, untyped here
            if cell.value == title:
                return int(cell.column)
    raise AssertionError(f"no header {title!r}")


def line_of(sheet: object, text: str) -> int:
    """Return the row in which a cell says exactly `text`."""
    for row in sheet.iter_rows():  # type: ignore[attr-defined]  # a worksheet, untyped here
        for cell in row:
            if cell.value == text:
                return int(cell.row)
    raise AssertionError(f"no cell {text!r}")
