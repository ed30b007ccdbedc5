"""Every finding about a language pack, by stable code, in both languages.

A catalogue only. docs/collection/languages.md explains each code to the person who edits a pack; findings
about the file itself (encoding, JSON, shape) are those of `problems`.
"""

from __future__ import annotations

from survey.questionnaires.problems import Problem, problem_of

PACK_CATALOGUE: dict[str, tuple[str, str]] = {
    # The language
    "bad-tag": (
        "“{tag}” không phải mã ngôn ngữ BCP-47 viết đúng kiểu, như rad hoặc hmn-Latn-VN.",
        "“{tag}” is no BCP-47 tag in the usual case, such as rad or hmn-Latn-VN.",
    ),
    "trap-tag": ("Không dùng mã “{tag}”: {vi}.", "Do not use “{tag}”: {en}."),
    "undetermined-tag": (
        "Mã “{tag}” không chỉ ra ngôn ngữ nào.",
        "The tag “{tag}” names no language.",
    ),
    "own-tag": (
        "“{tag}” nằm ngay trong bộ câu hỏi, không làm gói riêng.",
        "“{tag}” is part of the questionnaire itself and is no pack.",
    ),
    "script-missing": (
        "Mã “{tag}” thiếu chữ viết: ghi {needed}, nếu không trình duyệt hiểu là một loại chữ khác.",
        "The tag “{tag}” lacks its script: write {needed}, or browsers take it for another script.",
    ),
    "private-tag": (
        "Mã “{tag}” không phải của một ngôn ngữ thật; chỉ gói thử mới dùng.",
        "“{tag}” is of no real language; only a test pack uses it.",
    ),
    "test-tag": (
        "Gói thử phải dùng mã từ qaa đến qtz, không dùng mã của một ngôn ngữ thật (“{tag}”).",
        "A test pack uses a tag from qaa to qtz, never that of a real language (“{tag}”).",
    ),
    # The people who made it
    "unsigned": (
        "Gói chính thức phải ghi vai trò và ngày của người làm việc này: “{part}”.",
        "An official pack names role and date of who did this: “{part}”.",
    ),
    "source-missing": (
        "Gói chính thức phải nêu ít nhất một nguồn.",
        "An official pack names at least one source.",
    ),
    "bad-date": ("“{date}” không phải ngày (năm-tháng-ngày).", "“{date}” is no date (year-month-day)."),
    "signed-too-early": (
        "Ngày duyệt {date} đứng trước ngày dịch hoặc ngày dịch ngược.",
        "The sign-off of {date} comes before the translation or the back-translation.",
    ),
    # The questionnaire
    "other-questionnaire": (
        "Gói này của bộ câu hỏi {named}, không phải {given}.",
        "The pack is for the questionnaire {named}, not {given}.",
    ),
    # The words
    "text-missing": (
        "Thiếu bản dịch của “{place}”: {vietnamese}",
        "The translation of “{place}” is missing: {vietnamese}",
    ),
    "unknown-place": (
        "Bộ câu hỏi không có chỗ “{place}”.",
        "The questionnaire has no place “{place}”.",
    ),
    "unknown-interface": (
        "Các trang không có từ “{place}”; chỉ nhận: {known}.",
        "The pages have no word “{place}”; use one of: {known}.",
    ),
    "words-blank": ("Bản dịch bị để trống.", "The translation is blank."),
    "words-not-nfc": (
        "Chữ và dấu ở dạng tách rời; hãy lưu lại dạng Unicode dựng sẵn (NFC).",
        "Letters and accents are stored apart; save the text in Unicode NFC.",
    ),
    "words-broken": (
        "Có ký tự điều khiển hoặc ký tự hỏng.",
        "Holds a control character or a broken character.",
    ),
    "words-too-long": (
        "Dài {count} chữ cái, nhiều nhất là {limit}.",
        "{count} letters long, at most {limit}.",
    ),
}


def pack_problem(code: str, path: str, **places: object) -> Problem:
    """Make the finding of a code at a path, its sentence filled from `places`."""
    return problem_of(PACK_CATALOGUE, code, path, **places)
