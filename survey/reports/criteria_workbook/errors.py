"""What keeps a criteria set from being written as a workbook.

Not what is wrong in a workbook that was filled (problems.py).
"""

from __future__ import annotations

from survey.errors import Invalid


class TextsNotHeld(Invalid):
    code = "SVY-422-76"
    texts = {
        "vi": "Mẫu bảng tính chỉ giữ tiếng Việt và tiếng Anh; bộ tiêu chí còn có: {languages}. "
        "Chưa ghi tệp nào.",
        "en": "The workbook holds Vietnamese and English only; the set also has: {languages}. "
        "No file was written.",
    }
