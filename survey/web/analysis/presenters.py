"""A round's snapshots with what was computed from them, and one recomputation with its estimates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey.aggregation import Estimate
from survey.questionnaires import Questionnaire
from survey.services.indices import Indices
from survey.services.ranked_units import tree_order
from survey.services.rounds import Board
from survey.services.snapshots import KeptSnapshot
from survey.storage.models import ResultRow, RoundRow
from survey.web.analysis.result_frame import result_frame
from survey.web.languages import language
from survey.web.office.figures import count, moment, number, short
from survey.web.office.frame import round_page

PLACES = 4


@dataclass(frozen=True, slots=True)
class ShownSnapshot:
    """A snapshot as its panel shows it."""

    code: str
    facts: list[tuple[str, str]]
    results: list[list[Any]]


def snapshots_page(
    round_: RoundRow,
    counts: Board,
    kept: Sequence[KeptSnapshot],
    questionnaire: Questionnaire,
    *,
    problem: str | None = None,
) -> str:
    """Render the snapshots of a round, the newest first."""
    titles = {one.id: one.title.in_(language()) for one in questionnaire.formulas}
    told = {"notices": [("bad", problem)]} if problem else {}
    return round_page(
        "analysis/snapshots.html",
        round_=round_,
        tab="analysis.snapshots",
        received=count(counts.complete),
        snapshots=[_shown(round_.code, one, titles) for one in kept],
        choices=[(one.row.code, one.row.code) for one in kept],
        formulas=list(titles.items()),
        default_formula=questionnaire.default_formula,
        language_next=url_for("analysis.snapshots", code=round_.code),
        **told,
    )


def result_page(round_: RoundRow, computed: Indices, kept: Iterable[ResultRow]) -> str:
    """Render a recomputation: its hash beside those that are kept, and its estimates."""
    kept = tuple(kept)
    return result_frame(
        "analysis/result.html",
        round_=round_,
        snapshot=computed.snapshot,
        formula=computed.formula,
        current="analysis.result",
        command=f"survey recompute {computed.snapshot} --formula {computed.formula.id}",
        verdict=_verdict(computed, kept),
        facts=_facts(computed),
        kept=[_kept_row(computed, row) for row in kept],
        rows=[
            [f"{'– ' * depth}{node.title.in_(language())}", *_figures(computed.line("index", node.id))]
            for node, depth in tree_order(computed.formula.root)
        ],
        unit=computed.overall.unit,
        method=computed.overall.method,
    )


def same_or_not(computed: str, before: Iterable[ResultRow]) -> tuple[str, str]:
    """Say whether a result is the one kept before, as a notice's text and tone."""
    before = tuple(before)
    if not before:
        return _("Đã tính lần đầu và lưu kết quả."), "good"
    same = next((row for row in before if row.result_sha256 == computed), None)
    if same is None:
        return _("Đã tính lại: mã băm KHÁC với kết quả đã lưu. Cả hai đều được giữ."), "warn"
    return _("Đã tính lại: trùng mã băm với kết quả lưu lúc %(at)s.", at=moment(same.computed_at)), "good"


def _shown(code: str, one: KeptSnapshot, titles: Mapping[str, str]) -> ShownSnapshot:
    row = one.row
    return ShownSnapshot(
        row.code,
        [
            (_("Số phiếu được tính"), count(row.rows)),
            (_("Mã băm số liệu"), short(row.data_sha256)),
            (_("Chốt lúc"), moment(row.made_at)),
            (_("Người chốt"), row.made_by),
        ],
        [_result_row(code, row.code, result, titles) for result in one.results],
    )


def _result_row(code: str, snapshot: str, result: ResultRow, titles: Mapping[str, str]) -> list[Any]:
    address = url_for("analysis.result", code=code, snapshot=snapshot, formula=result.formula)
    return [
        {"text": titles.get(result.formula, result.formula), "address": address},
        short(result.result_sha256),
        result.code_version,
        moment(result.computed_at),
    ]


def _verdict(computed: Indices, kept: Sequence[ResultRow]) -> tuple[str, str]:
    if not kept:
        return "info", _("Chưa có kết quả nào được lưu cho bản chốt và công thức này.")
    if all(row.result_sha256 == computed.result_sha256 for row in kept):
        return "good", _("Tính lại từ bản chốt cho đúng kết quả đã lưu: trùng mã băm.")
    return "warn", _("Có kết quả đã lưu khác với lần tính này; xem bảng bên dưới.")


def _facts(computed: Indices) -> list[tuple[str, str]]:
    return [
        (_("Mã băm kết quả (SHA-256)"), computed.result_sha256),
        (_("Mã băm số liệu (SHA-256)"), computed.data_sha256),
        (_("Mã băm bộ câu hỏi (SHA-256)"), computed.questionnaire.sha256),
        (_("Số phiếu"), count(computed.rows)),
        (_("Tình trạng công thức"), computed.formula.status.in_(language())),
    ]


def _kept_row(computed: Indices, row: ResultRow) -> list[Any]:
    same = row.result_sha256 == computed.result_sha256
    return [
        short(row.result_sha256),
        {"chip": _("trùng"), "tone": "good"} if same else {"chip": _("khác"), "tone": "warn"},
        row.code_version,
        moment(row.computed_at),
    ]


def _figures(estimate: Estimate) -> list[str]:
    """Write an estimate in the formula's own unit, with everything needed to defend it."""
    return [
        number(estimate.value, PLACES),
        number(estimate.se, PLACES),
        number(estimate.ci_low, PLACES),
        number(estimate.ci_high, PLACES),
        count(estimate.n),
        number(estimate.n_eff, 1),
        number(estimate.deff),
        str(estimate.df),
    ]
