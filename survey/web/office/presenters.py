"""Signing in, the list of rounds, and a round's live board, from counts to table rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import gettext as _

from survey.services.places import kiosk_key
from survey.services.rounds import Board, BoardLine
from survey.units import load_units
from survey.web.languages import language
from survey.web.longform_pages import PageProblem
from survey.web.office import words
from survey.web.office.figures import count, share_of
from survey.web.office.forms import SignInForm
from survey.web.office.frame import notices, round_page, signed_in_page
from survey.web.site import site


@dataclass(frozen=True, slots=True)
class BlockTable:
    """One block of judged units: its rows and its total, ready to print."""

    title: str
    rows: list[list[Any]]
    total: list[Any]


def sign_in_page(form: SignInForm, *, following: str, problem: str | None = None) -> str:
    """Render the sign-in form; of what was typed only the login is shown again."""
    return render_template(
        "office/sign_in.html",
        form=form,
        following=following,
        problems=[PageProblem("login", problem)] if problem else [],
        language_next=url_for("office.sign_in", next=following),
        notices=notices(),
    )


def rounds_page(boards: Sequence[Board]) -> str:
    """Render the rounds a person may see."""
    return signed_in_page(
        "office/rounds.html",
        section="office.rounds",
        rows=[_round_row(one) for one in boards],
        simulated=any(one.round.simulated for one in boards),
    )


def board_page(board: Board) -> str:
    """Render how far a round has come."""
    return round_page(
        "office/board.html",
        round_=board.round,
        tab="office.board",
        status=words.status(board.round.status),
        period=f"{board.round.opens_on:%d/%m/%Y} – {board.round.closes_on:%d/%m/%Y}",
        figures=_figures(board),
        blocks=_blocks(board.lines),
        channels=_counted(board.by_channel, words.channel),
        grades=_counted(board.by_evidence, words.evidence),
        counted_grades=", ".join(board.round.counted_grades),
        phone_address=None if board.round.entry == "personal" else _phone_address(board.round.code),
        kiosks=_kiosks(board) if board.round.entry == "counter" else [],
    )


def _round_row(board: Board) -> list[Any]:
    round_ = board.round
    return [
        {"text": round_.title(language()), "address": url_for("office.board", code=round_.code)},
        count(board.counted),
        share_of(board.counted, board.issued),
        words.status(round_.status),
        words.population(round_.population),
        round_.year,
        _address_cell(round_.code, round_.entry),
        {"text": _("Xem"), "address": url_for("office.results", code=round_.code)},
    ]


def _address_cell(code: str, entry: str) -> Any:
    if entry == "personal":
        return _("Đường dẫn riêng")
    return {"text": _("Mở trang"), "address": url_for("phone.start", code=code)}


def _figures(board: Board) -> list[dict[str, Any]]:
    partial = sum(line.partial for line in board.lines)
    figures = [
        {"label": _("Phiếu được tính"), "value": count(board.counted), "note": _of_issued(board)},
        {
            "label": _("Phiếu không được tính"),
            "value": count(board.uncounted),
            "note": _("Đã hoàn thành nhưng thuộc mức bằng chứng mà đợt này không tính"),
        },
        {
            "label": _("Phiếu trả lời dở dang"),
            "value": count(partial),
            "note": _("Không được tính vào chỉ số"),
        },
        {
            "label": _("Phiếu trùng mã chờ xem xét"),
            "value": count(board.conflicts),
            "note": _("Cùng mã nhưng khác nội dung; phiếu gửi trước được tính"),
        },
    ]
    if board.invited:
        note = _("Hệ thống không ghi ai đã trả lời")
        figures.append({"label": _("Đường dẫn riêng đã cấp"), "value": count(board.invited), "note": note})
    return figures


def _of_issued(board: Board) -> str:
    if board.issued is None:
        return _("Không phát phiếu theo số lượng định trước")
    return _(
        "%(percent)s của %(issued)s phiếu phát ra",
        percent=share_of(board.counted, board.issued),
        issued=count(board.issued),
    )


def _blocks(lines: Iterable[BoardLine]) -> list[BlockTable]:
    grouped: dict[str, list[BoardLine]] = {}
    for line in lines:
        grouped.setdefault(line.block, []).append(line)
    return [
        BlockTable(
            f"{words.block(block)} ({count(len(mine))})",
            [_board_row(load_units().get(line.unit_id).full_name, [line]) for line in mine],
            _board_row(_("Cộng"), mine),
        )
        for block, mine in grouped.items()
    ]


def _board_row(label: str, lines: Sequence[BoardLine]) -> list[Any]:
    known = [line.issued for line in lines if line.issued is not None]
    issued = sum(known) if known else None
    counted = sum(line.counted for line in lines)
    uncounted = sum(line.uncounted for line in lines)
    partial = sum(line.partial for line in lines)
    return [
        label,
        count(issued),
        count(counted),
        share_of(counted, issued),
        count(uncounted),
        count(partial),
    ]


def _counted(counts: Mapping[str, int], name: Any) -> list[list[Any]]:
    whole = sum(counts.values())
    return [[name(key), count(counts[key]), share_of(counts[key], whole)] for key in sorted(counts)]


def _phone_address(code: str) -> str:
    return site().settings.public_base_url + url_for("phone.start", code=code)


def _kiosks(board: Board) -> list[list[Any]]:
    secret = str(current_app.config["SECRET_KEY"])
    listed = []
    for line in board.lines:
        key = kiosk_key(secret, board.round.code, line.unit_id)
        path = url_for("signed_kiosk.attract", code=board.round.code, unit=line.unit_id, key=key)
        address = site().settings.public_base_url + path
        listed.append([load_units().get(line.unit_id).full_name, {"text": address, "address": address}])
    return listed
