"""What a year's assessing can refuse. Nothing is changed by what is refused."""

from survey.errors import Conflict, Invalid, NotFound, Refused, SurveyError, TooLarge


class NoSuchAssessment(NotFound):
    code = "SVY-404-300"
    texts = {
        "vi": "Không có kỳ đánh giá này.",
        "en": "There is no such assessment.",
    }


class NoSuchAssessedUnit(NotFound):
    code = "SVY-404-301"
    texts = {
        "vi": "Kỳ đánh giá không có đơn vị này.",
        "en": "The assessment has no such unit.",
    }


class NoSuchNode(NotFound):
    code = "SVY-404-302"
    texts = {
        "vi": "Bộ tiêu chí của khối không có tiêu chí {leaf}.",
        "en": "The criteria set of the block has no criterion {leaf}.",
    }


class NoSuchEvidence(NotFound):
    code = "SVY-404-303"
    texts = {
        "vi": "Không có tài liệu kiểm chứng này.",
        "en": "There is no such evidence.",
    }


class NoSuchMinutes(NotFound):
    code = "SVY-404-304"
    texts = {
        "vi": "Không có biên bản số {number}. Hãy ghi biên bản họp trước.",
        "en": "There are no minutes of number {number}. Please record the minutes first.",
    }


class NoSuchCriteriaSet(NotFound):
    code = "SVY-404-305"
    texts = {
        "vi": "Chưa có bộ tiêu chí nào mang mã băm {sha256}.",
        "en": "No criteria set with the hash {sha256} has been published.",
    }


class NoSuchRequest(NotFound):
    code = "SVY-404-306"
    texts = {
        "vi": "Không có đề nghị này.",
        "en": "There is no such request.",
    }


class NoSuchPublication(NotFound):
    code = "SVY-404-307"
    texts = {
        "vi": "Kỳ đánh giá chưa có lần công bố số {number}.",
        "en": "The assessment has no publication of number {number}.",
    }


class NoSuchBlock(NotFound):
    code = "SVY-404-308"
    texts = {
        "vi": "Kỳ đánh giá không có khối {block}.",
        "en": "The assessment has no block {block}.",
    }


class NotAllowed(Refused):
    code = "SVY-403-300"
    texts = {
        "vi": "Tài khoản này không có quyền làm việc này trong kỳ đánh giá.",
        "en": "This account may not do this in the assessment.",
    }


class SecondPersonNeeded(Refused):
    code = "SVY-403-301"
    texts = {
        "vi": "Người đã nhập điểm không được tự duyệt. Cần một người khác của đơn vị duyệt.",
        "en": "Who entered the points cannot approve them. Another person of the unit is needed.",
    }


class OwnUnitAppraised(Refused):
    code = "SVY-403-302"
    texts = {
        "vi": "Cơ quan thẩm định không tự thẩm định đơn vị mình. Phần này do cán bộ tỉnh thẩm định.",
        "en": "An agency does not appraise its own unit. Officials of the province appraise this part.",
    }


class AssessmentTaken(Conflict):
    code = "SVY-409-300"
    texts = {
        "vi": "Đã có kỳ đánh giá mang mã {code}.",
        "en": "There is an assessment with the code {code} already.",
    }


class WrongStage(Conflict):
    code = "SVY-409-301"
    texts = {
        "vi": "Kỳ đánh giá đang ở bước “{stage_vi}” nên chưa hoặc không còn làm được việc này. Chưa có "
        "gì thay đổi.",
        "en": "The assessment is at the stage “{stage_en}”, so this cannot be done yet or any more. "
        "Nothing was changed.",
    }


class Locked(Conflict):
    code = "SVY-409-302"
    texts = {
        "vi": "Đơn vị đã nộp kết quả tự chấm nên không sửa được nữa, trừ tiêu chí được trả lại. "
        "Chưa có gì thay đổi.",
        "en": "The unit has submitted its self-assessment; only a criterion that was returned can "
        "be changed. Nothing was changed.",
    }


class EnteredMeanwhile(Conflict):
    code = "SVY-409-303"
    texts = {
        "vi": "Tiêu chí {leaf} vừa được {who} ghi lúc {when}. Nội dung của Ông/Bà chưa được ghi; "
        "hãy tải lại trang để xem.",
        "en": "Criterion {leaf} was entered by {who} at {when}. What you sent was not recorded; "
        "please load the page again.",
    }


class StageIncomplete(Conflict):
    code = "SVY-409-304"
    texts = {
        "vi": "Chưa chuyển bước được: còn thiếu {count} mục. Mục đầu tiên: {first}",
        "en": "The assessment cannot move on: {count} thing(s) are missing. The first: {first}",
    }


class NotApproved(Conflict):
    code = "SVY-409-305"
    texts = {
        "vi": "Kết quả tự chấm của {path} chưa được người thứ hai của đơn vị duyệt.",
        "en": "What the unit entered at {path} has not been approved by its second person.",
    }


class NotSubmitted(Conflict):
    code = "SVY-409-306"
    texts = {
        "vi": "Đơn vị chưa nộp kết quả tự chấm.",
        "en": "The unit has not submitted its self-assessment.",
    }


class AlreadyAppraised(Conflict):
    code = "SVY-409-307"
    texts = {
        "vi": "Tiêu chí {leaf} đã được thẩm định nên không trả lại được; hãy điều chỉnh điểm và ghi lý do.",
        "en": "Criterion {leaf} has been appraised and cannot be returned; adjust it instead, with a reason.",
    }


class ChangedMeanwhile(Conflict):
    code = "SVY-409-308"
    texts = {
        "vi": "Kết quả đã thay đổi sau khi có đề nghị công bố. Hãy từ chối đề nghị này và đề nghị lại.",
        "en": "The results have changed since publication was asked for. Refuse this request and ask again.",
    }


class SetInUse(Conflict):
    code = "SVY-409-309"
    texts = {
        "vi": "Khối {block} đã có đơn vị nộp kết quả. Thay bộ tiêu chí cần hai người: một người đề "
        "nghị, một người khác duyệt.",
        "en": "A unit of block {block} has submitted. Changing the set takes two persons: one asks, "
        "another grants.",
    }


class SnapshotUnfit(Conflict):
    code = "SVY-409-310"
    texts = {
        "vi": "Bản chốt {snapshot} không khớp khi kiểm tra lại nên không dùng để tính điểm: {what_vi}",
        "en": "Snapshot {snapshot} does not verify, so it gives no points: {what_en}",
    }


class UnitTaken(Conflict):
    code = "SVY-409-311"
    texts = {
        "vi": "Kỳ đánh giá đã có đơn vị {unit}.",
        "en": "The assessment has the unit {unit} already.",
    }


class BlockTaken(Conflict):
    code = "SVY-409-312"
    texts = {
        "vi": "Kỳ đánh giá đã có khối {block}.",
        "en": "The assessment has the block {block} already.",
    }


class EvidenceTooLarge(TooLarge):
    code = "SVY-413-300"
    texts = {
        "vi": "Tệp lớn hơn {most} MB. Chưa nhận tệp nào.",
        "en": "The file is larger than {most} MB. Nothing was taken.",
    }


class ForbiddenType(SurveyError):
    """A file of a type that is not taken."""

    status = 415
    code = "SVY-415-300"
    texts = {
        "vi": "Chỉ nhận tệp {allowed}, xét theo nội dung tệp. Tệp này bị từ chối: {why}",
        "en": "Only {allowed} files are taken, judged by their content. This one was refused: {why}",
    }


class BadAssessment(Invalid):
    code = "SVY-422-300"
    texts = {
        "vi": "Kỳ đánh giá chưa đúng ở: {fields}.",
        "en": "The assessment is wrong in: {fields}.",
    }


class UnitNotStanding(Invalid):
    code = "SVY-422-301"
    texts = {
        "vi": "{path}: đơn vị {unit} không tồn tại ngày {day}. Chưa thêm đơn vị nào.",
        "en": "{path}: the unit {unit} does not exist on {day}. No unit was added.",
    }


class ExplanationNeeded(Invalid):
    code = "SVY-422-302"
    texts = {
        "vi": "{path}: tự chấm có điểm mà không có tài liệu kiểm chứng thì phải giải trình.",
        "en": "{path}: points without evidence need an explanation.",
    }


class TextNeeded(Invalid):
    code = "SVY-422-303"
    texts = {
        "vi": "Cần ghi {field_vi}, từ 1 đến {most} ký tự.",
        "en": "Please write the {field_en}, of 1 to {most} characters.",
    }


class SurveyedLeaf(Invalid):
    code = "SVY-422-304"
    texts = {
        "vi": "Tiêu chí {leaf} lấy điểm từ khảo sát nên không nhập tay.",
        "en": "Criterion {leaf} takes its points from a survey and is not entered by hand.",
    }


class NothingToAccept(Invalid):
    code = "SVY-422-305"
    texts = {
        "vi": "Đơn vị chưa tự chấm tiêu chí {leaf} nên không có gì để chấp nhận.",
        "en": "The unit gave nothing for criterion {leaf}, so there is nothing to accept.",
    }


class IncompleteResults(Invalid):
    code = "SVY-422-306"
    texts = {
        "vi": "Chưa công bố được: còn {count} tiêu chí chưa có điểm. Tiêu chí đầu tiên: {first}",
        "en": "The results cannot be published: {count} criteria have no points. The first: {first}",
    }


class InfectedEvidence(Invalid):
    code = "SVY-422-307"
    texts = {
        "vi": "Chương trình quét đã từ chối tệp này. Chưa nhận tệp nào.",
        "en": "The scanner refused this file. Nothing was taken.",
    }


class BadRemedy(Invalid):
    code = "SVY-422-308"
    texts = {
        "vi": "Biện pháp khắc phục chưa đúng ở: {fields}.",
        "en": "The remedy is wrong in: {fields}.",
    }


class EmptyEvidence(Invalid):
    code = "SVY-422-309"
    texts = {
        "vi": "Tệp trống. Chưa nhận tệp nào.",
        "en": "The file is empty. Nothing was taken.",
    }


class NothingToReply(Invalid):
    code = "SVY-422-310"
    texts = {
        "vi": "Tiêu chí {leaf} không bị điều chỉnh hay trả lại nên không cần giải trình.",
        "en": "Criterion {leaf} was neither adjusted nor returned, so there is nothing to reply to.",
    }


class InputMissing(Invalid):
    code = "SVY-422-311"
    texts = {
        "vi": "{leaf}: cần cho biết giá trị được tính điểm.",
        "en": "{leaf}: the value that points are computed from is missing.",
    }


class NothingLost(Invalid):
    code = "SVY-422-312"
    texts = {
        "vi": "{leaf}: tiêu chí không mất điểm nên không cần khắc phục.",
        "en": "{leaf}: no points were lost, so there is nothing to remedy.",
    }
