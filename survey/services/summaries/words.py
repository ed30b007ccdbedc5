"""The words of a summary that are its own, in both languages.

Not the titles of its tables (the reports room) nor those of pages (web/translations).
"""

from __future__ import annotations

from collections.abc import Mapping

POPULATIONS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "citizens": "người dân",
        "organisations": "tổ chức, doanh nghiệp, người sử dụng dịch vụ",
        "leaders": "lãnh đạo, quản lý",
        "delegates": "đại biểu Hội đồng nhân dân",
    },
    "en": {
        "citizens": "citizens",
        "organisations": "organisations, firms, service users",
        "leaders": "leaders and managers",
        "delegates": "People's Council delegates",
    },
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "snapshot": "Bản chốt số liệu {code}: {rows} phiếu được tính.",
        "withheld": "Có số liệu không công bố để bảo vệ người trả lời: quá ít người, hoặc từ số đó suy ra "
        "được số của quá ít người. Những ô ấy ghi dấu “–”, kể cả số phiếu, và không xếp hạng.",
        "held_back": "Đã có thêm phiếu sau bản chốt này, nhưng còn quá ít để công bố số liệu mới mà không lộ "
        "câu trả lời của từng người.",
        "partial": "{count} phiếu trả lời dở dang không được tính.",
        "evidence_grade_not_counted": "{count} phiếu theo đường dẫn mở không được tính vào chỉ số.",
        "excluded": "{count} phiếu bị loại khỏi chỉ số theo quyết định của hai người, có lý do.",
        "assisted_by_official": "{count} phiếu do cán bộ giúp trả lời không được tính vào chỉ số.",
        "grades": "Phiếu được tính theo mức bằng chứng: {grades}.",
        "suspected": "{count} phiếu bị nghi vấn (có cờ khi thu hoặc đang bị báo động) vẫn được tính; không "
        "tính chúng thì chỉ số chung là {index} (khoảng {interval}).",
        "disturbed": "Không xếp hạng do dữ liệu bị nhiễu: {units}.",
        "simulated": "Đợt này có phiếu do chương trình mô phỏng sinh ra, không phải kết quả thật.",
        "illustration": "Bộ tiêu chí minh họa, không phải bộ tiêu chí chính thức.",
        "source": "Nguồn: {title} ({url})",
    },
    "en": {
        "snapshot": "Snapshot {code}: {rows} forms counted.",
        "withheld": "Some figures are withheld to protect respondents: too few people, or a figure from "
        "which that of too few people could be worked out. Their cells, n included, hold a dash; no rank is "
        "given.",
        "held_back": "More forms came after this snapshot, but still too few to publish new figures without "
        "giving single answers away.",
        "partial": "{count} unfinished forms are not counted.",
        "evidence_grade_not_counted": "{count} forms by the open address are not counted in the index.",
        "excluded": "{count} forms are left out of the index by decision of two persons, with a reason.",
        "assisted_by_official": "{count} forms that an official helped to answer are not counted.",
        "grades": "Counted forms by evidence grade: {grades}.",
        "suspected": "{count} suspected forms (flagged when collected, or under an alarm) are counted; "
        "without them the overall index is {index} (interval {interval}).",
        "disturbed": "Not ranked because of disturbed data: {units}.",
        "simulated": "Forms of this round were made by a simulator; these are not real results.",
        "illustration": "An illustrative criteria set, not an official one.",
        "source": "Source: {title} ({url})",
    },
}
