"""What can go wrong with units: a name or id that is not there, a name of two, data that is broken.

Not for problems inside a data file: those are `Problem`s, gathered in one InvalidUnitData.
"""

from survey.errors import Invalid, NotFound


class UnitNotFound(NotFound):
    code = "SVY-404-20"
    texts = {
        "vi": "Không có đơn vị nào tên “{name}” vào ngày {day}. Tên gần giống: {near}.",
        "en": "No unit is named “{name}” on {day}. Near names: {near}.",
    }


class UnknownUnitId(NotFound):
    code = "SVY-404-21"
    texts = {
        "vi": "Không có đơn vị nào mang mã định danh “{id}”.",
        "en": "No unit has the id “{id}”.",
    }


class AmbiguousUnitName(Invalid):
    code = "SVY-422-30"
    texts = {
        "vi": "Tên “{name}” vào ngày {day} chỉ nhiều đơn vị: {found}. Hãy ghi rõ đơn vị nào.",
        "en": "The name “{name}” on {day} means several units: {found}. Please say which one.",
    }


class InvalidUnitData(Invalid):
    code = "SVY-422-31"
    texts = {
        "vi": "Dữ liệu đơn vị hành chính có {count} lỗi nên không dùng được. Lỗi đầu tiên: {first}",
        "en": "The reference data of units has {count} problems and cannot be used. The first: {first}",
    }
