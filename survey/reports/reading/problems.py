"""Every finding about a file that came from outside, by stable word, said in both languages.

Not what is wrong with an answer or a weight: those words belong to the services that read them.
"""

from __future__ import annotations

from survey.questionnaires import Text
from survey.reports.reading.sheets import CellProblem

_AS_XLSX = "Hãy mở bằng Excel hoặc LibreOffice, chọn “Lưu thành…” và lưu lại thành .xlsx."
_AS_XLSX_EN = "Open it in Excel or LibreOffice, choose “Save as…” and save it as .xlsx."
_SPLIT = "Hãy chia thành nhiều tệp."
_SPLIT_EN = "Split it into several files."

#: About a whole file: it was not read.
FILE_CATALOGUE: dict[str, tuple[str, str]] = {
    "empty": ("tệp trống.", "it is empty."),
    "no-rows": ("không trang tính nào đang hiện có dữ liệu.", "no visible sheet holds anything."),
    "wrong-kind": (
        f"đây không phải tệp Excel (.xlsx) hay CSV. {_AS_XLSX}",
        f"it is neither an Excel workbook (.xlsx) nor CSV. {_AS_XLSX_EN}",
    ),
    "legacy-xls": (
        f"đây là tệp Excel đời cũ (.xls). {_AS_XLSX}",
        f"it is an old Excel file (.xls). {_AS_XLSX_EN}",
    ),
    "other-workbook": (
        f"đây là bảng tính kiểu khác (.xlsb, .ods). {_AS_XLSX}",
        f"it is a workbook of another kind (.xlsb, .ods). {_AS_XLSX_EN}",
    ),
    "password": (
        "tệp có đặt mật khẩu. Hãy bỏ mật khẩu rồi lưu lại thành .xlsx.",
        "it is protected by a password. Remove the password and save it as .xlsx.",
    ),
    "macro": (
        "tệp có chứa macro (.xlsm). Hãy lưu lại thành .xlsx, là loại không có macro.",
        "it carries macros (.xlsm). Save it as .xlsx, which has none.",
    ),
    "damaged": (
        f"tệp bị hỏng hoặc tải lên chưa trọn. {_AS_XLSX}",
        f"it is damaged or came incomplete. {_AS_XLSX_EN}",
    ),
    "nested-archive": (
        "bên trong có tệp nén hoặc tệp nhúng khác. Hãy bỏ đối tượng nhúng rồi lưu lại.",
        "another archive or embedded file is inside. Remove embedded objects and save it again.",
    ),
    "zip-bomb": (
        f"khi mở ra tệp quá lớn (tối đa 100 MB). {_SPLIT}",
        f"it is too large once opened (at most 100 MB). {_SPLIT_EN}",
    ),
    "too-many-parts": (
        "bên trong có quá nhiều thành phần. Hãy chép dữ liệu sang một tệp .xlsx mới.",
        "it is made of too many parts. Copy the data into a new .xlsx file.",
    ),
    "document-type": (
        "tệp có khai báo XML không được phép. Hãy chép dữ liệu sang một tệp .xlsx mới.",
        "it holds XML declarations that are not allowed. Copy the data into a new .xlsx file.",
    ),
    "too-many-sheets": (
        "có quá nhiều trang tính (tối đa {most}).",
        "it has too many sheets (at most {most}).",
    ),
    "too-many-rows": (
        f"có quá nhiều dòng (tối đa {{most}} dòng một trang tính). {_SPLIT}",
        f"it has too many rows (at most {{most}} a sheet). {_SPLIT_EN}",
    ),
    "too-many-columns": (
        "có quá nhiều cột (tối đa {most}). Hãy xóa những cột thừa ở bên phải.",
        "it has too many columns (at most {most}). Delete the columns to the right that are not needed.",
    ),
    "too-many-cells": (
        f"có quá nhiều ô (tối đa {{most}}). {_SPLIT}",
        f"it has too many cells (at most {{most}}). {_SPLIT_EN}",
    ),
    "too-much-text": (
        f"có quá nhiều chữ (tối đa {{most}} ký tự). {_SPLIT}",
        f"it has too much text (at most {{most}} characters). {_SPLIT_EN}",
    ),
    "too-many-formulas": (
        "có quá nhiều vùng công thức. Hãy dán lại dưới dạng giá trị.",
        "it has too many ranges of formulas. Paste them as values.",
    ),
    "too-many-merged": (
        "có quá nhiều ô gộp (tối đa {most}). Hãy bỏ gộp ô.",
        "it has too many merged ranges (at most {most}). Unmerge them.",
    ),
    "too-heavy": (
        f"đọc tệp tốn quá nhiều thời gian hoặc bộ nhớ nên đã dừng. {_SPLIT}",
        f"reading it took too much time or memory, so it was stopped. {_SPLIT_EN}",
    ),
    "encoding": (
        "chữ trong tệp CSV không phải UTF-8. Trong Excel hãy chọn “CSV UTF-8 (Comma delimited)” "
        "hoặc lưu lại thành .xlsx.",
        "the CSV is not UTF-8 text. In Excel choose “CSV UTF-8 (Comma delimited)”, or save it as .xlsx.",
    ),
    "bad-csv": (
        "không đọc được tệp CSV ở gần dòng {line}: dấu ngoặc kép không khép lại hoặc ô quá dài.",
        "the CSV cannot be read near line {line}: quotes do not close, or a field is too long.",
    ),
}

#: About one cell or one column.
CELL_CATALOGUE: dict[str, tuple[str, str]] = {
    "formula": (
        "Ô này là công thức. Hãy dán lại dưới dạng giá trị.",
        "This cell is a formula. Paste it as a value.",
    ),
    "error-value": (
        "Ô này đang báo lỗi của Excel (như #N/A). Hãy nhập lại giá trị.",
        "This cell holds an Excel error (such as #N/A). Enter its value again.",
    ),
    "control-character": (
        "Ô này có ký tự lạ không lưu được. Hãy gõ lại nội dung.",
        "This cell holds a character that cannot be kept. Type its content again.",
    ),
    "too-long": (
        "Ô này dài quá 32.767 ký tự.",
        "This cell is longer than 32,767 characters.",
    ),
    "bad-number": (
        "Không đọc được con số trong ô này.",
        "The number in this cell cannot be read.",
    ),
    "no-such-day": (
        "Ô này được định dạng ngày nhưng không phải một ngày có thật.",
        "This cell is formatted as a day but there is no such day.",
    ),
    "merged": (
        "Các ô này bị gộp. Hãy bỏ gộp ô và điền từng ô.",
        "These cells are merged. Unmerge them and fill each one.",
    ),
    "repeated-header": (
        "Tiêu đề cột “{header}” đã có ở ô {first}. Mỗi cột cần một tiêu đề riêng.",
        "The column header “{header}” stands in cell {first} already. Each column needs its own.",
    ),
    "unnamed-column": (
        "Cột này có dữ liệu nhưng không có tiêu đề.",
        "This column holds data but has no header.",
    ),
}


def file_reason(code: str, **places: object) -> Text:
    """Say why a file was not read."""
    return _said(FILE_CATALOGUE[code], places)


def cell_problem(sheet: str, cell: str, code: str, **places: object) -> CellProblem:
    """Say what is wrong with a cell or a column, by a word of this catalogue."""
    return CellProblem(sheet, cell, code, _said(CELL_CATALOGUE[code], places))


def _said(sentences: tuple[str, str], places: dict[str, object]) -> Text:
    vietnamese, english = sentences
    return Text((("vi", vietnamese.format(**places)), ("en", english.format(**places))))
