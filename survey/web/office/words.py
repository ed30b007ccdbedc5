"""The names that officials read for what the database keeps as words: roles, populations, channels.

Not the names of units and questionnaires, which their own data holds.
"""

from __future__ import annotations

from flask_babel import gettext as _

from survey.units import KIND_NAMES
from survey.web.languages import language


def role(name: str) -> str:
    return {
        "official": _("Cán bộ"),
        "analyst": _("Cán bộ phân tích"),
        "administrator": _("Quản trị"),
        "enumerator": _("Điều tra viên"),
    }.get(name, name)


def population(name: str) -> str:
    return {
        "citizens": _("Người dân"),
        "organisations": _("Tổ chức, doanh nghiệp"),
        "leaders": _("Lãnh đạo, quản lý"),
        "delegates": _("Đại biểu Hội đồng nhân dân"),
    }.get(name, name)


def channel(name: str) -> str:
    return {
        "kiosk": _("Máy tại quầy"),
        "phone": _("Điện thoại của người dân (phiếu mời, mã QR mở)"),
        "personal": _("Đường dẫn riêng"),
        "tablet": _("Máy tính bảng của điều tra viên"),
        "paper": _("Phiếu giấy"),
        "import": _("Nhập từ tệp"),
    }.get(name, name)


def evidence(grade: str) -> str:
    return {
        "A": _("A – người trong mẫu, được mời hoặc có phiếu mời"),
        "B": _("B – tại quầy"),
        "C": _("C – địa chỉ mở hoặc chưa có căn cứ"),
    }.get(grade, grade)


def status(name: str) -> dict[str, str]:
    """Give the chip of a round's status."""
    return {
        "draft": {"chip": _("Chưa mở"), "tone": ""},
        "open": {"chip": _("Đang mở"), "tone": "good"},
        "closed": {"chip": _("Đã đóng"), "tone": "info"},
    }.get(name, {"chip": name, "tone": ""})


def block(name: str) -> str:
    """Say a block in the page's language where it is named after a kind of unit."""
    for kind in KIND_NAMES.values():
        if kind["vi"] == name:
            return kind.get(language(), name)
    return name


def why_not_counted(reason: str, number: str) -> str:
    return {
        "partial": _("%(number)s phiếu trả lời dở dang", number=number),
        "evidence_grade_not_counted": _("%(number)s phiếu theo hình thức không được tính", number=number),
        "excluded": _("%(number)s phiếu bị loại theo quyết định của hai người", number=number),
        "assisted_by_official": _("%(number)s phiếu do cán bộ giúp trả lời", number=number),
    }.get(reason, f"{number} {reason}")
