"""What a use case can refuse."""

from survey.errors import BadInput, Conflict, Gone, Invalid, NotFound, Refused, TooMany, Unavailable


class BadSettings(Unavailable):
    code = "SVY-503-90"
    texts = {
        "vi": "Biến môi trường chưa đúng: {names}.",
        "en": "These settings are wrong: {names}.",
    }


class NoSuchRound(NotFound):
    code = "SVY-404-90"
    texts = {
        "vi": "Không có đợt khảo sát này.",
        "en": "There is no such survey round.",
    }


class NoSuchSnapshot(NotFound):
    code = "SVY-404-91"
    texts = {
        "vi": "Không có bản chốt số liệu {snapshot}.",
        "en": "There is no snapshot {snapshot}.",
    }


class NoSuchLink(NotFound):
    code = "SVY-404-92"
    texts = {
        "vi": "Đường dẫn này không dùng được. Ông/Bà hãy kiểm tra lại hoặc liên hệ người đã gửi.",
        "en": "This link does not work. Please check it, or ask the person who sent it.",
    }


class NoSuchAccount(NotFound):
    code = "SVY-404-93"
    texts = {
        "vi": "Không có tài khoản {login}.",
        "en": "There is no account {login}.",
    }


class NotYetComputed(NotFound):
    code = "SVY-404-94"
    texts = {
        "vi": "Đợt này chưa có kết quả: cần chốt số liệu và tính chỉ số trước.",
        "en": "This round has no results yet: freeze a snapshot and compute the indices first.",
    }


class UnknownVersion(NotFound):
    code = "SVY-404-95"
    texts = {
        "vi": "Phiên bản bộ câu hỏi này không có trong hệ thống. Câu trả lời chưa được ghi; hãy giữ lại.",
        "en": "This version of the questionnaire is not known here. Nothing was recorded; keep the answers.",
    }


class NotThisUnit(NotFound):
    code = "SVY-404-96"
    texts = {
        "vi": "Đơn vị này không thuộc đợt khảo sát.",
        "en": "This unit is not part of the survey round.",
    }


class RoundClosed(Gone):
    code = "SVY-410-90"
    texts = {
        "vi": "Đợt khảo sát đã đóng hoặc chưa mở. Câu trả lời chưa được ghi nhận.",
        "en": "The survey round is closed or not open yet. The answers were not recorded.",
    }


class OtherAnswersKept(Conflict):
    code = "SVY-409-90"
    texts = {
        "vi": "Phiếu này đã được ghi nhận với nội dung khác. Phiếu đầu được giữ; phiếu sau chờ xem xét.",
        "en": "This form was recorded before with other answers. The first is kept; this one awaits review.",
    }


class AlreadySent(Conflict):
    code = "SVY-409-91"
    texts = {
        "vi": "Phiếu này đã được gửi. Xin cảm ơn Ông/Bà.",
        "en": "This form has been sent already. Thank you.",
    }


class AnotherForm(Conflict):
    code = "SVY-409-92"
    texts = {
        "vi": "Trang này thuộc một phiếu khác đã mở trên cùng trình duyệt. Hãy mở lại từ đầu.",
        "en": "This page belongs to another form opened in the same browser. Please start again.",
    }


class LoginTaken(Conflict):
    code = "SVY-409-93"
    texts = {
        "vi": "Đã có tài khoản tên {login}.",
        "en": "There is an account named {login} already.",
    }


class FreezeInProgress(Conflict):
    code = "SVY-409-94"
    texts = {
        "vi": "Có người khác vừa chốt số liệu đợt {round}. Hãy tải lại trang.",
        "en": "Somebody else has just frozen round {round}. Please load the page again.",
    }


class RoundTaken(Conflict):
    code = "SVY-409-95"
    texts = {
        "vi": "Đã có đợt khảo sát mang mã {round}.",
        "en": "There is a round with the code {round} already.",
    }


class LinksFileTaken(Conflict):
    code = "SVY-409-96"
    texts = {
        "vi": "Tệp {path} đã có và có thể đang giữ đường dẫn đã phát. Chưa mời ai; hãy chọn tên tệp khác.",
        "en": "The file {path} exists and may hold links made before. Nobody was invited; name another file.",
    }


class BadRound(Invalid):
    code = "SVY-422-94"
    texts = {
        "vi": "Đợt khảo sát chưa đúng ở: {fields}.",
        "en": "The round is wrong in: {fields}.",
    }


class BadIdentifier(BadInput):
    code = "SVY-400-90"
    texts = {
        "vi": "Mã phiếu không đúng dạng.",
        "en": "The form's identifier is malformed.",
    }


class WeakPassword(Invalid):
    code = "SVY-422-90"
    texts = {
        "vi": "Mật khẩu cần từ 12 đến 128 ký tự và không chứa tên đăng nhập.",
        "en": "The password needs 12 to 128 characters and must not contain the login.",
    }


class BadLogin(Invalid):
    code = "SVY-422-91"
    texts = {
        "vi": "Tên đăng nhập chỉ gồm chữ thường không dấu, số, dấu chấm, gạch ngang; từ 3 đến 40 ký tự.",
        "en": "A login has 3 to 40 lower-case letters, digits, dots or hyphens.",
    }


class EmptySnapshot(Invalid):
    code = "SVY-422-92"
    texts = {
        "vi": "Đợt {round} chưa có phiếu nào được tính nên chưa thể chốt số liệu.",
        "en": "Round {round} has no counted response yet, so there is nothing to freeze.",
    }


class BadInviteList(Invalid):
    code = "SVY-422-95"
    texts = {
        "vi": "Danh sách mời sai ở dòng: {lines}. Chưa mời ai.",
        "en": "The list of people is wrong in lines: {lines}. Nobody was invited.",
    }


class TooFewAlike(Invalid):
    code = "SVY-422-96"
    texts = {
        "vi": "Chưa mời ai: có nhóm dưới {fewest} người cùng đơn vị, tầng, cụm và trọng số nên sẽ lộ "
        "người trả lời. Hãy gộp: {cells}",
        "en": "Nobody was invited: fewer than {fewest} people share unit, stratum, PSU and weight, which "
        "would tell who answered. Merge: {cells}",
    }


class BadPoints(Invalid):
    code = "SVY-422-97"
    texts = {
        "vi": "Chưa ghi điểm. Cần nguồn từ 1 đến 300 ký tự và năm từ 2000 đến 2100; sai ở: {fields}.",
        "en": "No points were recorded. A source has 1 to 300 characters, a year is 2000 to 2100; "
        "wrong in: {fields}.",
    }


class UnfitFeed(Invalid):
    code = "SVY-422-98"
    texts = {
        "vi": "Không dùng được đợt {round} cho phần {group}: khác đơn vị, khác năm hoặc khác đối tượng.",
        "en": "Round {round} cannot feed {group}: it is of another unit, year or population.",
    }


class BadName(Invalid):
    code = "SVY-422-99"
    texts = {
        "vi": "Họ tên cần từ 1 đến 200 ký tự.",
        "en": "A full name has 1 to 200 characters.",
    }


class FiguresExposed(Invalid):
    code = "SVY-422-195"
    texts = {
        "vi": "Chưa công bố được số liệu của bản chốt {snapshot}: {count} số liệu cần giữ kín vẫn "
        "suy ra được từ những số khác. Chưa ghi tệp nào; hãy chốt lại khi có thêm phiếu.",
        "en": "The figures of snapshot {snapshot} cannot be handed out: {count} withheld ones could be "
        "worked out from the others. No file was written; freeze again when more forms have come.",
    }


class EmptyForm(Invalid):
    code = "SVY-422-93"
    texts = {
        "vi": "Phiếu chưa có câu trả lời nào nên chưa gửi được.",
        "en": "The form has no answer yet, so it cannot be sent.",
    }


class CommentsSealed(Refused):
    code = "SVY-403-91"
    texts = {
        "vi": "Góp ý của đợt {round} trả lời bằng đường dẫn riêng nên không được xuất ra.",
        "en": "Round {round} is answered by personal link, so its comments are not handed out.",
    }


class SignInRefused(Refused):
    code = "SVY-403-90"
    texts = {
        "vi": "Tên đăng nhập hoặc mật khẩu không đúng.",
        "en": "The login or the password is not right.",
    }


class TooManyAttempts(TooMany):
    code = "SVY-429-90"
    texts = {
        "vi": "Đăng nhập sai nhiều lần. Hãy thử lại sau 15 phút.",
        "en": "Too many failed attempts. Please try again in 15 minutes.",
    }


class NoSuchApproval(NotFound):
    code = "SVY-404-97"
    texts = {
        "vi": "Không có đề nghị này.",
        "en": "There is no such request.",
    }


class AlreadyDecided(Conflict):
    code = "SVY-409-97"
    texts = {
        "vi": "Đề nghị này đã có người quyết định.",
        "en": "Somebody has decided this request already.",
    }


class AlreadyWaiting(Conflict):
    code = "SVY-409-98"
    texts = {
        "vi": "Đã có một đề nghị như vậy đang chờ người thứ hai.",
        "en": "The same request is waiting for a second person already.",
    }


class ReopeningTakesTwo(Conflict):
    code = "SVY-409-99"
    texts = {
        "vi": "Đợt {round} đã đóng. Mở lại cần hai người: một người đề nghị trên trang “Đóng và mở lại đợt”, "
        "một người khác duyệt trên trang Rà soát.",
        "en": "Round {round} is closed. Opening it again takes two persons: one asks on the page "
        "“Closing and reopening”, another grants it on the page Review.",
    }


class NotClosed(Conflict):
    code = "SVY-409-100"
    texts = {
        "vi": "Đợt này không đóng nên không có gì để mở lại.",
        "en": "This round is not closed, so there is nothing to open again.",
    }


class SamePerson(Refused):
    code = "SVY-403-97"
    texts = {
        "vi": "Người đề nghị không được tự duyệt. Cần một người khác.",
        "en": "Who asked cannot decide. Another person is needed.",
    }


class ReasonNeeded(Invalid):
    code = "SVY-422-200"
    texts = {
        "vi": "Cần ghi lý do, tối đa 300 ký tự.",
        "en": "Give a reason of at most 300 characters.",
    }
