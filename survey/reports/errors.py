"""What can be wrong with a report that is asked for.

Not the faults of the survey itself: those belong to the rooms that compute.
"""

from __future__ import annotations

from survey.errors import Invalid


class HeaderRepeated(Invalid):
    code = "SVY-422-70"
    texts = {
        "vi": "Bảng xuất có tiêu đề cột trống hoặc trùng nhau: {headers}. Chưa ghi tệp nào.",
        "en": "The export has blank or repeated column headers: {headers}. No file was written.",
    }


class CellKindMismatch(Invalid):
    code = "SVY-422-71"
    texts = {
        "vi": "Dòng {row}, cột “{column}”: giá trị không phải kiểu {kind} đã khai báo. Chưa ghi tệp nào.",
        "en": "Row {row}, column “{column}”: the value is not of the declared kind {kind}. "
        "No file was written.",
    }


class TooManyColumns(Invalid):
    code = "SVY-422-72"
    texts = {
        "vi": "Bảng xuất có {columns} cột; một trang tính Excel chỉ có {limit} cột. Hãy dùng tệp CSV.",
        "en": "The export has {columns} columns; an Excel sheet holds {limit}. Use CSV instead.",
    }


class RowWidthDiffers(Invalid):
    code = "SVY-422-73"
    texts = {
        "vi": "Dòng {row} có {cells} ô, trong khi bảng có {columns} cột. Chưa ghi tệp nào.",
        "en": "Row {row} has {cells} cells where the table has {columns} columns. No file was written.",
    }


class RowsMissing(Invalid):
    code = "SVY-422-74"
    texts = {
        "vi": "Chỉ đọc được {written} dòng trong khi cơ sở dữ liệu có {expected} dòng. Chưa ghi tệp nào.",
        "en": "{written} rows were read where the database holds {expected}. No file was written.",
    }


class LevelsDiffer(Invalid):
    code = "SVY-422-75"
    texts = {
        "vi": "Tiêu chí {item} có số mức trả lời khác với thang của bảng.",
        "en": "Item {item} has another number of levels than the scale of its table.",
    }
