"""What an import can refuse as a whole; what is wrong with single cells is listed (problems.py)."""

from __future__ import annotations

from collections.abc import Sequence

from survey.errors import Conflict, Invalid, NotFound
from survey.reports.reading import CellProblem


class WrongFile(Invalid):
    """The file has problems; nothing of it was taken."""

    code = "SVY-422-261"
    texts = {
        "vi": "Tệp còn {count} chỗ cần sửa. Chưa phiếu nào được ghi.",
        "en": "The file has {count} places to mend. No form was recorded.",
    }

    def __init__(self, found: Sequence[CellProblem], *, unlisted: int = 0) -> None:
        self.found = tuple(found)
        super().__init__(f"{len(found)} problems", count=len(found) + unlisted)


class NothingToTake(Invalid):
    code = "SVY-422-262"
    texts = {
        "vi": "Tệp không có phiếu nào mới: {already} phiếu trong tệp đã có trong đợt.",
        "en": "The file holds no new form: its {already} forms are in the round already.",
    }


class NotByFile(Conflict):
    code = "SVY-409-260"
    texts = {
        "vi": "Đợt {round} trả lời bằng đường dẫn riêng nên không nhận phiếu từ tệp: không thể biết "
        "phiếu trong tệp là của người đã trả lời hay chưa.",
        "en": "Round {round} is answered by personal links, so it takes no forms from a file: nobody "
        "could tell whether a form's person has answered already.",
    }


class RoundMoved(Conflict):
    code = "SVY-409-261"
    texts = {
        "vi": "Dữ liệu của đợt vừa thay đổi trong lúc nhập. Chưa phiếu nào được ghi; "
        "hãy kiểm tra tệp lần nữa.",
        "en": "The round changed while the file was taken. No form was recorded; check the file again.",
    }


class TooLateToTake(Conflict):
    code = "SVY-409-262"
    texts = {
        "vi": "Đợt {round} chưa mở, hoặc đã đóng quá {days} ngày, nên không nhận phiếu từ tệp nữa.",
        "en": "Round {round} is not open yet, or closed more than {days} days ago, so it takes no file.",
    }


class NoSuchUpload(NotFound):
    code = "SVY-404-260"
    texts = {
        "vi": "Tệp đã kiểm tra không còn trên máy chủ (chỉ giữ một giờ). Hãy chọn lại tệp.",
        "en": "The checked file is no longer on the server (it is kept for an hour). Choose it again.",
    }


class NoFileChosen(Invalid):
    code = "SVY-422-263"
    texts = {
        "vi": "Hãy chọn một tệp .xlsx hoặc .csv.",
        "en": "Choose an .xlsx or .csv file.",
    }
