"""What reviewing can refuse: alarms, exclusions, quarantined records, conflicts, numbers of transactions."""

from survey.errors import Conflict, Invalid, NotFound


class NoSuchAlarm(NotFound):
    code = "SVY-404-270"
    texts = {
        "vi": "Không có báo động này.",
        "en": "There is no such alarm.",
    }


class AlarmReviewed(Conflict):
    code = "SVY-409-271"
    texts = {
        "vi": "Báo động này đã có người xem xét.",
        "en": "Somebody has reviewed this alarm already.",
    }


class NoteNeeded(Invalid):
    code = "SVY-422-272"
    texts = {
        "vi": "Cần ghi nhận xét, tối đa 300 ký tự.",
        "en": "Write a note of at most 300 characters.",
    }


class NothingMeant(Invalid):
    code = "SVY-422-273"
    texts = {
        "vi": "Không có phiếu nào trong tập đã chọn, hoặc có mã phiếu không thuộc đợt này. Chưa ghi gì.",
        "en": "No response is in the chosen set, or an id is not of this round. Nothing was written.",
    }


class NotFoundRight(Conflict):
    code = "SVY-409-274"
    texts = {
        "vi": "Chỉ đề nghị loại phiếu theo báo động đã được xác nhận là đúng.",
        "en": "Responses can be excluded only by an alarm that was found right.",
    }


class NoSuchRecord(NotFound):
    code = "SVY-404-275"
    texts = {
        "vi": "Không có bản ghi cách ly này.",
        "en": "There is no such quarantined record.",
    }


class RecordDecided(Conflict):
    code = "SVY-409-276"
    texts = {
        "vi": "Bản ghi này đã có người quyết định.",
        "en": "Somebody has decided about this record already.",
    }


class StillWrong(Invalid):
    code = "SVY-422-277"
    texts = {
        "vi": "Chưa ghi được phiếu: {problem} Bản ghi vẫn còn trong khu cách ly.",
        "en": "The record could not be kept: {problem} It is still in quarantine.",
    }


class NoSuchConflict(NotFound):
    code = "SVY-404-278"
    texts = {
        "vi": "Không có cặp phiếu trùng mã này, hoặc đã có người quyết định.",
        "en": "There is no such conflict, or it was decided already.",
    }


class BadTransactions(Invalid):
    code = "SVY-422-279"
    texts = {
        "vi": "Chưa ghi số giao dịch nào. Sai ở dòng: {lines}. Mỗi dòng gồm mã đơn vị, ngày (2027-03-31) và "
        "một số nguyên không âm.",
        "en": "No number was recorded. Wrong lines: {lines}. A line has a unit's id, a day (2027-03-31) and "
        "a whole number that is not negative.",
    }
