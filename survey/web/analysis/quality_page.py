"""The review of a snapshot's quality: what each rule flags, and the index with and without it.

Not a list of responses: that is a file for whoever reviews them (survey quality --flags).
"""

from __future__ import annotations

from flask_babel import gettext as _

from survey.aggregation.quality import describe_word
from survey.services.quality_result import DataQuality, IndexChange, RuleLine
from survey.services.quality_texts import ENUMERATOR_TEXT, missing_text
from survey.services.unit_names import unit_name
from survey.storage.models import RoundRow
from survey.web.analysis.result_frame import result_frame
from survey.web.languages import language
from survey.web.office.figures import count, number, share_of

#: Units that the page shows; the command's JSON and CSV have them all.
SHOWN = 20


def quality_page(round_: RoundRow, result: DataQuality) -> str:
    """Render the rules, and the units whose index changes most without what is flagged."""
    return result_frame(
        "analysis/quality.html",
        round_=round_,
        snapshot=result.snapshot,
        formula=result.formula,
        current="analysis.quality",
        simulated=result.simulated,
        command=f"survey quality {result.snapshot} --formula {result.formula.id} --flags phieu-can-xem.csv",
        figures=_figures(result),
        rules=[row for line in result.rules for row in _rule(line)] + _enumerators(result),
        missing=_missing(result),
        changes=[_change(one) for one in result.units if one.flagged][:SHOWN],
    )


def _figures(result: DataQuality) -> list[dict[str, str | None]]:
    flagged = len(result.flagged)
    whole = result.whole
    return [
        {
            "label": _("Phiếu cần xem lại"),
            "value": count(flagged),
            "note": _(
                "%(share)s của %(rows)s phiếu; không phiếu nào bị loại",
                share=share_of(flagged, result.rows),
                rows=count(result.rows),
            ),
        },
        {
            "label": _("Chỉ số với mọi phiếu"),
            "value": _percent(result.overall.value),
            "unit": "%",
            "note": None,
        },
        {
            "label": _("Chỉ số khi bỏ phiếu cần xem lại"),
            "value": _percent(whole.without_flagged if whole else None),
            "unit": "%",
            "note": _("Chênh lệch %(points)s điểm phần trăm", points=_signed(whole.difference))
            if whole
            else missing_text("nothing_left", language()),
        },
        *_suspected(result),
    ]


def _suspected(result: DataQuality) -> list[dict[str, str | None]]:
    """Show the index without what was flagged when it was collected, or is under an alarm (K11)."""
    if not result.suspected:
        return []
    without = result.without_suspected
    return [
        {
            "label": _("Chỉ số khi bỏ phiếu bị nghi vấn"),
            "value": _percent(without.value if without else None),
            "unit": "%",
            "note": _("%(count)s phiếu có cờ khi thu hoặc đang bị báo động", count=count(result.suspected)),
        }
    ]


def _rule(line: RuleLine) -> list[list[str]]:
    """Make the row of a rule that had data; no row for another."""
    found, without = line.finding, line.without
    if found is None:
        return []
    return [
        [
            describe_word(line.word, language()),
            count(found.judged),
            count(found.count),
            share_of(found.count, found.judged),
            missing_text(line.missing, language())
            if line.missing
            else _percent(without.value if without else None),
        ]
    ]


def _enumerators(result: DataQuality) -> list[list[str]]:
    found = result.enumerators
    if found is None:
        return []
    far = _("%(count)s người cần xem", count=count(int(found.far.sum())))
    return [[ENUMERATOR_TEXT[language()], count(found.n), far, f"ICC {number(found.icc, 3)}", "–"]]


def _missing(result: DataQuality) -> list[tuple[str, str]]:
    """List the rules that had nothing to look at, each with what it lacks."""
    told = [
        (describe_word(line.word, language()), missing_text(line.missing or "no_items", language()))
        for line in result.rules
        if line.finding is None
    ]
    if result.enumerators is None:
        told.append((ENUMERATOR_TEXT[language()], missing_text("no_enumerator", language())))
    return told


def _change(one: IndexChange) -> list[str]:
    return [
        unit_name(one.unit),
        count(one.n),
        count(one.flagged),
        _percent(one.with_flagged),
        _percent(one.without_flagged),
        _signed(one.difference),
    ]


def _percent(share: float | None) -> str:
    return number(None if share is None else share * 100)


def _signed(difference: float | None) -> str:
    if difference is None:
        return number(None)
    return ("+" if difference > 0 else "−" if difference < 0 else "") + number(abs(difference) * 100)
