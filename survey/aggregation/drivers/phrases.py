"""The words of this room's methods and quadrants, each with its Vietnamese.

Not the words of reliability, on whose cases and standard errors this room stands.
"""

from __future__ import annotations

CORRELATION = "weighted correlation with overall satisfaction"
COEFFICIENT = "weighted regression coefficient"
STANDARDISED = "standardised weighted regression coefficient"
RELATIVE_WEIGHT = "relative weight (Johnson 2000)"
R_SQUARED = "R squared of the weighted regression"

PHRASES: dict[str, str] = {
    CORRELATION: "tương quan có trọng số với mức hài lòng chung",
    COEFFICIENT: "hệ số hồi quy có trọng số",
    STANDARDISED: "hệ số hồi quy chuẩn hóa có trọng số",
    RELATIVE_WEIGHT: "trọng số tương đối (Johnson 2000)",
    R_SQUARED: "R bình phương của hồi quy có trọng số",
}

#: The quadrants of Martilla & James (1977).
QUADRANTS: dict[str, dict[str, str]] = {
    "concentrate_here": {"vi": "Tập trung cải thiện", "en": "Concentrate here"},
    "keep_up": {"vi": "Tiếp tục phát huy", "en": "Keep up the good work"},
    "low_priority": {"vi": "Ưu tiên thấp", "en": "Low priority"},
    "possible_overkill": {"vi": "Có thể đầu tư quá mức cần thiết", "en": "Possible overkill"},
}


def describe_quadrant(quadrant: str, language: str = "vi") -> str:
    """Say a quadrant in "vi" or "en" (Vietnamese when the language is not kept)."""
    texts = QUADRANTS[quadrant]
    return texts.get(language, texts["vi"])
