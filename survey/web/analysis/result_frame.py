"""The frame of every page about one snapshot and formula: its trail, its pages, the bars of its tables.

Not the pages of a round (office.frame), in which it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey.questionnaires import Formula
from survey.storage.models import RoundRow
from survey.web.office.frame import Tab, round_page


@dataclass(frozen=True, slots=True)
class Bar:
    """A strip of a table's cell: a range on a scale from 0 to 100, and a mark in it.

    Attributes:
        tone: "" for the main one, "soft" for the one it is compared with.
    """

    start: float
    width: float
    mark: float | None
    tone: str = ""


def result_frame(
    template: str, *, round_: RoundRow, snapshot: str, formula: Formula, current: str, **values: Any
) -> str:
    """Render one of a result's pages; `current` is its endpoint."""
    return round_page(
        template,
        round_=round_,
        tab="analysis.snapshots",
        trail=[
            (_("Đợt khảo sát"), url_for("office.rounds")),
            (_("Phân tích"), url_for("analysis.snapshots", code=round_.code)),
        ],
        snapshot=snapshot,
        formula=formula,
        pages=[
            Tab(label, url_for(endpoint, code=round_.code, snapshot=snapshot, formula=formula.id), here)
            for label, endpoint in _pages()
            for here in (endpoint == current,)
        ],
        **values,
    )


def span_bar(low: float | None, high: float | None, mark: float | None, *, tone: str = "") -> Bar | None:
    """Make a bar from figures in percent, cut at 0 and 100; None without both ends."""
    if low is None or high is None:
        return None
    start, end = max(low, 0.0), min(high, 100.0)
    return Bar(round(start, 2), round(max(end - start, 0.5), 2), _within(mark), tone)


def rank_bar(rank: int, low: int, high: int, of: int) -> Bar:
    """Make a bar of ranks, each rank an equal part of the strip."""
    each = 100 / of
    return Bar(round((low - 1) * each, 2), round((high - low + 1) * each, 2), round((rank - 0.5) * each, 2))


def _within(mark: float | None) -> float | None:
    return None if mark is None else round(min(max(mark, 0.0), 100.0), 2)


def _pages() -> list[tuple[str, str]]:
    return [
        (_("Chỉ số"), "analysis.result"),
        (_("Xếp hạng và khoảng hạng"), "analysis.ranks"),
        (_("Chất lượng dữ liệu"), "analysis.quality"),
        (_("Ước lượng vùng nhỏ"), "analysis.small_areas"),
    ]
