"""The stable words that say why a response is to be looked at, each in both languages.

Not the rules behind them (rules.py). A word is a reason to review, never a finding of fraud.
"""

from __future__ import annotations

#: In a fixed order: a word's place is its bit in `QualityReport.bits`; new words go to the end.
WORDS: dict[str, dict[str, str]] = {
    "identical_answers": {
        "vi": "Chọn cùng một mức cho (gần như) mọi câu hỏi trong nhóm",
        "en": "The same answer to (almost) every question of a block",
    },
    "long_run": {
        "vi": "Chuỗi câu trả lời giống nhau liên tiếp dài bất thường",
        "en": "An unusually long run of the same answer",
    },
    "low_variability": {
        "vi": "Câu trả lời trong nhóm hầu như không thay đổi",
        "en": "The answers of a block hardly vary",
    },
    "contradictory_answers": {
        "vi": "Trả lời như nhau cho các câu hỏi có chiều ngược nhau",
        "en": "The same answer to questions worded in opposite directions",
    },
    "speeding": {
        "vi": "Hoàn thành quá nhanh so với số câu hỏi hoặc so với những người trả lời khác",
        "en": "Completed too fast for the number of questions, or against other respondents",
    },
    "exact_duplicate": {
        "vi": "Toàn bộ câu trả lời trùng hoàn toàn với một phiếu khác",
        "en": "Every answer is the same as in another response",
    },
    "near_duplicate": {
        "vi": "Câu trả lời gần như trùng với một phiếu khác trong cùng nhóm",
        "en": "The answers almost match another response of the same group",
    },
    "device_burst": {
        "vi": "Một thiết bị gửi quá nhiều phiếu trong thời gian ngắn",
        "en": "One device sent too many responses in a short time",
    },
    "device_day": {
        "vi": "Một thiết bị gửi quá nhiều phiếu trong một ngày",
        "en": "One device sent too many responses in one day",
    },
    "item_nonresponse": {
        "vi": "Bỏ trống quá nhiều câu hỏi được hỏi",
        "en": "Too many of the questions asked were left blank",
    },
}


def describe_word(word: str, language: str = "vi") -> str:
    """Say a word of the review in "vi" or "en" (Vietnamese when the language is not kept)."""
    texts = WORDS[word]
    return texts.get(language, texts["vi"])


def bit_of(word: str) -> int:
    """Return the bit of a word."""
    return 1 << tuple(WORDS).index(word)
