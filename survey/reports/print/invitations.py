"""A sheet of invitations by personal link: A4, four cards to a page, one a person, to be cut apart.

The links are printed here and kept nowhere. Not how they are made (services/links/invitations.py).
"""

from __future__ import annotations

from survey.reports.letters import Invitation, Letter, about_text, promise_text, until_text
from survey.reports.print.typesetting import qr_svg, typeset


def print_invitations(letter: Letter, invitations: tuple[Invitation, ...]) -> bytes:
    """Give the sheet as a PDF."""
    return typeset("invitations.typ", invitations_data(letter, invitations), tagged=False)


def invitations_data(letter: Letter, invitations: tuple[Invitation, ...]) -> dict[str, object]:
    """Give what the template shows, word for word."""
    return {
        "eyebrow": "Giấy mời trả lời khảo sát",
        "round": letter.title["vi"],
        "to": "Kính gửi",
        "how": "Quét mã, hoặc mở đường dẫn dưới đây. Đường dẫn chỉ dành cho Ông/Bà, xin đừng chuyển tiếp.",
        "promise": promise_text(letter, "vi"),
        "until": until_text(letter, "vi"),
        "warning": "MÔ PHỎNG – không phải giấy mời thật." if letter.simulated else "",
        "cards": [
            {
                "person": one.person,
                "about": about_text(one, "vi"),
                "address": one.address,
                "qr": qr_svg(one.address),
            }
            for one in invitations
        ],
    }
