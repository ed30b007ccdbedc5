"""A round's results: the overall figure, the factor tree, units ranked within blocks, items by section.

Figures come computed (services); here they only become rows of charts and tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from survey.aggregation import Estimate
from survey.services.headline import headline_without
from survey.services.indices import Indices
from survey.services.permissions import may
from survey.services.ranked_units import FEW, RankedUnit, ranked_units, tree_order, valid_by_unit
from survey.services.review.suspected import disturbed_units
from survey.services.rounds import Board
from survey.services.shown.figures import ShownFigures, is_withheld
from survey.services.snapshots import KeptSnapshot
from survey.storage.models import RoundRow
from survey.storage.snapshots import Snapshot
from survey.units import load_units
from survey.web.access import account
from survey.web.languages import language
from survey.web.office import words
from survey.web.office.figures import count, interval, moment, number, percent, respondents, short
from survey.web.office.forms import ResultsChoice
from survey.web.office.frame import round_page
from survey.web.office.item_tables import item_tables, sections_with_scales

PAGE_ROWS = 20


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A bar of an interval chart, in percent."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    marked: bool = False


@dataclass(frozen=True, slots=True)
class UnitsPart:
    """One page of one block's units: the bars, and the same units as table rows."""

    blocks: list[tuple[str, str]]
    block: str
    chart: list[ChartRow]
    rows: list[list[Any]]
    few: list[int]
    page: int
    pages: int


def not_computed_page(round_: RoundRow, board: Board) -> str:
    """Render what is still to be done before there are results."""
    return round_page(
        "office/not_computed.html",
        round_=round_,
        tab="office.results",
        received=count(board.complete),
        computes=may(account(), "compute"),
    )


def results_page(
    counts: Board,
    shown: ShownFigures,
    kept: Sequence[KeptSnapshot],
    choice: ResultsChoice,
) -> str:
    """Render the newest results by one formula, without what is withheld."""
    indices, snapshot = shown.indices, shown.snapshot
    disturbed = disturbed_units(snapshot)
    units = ranked_units(indices, counts, valid_by_unit(snapshot), disturbed)
    section = _section(indices, choice.section)
    part = _units_part(indices, units, choice)
    return round_page(
        "office/results.html",
        round_=counts.round,
        tab="office.results",
        simulated=indices.simulated,
        choice={
            "formula": indices.formula.id,
            "block": part.block,
            "section": section,
            "page": part.page,
        },
        formulas=_formulas(indices, kept),
        formula=indices.formula,
        figures=_figures(shown),
        factors=_factors(indices),
        units=part if len(units) > 1 else None,
        overall=indices.as_percent(indices.overall).value,
        section_choices=_sections(indices),
        items=item_tables(shown, section),
        provenance=_provenance(indices, snapshot, kept),
        hashes=_hashes(indices),
        questionnaire=indices.questionnaire,
        few=FEW,
        disturbed=[load_units().get(one.line.unit_id).full_name for one in units if one.is_disturbed],
        withheld=shown.withheld > 0,
        held_back=shown.held_back,
    )


def _figures(shown: ShownFigures) -> list[dict[str, Any]]:
    indices, snapshot = shown.indices, shown.snapshot
    overall = indices.as_percent(indices.overall)
    return [
        {
            "label": indices.formula.root.title.in_(language()),
            "value": number(overall.value),
            "unit": "%",
            "interval": interval(overall),
            "n": respondents(overall),
        },
        {
            "label": _("Hệ số thiết kế"),
            "value": number(overall.deff),
            "note": _("Cỡ mẫu hiệu dụng %(size)s phiếu", size=number(overall.n_eff, 0)),
        },
        {
            "label": _("Phiếu trong bản chốt"),
            "value": count(None if shown.is_whole_withheld else snapshot.rows),
            "note": _exclusions(snapshot),
        },
        *_without_suspected(shown),
    ]


def _without_suspected(shown: ShownFigures) -> list[dict[str, Any]]:
    """Put the index without suspected responses beside the official one (K11)."""
    found = headline_without(shown)
    if found is None:
        return []
    if found.estimate is None or found.suspected is None:
        few = _("Có phiếu bị nghi vấn, quá ít để công bố chỉ số khi bỏ ra")
        return [{"label": _("Khi bỏ phiếu bị nghi vấn"), "value": "–", "note": few}]
    estimate = found.estimate.scaled(100, "percent")
    told = _(
        "%(count)s phiếu bị nghi vấn vẫn được tính trong chỉ số chính thức", count=count(found.suspected)
    )
    return [
        {
            "label": _("Khi bỏ phiếu bị nghi vấn"),
            "value": number(estimate.value),
            "unit": "%",
            "interval": interval(estimate),
            "n": respondents(estimate),
            "note": told,
        }
    ]


def _exclusions(snapshot: Snapshot) -> str:
    told = [
        words.why_not_counted(one["reason"], count(one["count"])) for one in snapshot.manifest["exclusions"]
    ]
    if not told:
        return _("Không phiếu nào bị loại")
    return _("Không tính: %(reasons)s", reasons="; ".join(told))


def _factors(indices: Indices) -> list[ChartRow]:
    return [
        _chart_row(
            f"{'– ' * (depth - 1)}{node.title.in_(language())}",
            indices.as_percent(indices.line("index", node.id)),
            marked=depth == 0,
        )
        for node, depth in tree_order(indices.formula.root)
    ]


def _chart_row(label: str, estimate: Estimate, *, marked: bool = False) -> ChartRow:
    n = None if is_withheld(estimate) else estimate.n
    return ChartRow(label, estimate.value, estimate.ci_low, estimate.ci_high, n, marked)


def _units_part(indices: Indices, units: Sequence[RankedUnit], choice: ResultsChoice) -> UnitsPart:
    names = list(dict.fromkeys(one.line.block for one in units))
    block = choice.block if choice.block in names else next(iter(names), "")
    mine = [one for one in units if one.line.block == block]
    pages = max(-(-len(mine) // PAGE_ROWS), 1)
    page = min(choice.page, pages)
    shown = mine[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    estimates = [indices.as_percent(one.overall) for one in shown]
    labels = [load_units().get(one.line.unit_id).full_name for one in shown]
    return UnitsPart(
        blocks=[(name, words.block(name)) for name in names],
        block=block,
        chart=[
            _chart_row(f"{one.rank}. {label}" if one.rank else label, estimate)
            for one, label, estimate in zip(shown, labels, estimates, strict=True)
            if not is_withheld(estimate)
        ],
        rows=[
            [
                one.rank or {"chip": _no_place(one, estimate), "tone": ""},
                label,
                percent(estimate.value),
                interval(estimate),
                respondents(estimate),
            ]
            for one, label, estimate in zip(shown, labels, estimates, strict=True)
        ],
        few=[
            place
            for place, one in enumerate(shown)
            if one.rank is None and not one.is_disturbed and not is_withheld(one.overall)
        ],
        page=page,
        pages=pages,
    )


def _no_place(one: RankedUnit, estimate: Estimate) -> str:
    if one.is_disturbed:
        return _("dữ liệu bị nhiễu")
    return _("không công bố") if is_withheld(estimate) else _("ít phiếu")


def _sections(indices: Indices) -> list[tuple[str, str]]:
    return [(one.id, one.title.in_(language())) for one in sections_with_scales(indices.questionnaire)]


def _section(indices: Indices, asked: str) -> str:
    """Take the asked section, or the first whose items enter the index."""
    offered = sections_with_scales(indices.questionnaire)
    if any(one.id == asked for one in offered):
        return asked
    counted = {line.statistic for line in indices.lines if line.kind != "index"}
    inside = [one.id for one in offered if any(item.id in counted for item in one.items)]
    return next(iter(inside + [one.id for one in offered]), "")


def _formulas(indices: Indices, kept: Sequence[KeptSnapshot]) -> list[tuple[str, str]]:
    """List the formulas by which anything was computed, as choices."""
    computed = {result.formula for snapshot in kept for result in snapshot.results}
    return [
        (formula.id, formula.title.in_(language()))
        for formula in indices.questionnaire.formulas
        if formula.id in computed
    ]


def _provenance(indices: Indices, snapshot: Snapshot, kept: Sequence[KeptSnapshot]) -> list[tuple[str, str]]:
    asked = indices.questionnaire
    frozen = next((one.row for one in kept if one.row.code == indices.snapshot), None)
    return [
        (_("Bộ câu hỏi"), f"{asked.title.in_(language())} ({asked.id}, {asked.version})"),
        (_("Tình trạng bộ câu hỏi"), asked.status.note.in_(language())),
        (_("Bản chốt số liệu"), f"{indices.snapshot} · {moment(frozen.made_at) if frozen else ''}"),
        (_("Mã băm số liệu"), short(indices.data_sha256)),
        (_("Mã băm kết quả"), short(indices.result_sha256)),
    ]


def _hashes(indices: Indices) -> list[tuple[str, str]]:
    return [
        (_("Số liệu (SHA-256)"), indices.data_sha256),
        (_("Kết quả (SHA-256)"), indices.result_sha256),
        (_("Bộ câu hỏi (SHA-256)"), indices.questionnaire.sha256),
        (_("Cách tính khoảng"), indices.overall.method),
    ]
