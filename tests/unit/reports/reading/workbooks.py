"""Small workbooks made for the tests, sound and unsound; parts are written by hand where no library would."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def bytes_of(book: Workbook) -> bytes:
    """Save a workbook."""
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def workbook(rows: Iterable[Sequence[Any]], title: str = "Phiếu") -> bytes:
    """Make a workbook of one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return bytes_of(book)


def parts_of(sheet: str, **more: str) -> dict[str, str]:
    """Write the parts of a bare workbook by hand; `sheet` is the content of its <worksheet>."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets><sheet name="Phiếu" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}">{sheet}</worksheet>',
    }
    return {**parts, **more}


def archive(parts: dict[str, str] | dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Put parts into an archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as writer:
        for name, content in parts.items():
            writer.writestr(name, content)
    return made.getvalue()


def by_hand(sheet: str, **more: str) -> bytes:
    """Make a workbook whose sheet is written by hand."""
    return archive(parts_of(sheet, **more))


def cell(reference: str, text: str) -> str:
    """Write a cell with a text in itself."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'
