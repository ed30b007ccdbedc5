"""The words an official chooses from, for each word of the JSON format that has a list.

Not which column takes which list (layout.py).
"""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, tuple[str, str]]

YES_NO: Words = {"yes": ("Có", "Yes"), "no": ("Không", "No")}
STATUS: Words = {"official": ("Chính thức", "Official"), "illustration": ("Minh họa", "Illustration")}
UNIT_TYPES: Words = {
    "province": ("Tỉnh, thành phố", "Province"),
    "department": ("Sở, ban, ngành", "Department"),
    "district": ("Huyện (đến 30/06/2025)", "District (until 30/06/2025)"),
    "commune": ("Xã, phường, đặc khu", "Commune, ward, special zone"),
    "ministry": ("Bộ, cơ quan ngang bộ", "Ministry"),
}
KINDS: Words = {
    "agency": ("Sở, ban, ngành", "Agency"),
    "district": ("Huyện", "District"),
    "ward": ("Phường", "Ward"),
    "commune": ("Xã", "Commune"),
    "special_zone": ("Đặc khu", "Special zone"),
    "province": ("Tỉnh", "Province"),
    "city": ("Thành phố trực thuộc trung ương", "Centrally-run city"),
}
CONFIDENCE: Words = {
    "seen": ("Thấy trong văn bản", "Seen in a source"),
    "inferred": ("Suy ra từ nguồn", "Inferred from a source"),
    "not_found": ("Chưa tìm thấy", "Not found"),
    "delegated": ("Cấp dưới quy định", "Left to a lower authority"),
    "illustration": ("Minh họa", "Illustration"),
}
BAND_CONFIDENCE: Words = {
    **{word: said for word, said in CONFIDENCE.items() if word != "delegated"},
    "unverified": ("Chưa kiểm chứng", "Unverified"),
}
METHODS: Words = {
    "appraisal": ("Thẩm định", "Appraisal"),
    "leaders_survey": ("Khảo sát lãnh đạo, quản lý", "Leaders' survey"),
    "delegates_survey": ("Khảo sát đại biểu HĐND", "Delegates' survey"),
    "leaders_and_delegates_survey": ("Khảo sát lãnh đạo và đại biểu", "Leaders' and delegates' survey"),
    "sipas": ("SIPAS (người dân)", "SIPAS (citizens)"),
    "impact": ("Tác động kinh tế - xã hội", "Impact"),
    "composite": ("Tổng hợp", "Composite"),
}
RULES: Words = {
    "direct": ("Điểm trực tiếp", "Points as given"),
    "choice": ("Chọn phương án", "Choice of options"),
    "steps": ("Theo mức", "Steps"),
    "linear": ("Tỷ lệ thuận", "Linear"),
    "threshold_linear": ("Có ngưỡng, rồi tỷ lệ thuận", "Linear from a threshold"),
    "count": ("Đếm số lần", "Count"),
    "normalised": ("So với tốt nhất hoặc mục tiêu", "Against the best or a target"),
    "external_index": ("Quy đổi chỉ số", "Conversion of an index"),
    "survey": ("Khảo sát", "Survey mean"),
    "bonus_penalty": ("Thưởng, phạt", "Bonus and penalty"),
}
INCLUDES: Words = {
    "lower": ("Đầu dưới", "Lower end"),
    "upper": ("Đầu trên", "Upper end"),
    "both": ("Cả hai đầu", "Both ends"),
    "neither": ("Không đầu nào", "Neither end"),
}
MEASURED_BY: Words = {"percent": ("Tỷ lệ (%)", "Percent"), "count": ("Số lượng", "Count")}
BOUNDARY: Words = {
    "lower": ("Mức bắt đầu từ mốc đó", "The step that begins there"),
    "upper": ("Mức kết thúc ở mốc đó", "The step that ends there"),
}
AGAINST: Words = {"best": ("Đơn vị tốt nhất", "The best unit"), "target": ("Mục tiêu", "A target")}
BETTER: Words = {"higher": ("Cao hơn", "Higher"), "lower": ("Thấp hơn", "Lower")}
WEIGHTING: Words = {
    "pooled": ("Gộp chung phiếu", "Ballots pooled"),
    "weights": ("Theo trọng số nhóm", "By group weights"),
}
TIES: Words = {
    "competition": ("1, 2, 2, 4", "1, 2, 2, 4"),
    "dense": ("1, 2, 2, 3", "1, 2, 2, 3"),
    "range": ("1, 2-3, 2-3, 4", "1, 2-3, 2-3, 4"),
}
SCOPE: Words = {
    "unit": ("Từng đơn vị", "Single units"),
    "all": ("Mọi đơn vị", "All units"),
}
LISTED: Words = {"groups": ("Nhóm trả lời", "Group"), "items": ("Câu hỏi", "Item")}
