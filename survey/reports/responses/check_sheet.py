"""Sheet “Kiểm tra”: what lets a reader prove that nothing was lost, shifted or changed.

Counts, the hash of the content, and for each column its filled cells and its sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlsxwriter.worksheet import Worksheet

from survey.reports.cells import clean_text
from survey.reports.responses.columns import Absent, Kind, Table, Written
from survey.reports.responses.typed_cells import TypedCells

Line = tuple[str | int | float, ...]

_ABSENT_WORDS = {
    Absent.NOT_ASKED: "không hỏi do rẽ nhánh (not asked, by routing)",
    Absent.DONT_KNOW: "không biết, chưa sử dụng (do not know, not used)",
    Absent.REFUSED: "từ chối trả lời (refused)",
}


def write_check(
    sheet: Worksheet, cells: TypedCells, table: Table, written: Written, notes: Sequence[str]
) -> None:
    """Write the counts, the notes, the reasons for absence and one line a column."""
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, 4, 18)
    for line, texts in enumerate(_lines(table, written, notes)):
        for column, text in enumerate(texts):
            if isinstance(text, str):
                cells.put_text(sheet, line, column, clean_text(text))
            else:
                cells.put(sheet, line, column, text, Kind.NUMBER)


def _lines(table: Table, written: Written, notes: Sequence[str]) -> Iterator[Line]:
    if table.mark:
        yield (table.mark,)
    yield "Số dòng (rows)", written.rows
    yield "Số cột (columns)", written.columns
    yield "Số trang dữ liệu (sheets)", written.sheets
    yield "SHA-256 nội dung (content)", written.content_sha256
    for note in notes:
        yield "Ghi chú (note)", note
    for reason in Absent:
        yield reason.value, _ABSENT_WORDS[reason]
    yield ()
    yield "Mã cột (id)", "Nhãn (label)", "Kiểu (kind)", "Số ô có giá trị (answered)", "Tổng (sum)"
    for column, answered, total in zip(table.columns, table.answered, table.sums, strict=True):
        numeric = column.kind in (Kind.INTEGER, Kind.NUMBER)
        yield column.id, column.label, column.kind.value, answered, *((total,) if numeric else ())
