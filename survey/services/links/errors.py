"""What personal links can refuse: opening, inviting, sending, sealing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.errors import Conflict, Gone, Invalid, NotFound, Unavailable
from survey.reports.reading import CellProblem


class LinkEnded(Gone):
    code = "SVY-410-230"
    texts = {
        "vi": "Đợt khảo sát của đường dẫn này đã kết thúc. Xin cảm ơn Ông/Bà.",
        "en": "The survey round of this link has ended. Thank you.",
    }


class NoSuchInvitation(NotFound):
    code = "SVY-404-230"
    texts = {
        "vi": "Không có lời mời nào còn hiệu lực cho “{person}” trong đợt này.",
        "en": "No standing invitation of this round is for “{person}”.",
    }


class StalePage(Conflict):
    code = "SVY-409-230"
    texts = {
        "vi": "Phiếu này đã được gửi, có thể từ một máy hay một trang khác. Những gì vừa nhập ở đây "
        "chưa được ghi. Muốn thay câu trả lời, hãy mở lại đường dẫn và chọn “Sửa câu trả lời”.",
        "en": "This form was sent already, perhaps from another device or page. What you just entered here "
        "was not recorded. To change your answers, open your link again and choose “Change my answers”.",
    }


class NotReadyToSeal(Conflict):
    code = "SVY-409-231"
    texts = {
        "vi": "Chỉ niêm phong được đợt trả lời bằng đường dẫn riêng và đã đóng.",
        "en": "Only a closed round that is answered by personal link can be sealed.",
    }


class AlreadySealed(Conflict):
    code = "SVY-409-232"
    texts = {
        "vi": "Đợt này đã được niêm phong.",
        "en": "This round has been sealed already.",
    }


class NotGranted(Conflict):
    code = "SVY-409-233"
    texts = {
        "vi": "Đợt {round} chưa được niêm phong: cần một người đề nghị và một người khác duyệt trên trang "
        "Đường dẫn riêng.",
        "en": "Round {round} is not sealed: one person asks for it and another grants it, on the page "
        "Personal links.",
    }


class PersonMismatch(Conflict):
    code = "SVY-409-234"
    texts = {
        "vi": "“{person}” đã được mời về cùng đơn vị với tầng, cụm hoặc trọng số khác. Chưa mời ai.",
        "en": "“{person}” was invited about the same unit with another stratum, PSU or weight. "
        "Nobody was invited.",
    }


class KeyLost(Unavailable):
    code = "SVY-503-230"
    texts = {
        "vi": "Không tìm thấy khóa của đợt này nên chưa mở được phiếu. "
        "Hãy khôi phục tệp khóa từ nơi cất giữ.",
        "en": "The key of this round is missing, so its forms cannot be opened. Restore the key file.",
    }


class MailNotSet(Unavailable):
    code = "SVY-503-231"
    texts = {
        "vi": "Chưa đặt máy chủ thư điện tử (SURVEY_SMTP_URL và SURVEY_MAIL_FROM).",
        "en": "No mail server is set (SURVEY_SMTP_URL and SURVEY_MAIL_FROM).",
    }


class SealBroken(Unavailable):
    code = "SVY-503-232"
    texts = {
        "vi": "Phiếu sau khi xáo không khớp với phiếu trước đó nên chưa niêm phong gì. "
        "Hãy báo quản trị viên.",
        "en": "After shuffling the responses were not what they had been, so nothing was sealed. Tell the "
        "administrator.",
    }


class ConfirmationNeeded(Invalid):
    code = "SVY-422-232"
    texts = {
        "vi": "Cần ghi ai xác nhận và vì sao, từ 10 đến 300 ký tự.",
        "en": "Write who confirms it and why, in 10 to 300 characters.",
    }


@dataclass(frozen=True, slots=True)
class PlanProblem:
    """One thing that is wrong with a judging plan: its path, and what it is."""

    path: str
    vi: str
    en: str

    def text(self, language: str) -> str:
        """Say it with its path."""
        return f"{self.path}: {self.en if language == 'en' else self.vi}"


class BadJudgingPlan(Invalid):
    code = "SVY-422-230"
    texts = {
        "vi": "Phương án đánh giá có {count} chỗ sai.",
        "en": "The judging plan has {count} problems.",
    }

    def __init__(self, problems: Sequence[PlanProblem]) -> None:
        self.listed = tuple(problems)
        super().__init__("; ".join(one.text("en") for one in self.listed[:20]), count=len(self.listed))


class BadPeopleList(Invalid):
    code = "SVY-422-231"
    texts = {
        "vi": "Danh sách có {count} chỗ sai nên chưa mời ai.",
        "en": "The list has {count} problems, so nobody was invited.",
    }

    def __init__(self, problems: Sequence[CellProblem]) -> None:
        self.listed = tuple(problems)
        told = "; ".join(f"{one.sheet}!{one.cell}: {one.message.in_('en')}" for one in self.listed[:20])
        super().__init__(told, count=len(self.listed))
