"""What can go wrong with one-time codes on slips: leaves of the tree in survey.errors."""

from __future__ import annotations

from survey.errors import Invalid, NotFound, TooMany, Unavailable


class MistypedSlip(Invalid):
    code = "SVY-422-220"
    texts = {
        "vi": "Mã gõ chưa đúng. Mã có 9 chữ và số; xin Ông/Bà so lại từng ký tự với tờ giấy.",
        "en": "The code is mistyped. It has 9 letters and digits; please compare each with the slip.",
    }


class UnknownSlip(NotFound):
    code = "SVY-404-220"
    texts = {
        "vi": "Mã này không dùng được. Xin Ông/Bà xem lại mã và ngày hết hạn trên tờ giấy.",
        "en": "This code does not work. Please check the code and its last day on the slip.",
    }


class TooManySlipTries(TooMany):
    code = "SVY-429-220"
    texts = {
        "vi": "Máy này đã nhập sai mã nhiều lần. Xin Ông/Bà thử lại sau một giờ, hoặc quét mã trên giấy.",
        "en": "Too many wrong codes from this device. Please try again in an hour, or scan the slip.",
    }


class SlipsBusy(Unavailable):
    code = "SVY-503-220"
    texts = {
        "vi": "Đang có nhiều người nhập mã cùng lúc. Xin Ông/Bà thử lại sau ít giây.",
        "en": "Many codes are being checked right now. Please try again in a few seconds.",
    }


class BadSlipBatch(Invalid):
    code = "SVY-422-221"
    texts = {
        "vi": "Chưa tạo phiếu nào. Cần xem lại: {fields}.",
        "en": "No slips were made. Please check: {fields}.",
    }


class SlipFileTaken(Invalid):
    code = "SVY-422-222"
    texts = {
        "vi": "Tệp {path} đã có. Chưa tạo mã nào; hãy chọn tên tệp khác.",
        "en": "The file {path} exists. No code was made; name another file.",
    }
