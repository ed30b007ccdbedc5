"""Model-based estimates of units beside the direct ones, named so wherever they stand.

Not figures to publish or to rank by.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from survey.questionnaires import Formula
from survey.services.method_words import said_method
from survey.services.review.flag_texts import flag_text
from survey.services.small_areas import SmallArea, UnitSmallAreas
from survey.services.unit_names import unit_name
from survey.storage.models import RoundRow
from survey.web.analysis.result_frame import Bar, result_frame, span_bar
from survey.web.languages import language
from survey.web.office.figures import count, interval, number, percent, span


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One unit as its row shows it; every figure is a text.

    Attributes:
        bars: the direct interval above the model-based one, where there is one.
    """

    unit: str
    n: str
    direct: str
    direct_interval: str
    model: str
    model_interval: str
    bars: list[Bar | None]
    weight: str
    notes: str


def areas_page(round_: RoundRow, result: UnitSmallAreas) -> str:
    """Render the two estimates of every unit, and the model behind one of them."""
    rows = [_row(one) for one in result.areas]
    return result_frame(
        "analysis/small_areas.html",
        round_=round_,
        snapshot=result.snapshot,
        formula=result.formula,
        current="analysis.small_areas",
        simulated=result.simulated,
        command=_command(result.snapshot, result.formula),
        problem=None,
        facts=_facts(result),
        rows=rows,
        has_notes=any(row.notes for row in rows),
        is_at_zero=result.fit.is_at_zero,
        method=said_method(result.areas[0].model.method, language()),
    )


def no_areas_page(round_: RoundRow, snapshot: str, formula: Formula, problem: str) -> str:
    """Render why there is no model for these units."""
    return result_frame(
        "analysis/small_areas.html",
        round_=round_,
        snapshot=snapshot,
        formula=formula,
        current="analysis.small_areas",
        command=_command(snapshot, formula),
        problem=problem,
    )


def _command(snapshot: str, formula: Formula) -> str:
    return f"survey small-areas {snapshot} --formula {formula.id}"


def _facts(result: UnitSmallAreas) -> list[tuple[str, str]]:
    overall = result.overall.scaled(100, "percent")
    fit = result.fit
    return [
        (
            _("Toàn bộ, ước lượng trực tiếp"),
            f"{percent(overall.value)} ({interval(overall)})",
        ),
        (_("Số đơn vị trong mô hình"), count(fit.areas)),
        (
            _("Độ lệch chuẩn giữa các đơn vị"),
            _("%(figure)s điểm phần trăm", figure=number(fit.sigma2_u**0.5 * 100)),
        ),
        (_("Hệ số để cộng lại bằng toàn bộ"), number(result.benchmark.adjustment, 4)),
        (_("Kiểm tra phân bố chuẩn của phần dư"), f"p = {number(fit.residuals.normality_p)}"),
        (_("Phương sai mẫu"), said_method(fit.variance_method, language())),
    ]


def _row(one: SmallArea) -> AreaRow:
    direct, model = one.direct.scaled(100, "percent"), one.model
    low, high = model.ci_low * 100, model.ci_high * 100
    return AreaRow(
        unit=unit_name(one.unit),
        n=count(direct.n),
        direct=number(direct.value),
        direct_interval=interval(direct),
        model=number(model.value * 100),
        model_interval=span([low, high]),
        bars=[
            span_bar(direct.ci_low, direct.ci_high, direct.value, tone="soft"),
            span_bar(low, high, model.value * 100),
        ],
        weight=number(model.gamma),
        notes="; ".join(_notes(one)),
    )


def _notes(one: SmallArea) -> list[str]:
    flags = dict.fromkeys((*one.direct.flags, *one.model.flags))
    told = [flag_text(flag, language()) for flag in flags]
    if one.variance_imputed:
        told.append(_("phương sai lấy từ đường làm trơn"))
    return told
