"""The flags of estimates in words, for tables and pages of analysts.

Not when a flag is raised (survey.aggregation).
"""

from __future__ import annotations

_TEXTS = {
    "no_respondents": ("không có người trả lời", "no respondents"),
    "few_respondents": ("ít phiếu", "few responses"),
    "items_missing": ("thiếu tiêu chí", "items missing"),
    "no_interval": ("không có khoảng tin cậy", "no interval"),
    "disturbed": ("không xếp hạng do dữ liệu bị nhiễu", "not ranked: disturbed data"),
    "synthetic": ("chỉ từ mô hình, không có ước lượng trực tiếp", "from the model alone, no direct estimate"),
    "no_variance": ("ước lượng trực tiếp không có phương sai", "direct estimate without a variance"),
    "no_area_variance": ("mô hình không thấy khác biệt giữa các đơn vị", "the model sees no difference"),
    "heywood": ("một tiêu chí trùng với nhân tố", "an item is all factor (Heywood)"),
    "negative_loading": ("một tiêu chí ngược chiều nhân tố", "an item runs against the factor"),
    "not_converged": ("chưa hội tụ", "not converged"),
}


def flag_text(flag: str, language: str = "vi") -> str:
    """Say a flag in "vi" or "en"; one that has no words stays as it is."""
    return _TEXTS.get(flag, (flag, flag))[language == "en"]
