"""Sheet “Dữ liệu”: one estimate a row with every digit, for people who compute further.

Row 1 a title, row 2 labels, row 3 column ids, data from row 4; the same place whether simulated or not.
"""

from __future__ import annotations

from collections.abc import Callable

from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from survey.aggregation.estimates import Estimate
from survey.reports.cells import cell_at, put_text
from survey.reports.summary.look import BODY, HEADER, LARGE, PALE, CellValue, plain
from survey.reports.summary.page import begin_sheet
from survey.reports.summary.values import SUPPRESSED, DataRow, SummaryReport
from survey.reports.summary.words import say

HEADER_LINE = 3
_FIELDS: tuple[tuple[str, str, str, float], ...] = (
    ("unit_id", "Mã đơn vị", "Unit id", 16),
    ("unit_name", "Tên đơn vị", "Unit", 30),
    ("statistic_id", "Mã chỉ tiêu", "Statistic id", 20),
    ("title", "Tên chỉ tiêu", "Statistic", 46),
    ("kind", "Loại", "Kind", 12),
    ("value", "Giá trị", "Value", 14),
    ("se", "Sai số chuẩn", "Standard error", 14),
    ("ci_low", "Cận dưới", "Lower bound", 14),
    ("ci_high", "Cận trên", "Upper bound", 14),
    ("level", "Mức tin cậy", "Level", 11),
    ("n", "Số người trả lời", "Respondents", 11),
    ("n_eff", "Cỡ mẫu hiệu dụng", "Effective n", 14),
    ("deff", "Hệ số thiết kế", "Design effect", 12),
    ("df", "Bậc tự do", "Degrees of freedom", 10),
    ("unit", "Đơn vị tính", "Unit of value", 11),
    ("method", "Phương pháp", "Method", 40),
    ("flags", "Cờ", "Flags", 24),
    ("simulated", "Mô phỏng", "Simulated", 12),
)
_ADDRESS = ("unit_id", "unit_name", "statistic_id", "title", "kind")
_WITHHELD = ("value", "se", "ci_low", "ci_high", "n", "n_eff", "deff", "df")


def write_data_sheet(sheet: Worksheet, report: SummaryReport) -> None:
    """Write the tidy rows; a suppressed estimate keeps its row and its flag, not its figures."""
    language = report.language
    begin_sheet(sheet, report, 1)
    sheet.cell(1, 1).alignment = Alignment(horizontal="left")
    if not report.simulated:
        put_text(cell_at(sheet, 1, 1), say("title_data", language))
        sheet.cell(1, 1).font = plain(LARGE, bold=True)
    for index, (field, vietnamese, english, width) in enumerate(_FIELDS, start=1):
        sheet.cell(2, index).style = HEADER
        put_text(cell_at(sheet, 2, index), english if language == "en" else vietnamese)
        key = cell_at(sheet, HEADER_LINE, index)
        put_text(key, field)
        key.font, key.fill = plain(BODY, bold=True), PatternFill("solid", start_color=PALE)
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.row_dimensions[2].height = 36
    _write_rows(sheet, report)
    last = max(sheet.max_row, HEADER_LINE + 1)
    sheet.auto_filter.ref = f"A{HEADER_LINE}:{get_column_letter(len(_FIELDS))}{last}"
    sheet.print_title_rows = f"1:{HEADER_LINE}"
    sheet.freeze_panes = f"C{HEADER_LINE + 1}"


def _write_rows(sheet: Worksheet, report: SummaryReport) -> None:
    simulated = say("simulated_cell", report.language) if report.simulated else None
    readers = [_reader(field, simulated) for field, *_ in _FIELDS]
    font = plain(BODY)
    for line, row in enumerate(report.data, start=HEADER_LINE + 1):
        for index, read in enumerate(readers, start=1):
            value = read(row)
            if value is None:
                continue
            cell = cell_at(sheet, line, index)
            cell.font = font
            if isinstance(value, str):
                put_text(cell, value)
            else:
                cell.value = value


def _reader(field: str, simulated: str | None) -> Callable[[DataRow], CellValue]:
    if field == "simulated":
        return lambda row: simulated
    if field in _ADDRESS:
        return lambda row: getattr(row, field)
    return lambda row: _figure(row.estimate, field)


def _figure(estimate: Estimate, field: str) -> CellValue:
    if field in _WITHHELD and SUPPRESSED in estimate.flags:
        return None
    if field == "flags":
        return " ".join(estimate.flags) or None
    value: CellValue = getattr(estimate, field)
    return value
