"""What can be wrong with a criteria workbook before its content is judged, and where, in both languages.

Not what the content means: that is the scoring room's catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.questionnaires import Text
from survey.reports.reading import CellProblem

#: code: (Vietnamese, English). docs/criteria-set-format.md lists each.
SHEET_CATALOGUE: dict[str, tuple[str, str]] = {
    "sheet_missing": (
        "Thiếu trang tính “{sheet}” (hoặc trang đang bị ẩn).",
        "The sheet “{sheet}” is missing (or hidden).",
    ),
    "cell_blank": ("Ô này chưa điền.", "This cell is not filled in."),
    "column_missing": ("Thiếu cột “{column}”.", "The column “{column}” is missing."),
    "column_unknown": (
        "Cột “{column}” không có trong mẫu; dữ liệu ở đây không được đọc.",
        "The column “{column}” is not part of the layout; nothing in it would be read.",
    ),
    "fact_unknown": ("Mục “{fact}” không có trong mẫu.", "The line “{fact}” is not part of the layout."),
    "fact_twice": ("Mục “{fact}” xuất hiện hai lần.", "The line “{fact}” stands twice."),
    "not_in_list": (
        "“{got}” không có trong danh sách; hãy chọn: {choices}.",
        "“{got}” is not on the list; choose: {choices}.",
    ),
    "not_number": (
        "“{got}” không phải là số. Số thập phân viết bằng dấu phẩy, không có dấu phân cách hàng nghìn.",
        "“{got}” is not a number. Write decimals with a comma, thousands without a separator.",
    ),
    "not_day": (
        "“{got}” không phải là ngày; hãy ghi ngày/tháng/năm.",
        "“{got}” is not a day; write day/month/year.",
    ),
    "not_years": ("“{got}” không phải là các năm, như 2025; 2026.", "“{got}” is no list of years."),
    "became_day": (
        "Ô này đã bị bảng tính đổi thành ngày ({got}). Hãy định dạng ô là văn bản rồi ghi lại.",
        "The spreadsheet turned this cell into a day ({got}). Format it as text and write it again.",
    ),
    "row_without_id": ("Dòng này chưa có “{column}”.", "This row has no “{column}”."),
    "too_many_rows": (
        "Trang này có nhiều hơn {limit} dòng; phần còn lại chưa được đọc.",
        "This sheet has more than {limit} rows; the rest was not read.",
    ),
    "nested_too_far": (
        "Mục này nằm sâu hơn {limit} cấp; các mục bên trong chưa được đọc.",
        "This node lies deeper than {limit} levels; what is in it was not read.",
    ),
    "unknown_parent": ("Không có mục “{id}” để chứa mục này.", "There is no node “{id}” to hold this one."),
    "parent_cycle": ("Mục “{id}” nằm trong chính nó.", "The node “{id}” lies within itself."),
    "unknown_leaf_row": (
        "Không có tiêu chí “{id}” trong trang “Cây tiêu chí”.",
        "There is no criterion “{id}” on the sheet “Cây tiêu chí”.",
    ),
    "parameter_twice": (
        "Tham số “{parameter}” của tiêu chí này đã ghi ở ô {first}.",
        "The parameter “{parameter}” of this criterion stands in cell {first} already.",
    ),
    "value_without_parameter": (
        "Có giá trị nhưng chưa chọn tham số.",
        "There is a value but no parameter was chosen.",
    ),
    "parameter_missing": (
        "Cách tính này còn thiếu tham số “{parameter}” (trang “Cách tính”).",
        "This rule still needs the parameter “{parameter}” (sheet “Cách tính”).",
    ),
    "lines_missing": (
        "Cách tính này chưa có dòng phương án, mức hay nhóm nào (trang “Cách tính”).",
        "This rule has no line of options, steps or groups yet (sheet “Cách tính”).",
    ),
    "line_not_for_rule": (
        "Cách tính “{rule}” không có dòng phương án, mức hay nhóm.",
        "The rule “{rule}” has no lines of options, steps or groups.",
    ),
    "repeat_differs": (
        "“{column}” ở đây khác với dòng đầu của cùng mã (ô {first}).",
        "“{column}” differs here from the first row of the same id (cell {first}).",
    ),
    "two_scales": (
        "Bộ tiêu chí có hai thang xếp loại: “{first}” và “{second}”. Chỉ giữ một.",
        "The set has two band scales: “{first}” and “{second}”. Keep one.",
    ),
}


@dataclass(frozen=True, slots=True)
class PlacedProblem:
    """One thing that is wrong, as a path of the JSON document and as a cell of the workbook.

    Attributes:
        path: JSON pointer; "" where the cell belongs to no value of the document.
        sheet, cell: where to mend it; cell is "" where it is about a whole sheet.
    """

    path: str
    sheet: str
    cell: str
    code: str
    message: Mapping[str, str]

    def text(self, language: str = "vi") -> str:
        """Say it in a language, Vietnamese when that one is not kept."""
        return self.message.get(language, self.message["vi"])

    def on_cell(self) -> CellProblem:
        """Give it as a problem of a cell, for a workbook that is handed back marked."""
        return CellProblem(self.sheet, self.cell, self.code, Text(tuple(self.message.items())))


def sheet_problem(path: str, sheet: str, cell: str, code: str, /, **places: object) -> PlacedProblem:
    """Make a problem from the catalogue, its named places filled in."""
    vi, en = SHEET_CATALOGUE[code]
    return PlacedProblem(path, sheet, cell, code, {"vi": vi.format(**places), "en": en.format(**places)})
