"""What the paper desk can refuse: numbers, the ledger's order, keying, deciding, and the re-check."""

from __future__ import annotations

from collections.abc import Sequence

from survey.errors import Conflict, Invalid, NotFound, Refused
from survey.questionnaires import AnswerProblem


class NoSuchForm(NotFound):
    code = "SVY-404-250"
    texts = {
        "vi": "Không có phiếu số {number}. Hãy xem lại từng chữ số trên phiếu.",
        "en": "There is no form {number}. Please compare every digit with the paper.",
    }


class NoSuchRecheck(NotFound):
    code = "SVY-404-251"
    texts = {
        "vi": "Không có phiếu phúc tra này.",
        "en": "There is no such form to ask again.",
    }


class BadFormNumbers(Invalid):
    code = "SVY-422-250"
    texts = {
        "vi": "Số phiếu chưa đúng (sai hoặc thiếu chữ số): {numbers}. Chưa ghi gì.",
        "en": "These form numbers are wrong (a digit is wrong or missing): {numbers}. Nothing was recorded.",
    }


class BadPrintPlan(Invalid):
    code = "SVY-422-251"
    texts = {
        "vi": "Danh sách in chưa đúng ở: {lines}. Chưa in phiếu nào.",
        "en": "The print plan is wrong in: {lines}. No form was numbered.",
    }


class WrongDay(Invalid):
    code = "SVY-422-252"
    texts = {
        "vi": "Ngày chưa đúng: không được sau hôm nay, và ngày thu về không trước ngày phát ra ({numbers}).",
        "en": "The day is wrong: not after today, and no form returns before it was handed out ({numbers}).",
    }


class EnteredTooLate(Invalid):
    code = "SVY-422-264"
    texts = {
        "vi": "Đợt đã kết thúc quá {days} ngày, nên không ghi thu về vào một ngày của đợt được nữa. "
        "Hãy ghi đúng ngày phiếu về sau khi đợt kết thúc; phiếu ấy được đếm nhưng không nhập.",
        "en": "The round ended more than {days} days ago, so no form can be entered as back on one of its "
        "days. Enter the day after its end on which the form came; it is counted and not kept.",
    }


class BadRejection(Invalid):
    code = "SVY-422-253"
    texts = {
        "vi": "Hãy chọn lý do loại phiếu; chọn “Lý do khác” thì ghi rõ, tối đa 150 ký tự.",
        "en": "Choose why the form is rejected; for “Another reason” write it, at most 150 characters.",
    }


class Undecided(Invalid):
    code = "SVY-422-254"
    texts = {
        "vi": "Còn câu chưa quyết định: {items}. Chưa ghi gì.",
        "en": "These questions are not decided yet: {items}. Nothing was recorded.",
    }


class ImpossibleAnswers(Invalid):
    """What was keyed cannot be an answer; it may still be what the paper says."""

    code = "SVY-422-255"
    texts = {
        "vi": "Có câu không thể trả lời như đã nhập. Hãy sửa, hoặc xác nhận “Đúng như trên phiếu”.",
        "en": "Some answers are impossible as keyed. Correct them, or confirm “As on the paper”.",
    }

    def __init__(self, problems: Sequence[AnswerProblem]) -> None:
        super().__init__(", ".join(f"{one.item}: {one.code}" for one in problems))
        self.problems = tuple(problems)


class NothingToRecheck(Invalid):
    code = "SVY-422-256"
    texts = {
        "vi": "Đợt này chưa có phiếu giấy hay phiếu máy tính bảng nào để phúc tra.",
        "en": "This round has no paper or tablet response to ask again yet.",
    }


class BadShare(Invalid):
    code = "SVY-422-257"
    texts = {
        "vi": "Tỷ lệ phúc tra từ 1 đến 50 %; thường là 10 đến 20 %.",
        "en": "The share to ask again is 1 to 50 %; 10 to 20 % is usual.",
    }


class NobodyNamed(Invalid):
    code = "SVY-422-258"
    texts = {
        "vi": "Hãy ghi người hoặc cơ quan nhận phiếu, tối đa 120 ký tự.",
        "en": "Name the person or office that takes the forms, in at most 120 characters.",
    }


class RoundFull(Invalid):
    code = "SVY-422-259"
    texts = {
        "vi": "Một đợt có nhiều nhất 99.999 phiếu giấy.",
        "en": "A round has at most 99,999 paper forms.",
    }


class OutOfOrder(Conflict):
    code = "SVY-409-250"
    texts = {
        "vi": "Chưa ghi gì vì có phiếu không ở trạng thái phù hợp: {numbers}.",
        "en": "Nothing was recorded: these forms are not in a state that allows it: {numbers}.",
    }


class NotOnPaper(Conflict):
    code = "SVY-409-251"
    texts = {
        "vi": "Đợt này trả lời bằng đường dẫn riêng; phiếu giấy có số sẽ làm lộ người trả lời.",
        "en": "This round is answered by personal link; a numbered paper form would tell who answered.",
    }


class NotToKey(Conflict):
    code = "SVY-409-252"
    texts = {
        "vi": "Phiếu {number} chưa nhập được: theo sổ, phiếu chưa thu về hoặc đã xử lý xong.",
        "en": "Form {number} cannot be keyed: the ledger has it not as returned, or it is already settled.",
    }


class KeyedByYou(Conflict):
    code = "SVY-409-253"
    texts = {
        "vi": "Ông/Bà đã nhập phiếu {number}. Lần nhập thứ hai phải do người khác làm.",
        "en": "You have keyed form {number}. The second keying is another person's.",
    }


class KeyedTwice(Conflict):
    code = "SVY-409-254"
    texts = {
        "vi": "Phiếu {number} đã được hai người nhập.",
        "en": "Form {number} has been keyed by two persons.",
    }


class NothingToDecide(Conflict):
    code = "SVY-409-255"
    texts = {
        "vi": "Phiếu {number} không có chỗ nào chờ quyết định.",
        "en": "Nothing on form {number} waits for a decision.",
    }


class RecheckDone(Conflict):
    code = "SVY-409-256"
    texts = {
        "vi": "Phiếu phúc tra này đã có kết quả.",
        "en": "This form has been asked again already.",
    }


class NotKept(Conflict):
    code = "SVY-409-257"
    texts = {
        "vi": "Phiếu {number} chưa được ghi nhận nên không có gì để đính chính.",
        "en": "Form {number} is not kept, so there is nothing to correct.",
    }


class CameByFile(Conflict):
    code = "SVY-409-258"
    texts = {
        "vi": "Phiếu {number} đã được nhập từ tệp nên không nhập ở đây nữa. "
        "Hãy đưa phiếu cho người phụ trách sổ phiếu.",
        "en": "Form {number} came in by a file, so it is not keyed as well. "
        "Give the form to whoever keeps the ledger.",
    }


class TakesTwo(Conflict):
    code = "SVY-409-259"
    texts = {
        "vi": "Chưa ghi gì: phiếu {numbers} đã có câu trả lời được nhập nên một người không tự loại hay báo "
        "thất lạc được. Hãy mở phiếu ở mục Nhập hai lần và đề nghị loại; một người khác duyệt.",
        "en": "Nothing was recorded: answers of {numbers} have been keyed, so one person alone cannot reject "
        "the forms or write them off. Open a form under double keying and ask; another person decides.",
    }


class KeyerCannotDecide(Refused):
    code = "SVY-403-250"
    texts = {
        "vi": "Người đã nhập phiếu không được quyết định chỗ khác nhau. Cần người thứ ba.",
        "en": "Who keyed the form cannot decide between the keyings. A third person is needed.",
    }


class AskedByCollector(Refused):
    code = "SVY-403-251"
    texts = {
        "vi": "Người đã hỏi hoặc đã nhập phiếu này không được phúc tra. Cần người khác.",
        "en": "Who collected or keyed this form cannot ask again. Another person is needed.",
    }
