"""What an analyst's file cannot hold.

Not the faults of a snapshot (storage) nor of a questionnaire.
"""

from __future__ import annotations

from survey.errors import Invalid


class TooManyMissingCodes(Invalid):
    code = "SVY-422-190"
    texts = {
        "vi": "Biến {variable} có {count} mã khuyết; Stata chỉ có {limit}. Chưa ghi tệp nào.",
        "en": "Variable {variable} has {count} missing codes; Stata has {limit}. No file was written.",
    }


class SuffixDiffers(Invalid):
    code = "SVY-422-191"
    texts = {
        "vi": "Tệp {name} không mang đuôi .{suffix} của dạng đã chọn. Chưa ghi tệp nào.",
        "en": "The file {name} does not end in .{suffix}, the format asked for. No file was written.",
    }
