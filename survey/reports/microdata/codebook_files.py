"""The codebook as files: JSON for programs, a workbook for people.

Not what it says (codebook.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl.styles import Alignment
from openpyxl.workbook import Workbook
from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from survey.reports.cells import cell_at, page_header_text, put_text
from survey.reports.responses.columns import SIMULATED_MARK
from survey.reports.summary.heights import set_height
from survey.reports.summary.look import BODY, FONT, LARGE, RED, plain, register_styles, style_name
from survey.reports.summary.packing import save_reproducibly
from survey.reports.summary.table import Column, write_header, write_row

_Row = Mapping[str, Any]
_A4 = "9"
_INCH = 25.4
_FACT_WIDTHS = (34, 100)
_ROLES = {
    "provenance": "Nguồn gốc (provenance)",
    "unit": "Đơn vị (unit)",
    "stratum": "Thiết kế mẫu: tầng (stratum)",
    "psu": "Thiết kế mẫu: PSU",
    "weight": "Thiết kế mẫu: trọng số (weight)",
    "collection": "Thu thập (collection)",
    "answer": "Câu trả lời (answer)",
}
_VARIABLES: tuple[Column[_Row], ...] = (
    Column("Biến (variable)", 24, "text", lambda row: str(row["name"])),
    Column("Mã gốc (source)", 26, "text", lambda row: str(row["source"])),
    Column("Câu hỏi, nội dung", 60, "text", lambda row: str(row["label"]["vi"])),
    Column("Question, content", 60, "text", lambda row: str(row["label"]["en"])),
    Column("Vai trò (role)", 22, "text", lambda row: _ROLES[row["role"]]),
    Column("Mã khuyết (missing)", 14, "text", lambda row: ", ".join(map(str, row["missing_codes"]))),
    Column("Có giá trị (n valid)", 13, "integer", lambda row: int(row["n_valid"])),
    Column("Ngoài mẫu số (n missing)", 13, "integer", lambda row: int(row["n_missing"])),
    Column("Bỏ trống (n blank)", 13, "integer", lambda row: int(row["n_blank"])),
)
_VALUES: tuple[Column[_Row], ...] = (
    Column("Biến (variable)", 24, "text", lambda row: str(row["name"])),
    Column("Mã (code)", 10, "order", lambda row: int(row["code"])),
    Column("Stata", 10, "text", lambda row: str(row["stata"] or row["code"])),
    Column("Nhãn", 50, "text", lambda row: str(row["label"]["vi"])),
    Column("Label", 50, "text", lambda row: str(row["label"]["en"])),
    Column("Mã lựa chọn (option)", 24, "text", lambda row: str(row["option"])),
    Column("Khuyết (missing)", 12, "centre", lambda row: "×" if row["missing"] else ""),
    Column("Số phiếu (n)", 12, "integer", lambda row: int(row["n"])),
)


def write_codebook_json(path: Path, codebook: Mapping[str, Any]) -> None:
    """Write the codebook as JSON, UTF-8."""
    path.write_text(json.dumps(codebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_codebook_xlsx(path: Path, codebook: Mapping[str, Any]) -> None:
    """Write the codebook as a workbook: notes, variables, values, both languages side by side."""
    book = Workbook()
    del book[book.sheetnames[0]]
    register_styles(book)
    _write_notes(_sheet(book, codebook, "Ghi chú"), codebook)
    _write_table(_sheet(book, codebook, "Biến"), _VARIABLES, codebook["variables"])
    _write_table(_sheet(book, codebook, "Giá trị"), _VALUES, list(_values(codebook)))
    save_reproducibly(book, path, datetime.fromisoformat(codebook["snapshot"]["made_at"]))


def _values(codebook: Mapping[str, Any]) -> Iterator[_Row]:
    for variable in codebook["variables"]:
        for value in variable["values"]:
            yield {"name": variable["name"], **value}


def _sheet(book: Workbook, codebook: Mapping[str, Any], title: str) -> Worksheet:
    sheet: Worksheet = book.create_sheet(title)
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(
        left=15 / _INCH,
        right=15 / _INCH,
        top=20 / _INCH,
        bottom=15 / _INCH,
        header=9 / _INCH,
        footer=9 / _INCH,
    )
    if codebook["snapshot"]["simulated"]:
        mark = HeaderFooterItem()
        mark.right.text, mark.right.color = page_header_text(SIMULATED_MARK), RED
        mark.right.font, mark.right.size = f"{FONT},Bold", BODY
        sheet.HeaderFooter = HeaderFooter(oddHeader=mark)
        _put(sheet, 1, 1, SIMULATED_MARK, bold=True, color=RED)
    return sheet


def _write_table(sheet: Worksheet, columns: Sequence[Column[_Row]], rows: Sequence[_Row]) -> None:
    after = write_header(sheet, 2, columns)
    for line, row in enumerate(rows, start=after):
        write_row(sheet, line, columns, row)
    sheet.print_title_rows = f"2:{after - 1}"
    sheet.freeze_panes = f"B{after}"


def _write_notes(sheet: Worksheet, codebook: Mapping[str, Any]) -> None:
    for letter, width in zip("AB", _FACT_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    _put(sheet, 2, 1, "SỔ MÃ BIẾN / CODEBOOK", bold=True, size=LARGE + 1)
    for line, (label, text) in enumerate(_facts(codebook), start=4):
        for column, part in ((1, label), (2, text)):
            cell = cell_at(sheet, line, column)
            cell.style = style_name("text")
            put_text(cell, part)
            cell.font = plain(BODY, bold=column == 1)
            cell.alignment = Alignment(horizontal="left", vertical="top", indent=1, wrap_text=True)
        set_height(sheet, line, [(label, _FACT_WIDTHS[0] - 4), (text, _FACT_WIDTHS[1] - 4)])


def _facts(codebook: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    snapshot, asked, design = (codebook[part] for part in ("snapshot", "questionnaire", "design"))
    yield "Đợt khảo sát (round)", _both(snapshot["round"])
    yield "Bản chốt số liệu (snapshot)", f"{snapshot['code']}\nSHA-256 {snapshot['data_sha256']}"
    yield "Chốt lúc (frozen at)", f"{datetime.fromisoformat(snapshot['made_at']):%d/%m/%Y %H:%M %z}"
    yield "Số phiếu (rows)", str(snapshot["rows"])
    for one in snapshot["exclusions"]:
        yield "Không tính (not counted)", f"{one['reason']}: {one['count']}"
    yield "Bộ câu hỏi (questionnaire)", f"{asked['id']}, {asked['version']}\nSHA-256 {asked['sha256']}"
    yield "Tình trạng bộ câu hỏi (status)", _both(asked["status"])
    yield (
        "Thiết kế mẫu (design)",
        f"Tầng (strata): {design['strata']}; PSU: {design['psu']}; trọng số (weights): {design['weights']}; "
        "không hiệu chỉnh tổng thể hữu hạn (no finite population correction); "
        f"tầng có một PSU (lonely PSU): {design['lonely']}",
    )
    for program, lines in design["declare"].items():
        yield f"Khai báo trong {program}", "\n".join(lines)
    for rule in codebook["rules"]:
        yield "Quy tắc (rule)", _both(rule)


def _both(text: Mapping[str, str]) -> str:
    return text["vi"] if text["vi"] == text["en"] else f"{text['vi']}\n{text['en']}"


def _put(
    sheet: Worksheet,
    line: int,
    column: int,
    text: str,
    *,
    bold: bool,
    size: int = BODY,
    color: str = "000000",
) -> None:
    cell = cell_at(sheet, line, column)
    put_text(cell, text)
    cell.font = plain(size, bold=bold, color=color)
