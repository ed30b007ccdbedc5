"""What can be wrong with a table to protect, with the rules, or with a protection that does not hold.

Not what is withheld: a suppressed cell is a decision (decisions.py), never an error.
"""

from __future__ import annotations

from survey.errors import Invalid


class RelationBroken(Invalid):
    """A relation between cells that the values do not obey."""

    code = "SVY-422-120"
    texts = {
        "vi": "Quan hệ cộng {relation} không đúng với số liệu: lệch {gap}.",
        "en": "The relation {relation} does not hold in the data: it is off by {gap}.",
    }


class UnknownCell(Invalid):
    """A relation, a primary cell or an earlier decision that names a cell the table does not hold."""

    code = "SVY-422-121"
    texts = {
        "vi": "Bảng không có ô {cells}, được nhắc tới ở {where}.",
        "en": "The table has no cell {cells}, named by {where}.",
    }


class BadCell(Invalid):
    """A cell whose value is not a number, is outside its bounds, or is not whole where it must be."""

    code = "SVY-422-122"
    texts = {
        "vi": "Giá trị của ô {cells} không hợp lệ: {problem}.",
        "en": "The value of cell {cells} is not valid: {problem}.",
    }


class RepeatedCell(Invalid):
    """Two cells with one id."""

    code = "SVY-422-123"
    texts = {
        "vi": "Ô {cells} xuất hiện nhiều lần.",
        "en": "Cell {cells} stands more than once.",
    }


class BadRules(Invalid):
    """A publication rule or a protection width that makes no sense, such as k = 0."""

    code = "SVY-422-124"
    texts = {
        "vi": "Quy tắc công bố không hợp lệ: {problem}.",
        "en": "The publication rule is not valid: {problem}.",
    }


class NotProtected(Invalid):
    """A suppressed cell that the published ones give away."""

    code = "SVY-422-125"
    texts = {
        "vi": "Có {count} ô đã ẩn vẫn tính lại được từ số liệu công bố: {cells}.",
        "en": "{count} suppressed cells can still be worked out from the published ones: {cells}.",
    }


class BadColumns(Invalid):
    """Columns of measured figures that are not of one length, or miss one that a rule needs."""

    code = "SVY-422-126"
    texts = {
        "vi": "Cột {column} không dùng được: {problem}.",
        "en": "Column {column} cannot be used: {problem}.",
    }
