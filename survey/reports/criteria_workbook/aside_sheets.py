"""The sheets that are only read: how to fill the workbook, and the words of its lists.

The reader passes over both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from survey.reports.cells import clean_text
from survey.reports.criteria_workbook import layout, words
from survey.reports.criteria_workbook.look import Look, set_up_page
from survey.reports.criteria_workbook.words import Words
from survey.reports.responses.typed_cells import write_text
from survey.reports.summary.heights import height_needed
from survey.scoring import shipped_scales

#: Range of a list by its name.
Lists = Mapping[str, str]

_HELP_WIDTHS = (5, 70, 70)
_HELP = (
    ("Điền lần lượt các trang: Thông tin, Cây tiêu chí, Cách tính; các trang còn lại khi bộ tiêu chí "
     "cần đến. "
     "Dữ liệu bắt đầu từ dòng 4; giữ nguyên dòng 3 (tên cột).",
     "Fill the sheets in turn: facts, tree, rules; the others where the set needs them. Data begin in "
     "row 4; "
     "leave row 3 (names of columns) as it is."),
    ("Cây tiêu chí: mỗi dòng một mục. “Thuộc mục” là mã của mục chứa nó; để trống ở cấp cao nhất. Tối "
     "đa 5 cấp. "
     "Điểm tối đa các mục con cộng lại phải bằng điểm tối đa của mục chứa chúng; cấp cao nhất cộng lại "
     "bằng thang điểm.",
     "Tree: a node a row. “Thuộc mục” is the id of the node that holds it, blank at the top. At most 5 "
     "levels. "
     "The maxima below a node add up to its own; those at the top to the base."),
    ("Mục không có mục con phải chọn Phương pháp và Cách tính. Mục có mục con thì để trống hai cột đó.",
     "A node without children needs a method and a rule; one with children has neither."),
    ("Điểm tối đa chưa biết: để trống, chọn “Chưa tìm thấy” và ghi chú. Không đoán số.",
     "An unknown maximum: leave it blank, choose “Chưa tìm thấy” and write a note. Never guess a figure."),
    ("Cách tính: mỗi tham số một dòng (cột Tham số, Giá trị); mỗi phương án, mức hoặc nhóm trả lời một "
     "dòng. "
     "“Điểm trực tiếp” và “Tỷ lệ thuận” thường không cần dòng nào.",
     "Rules: a row for each parameter; a row for each option, step or group. "
     "“Điểm trực tiếp” and “Tỷ lệ thuận” often need none."),
    ("Tham số theo cách tính: Theo mức – Tính theo, Giá trị ở đúng mốc thuộc, các mức Từ, Đến, Điểm (để "
     "trống Từ hoặc Đến "
     "nếu không có đầu đó) · Có ngưỡng – Ngưỡng · Đếm – Điểm cho mỗi lần · So với – So với, Tốt hơn "
     "khi, Giá trị mục tiêu · "
     "Quy đổi – Mã chỉ số · Khảo sát – Mã cuộc khảo sát, hoặc Ghép các nhóm và các nhóm · Thưởng, phạt "
     "– Điểm cho mỗi lần, "
     "Mức thấp nhất, Mức cao nhất.",
     "Parameters by rule: steps – measured by, exactly at a mark, steps from, to, points (blank where "
     "there is no end) · "
     "threshold – threshold · count – points each · normalised – against, better when, target · index – "
     "index · "
     "survey – survey, or how groups are joined and the groups · bonus – points each, lowest, highest."),
    ("Xếp loại: chọn thang dùng chung ở trang Thông tin, hoặc điền một thang riêng ở trang Xếp loại; "
     "không làm cả hai.",
     "Bands: choose a shared scale among the facts, or write one of the set's own; not both."),
    ("Nhiều mã trong một ô cách nhau bằng dấu chấm phẩy. Ô mã là văn bản: 1.10 không phải là số 1,1.",
     "Several ids in one cell are parted by semicolons. Ids are text: 1.10 is not the number 1.1."),
    ("Tiếng Anh để trống thì lấy theo tiếng Việt.",
     "Where English is left blank, the Vietnamese text stands for it."),
    ("Không dùng công thức, không gộp ô, không thêm cột. Trang tính ẩn không được đọc.",
     "No formulas, no merged cells, no further columns. Hidden sheets are not read."),
    ("Kiểm tra trước khi nhập: survey score set check TỆP. Mọi lỗi được nêu theo trang và ô.",
     "Check before importing: survey score set check FILE. Every problem is told by sheet and cell."),
)  # fmt: skip


def write_help(sheet: Worksheet, look: Look, said: str) -> None:
    """Write how to fill the workbook, in both languages."""
    set_up_page(sheet, layout.HELP, said)
    for place, width in enumerate(_HELP_WIDTHS):
        sheet.set_column(place, place, width)
    write_text(sheet, 0, 0, clean_text(said), look.title)
    for number, texts in enumerate(_HELP, start=1):
        sheet.set_row(number + 1, height_needed(zip(texts, _HELP_WIDTHS[1:], strict=True)))
        sheet.write_number(number + 1, 0, number, look.told)
        for place, text in enumerate(texts, start=1):
            sheet.write_string(number + 1, place, text, look.told)


def write_words(sheet: Worksheet, look: Look, said: str) -> Lists:
    """Write every list; give the range of the Vietnamese names of each."""
    set_up_page(sheet, layout.WORDS, said, repeat=1)
    heads = (("Danh sách", 34), ("Chọn", 44), ("English", 44), ("Từ trong tệp JSON", 30))
    for place, (head, width) in enumerate(heads):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, head, look.head)
    sheet.freeze_panes(1, 0)
    ranges, line = {}, 1
    for name, title, listed in _lists():
        ranges[name] = f"='{layout.WORDS}'!$B${line + 1}:$B${line + len(listed)}"
        for word, (vi, en) in listed.items():
            _row(sheet, look, line, (title, vi, en, word))
            line += 1
    return ranges


def _row(sheet: Worksheet, look: Look, line: int, texts: Sequence[str]) -> None:
    for place, text in enumerate(texts):
        write_text(sheet, line, place, clean_text(text), look.told)


def _lists() -> Iterator[tuple[str, str, Words]]:
    """Give each list once: its name, what it is a list of, its words."""
    columns = (*layout.FACTS, *(one for table in layout.TABLES for one in table.columns),
               *layout.PARAMETERS.values())  # fmt: skip
    named = {"|".join(one.words): one for one in reversed(columns) if one.words}
    yield from ((name, one.vi, one.words) for name, one in reversed(list(named.items())))
    yield "yes_no", "Có, Không", words.YES_NO
    yield "parameter", "Tham số", {key: (one.vi, one.en) for key, one in layout.PARAMETERS.items()}
    yield (
        "scales",
        "Thang xếp loại dùng chung",
        {
            name: (name, f"{scale.name['vi']} – {scale.name['en']}")
            for name, scale in shipped_scales().items()
        },
    )
