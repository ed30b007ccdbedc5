"""What the worker tells the site: one JSON document a line, counted, so that it can never flood it.

Not what the values mean: cells are told as they stand in the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import IO, Any

from .limits import CELLS, COLUMNS, LETTERS, PROBLEMS, ROWS
from .refusal import Refused

Value = str | int | float | bool | date | None


class Telling:
    """Writes sheets, rows and problems as they are found, and keeps count of all of them."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._rows = self._cells = self._letters = self._problems = self._unlisted = 0

    def sheet(self, name: str) -> None:
        """Begin a sheet; its rows follow."""
        self._rows = 0
        self._write({"sheet": name})

    def row(self, number: int, values: Sequence[Value]) -> None:
        """Tell a row that holds something; `values` end at its last filled cell.

        Raises:
            Refused: there are too many rows, columns, cells or letters.
        """
        self._rows += 1
        self._cells += sum(value is not None for value in values)
        self._letters += sum(len(value) for value in values if isinstance(value, str))
        for count, most, code in (
            (self._rows, ROWS, "too-many-rows"),
            (len(values), COLUMNS, "too-many-columns"),
            (self._cells, CELLS, "too-many-cells"),
            (self._letters, LETTERS, "too-much-text"),
        ):
            if count > most:
                raise Refused(code, most=most)
        self._write({"row": number, "cells": [_plain(value) for value in values]})

    def problem(self, row: int, column: int, code: str) -> None:
        """Tell what is wrong with a cell; after the first thousand they are only counted."""
        self._problems += 1
        if self._problems > PROBLEMS:
            self._unlisted += 1
        else:
            self._write({"problem": code, "at": [row, column]})

    def merged(self, reference: str) -> None:
        self._write({"merged": reference})

    def hidden(self, name: str) -> None:
        """Tell of a sheet that is hidden, so not read."""
        self._write({"hidden": name})

    def end(self) -> None:
        self._write({"end": True, "unlisted": self._unlisted})

    def refuse(self, code: str, places: Mapping[str, str | int]) -> None:
        self._write({"refused": code, "places": dict(places)})

    def _write(self, told: Mapping[str, Any]) -> None:
        self._out.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def _plain(value: Value) -> object:
    return {"day": value.isoformat()} if isinstance(value, date) else value
