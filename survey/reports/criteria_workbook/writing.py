"""A criteria set as a workbook that an official can fill, print and import again; and an empty one.

Not what stands in which column (layout.py). Text is written as text, whatever it begins with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from survey.reports.cells import clean_text, looks_like_formula
from survey.reports.criteria_workbook import layout
from survey.reports.criteria_workbook.aside_sheets import Lists, write_help, write_words
from survey.reports.criteria_workbook.errors import TextsNotHeld
from survey.reports.criteria_workbook.layout import FACT_TABLE, FACTS, HEAD_ROWS, NOTE, Column, Table
from survey.reports.criteria_workbook.look import Look, set_up_page
from survey.reports.criteria_workbook.rows import RowValues, depths, rows_of
from survey.reports.criteria_workbook.values import cell_of, got
from survey.reports.responses.typed_cells import write_text
from survey.reports.summary.heights import height_needed
from survey.scoring import CriteriaSet, document_of

#: How many rows have lists to choose from; rows below them are read all the same.
PREPARED_ROWS = 1_000
_LANGUAGES = frozenset({"vi", "en"})
_EMPTY_NOTES = 3


def write_criteria_workbook(criteria_set: CriteriaSet) -> bytes:
    """Write a criteria set as a workbook that reads back as the same set.

    Raises:
        TextsNotHeld: a text is in a language beside Vietnamese and English, for which there is no column.
    """
    return write_document(document_of(criteria_set))


def write_document(document: Mapping[str, Any]) -> bytes:
    """Write a criteria set's JSON document, as `write_criteria_workbook` does.

    Raises:
        TextsNotHeld: as above.
    """
    others = sorted(set(_other_languages(document)))
    if others:
        raise TextsNotHeld(languages=", ".join(others))
    return _Book(document).made()


def criteria_template() -> bytes:
    """Write the empty workbook: headers, lists to choose from, the settings that most sets have."""
    return _Book({"schema_version": 1, "base": 100, "bands": "abc"}).made()


def _other_languages(value: Any) -> list[str]:
    """Find the languages of texts, which are the objects that have a Vietnamese side."""
    if isinstance(value, Mapping):
        mine = [language for language in value if language not in _LANGUAGES] if "vi" in value else []
        return mine + [one for inner in value.values() for one in _other_languages(inner)]
    inner = value if isinstance(value, list) else []
    return [one for item in inner for one in _other_languages(item)]


class _Book:
    """One workbook on its way: the document, the looks, the ranges of lists."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._made = BytesIO()
        self._book = Workbook(
            self._made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._look = Look(self._book)
        names = [layout.HELP, layout.INFO, *(table.sheet for table in layout.TABLES), layout.WORDS]
        self._sheets = {name: self._book.add_worksheet(name) for name in names}
        self._lists: Lists = {}

    def made(self) -> bytes:
        said = self._said()
        self._lists = write_words(self._sheets[layout.WORDS], self._look, said)
        write_help(self._sheets[layout.HELP], self._look, said)
        self._write_facts()
        rows = rows_of(self._document)
        for table in layout.TABLES:
            self._write_table(table, rows[table.sheet])
        self._sheets[layout.INFO].activate()
        self._book.close()
        return self._made.getvalue()

    def _said(self) -> str:
        """Say which set this is, and that it is an illustration where it is one, on every sheet."""
        mark = "MINH HỌA, không phải bộ tiêu chí chính thức – illustration. "
        version = self._document.get("version")
        named = (
            f"Bộ tiêu chí {self._document.get('id')}, phiên bản {version}" if version else "Mẫu bộ tiêu chí"
        )
        return (mark if self._document.get("status") == "illustration" else "") + named

    def _head(self, table: Table) -> Worksheet:
        sheet = self._sheets[table.sheet]
        width = sum(column.width for column in table.columns)
        set_up_page(sheet, table.sheet, self._said(), repeat=HEAD_ROWS, width=width)
        sheet.freeze_panes(HEAD_ROWS, table.frozen)
        write_text(sheet, 0, 0, clean_text(f"{table.sheet} – {table.en}. {self._said()}"), self._look.title)
        wraps = [(text, one.width) for one in table.columns for text in (one.en,)]
        sheet.set_row(0, None, self._look.plain)
        sheet.set_row(1, height_needed(wraps), self._look.plain)
        sheet.set_row(2, height_needed([(one.vi, one.width - 1) for one in table.columns]))
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, column.width, self._look.of(column))
            sheet.write_string(1, place, column.en, self._look.english)
            sheet.write_string(2, place, column.vi, self._look.aside if column.is_aside else self._look.head)
        return sheet

    def _write_table(self, table: Table, rows: Sequence[RowValues]) -> None:
        sheet = self._head(table)
        levels = depths(self._document) if table.sheet == layout.TREE else []
        for index, row in enumerate(rows):
            line = HEAD_ROWS + index
            is_parent = index + 1 < len(levels) and levels[index + 1] > levels[index]
            texts = [(str(row.get(one.key) or ""), one.width) for one in table.columns]
            sheet.set_row(line, height_needed(texts))
            for place, column in enumerate(table.columns):
                depth = levels[index] if levels and column.key == "name.vi" else 0
                told = self._parameter(row) if column.key == "value" else column
                self._put(sheet, line, place, row.get(column.key), told, bold=is_parent, indent=depth)
        for place, column in enumerate(table.columns):
            self._list(sheet, (HEAD_ROWS, place, HEAD_ROWS + PREPARED_ROWS - 1, place), column)

    def _parameter(self, row: RowValues) -> Column:
        return layout.PARAMETERS.get(row.get("parameter") or "", layout.RULE_TABLE.column("value"))

    def _put(
        self, sheet: Worksheet, line: int, place: int, value: Any, column: Column,
        *, bold: bool = False, indent: int = 0,
    ) -> None:  # fmt: skip
        if column.key == "parameter" and value is not None:
            value = layout.PARAMETERS[value].vi
        cell = cell_of(value, column)
        text = clean_text(cell) if isinstance(cell, str) else ""
        form = self._look.of(column, bold=bold, indent=indent, quoted=looks_like_formula(text))
        match cell:
            case None:
                sheet.write_blank(line, place, None, form)
            case str():
                write_text(sheet, line, place, text, form)
            case int() | float():
                sheet.write_number(line, place, cell, form)
            case date():
                sheet.write_datetime(line, place, cell, form)

    def _list(self, sheet: Worksheet, area: tuple[int, int, int, int], column: Column) -> None:
        """Offer a list in an area; words of the JSON format are taken too, so the rest is only warned of."""
        source = self._lists.get("parameter" if column.key == "parameter" else _list_name(column))
        if source:
            sheet.data_validation(*area, {"validate": "list", "source": source, "error_type": "warning"})

    def _write_facts(self) -> None:
        sheet = self._head(FACT_TABLE)
        for index, fact in enumerate(FACTS):
            self._write_fact(sheet, HEAD_ROWS + index, fact, got(self._document, fact.key[1:].split("/")))
        notes = list(self._document.get("notes", ())) or [{}] * _EMPTY_NOTES
        for index, note in enumerate(notes):
            self._write_fact(sheet, HEAD_ROWS + len(FACTS) + index, NOTE, note)

    def _write_fact(self, sheet: Worksheet, line: int, fact: Column, value: Any) -> None:
        name, _, english, hint = FACT_TABLE.columns
        is_text = isinstance(value, Mapping) and "vi" in value
        if fact.key == "/bands" and isinstance(value, Mapping):
            value = None  # a scale of the set's own stands on its sheet
        mine = value.get("vi") if is_text else value if not isinstance(value, Mapping) else None
        other = value.get("en") if is_text else None
        texts = [(str(mine or ""), 52.0), (str(other or ""), 40.0), (fact.hint, 56.0), (fact.vi, 36.0)]
        sheet.set_row(line, height_needed(texts))
        self._put(sheet, line, 0, fact.vi, name, bold=True)
        self._put(sheet, line, 1, mine, fact)
        self._put(sheet, line, 2, other, english)
        self._put(sheet, line, 3, fact.hint or None, hint)
        self._list(sheet, (line, 1, line, 1), fact)


def _list_name(column: Column) -> str:
    """Name the list of a column as the sheet of lists keeps it."""
    if column.key == "/bands":
        return "scales"
    return "yes_no" if column.kind == "yes_no" else "|".join(column.words) if column.kind == "choice" else ""
