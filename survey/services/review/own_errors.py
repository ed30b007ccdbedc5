"""What a unit's own view can refuse."""

from survey.errors import NotFound


class NoSuchUnit(NotFound):
    code = "SVY-404-271"
    texts = {
        "vi": "Không có trang của đơn vị này.",
        "en": "There is no page of this unit.",
    }
