"""What can go wrong with tablets, assignments and what they send: leaves of the tree in survey.errors."""

from __future__ import annotations

from typing import ClassVar

from survey.errors import Invalid, NotFound, Refused, SurveyError, TooLarge, TooMany


class SignInAgain(SurveyError):
    """The sign-in on the tablet has ended, or was made on another one; nothing on the tablet is lost."""

    status = 401
    code = "SVY-401-240"
    texts = {
        "vi": "Cần đăng nhập lại trên máy tính bảng này. Các phiếu vẫn còn nguyên trong máy.",
        "en": "Please sign in again on this tablet. All forms are still on it.",
    }


class NotACollector(Refused):
    code = "SVY-403-240"
    texts = {
        "vi": "Tài khoản này không phải tài khoản điều tra viên đang hoạt động.",
        "en": "This account is not an active enumerator's.",
    }


class NotTheirAssignment(Refused):
    code = "SVY-403-241"
    texts = {
        "vi": "Phiếu thuộc phân công của người khác.",
        "en": "The form belongs to somebody else's assignment.",
    }


class NoSuchAssignment(NotFound):
    code = "SVY-404-240"
    texts = {
        "vi": "Không có phân công này.",
        "en": "There is no such assignment.",
    }


class BatchTooLarge(TooLarge):
    code = "SVY-413-240"
    texts = {
        "vi": "Một lần gửi tối đa 2 MiB và 100 phiếu. Chưa có gì được ghi.",
        "en": "One sending holds at most 2 MiB and 100 forms. Nothing was recorded.",
    }


class RecordTooLarge(TooLarge):
    code = "SVY-413-241"
    texts = {
        "vi": "Một phiếu tối đa 64 KiB.",
        "en": "A form is at most 64 KiB.",
    }


class BadRecord(Invalid):
    code = "SVY-422-240"
    texts = {
        "vi": "Phiếu gửi lên không đúng dạng ở: {where}.",
        "en": "The form sent is malformed in: {where}.",
    }


class HashDiffers(Invalid):
    code = "SVY-422-241"
    texts = {
        "vi": "Mã kiểm tra của phiếu không khớp với câu trả lời đọc được.",
        "en": "The form's check sum does not match the answers that were read.",
    }


class BadAssignments(Invalid):
    code = "SVY-422-242"
    texts = {
        "vi": "Chưa tạo phân công nào. Cần sửa: {problems}",
        "en": "No assignment was made. Please mend: {problems}",
    }


class BadQueueFile(Invalid):
    code = "SVY-422-243"
    texts = {
        "vi": "Không đọc được tệp xuất dự phòng này. Chưa có gì được ghi.",
        "en": "This export of a queue cannot be read. Nothing was recorded.",
    }


class NoSuchVersion(NotFound):
    code = "SVY-404-241"
    texts = {
        "vi": "Không có phiên bản bộ câu hỏi này.",
        "en": "There is no such version of a questionnaire.",
    }


class SyncBusy(TooMany):
    """Enough tablets are sending: the others come back, so that pages stay quick meanwhile."""

    #: Seconds that a tablet is asked to wait.
    retry_after: ClassVar[int] = 3
    code = "SVY-429-240"
    texts = {
        "vi": "Nhiều máy đang gửi phiếu cùng lúc. Máy này sẽ tự gửi lại sau vài giây.",
        "en": "Many tablets are sending at once. This one will send again in a few seconds.",
    }


class TooManyRawRecords(TooMany):
    """A device sent more records raw than an honest queue holds; it keeps them and comes back."""

    #: Seconds that the device is asked to wait.
    retry_after: ClassVar[int] = 3600
    code = "SVY-429-241"
    texts = {
        "vi": "Máy này đã gửi quá nhiều bản ghi lỗi trong một giờ. Bản ghi vẫn còn trong máy.",
        "en": "This device sent too many faulty records within an hour. They are still on it.",
    }


class NotTheirKey(Invalid):
    code = "SVY-422-245"
    texts = {
        "vi": "Hệ thống không mở được khóa cũ này. Hãy xuất dự phòng và báo cán bộ phụ trách.",
        "en": "The system cannot open this former key. Please save the queue to a file and tell the person "
        "in charge.",
    }


class NoFileSent(Invalid):
    code = "SVY-422-244"
    texts = {
        "vi": "Hãy chọn một tệp.",
        "en": "Please choose a file.",
    }
