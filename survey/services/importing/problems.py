"""What can be wrong with a cell of a file of responses, said to the official who made the file.

The checks of answers are the forms' own (survey.questionnaires); only their sentences differ here,
because a citizen is asked to choose again and an official to mend a cell.
"""

from __future__ import annotations

from survey.questionnaires import Text
from survey.reports.reading import CellProblem

_SHOWN = 60

CATALOGUE: dict[str, tuple[str, str]] = {
    "unknown-column": (
        "Cột “{header}” không có trong bộ câu hỏi của đợt. Hãy sửa tiêu đề hoặc xóa cột.",
        "Column “{header}” is not in the round's questionnaire. Mend its header or delete it.",
    ),
    "missing-column": (
        "Thiếu cột “{header}”.",
        "Column “{header}” is missing.",
    ),
    "column-twice": (
        "Câu “{header}” có hai cách điền trong tệp. Hãy giữ một cách.",
        "Question “{header}” stands in the file in two ways. Keep one of them.",
    ),
    "no-number": (
        "Thiếu mã phiếu. Mỗi phiếu cần một mã phiếu riêng, hoặc một mã định danh (UUID).",
        "The form number is missing. Each form needs its own number, or a UUID.",
    ),
    "bad-uuid": (
        "“{value}” không phải mã định danh (UUID) gồm 32 chữ số và chữ a–f.",
        "“{value}” is no UUID of 32 digits and letters a–f.",
    ),
    "repeated-form": (
        "Phiếu này trùng với phiếu ở dòng {row}.",
        "This form is the same as the one in row {row}.",
    ),
    "other-answers": (
        "Phiếu mang mã này đã có trong đợt với nội dung khác. Hãy kiểm tra; phiếu đã ghi không bị thay.",
        "The round holds a form of this number with other content. Check it; what is kept stays as it is.",
    ),
    "paper-form": (
        "Phiếu {value} là phiếu giấy trong sổ của đợt này. Phiếu giấy được hai người nhập ở trang Nhập "
        "phiếu giấy, không nhập từ tệp; hãy xóa dòng này.",
        "Form {value} is a paper form in this round's ledger. Paper forms are keyed by two persons, and not "
        "taken from a file; delete this row.",
    ),
    "no-unit": (
        "Thiếu đơn vị được đánh giá.",
        "The unit that is judged is missing.",
    ),
    "unknown-unit": (
        "“{value}” không phải đơn vị của đợt, hoặc trùng tên với đơn vị khác. Hãy dùng mã đơn vị.",
        "“{value}” is no unit of the round, or shares its name with another. Use the unit's id.",
    ),
    "bad-weight": (
        "Trọng số phải là một số lớn hơn 0.",
        "The weight must be a number above 0.",
    ),
    "bad-day": (
        "“{value}” không phải ngày. Hãy ghi ngày/tháng/năm, ví dụ 05/03/2026.",
        "“{value}” is no day. Write day/month/year, such as 05/03/2026.",
    ),
    "day-outside": (
        "Ngày {value} không thuộc đợt ({first} đến {last}), hoặc chưa tới.",
        "The day {value} is not among those of the round ({first} to {last}), or not come yet.",
    ),
    "label-too-long": (
        "Ô này dài quá {limit} ký tự.",
        "This cell is longer than {limit} characters.",
    ),
    "not-complete": (
        "Phiếu này ghi là chưa hoàn thành; chỉ nhập phiếu đã hoàn thành.",
        "This form says that it is not complete; only complete ones are taken.",
    ),
    "simulated": (
        "Dòng này là dữ liệu mô phỏng, không được nhập vào đợt thật.",
        "This row is simulated data, which no real round takes.",
    ),
    "empty-form": (
        "Dòng này không có câu trả lời nào.",
        "This row has no answer.",
    ),
    "required": (
        "Câu “{item}” bắt buộc phải có câu trả lời.",
        "Question “{item}” must have an answer.",
    ),
    "unknown-option": (
        "“{value}” không phải câu trả lời của câu “{item}”. Nhận: {choices}.",
        "“{value}” is no answer to “{item}”. Taken: {choices}.",
    ),
    "not-one-or-zero": (
        "Hãy ghi 1 nếu ý này được chọn, để trống hoặc ghi 0 nếu không.",
        "Write 1 where this choice was made, nothing or 0 where it was not.",
    ),
    "wrong-type": (
        "Không đọc được câu trả lời của câu “{item}”.",
        "The answer to “{item}” cannot be read.",
    ),
    "repeated-option": (
        "Một ý được ghi hai lần ở câu “{item}”.",
        "One choice stands twice at “{item}”.",
    ),
    "too-many-choices": (
        "Câu “{item}” chỉ được chọn tối đa {limit} ý.",
        "“{item}” takes at most {limit} choices.",
    ),
    "too-long": (
        "Ý kiến ở câu “{item}” dài quá {limit} ký tự.",
        "The text at “{item}” is longer than {limit} characters.",
    ),
    "forbidden-character": (
        "Ý kiến ở câu “{item}” có ký tự không lưu được.",
        "The text at “{item}” holds a character that cannot be kept.",
    ),
    "skipped-branch": (
        "Câu “{item}” không được hỏi theo các câu trả lời trước; hãy để trống.",
        "“{item}” is not asked after the earlier answers; leave it blank.",
    ),
}


def problem(sheet: str, cell: str, code: str, **places: object) -> CellProblem:
    """Make the finding of a code for a cell; long values are cut."""
    vietnamese, english = CATALOGUE[code]
    shown = {name: _said(value) for name, value in places.items()}
    told = [(language, text.format(**{name: said[place] for name, said in shown.items()}))
            for place, (language, text) in enumerate((("vi", vietnamese), ("en", english)))]  # fmt: skip
    return CellProblem(sheet, cell, code, Text(tuple(told)))


def _said(value: object) -> tuple[str, str]:
    if isinstance(value, Text):
        return _short(value.in_("vi")), _short(value.in_("en"))
    return (_short(str(value)),) * 2


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 3 * _SHOWN else f"{line[: 3 * _SHOWN - 1]}…"
