"""What can go wrong with a kiosk or a tablet as a device: leaves of the tree in survey.errors."""

from __future__ import annotations

from survey.errors import BadInput, Conflict, Invalid, NotFound, Refused, TooMany, Unavailable


class NotEnrolled(Refused):
    code = "SVY-403-210"
    texts = {
        "vi": "Máy này chưa được ghi danh hoặc đã bị thu hồi. Hãy báo cán bộ phụ trách.",
        "en": "This device is not enrolled, or was revoked. Please tell the person in charge.",
    }


class NoSuchDevice(NotFound):
    code = "SVY-404-210"
    texts = {
        "vi": "Không có thiết bị này.",
        "en": "There is no such device.",
    }


class WrongEnrolmentCode(Invalid):
    code = "SVY-422-210"
    texts = {
        "vi": "Mã ghi danh không đúng, đã dùng hoặc đã quá 10 phút. Hãy xin mã mới.",
        "en": "The enrolment code is wrong, used, or older than 10 minutes. Please ask for a new one.",
    }


class TooManyCodes(TooMany):
    code = "SVY-429-210"
    texts = {
        "vi": "Máy này nhập sai mã quá nhiều lần. Hãy thử lại sau 10 phút.",
        "en": "Too many wrong codes from this device. Please try again in 10 minutes.",
    }


class EnrolmentBusy(Unavailable):
    code = "SVY-503-210"
    texts = {
        "vi": "Đang có nhiều máy ghi danh cùng lúc. Hãy thử lại sau ít giây.",
        "en": "Many devices are being enrolled right now. Please try again in a few seconds.",
    }


class BadDevice(Invalid):
    code = "SVY-422-211"
    texts = {
        "vi": "Thông tin thiết bị chưa đúng: {what}.",
        "en": "The details of the device are not right: {what}.",
    }


class DeviceRevoked(Conflict):
    code = "SVY-409-210"
    texts = {
        "vi": "Thiết bị đã bị thu hồi thì không dùng lại được. Hãy ghi danh một thiết bị mới.",
        "en": "A revoked device cannot be used again. Please enrol a new one.",
    }


class SoonAfterAnother(TooMany):
    code = "SVY-429-211"
    #: Seconds after which to try again.
    retry_after = 5
    texts = {
        "vi": "Xin Ông/Bà đợi vài giây. Ý kiến sẽ được gửi ngay sau đó.",
        "en": "Please wait a few seconds. Your answer will be sent right after.",
    }


class DeviceTooBusy(TooMany):
    code = "SVY-429-212"
    retry_after = 600
    texts = {
        "vi": "Máy này đã nhận quá nhiều ý kiến trong một giờ. Xin mời Ông/Bà quay lại sau.",
        "en": "This device took too many answers within an hour. Please come back later.",
    }


class TooManyRequests(TooMany):
    code = "SVY-429-213"
    retry_after = 60
    texts = {
        "vi": "Có quá nhiều yêu cầu từ cùng một nơi. Xin thử lại sau một phút.",
        "en": "Too many requests from one place. Please try again in a minute.",
    }


class UnreadableSeal(Invalid):
    code = "SVY-422-212"
    texts = {
        "vi": "Không mở được phiếu đã niêm phong của máy. Phiếu vẫn còn trên máy.",
        "en": "The device's sealed form cannot be opened. It stays on the device.",
    }


class BadSign(BadInput):
    code = "SVY-400-210"
    texts = {
        "vi": "Tín hiệu của thiết bị không đúng dạng.",
        "en": "The device's sign of life is malformed.",
    }


class BadRecord(Invalid):
    code = "SVY-422-213"
    texts = {
        "vi": "Phiếu của máy tại quầy không đúng dạng.",
        "en": "The kiosk's form is malformed.",
    }
