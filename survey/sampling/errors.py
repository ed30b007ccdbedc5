"""What can go wrong before anyone is asked: a frame, a size or an allocation that cannot be.

Not for the fieldwork: a refusal or an absence is an outcome, not an error.
"""

from survey.errors import Invalid


class InvalidFrame(Invalid):
    code = "SVY-422-35"
    texts = {
        "vi": "Danh sách chọn mẫu không dùng được: {reason}.",
        "en": "The sampling frame cannot be used: {reason}.",
    }


class ImpossibleAllocation(Invalid):
    code = "SVY-422-36"
    texts = {
        "vi": "Không thể phân bổ {total} đơn vị mẫu: chỉ được từ {least} đến {most}.",
        "en": "{total} sample units cannot be allocated: it must be from {least} to {most}.",
    }


class InvalidSampleSize(Invalid):
    code = "SVY-422-37"
    texts = {
        "vi": "Cỡ mẫu không tính được với N = {population}, e = {error}: cần N ≥ 1 và 0 < e < 1.",
        "en": "No sample size for N = {population}, e = {error}: N ≥ 1 and 0 < e < 1 are needed.",
    }


class InvalidSecondStage(Invalid):
    code = "SVY-422-38"
    texts = {
        "vi": "Số người trong danh sách và số người được chọn của {id} không hợp lệ: {taken}/{listed}.",
        "en": "The numbers listed and taken in {id} cannot be: {taken} of {listed}.",
    }
