"""A sheet of slips with one-time codes: A4, eight to a page, to be cut apart (K13).

The codes are printed here and kept nowhere. Not how they are made (services/slips/batches.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from survey.reports.figures import date_text
from survey.reports.print.typesetting import qr_svg, typeset


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """One slip: the code in groups, and the address that its QR code leads to."""

    code: str
    address: str


@dataclass(frozen=True, slots=True)
class SlipSheet:
    """What stands on every slip of a sheet.

    Attributes:
        typed_at: the address where a code is typed, as people read it.
        month: any day of the month of the procedures.
    """

    round_title: str
    unit_name: str
    procedure_group: str
    month: date
    expires_on: date
    typed_at: str
    simulated: bool
    slips: Sequence[PrintedSlip]


def print_slips(sheet: SlipSheet) -> bytes:
    """Give the sheet as a PDF."""
    return typeset("slips.typ", slips_data(sheet), tagged=False)


def slips_data(sheet: SlipSheet) -> dict[str, object]:
    """Give what the template shows, word for word."""
    return {
        "title": "Mời Ông/Bà đánh giá",
        "round": sheet.round_title,
        "facts": [
            ["Nơi phục vụ", sheet.unit_name],
            ["Lĩnh vực", sheet.procedure_group],
            ["Tháng", f"{sheet.month.month:02d}/{sheet.month.year}"],
        ],
        "how": f"Quét mã, hoặc vào {sheet.typed_at} rồi gõ mã trên.",
        "valid": f"Dùng một lần, đến hết ngày {date_text(sheet.expires_on)}",
        "promise": "Không ghi tên. Nơi phục vụ không biết ai đã trả lời.",
        "warning": "MÔ PHỎNG – không phải phiếu thật." if sheet.simulated else "",
        "slips": [{"code": one.code, "qr": qr_svg(one.address)} for one in sheet.slips],
    }
