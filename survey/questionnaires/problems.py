"""Every finding the checker can report about a document, by stable code, in both languages.

A catalogue only: which document earns which finding is decided in `syntax`, `shape` and the
`rules_*` modules. docs/questionnaire-format.md explains each code to the person editing a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.questionnaires.texts import Text

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Problem:
    """Report one finding: where (JSON path, "$" for the whole file), what, and in words."""

    path: str
    code: str
    message: Text


def problem(code: str, path: str, **places: object) -> Problem:
    """Make the finding of a code at a path, its sentence filled from `places`."""
    return problem_of(CATALOGUE, code, path, **places)


def problem_of(catalogue: Mapping[str, tuple[str, str]], code: str, path: str, **places: object) -> Problem:
    """Make a finding of another catalogue of the room, in the same way."""
    vietnamese, english = catalogue[code]
    shown = {name: _printable(str(value)) for name, value in places.items()}
    message = Text((("vi", vietnamese.format(**shown)), ("en", english.format(**shown))))
    return Problem(_printable(path) or "$", code, message)


def _printable(text: str) -> str:
    """Make what a broken file holds safe to print: no lone surrogates, no endless words."""
    clipped = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return clipped.encode("utf-8", "backslashreplace").decode("utf-8")


CATALOGUE: dict[str, tuple[str, str]] = {
    # The file itself
    "file-too-large": (
        "Tệp lớn hơn {limit} byte.",
        "The file is larger than {limit} bytes.",
    ),
    "byte-order-mark": (
        "Tệp bắt đầu bằng dấu BOM; hãy lưu lại dạng UTF-8 không BOM.",
        "The file begins with a byte-order mark; save it as UTF-8 without one.",
    ),
    "not-utf8": (
        "Tệp không phải UTF-8 (từ byte thứ {offset}).",
        "The file is not UTF-8 (from byte {offset}).",
    ),
    "not-json": (
        "Sai cú pháp JSON ở dòng {line}, cột {column}: {reason}.",
        "Not JSON at line {line}, column {column}: {reason}.",
    ),
    "too-deep": (
        "Các khối lồng nhau quá {limit} tầng.",
        "Nested more than {limit} levels deep.",
    ),
    "duplicate-key": (
        "Khóa “{key}” được viết hai lần trong cùng một khối; chỉ lần sau được đọc.",
        "The key “{key}” is written twice in one object; only the last would be read.",
    ),
    # Shape
    "unknown-key": (
        "Không có khóa “{key}” trong định dạng; có thể viết sai chính tả.",
        "The format has no key “{key}” here; perhaps a misspelling.",
    ),
    "missing-key": (
        "Thiếu khóa bắt buộc “{key}”.",
        "The required key “{key}” is missing.",
    ),
    "wrong-type": (
        "Sai kiểu dữ liệu; cần {expected}.",
        "Wrong type; {expected} is needed.",
    ),
    "not-allowed": (
        "Giá trị không được phép; chỉ nhận: {allowed}.",
        "Value not allowed; use one of: {allowed}.",
    ),
    "bad-format": (
        "Không đúng dạng {pattern}.",
        "Not of the form {pattern}.",
    ),
    "too-long": (
        "Dài hơn {limit} ký tự.",
        "Longer than {limit} characters.",
    ),
    "too-few": (
        "Cần ít nhất {limit} phần tử.",
        "At least {limit} are needed.",
    ),
    "too-many": (
        "Nhiều hơn {limit} phần tử.",
        "More than {limit}.",
    ),
    "out-of-range": (
        "Số nằm ngoài khoảng cho phép (giới hạn {limit}).",
        "The number is outside its range (limit {limit}).",
    ),
    "repeated-value": (
        "Danh sách có giá trị bị lặp.",
        "The list holds a value twice.",
    ),
    # Texts
    "vietnamese-missing": (
        "“languages” phải có “vi”.",
        "“languages” must include “vi”.",
    ),
    "missing-translation": (
        "Thiếu bản dịch cho ngôn ngữ “{language}”.",
        "The translation for “{language}” is missing.",
    ),
    "blank-text": (
        "Đoạn chữ bị để trống.",
        "The text is blank.",
    ),
    "undeclared-language": (
        "Ngôn ngữ “{language}” không được khai báo trong “languages”.",
        "The language “{language}” is not declared in “languages”.",
    ),
    "not-nfc": (
        "Dấu tiếng Việt ở dạng tổ hợp; hãy lưu lại dạng Unicode dựng sẵn (NFC).",
        "Letters and accents are stored apart; save the text in Unicode NFC.",
    ),
    "forbidden-character": (
        "Có ký tự điều khiển hoặc ký tự hỏng.",
        "Holds a control character or a broken character.",
    ),
    # Names
    "duplicate-id": (
        "Mã “{id}” đã được dùng ở trên.",
        "The id “{id}” is already used above.",
    ),
    "official-without-decision": (
        "Tệp ghi là chính thức thì phải nêu quyết định ban hành ở “decision”.",
        "A file that claims to be official must name its decision in “decision”.",
    ),
    # Scales
    "direction-missing": (
        "Thang thứ bậc phải khai báo “direction”.",
        "An ordinal scale must declare its “direction”.",
    ),
    "direction-unexpected": (
        "Thang định danh không có chiều.",
        "A nominal scale has no direction.",
    ),
    "wrong-direction": (
        "Giá trị {value} không theo chiều “{direction}” sau giá trị {before}.",
        "The value {value} does not follow {before} in the direction “{direction}”.",
    ),
    "value-missing": (
        "Lựa chọn của thang thứ bậc phải có “value”.",
        "An option of an ordinal scale needs a “value”.",
    ),
    "value-unexpected": (
        "Lựa chọn này không được có “value”: thang định danh hoặc lựa chọn loại khỏi mẫu số.",
        "This option may not have a “value”: its scale is nominal or it is excluded.",
    ),
    "too-few-options": (
        "Thang cần ít nhất hai lựa chọn được tính.",
        "A scale needs at least two options that count.",
    ),
    "face-missing": (
        "Các lựa chọn khác của thang có hình khuôn mặt, lựa chọn này thì không.",
        "Other options of the scale have a face and this one has none.",
    ),
    "unused-scale": (
        "Không câu hỏi nào dùng thang “{id}”.",
        "No item uses the scale “{id}”.",
    ),
    # Items
    "empty-section": (
        "Phần này không có câu hỏi nào.",
        "The section has no items.",
    ),
    "unknown-scale": (
        "Không có thang “{id}”.",
        "There is no scale “{id}”.",
    ),
    "scale-missing": (
        "Câu hỏi lựa chọn phải có “scale”.",
        "A choice item needs a “scale”.",
    ),
    "scale-unexpected": (
        "Câu hỏi viết chữ không dùng thang.",
        "A text item has no scale.",
    ),
    "max-length-unexpected": (
        "“max_length” chỉ dùng cho câu hỏi viết chữ.",
        "“max_length” is for text items only.",
    ),
    "max-choices-unexpected": (
        "“max_choices” chỉ dùng cho câu hỏi chọn nhiều.",
        "“max_choices” is for multiple-choice items only.",
    ),
    "max-choices-too-large": (
        "“max_choices” lớn hơn số lựa chọn ({count}).",
        "“max_choices” is larger than the number of options ({count}).",
    ),
    "excluded-in-multiple": (
        "Câu hỏi chọn nhiều không dùng thang có lựa chọn loại khỏi mẫu số: để trống là đủ.",
        "A multiple-choice item cannot use a scale with an excluded option: a blank says it.",
    ),
    # Routing
    "bad-rule": (
        "Quy tắc phải là đúng một trong: item + in, answered, all, any, not.",
        "A rule is exactly one of: item + in, answered, all, any, not.",
    ),
    "unknown-item": (
        "Không có câu hỏi “{id}”.",
        "There is no item “{id}”.",
    ),
    "unknown-option": (
        "Thang của câu “{item}” không có lựa chọn “{id}”.",
        "The scale of “{item}” has no option “{id}”.",
    ),
    "not-a-choice": (
        "Câu “{item}” là câu viết chữ; chỉ dùng được “answered”.",
        "“{item}” is a text item; only “answered” can be asked of it.",
    ),
    "forward-rule": (
        "Câu “{item}” không đứng trước chỗ này nên quy tắc không thể dựa vào nó.",
        "“{item}” does not come before this place, so a rule here cannot look at it.",
    ),
    "unreachable-section": (
        "Không câu trả lời nào dẫn đến phần này.",
        "No answers lead to this section.",
    ),
    "unreachable-item": (
        "Không câu trả lời nào dẫn đến câu hỏi này.",
        "No answers lead to this item.",
    ),
    "routing-too-complex": (
        "Quy tắc dựa trên quá nhiều câu nên không kiểm tra hết được; hãy viết gọn lại.",
        "The rule rests on too many items to be proved reachable; make it simpler.",
    ),
    # Formulas
    "unknown-formula": (
        "Không có công thức “{id}”.",
        "There is no formula “{id}”.",
    ),
    "empty-node": (
        "Nút không có nút con và không có câu hỏi.",
        "The node has neither children nor items.",
    ),
    "item-not-ordinal": (
        "Câu “{item}” không phải câu chọn một trên thang thứ bậc nên không tính được chỉ số.",
        "“{item}” is not a single choice on an ordinal scale, so it cannot enter an index.",
    ),
    "item-counted-twice": (
        "Câu “{item}” được tính hai lần trong một công thức.",
        "“{item}” is counted twice in one formula.",
    ),
    "weights-missing": (
        "Nút “weighted” phải có “weights”.",
        "A “weighted” node needs “weights”.",
    ),
    "weights-unexpected": (
        "Chỉ nút “weighted” mới có “weights”.",
        "Only a “weighted” node has “weights”.",
    ),
    "weights-mismatch": (
        "Trọng số phải khớp với các phần của nút; sai ở “{id}”.",
        "Weights must match the parts of the node; “{id}” does not.",
    ),
    "weight-not-positive": (
        "Trọng số phải lớn hơn 0.",
        "A weight must be above 0.",
    ),
    "weights-sum": (
        "Tổng trọng số là {total}, phải là 1.",
        "The weights sum to {total}, not 1.",
    ),
    "levels-missing": (
        "Công thức “top_share” phải có “levels”.",
        "A “top_share” formula needs “levels”.",
    ),
    "levels-unexpected": (
        "Công thức “mean” không có “levels”.",
        "A “mean” formula has no “levels”.",
    ),
    "level-outside-scale": (
        "Mức {level} không có trong thang “{scale}”.",
        "The level {level} is not on the scale “{scale}”.",
    ),
    "levels-not-top": (
        "Các mức phải là những mức cao nhất của thang “{scale}”, và không phải tất cả.",
        "The levels must be the highest of the scale “{scale}”, and not all of them.",
    ),
    "mixed-scales": (
        "Các câu trong công thức trung bình phải có cùng giá trị thấp nhất và cao nhất.",
        "The items of a mean formula must share one lowest and one highest value.",
    ),
}
