"""Units by rank, with the ranks that each can have and the chances of the first and last places.

Not the results page of officials, which shows the plain order (office.results_page).
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from survey.aggregation import Estimate
from survey.services.method_words import said_method
from survey.services.rank_result import RankedBlock, UnitRank, UnitRanks
from survey.services.review.flag_texts import flag_text
from survey.services.unit_names import unit_name
from survey.storage.models import RoundRow
from survey.web.analysis.result_frame import Bar, rank_bar, result_frame
from survey.web.languages import language
from survey.web.office import words
from survey.web.office.figures import count, interval, number


@dataclass(frozen=True, slots=True)
class RankRow:
    """One ranked unit as its row shows it; every figure is a text."""

    rank: str
    span: str
    bar: Bar
    unit: str
    index: str
    interval: str
    n: str
    mean_rank: str
    top: str
    bottom: str


@dataclass(frozen=True, slots=True)
class BlockPart:
    """One list of ranked units, with what is to be known of it."""

    title: str
    m: int
    rows: list[RankRow]
    apart: list[list[str]]
    notes: list[str]
    method: str


def ranks_page(round_: RoundRow, result: UnitRanks) -> str:
    """Render every list of a result's units."""
    return result_frame(
        "analysis/ranks.html",
        round_=round_,
        snapshot=result.snapshot,
        formula=result.formula,
        current="analysis.ranks",
        simulated=result.simulated,
        command=f"survey ranks {result.snapshot} --formula {result.formula.id}",
        draws=count(result.draws),
        seed=result.seed,
        blocks=[_part(block) for block in result.blocks],
    )


def _part(block: RankedBlock) -> BlockPart:
    return BlockPart(
        title=words.block(block.block) or _("Mọi đơn vị"),
        m=block.m,
        rows=[_row(one, len(block.ranked)) for one in block.ranked],
        apart=[
            [
                unit_name(one.unit),
                *_figures(one.index),
                ", ".join(flag_text(word, language()) for word in one.why),
            ]
            for one in block.apart
        ],
        notes=_notes(block),
        method="; ".join(
            said_method(method, language()) for method in (block.method, block.chances_method) if method
        ),
    )


def _row(one: UnitRank, of: int) -> RankRow:
    chances = one.chances
    index, bounds, n = _figures(one.index)
    return RankRow(
        rank=str(one.rank),
        span=f"{one.low} – {one.high}",
        bar=rank_bar(one.rank, one.low, one.high, of),
        unit=unit_name(one.unit),
        index=index,
        interval=bounds,
        n=n,
        mean_rank=number(chances.mean_rank if chances else None, 1),
        top=number(chances.top if chances else None),
        bottom=number(chances.bottom if chances else None),
    )


def _figures(share: Estimate) -> tuple[str, str, str]:
    estimate = share.scaled(100, "percent")
    return number(estimate.value), interval(estimate), count(estimate.n)


def _notes(block: RankedBlock) -> list[str]:
    if not block.ranked:
        return [_("Chưa có đơn vị nào đủ số phiếu và có khoảng tin cậy để xếp hạng.")]
    if len(block.ranked) == 1:
        return [_("Danh sách chỉ có một đơn vị được xếp hạng, không có gì để so sánh.")]
    told = [
        _(
            "%(told)s trên %(count)s đơn vị có khoảng hạng hẹp hơn cả danh sách.",
            told=count(block.told_apart),
            count=count(len(block.ranked)),
        )
    ]
    if block.drawn < len(block.ranked):
        told.append(_("Xác suất tính giữa %(count)s đơn vị có sai số chuẩn.", count=count(block.drawn)))
    if block.few_df:
        told.append(
            _(
                "Mỗi đơn vị chỉ có khoảng %(df)s bậc tự do (số cụm trừ số tầng): khoảng hạng vì thế rộng; "
                "các xác suất coi sai số chuẩn là đã biết nên trông chắc chắn hơn thực tế.",
                df=number(block.typical_df, 0),
            )
        )
    return told
