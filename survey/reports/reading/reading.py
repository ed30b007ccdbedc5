"""Reading a file that came from outside: looked at, read in a limited process, given as values.

Nothing here decides what its columns mean or who may send it.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from survey.reports.cells import plain_from_csv
from survey.reports.reading.arrival import kind_on_arrival
from survey.reports.reading.confined import told_of
from survey.reports.reading.errors import UnreadableFile
from survey.reports.reading.problems import cell_problem
from survey.reports.reading.sheet_worker.limits import SECONDS
from survey.reports.reading.sheets import CellProblem, CellValue, Row, Sheet, Sheets, address, in_order
from survey.reports.reading.turns import PATIENCE_S, reading_turn

_NAME_LIMIT = 100


def read_sheets(raw: bytes, *, name: str, seconds: float = SECONDS, patience: float = PATIENCE_S) -> Sheets:
    """Read a workbook (xlsx) or CSV as sheets of typed cells, in a process with 512 MB and 30 seconds.

    Texts come in NFC and as they stand; a blank cell is None. Formulas, error values and characters
    that cannot be kept are problems of their cells. Hidden sheets are named, not read; hidden rows are
    read. Nothing outside the file is opened.

    Args:
        name: the file's name as it was sent, for messages only.
        seconds: how long reading may take.
        patience: how long to wait for a turn: two files are read at once.

    Raises:
        FileTooLarge, UnreadableFile: nothing of it was used; the sentence says what to do.
        ReaderBusy: other files are being read.
    """
    name = shown_name(name)
    kind = kind_on_arrival(raw, name=name)
    gathered = _Gathered(kind)
    with reading_turn(patience):
        for told in told_of(raw, kind, seconds=seconds):
            if "refused" in told:
                raise UnreadableFile(told["refused"], name=name, **told["places"])
            gathered.take(told)
    if not any(sheet.rows for sheet in gathered.sheets()) and not gathered.problems:
        raise UnreadableFile("no-rows", name=name)
    return Sheets(
        name=name,
        kind=kind,
        sha256=hashlib.sha256(raw).hexdigest(),
        sheets=gathered.sheets(),
        problems=in_order(gathered.problems),
        hidden=tuple(gathered.hidden),
        unlisted=gathered.unlisted,
    )


def shown_name(name: str) -> str:
    """Make the name of a file fit to be printed, kept and logged, whatever was sent."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    kept = "".join(letter if letter.isprintable() else "\ufffd" for letter in plain).strip()
    return kept if len(kept) <= _NAME_LIMIT else f"…{kept[1 - _NAME_LIMIT :]}"


class _Gathered:
    """What the worker told so far."""

    def __init__(self, kind: str) -> None:
        self.problems: list[CellProblem] = []
        self.hidden: list[str] = []
        self.unlisted = 0
        self._is_csv = kind == "csv"
        self._sheets: list[tuple[str, list[Row], list[str]]] = []
        # Answers repeat: each distinct text is held once.
        self._texts: dict[str, str] = {}

    def sheets(self) -> tuple[Sheet, ...]:
        return tuple(Sheet(name, tuple(rows), tuple(merged)) for name, rows, merged in self._sheets)

    def take(self, told: Mapping[str, Any]) -> None:
        """Take one document of the worker."""
        if "row" in told:
            cells = tuple(self._value(value) for value in told["cells"])
            self._sheets[-1][1].append(Row(told["row"], cells))
        elif "sheet" in told:
            self._sheets.append((told["sheet"], [], []))
        elif "problem" in told:
            self.problems.append(cell_problem(self._sheets[-1][0], address(*told["at"]), told["problem"]))
        elif "merged" in told:
            self._sheets[-1][2].append(told["merged"])
        elif "hidden" in told:
            self.hidden.append(told["hidden"])
        else:
            self.unlisted = told["unlisted"]

    def _value(self, told: Any) -> CellValue:
        if isinstance(told, dict):
            return date.fromisoformat(told["day"])
        if isinstance(told, str):
            text = plain_from_csv(told) if self._is_csv else told
            return self._texts.setdefault(text, text)
        plain: int | float | bool | None = told
        return plain
