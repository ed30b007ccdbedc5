"""The workbook in which an office lists whom to invite: the headers, and what each column takes.

Not how such a list is read (survey.services.links.people_lists).
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from xlsxwriter.workbook import Workbook

_FONT = {"font_name": "Times New Roman", "font_size": 12}
_GUIDE = (
    ("Họ tên", "Bắt buộc. Họ tên hoặc mã; hai người trùng tên thì thêm chức vụ để phân biệt."),
    (
        "Nhóm",
        "Bắt buộc. Chức vụ hoặc nhóm người trả lời; dùng phương án thì ghi đúng tên nhóm của phương án.",
    ),
    (
        "Đơn vị được đánh giá",
        "Bắt buộc khi không dùng phương án. Nhiều đơn vị thì cách nhau bằng dấu chấm phẩy.",
    ),
    (
        "Đơn vị công tác",
        "Bắt buộc khi dùng phương án: phương án cho biết người ở đó đánh giá những đơn vị nào.",
    ),
    ("Email", "Để trống nếu phát bằng thẻ in hoặc tin nhắn."),
    ("Tầng", "Để trống thì là tên nhóm."),
    ("Cụm", "Để trống thì mỗi người là một cụm."),
    ("Trọng số", "Để trống thì là 1, hoặc trọng số của phương án."),
)


def people_template(heads: Sequence[str]) -> bytes:
    """Write the workbook to fill: a sheet with the headers alone, and one that says what each takes."""
    made = BytesIO()
    book = Workbook(made, {"in_memory": True})
    head = book.add_format({**_FONT, "bold": True, "border": 1, "text_wrap": True, "valign": "top"})
    plain = book.add_format({**_FONT, "text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("Danh sách")
    sheet.set_column(0, len(heads) - 1, 24, plain)
    for column, name in enumerate(heads):
        sheet.write_string(0, column, name, head)
    sheet.freeze_panes(1, 0)
    guide = book.add_worksheet("Hướng dẫn")
    guide.set_column(0, 0, 26)
    guide.set_column(1, 1, 90)
    for line, (name, text) in enumerate(_GUIDE):
        guide.write_string(line, 0, name, head)
        guide.write_string(line, 1, text, plain)
    book.close()
    return made.getvalue()
