"""What the review of quality says where it has nothing to say: which data each rule lacks, in words.

Not what the rules look for, which are the room's own words (survey.aggregation.quality).
"""

from __future__ import annotations

#: What a rule lacks when it has no finding, as a stable word.
NEEDS = {
    "identical_answers": "no_block",
    "long_run": "no_block",
    "low_variability": "no_block",
    "contradictory_answers": "no_reversed_items",
    "speeding": "no_duration",
    "exact_duplicate": "too_few_items",
    "near_duplicate": "too_few_items",
    "device_burst": "no_device",
    "device_day": "no_device",
    "item_nonresponse": "no_items",
}
#: Of people, not of responses, so that no rule of the review has the word.
ENUMERATOR_EFFECT = "enumerator_effect"
ENUMERATOR_TEXT = {
    "vi": "Ảnh hưởng của điều tra viên đến câu trả lời",
    "en": "Effect of the enumerators on the answers",
}
#: Why a rule has no finding.
MISSING = {
    "no_block": {
        "vi": "không có dữ liệu: bộ câu hỏi không có nhóm câu đánh giá đủ dài",
        "en": "no data: the questionnaire has no block of ratings long enough",
    },
    "no_reversed_items": {
        "vi": "không có dữ liệu: không câu nào được ghi là có chiều ngược",
        "en": "no data: no item is declared as worded the other way round",
    },
    "no_duration": {
        "vi": "không có dữ liệu: bản chốt không giữ thời gian trả lời",
        "en": "no data: a snapshot keeps no duration",
    },
    "too_few_items": {
        "vi": "không có dữ liệu: không phiếu nào có đủ câu trả lời khác nhau để so sánh",
        "en": "no data: no response has enough different answers to compare",
    },
    "not_looked_for": {
        "vi": "chưa tìm ở đây vì số cặp phiếu quá lớn: dùng lệnh survey quality",
        "en": "not looked for here, as the pairs are too many: use the command survey quality",
    },
    "no_device": {
        "vi": "không có dữ liệu: bản chốt không giữ thiết bị và giờ nhận",
        "en": "no data: a snapshot keeps no device and no time of day",
    },
    "no_items": {"vi": "không có dữ liệu", "en": "no data"},
    "no_enumerator": {
        "vi": "không có dữ liệu: bản chốt không giữ điều tra viên",
        "en": "no data: a snapshot keeps no enumerator",
    },
    "nothing_left": {
        "vi": "mọi phiếu đều bị đánh dấu, không còn phiếu nào để tính",
        "en": "every response is flagged; none is left to compute from",
    },
}


def missing_text(word: str, language: str = "vi") -> str:
    """Say in "vi" or "en" why a rule has no finding."""
    return MISSING[word][language]
