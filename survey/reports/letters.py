"""The words of an invitation: as an e-mail in both languages, as a ready message, and as rows of a file.

Not the printed card (print/invitations.py), and not sending it (survey.services.links.mailing).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from html import escape
from io import BytesIO

from xlsxwriter.workbook import Workbook

from survey.reports.cells import clean_text
from survey.reports.figures import date_text
from survey.reports.responses import Kind, ResponseColumn, write_responses_csv
from survey.reports.responses.typed_cells import write_text

_PROMISES: Mapping[str, Mapping[str, str]] = {
    "sealable": {
        "vi": "Câu trả lời không ghi cùng họ tên; sau khi đợt được niêm phong không ai ghép lại được.",
        "en": "Answers are not kept with names; once the round is sealed nobody can join them again.",
    },
    "attributable": {
        "vi": "Câu trả lời được bảo mật và không ghi cùng họ tên, nhưng không ẩn danh vì nhóm có ít người.",
        "en": "Answers are confidential and not kept with names, but not anonymous: your group is small.",
    },
}


@dataclass(frozen=True, slots=True)
class Letter:
    """What every invitation of a round says.

    Attributes:
        title: of the round, by language.
        closes_on: the last day.
        mode: what the round may promise (services/links/anonymity.py).
        reminder: said to be one; it goes also to some who answered already.
    """

    title: Mapping[str, str]
    closes_on: date
    mode: str
    simulated: bool = False
    reminder: bool = False


@dataclass(frozen=True, slots=True)
class Invitation:
    """What one person's says: whom it is for, its link, and how many units it is about."""

    person: str
    address: str
    units: int
    email: str | None = None


def about_text(one: Invitation, language: str) -> str:
    """Say how much is asked."""
    if language == "en":
        return (
            "You are asked about 1 place." if one.units == 1 else f"You are asked about {one.units} places."
        )
    return f"Ông/Bà được mời đánh giá {one.units} nơi."


def promise_text(letter: Letter, language: str) -> str:
    """Say what is done to keep answers apart from names, as far as it is true of the round."""
    return _PROMISES["attributable" if letter.mode == "attributable" else "sealable"][language]


def until_text(letter: Letter, language: str) -> str:
    """Say how long answers are taken."""
    if language == "en":
        return f"Please answer by {letter.closes_on.isoformat()}."
    return f"Xin trả lời đến hết ngày {date_text(letter.closes_on)}."


def message_text(letter: Letter, one: Invitation) -> str:
    """Give a message to be pasted into Zalo or another messenger: short, the link on a line of its own."""
    lines = [
        f"Kính gửi Ông/Bà {one.person}.",
        f"{letter.title['vi']}. {about_text(one, 'vi')}",
        *(["Nếu Ông/Bà đã trả lời, xin bỏ qua tin này."] if letter.reminder else []),
        until_text(letter, "vi"),
        "Đường dẫn chỉ dành cho Ông/Bà, xin đừng chuyển tiếp:",
        one.address,
    ]
    if letter.simulated:
        lines.insert(0, "MÔ PHỎNG – không phải lời mời thật.")
    return "\n".join(lines)


def email_of(letter: Letter, one: Invitation, *, sender: str, at: datetime, domain: str) -> EmailMessage:
    """Write one person's e-mail: plain text and simple HTML, Vietnamese first, English below.

    Raises:
        ValueError: the address or the sender cannot stand in a header.
    """
    message = EmailMessage()
    marks = ("[MÔ PHỎNG]" if letter.simulated else "", "Nhắc:" if letter.reminder else "")
    message["Subject"] = " ".join([*filter(None, marks), *letter.title["vi"].split()])
    message["From"], message["To"] = sender, str(one.email)
    message["Date"], message["Message-ID"] = format_datetime(at), make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"
    parts = [_paragraphs(letter, one, language) for language in ("vi", "en")]
    message.set_content("\n\n---\n\n".join("\n\n".join(part) for part in parts) + "\n")
    message.add_alternative(_html(one, parts), subtype="html")
    return message


def _paragraphs(letter: Letter, one: Invitation, language: str) -> list[str]:
    vi = language == "vi"
    said = [f"Kính gửi Ông/Bà {one.person}," if vi else f"Dear {one.person},"]
    if letter.simulated:
        said.insert(0, "MÔ PHỎNG – không phải lời mời thật." if vi else "SIMULATED – not a real invitation.")
    said.append(f"{letter.title[language]}. {about_text(one, language)}")
    if letter.reminder:
        said.append(
            "Đây là thư nhắc. Nếu Ông/Bà đã trả lời, xin bỏ qua; đường dẫn dưới đây thay đường dẫn trước."
            if vi
            else "This is a reminder. If you have answered, please ignore it; use this link, not the first."
        )
    said.append(one.address)
    said.append(
        "Đường dẫn chỉ dành cho Ông/Bà, xin đừng chuyển tiếp."
        if vi
        else "This link is yours alone; please do not forward it."
    )
    return [*said, promise_text(letter, language), until_text(letter, language)]


def _html(one: Invitation, parts: Sequence[Sequence[str]]) -> str:
    link = escape(one.address, quote=True)
    shown = "".join(
        f'<div lang="{language}">'
        + "".join(
            f'<p><a href="{link}">{link}</a></p>' if text == one.address else f"<p>{escape(text)}</p>"
            for text in part
        )
        + "</div>"
        for language, part in zip(("vi", "en"), parts, strict=True)
    )
    return f'<!doctype html><html lang="vi"><head><meta charset="utf-8"></head><body>{shown}</body></html>'


_HEADERS = ("Họ tên", "Email", "Số nơi", "Đường dẫn", "Tin nhắn")


def links_csv(letter: Letter, invitations: Sequence[Invitation]) -> bytes:
    """Write the links as CSV: name, e-mail, link and the message to paste."""
    made = BytesIO()
    columns = [ResponseColumn(name, name, Kind.TEXT) for name in _HEADERS]
    write_responses_csv(columns, [_row(letter, one) for one in invitations], made, simulated=False)
    return made.getvalue()


def links_workbook(letter: Letter, invitations: Sequence[Invitation]) -> bytes:
    """Write the links as a workbook: name, e-mail, link and the message to paste; every cell is text."""
    made = BytesIO()
    book = Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Đường dẫn")
    head = book.add_format({"font_name": "Times New Roman", "font_size": 12, "bold": True, "border": 1})
    plain = book.add_format(
        {"font_name": "Times New Roman", "font_size": 12, "border": 1, "text_wrap": True, "valign": "top"}
    )
    for column, (name, width) in enumerate(zip(_HEADERS, (30, 32, 9, 52, 70), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
    sheet.freeze_panes(1, 0)
    for line, one in enumerate(invitations, start=1):
        for column, text in enumerate(_row(letter, one)):
            write_text(sheet, line, column, clean_text(text), plain)
    book.close()
    return made.getvalue()


def _row(letter: Letter, one: Invitation) -> tuple[str, ...]:
    return one.person, one.email or "", str(one.units), one.address, message_text(letter, one)
