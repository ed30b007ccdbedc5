"""The workbook that is filled for an import: headers, lists to choose from, instructions, codes.

What may stand in which column is told by the caller; reading it back is reading/.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from survey.questionnaires import Text
from survey.reports.cells import clean_text
from survey.reports.reading.sheets import column_letters
from survey.reports.responses.typed_cells import write_text
from survey.reports.summary.heights import height_needed

DATA_SHEET, HELP_SHEET, CODES_SHEET = "Phiếu trả lời", "Hướng dẫn", "Mã trả lời"
#: How many rows have lists to choose from; rows below them are read all the same.
PREPARED_ROWS = 5_000
_HEAD_ROWS = 2
_A4 = 9
_FONT = {"font_name": "Times New Roman", "font_size": 12}
_HELP_WIDTHS = (34, 64, 64)
_WIDTHS = {"text": 18, "number": 14, "day": 14, "chosen": 14}
_FORMATS = {"text": "@", "number": "General", "day": "dd/mm/yyyy", "chosen": "0"}
_HELP = (
    ("Mỗi dòng là một phiếu. Điền từ dòng 3 của trang “Phiếu trả lời”; giữ nguyên dòng 1 (mã cột).",
     "One form a row. Fill from row 3 of sheet “Phiếu trả lời”; leave row 1 (column ids) as it is."),
    ("Câu trả lời: chọn trong danh sách, hoặc ghi mã, nhãn, hoặc số của mức (trang “Mã trả lời”).",
     "Answers: choose from the list, or write the id, the label or the number (sheet “Mã trả lời”)."),
    ("Câu chọn nhiều ý có một cột cho mỗi ý: ghi 1 nếu chọn, để trống nếu không.",
     "A question of several choices has a column for each: write 1 where chosen, nothing where not."),
    ("Câu không được hỏi theo các câu trước: để trống.",
     "Leave a question blank that is not asked after the earlier answers."),
    ("Không dùng công thức, không gộp ô, không thêm cột. Trang tính ẩn không được đọc.",
     "No formulas, no merged cells, no further columns. Hidden sheets are not read."),
    ("Không ghi họ tên, số điện thoại hay giờ trả lời vào tệp.",
     "Write no names, telephone numbers or times of day into the file."),
    ("Tối đa 20.000 dòng và 10 MB một tệp. Tệp có một chỗ sai thì chưa phiếu nào được ghi.",
     "At most 20,000 rows and 10 MB a file. While one place is wrong, no form is recorded."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """One thing that may stand in a column: its id, its names, its number on the scale."""

    id: str
    vi: str
    en: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column to fill.

    Attributes:
        kind: "text", "number", "day", or "chosen" for one of several choices.
    """

    id: str
    label: Text
    hint: Text | None = None
    choices: tuple[TemplateChoice, ...] = ()
    required: bool = False
    kind: str = "text"
    question: Text | None = None


def write_import_template(columns: Sequence[TemplateColumn], *, title: tuple[str, str]) -> bytes:
    """Write the workbook; `title` is the round and what it asks."""
    made = BytesIO()
    book = Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    formats = _Formats(book)
    data, told, codes = (book.add_worksheet(name) for name in (DATA_SHEET, HELP_SHEET, CODES_SHEET))
    for sheet in (data, told, codes):
        sheet.set_landscape()
        sheet.set_paper(_A4)
    for sheet in (told, codes):
        sheet.fit_to_pages(1, 0)
    lists = _write_codes(codes, formats, columns)
    _write_data(data, formats, columns, lists)
    _write_help(told, formats, columns, title)
    book.close()
    return made.getvalue()


class _Formats:
    def __init__(self, book: Workbook) -> None:
        self.head = book.add_format({**_FONT, "bold": True, "bg_color": "#E7EEF7", "border": 1})
        self.needed = book.add_format({**_FONT, "bold": True, "bg_color": "#FCE8C8", "border": 1})
        self.label = book.add_format(
            {**_FONT, "italic": True, "text_wrap": True, "valign": "top", "border": 1}
        )
        self.title = book.add_format({**_FONT, "bold": True, "font_size": 14})
        self.told = book.add_format({**_FONT, "text_wrap": True, "valign": "top"})
        self.of = {kind: book.add_format({**_FONT, "num_format": code}) for kind, code in _FORMATS.items()}


def _write_data(
    sheet: Worksheet, formats: _Formats, columns: Sequence[TemplateColumn], lists: Mapping[str, str]
) -> None:
    sheet.freeze_panes(_HEAD_ROWS, 1)
    sheet.set_row(1, 96)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS[column.kind], formats.of[column.kind])
        write_text(sheet, 0, place, column.id, formats.needed if column.required else formats.head)
        write_text(sheet, 1, place, clean_text(column.label.in_("vi")), formats.label)
        rule = _rule(column, lists)
        if rule:
            sheet.data_validation(_HEAD_ROWS, place, PREPARED_ROWS + 1, place, rule)


def _rule(column: TemplateColumn, lists: Mapping[str, str]) -> dict[str, object] | None:
    if column.kind == "chosen":
        return {"validate": "list", "source": ["1", "0"], "error_type": "warning"}
    if column.id not in lists:
        return None
    # Ids and numbers are taken as well, so what is not on the list is only warned about.
    return {"validate": "list", "source": lists[column.id], "error_type": "warning"}


def _write_codes(sheet: Worksheet, formats: _Formats, columns: Sequence[TemplateColumn]) -> dict[str, str]:
    """Write every choice; give the range of each column's Vietnamese names."""
    heads = (("Cột", 24), ("Câu hỏi", 60), ("Mã", 26), ("Số", 8), ("Nhãn", 40), ("English", 40))
    for place, (head, width) in enumerate(heads):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, head, formats.head)
    sheet.freeze_panes(1, 0)
    lists, line = {}, 1
    for column in columns:
        first = line
        for choice in column.choices:
            question = (column.question or column.label).in_("vi")
            sheet.set_row(line, height_needed([(question, heads[1][1]), (choice.vi, heads[4][1])]))
            for place, text in (
                (0, column.id),
                (1, question),
                (2, choice.id),
                (4, choice.vi),
                (5, choice.en),
            ):
                write_text(sheet, line, place, clean_text(text), formats.told)
            if choice.number is not None:
                sheet.write_number(line, 3, choice.number, formats.told)
            line += 1
        if column.choices:
            letter = column_letters(5)
            lists[column.id] = f"='{CODES_SHEET}'!${letter}${first + 1}:${letter}${line}"
    return lists


def _write_help(
    sheet: Worksheet, formats: _Formats, columns: Sequence[TemplateColumn], title: tuple[str, str]
) -> None:
    for place, width in enumerate(_HELP_WIDTHS):
        sheet.set_column(place, place, width)
    write_text(sheet, 0, 0, clean_text(title[0]), formats.title)
    write_text(sheet, 1, 0, clean_text(title[1]), formats.of["text"])
    line = 3
    for number, (vi, en) in enumerate(_HELP, start=1):
        _line(sheet, line, formats.told, (f"{number}.", vi, en))
        line += 1
    for column in columns:
        if column.hint is not None:
            told = (f"{column.id} – {column.label.in_('vi')}", column.hint.in_("vi"), column.hint.in_("en"))
            _line(sheet, line, formats.told, told)
            line += 1


def _line(sheet: Worksheet, line: int, form: Format, texts: Sequence[str]) -> None:
    sheet.set_row(line, height_needed(zip(texts, _HELP_WIDTHS, strict=True)))
    for place, text in enumerate(texts):
        write_text(sheet, line, place, clean_text(text), form)
