"""Why a figure is withheld, reviewed or footnoted: stable words, each said in Vietnamese and English.

Not the limits (rules.py) nor which reason applies to a cell (primary.py, complementary.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Verdict = Literal["publish", "review", "suppress"]

Reason = Literal[
    "no_respondents",
    "below_k",
    "few_psus",
    "small_level",
    "small_complement",
    "few_respondents",
    "few_effective",
    "wide_interval",
    "relatively_wide",
    "complement_relatively_wide",
    "high_relative_error",
    "no_interval",
    "at_an_end",
    "low_df",
    "reviewer",
    "suppressed_before",
    "complementary",
    "total_withheld",
    "exposed",
]

#: What each reason says to a reader; none of them repeats a figure of the cell.
TEXTS: Final[Mapping[Reason, Mapping[str, str]]] = {
    "no_respondents": {"vi": "Không có người trả lời.", "en": "Nobody answered."},
    "below_k": {
        "vi": "Số người trả lời ít hơn ngưỡng bảo mật.",
        "en": "Fewer respondents than the confidentiality threshold.",
    },
    "few_psus": {
        "vi": "Số đơn vị mẫu cấp một ít hơn ngưỡng bảo mật.",
        "en": "Fewer primary sampling units than the confidentiality threshold.",
    },
    "small_level": {
        "vi": "Số người chọn mức này ít hơn ngưỡng bảo mật.",
        "en": "Fewer respondents at this level than the confidentiality threshold.",
    },
    "small_complement": {
        "vi": "Số người không chọn mức này ít hơn ngưỡng bảo mật.",
        "en": "Fewer respondents outside this level than the confidentiality threshold.",
    },
    "few_respondents": {"vi": "Ít mẫu.", "en": "Too few respondents."},
    "few_effective": {"vi": "Cỡ mẫu hiệu quả nhỏ.", "en": "The effective sample is too small."},
    "wide_interval": {"vi": "Khoảng tin cậy quá rộng.", "en": "The confidence interval is too wide."},
    "relatively_wide": {
        "vi": "Khoảng tin cậy quá rộng so với tỷ lệ.",
        "en": "The confidence interval is too wide for the proportion.",
    },
    "complement_relatively_wide": {
        "vi": "Tỷ lệ phần còn lại có thể không tin cậy.",
        "en": "The complementary proportion may be unreliable.",
    },
    "high_relative_error": {
        "vi": "Sai số chuẩn tương đối quá lớn.",
        "en": "The relative standard error is too large.",
    },
    "no_interval": {"vi": "Không tính được khoảng tin cậy.", "en": "No interval can be estimated."},
    "at_an_end": {
        "vi": "Tỷ lệ bằng 0% hoặc 100%, cần chuyên gia xem xét.",
        "en": "The proportion is 0 % or 100 %: a statistician reviews it.",
    },
    "low_df": {
        "vi": "Số bậc tự do nhỏ, cần chuyên gia xem xét.",
        "en": "Few degrees of freedom: a statistician reviews it.",
    },
    "reviewer": {"vi": "Người thẩm định quyết định.", "en": "Decided by the reviewer."},
    "suppressed_before": {
        "vi": "Đã ẩn ở lần công bố trước.",
        "en": "Withheld in an earlier publication.",
    },
    "complementary": {
        "vi": "Ẩn để không suy ra được ô khác.",
        "en": "Withheld so that another cell cannot be worked out.",
    },
    "total_withheld": {
        "vi": "Không thể bảo vệ ô thành phần nếu không ẩn cả số tổng.",
        "en": "The parts cannot be protected without also suppressing the total.",
    },
    "exposed": {
        "vi": "Không thể bảo vệ: suy ra được từ số liệu đã công khai.",
        "en": "It cannot be protected: figures already public give it away.",
    },
}


def text_of(reason: Reason, language: str = "vi") -> str:
    """Say a reason in a language (Vietnamese where that is not kept)."""
    said = TEXTS[reason]
    return said.get(language, said["vi"])
