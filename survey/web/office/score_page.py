"""The province's score from its newest document: blocks, total, band, what is missing, what it stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from survey.units import Unit
from survey.web.languages import language
from survey.web.office.figures import number, percent, short, span
from survey.web.office.frame import signed_in_page

Document = Mapping[str, Any]


def score_page(unit: Unit, year: int, years: Sequence[int], document: Document) -> str:
    """Render a score."""
    return signed_in_page(
        "office/score.html",
        section="office.score",
        unit=unit,
        year=year,
        years=[(one, one) for one in years],
        simulated=document["simulated"],
        illustration=document["criteria_set"]["illustration"],
        set_title=_in(document["criteria_set"]["title"]),
        notes=[_in(note) for note in document["criteria_set"]["notes"]],
        sentence=_sentence(unit, year, document),
        figures=_figures(document),
        rows=[_row(node) for node in document["nodes"]],
        total=_total(document),
        missing=_missing(document),
        hashes=_hashes(document),
    )


def no_score_page(unit: Unit, year: int, years: Sequence[int]) -> str:
    """Render that nothing was scored yet, and what to do."""
    return signed_in_page(
        "office/no_score.html",
        section="office.score",
        unit=unit,
        year=year,
        years=[(one, one) for one in years],
    )


def _in(text: Mapping[str, str]) -> str:
    return text.get(language(), text["vi"])


def _sentence(unit: Unit, year: int, document: Document) -> str:
    """Say the score in one plain sentence, with its interval, or why there is none."""
    if document["percent"] is None:
        return _(
            "%(unit)s năm %(year)s chưa có tổng điểm vì còn %(count)s mục chưa có điểm.",
            year=year,
            unit=unit.full_name,
            count=len(document["missing"]),
        )
    said = _(
        "%(unit)s năm %(year)s đạt %(percent)s điểm tối đa",
        unit=unit.full_name,
        year=year,
        percent=percent(document["percent"]),
    )
    if document["percent_ci"]:
        low, high = document["percent_ci"]
        said += _(
            ", khoảng tin cậy %(level)s từ %(low)s đến %(high)s",
            level=percent(document["level"] * 100, 0),
            low=percent(low),
            high=percent(high),
        )
    band = _in(document["band"]["name"]) if document["band"] else _("chưa xếp được")
    return said + _(". Xếp loại: %(band)s.", band=band)


def _figures(document: Document) -> list[dict[str, Any]]:
    band = document["band"]
    return [
        {
            "label": _("Tổng điểm"),
            "value": number(document["percent"]),
            "unit": "%" if document["percent"] is not None else None,
            "interval": span(document["percent_ci"]) if document["percent_ci"] else None,
        },
        {
            "label": _("Xếp loại"),
            "value": _in(band["name"]) if band else number(None),
            "note": None if band else _("Chưa đủ điểm, hoặc bộ tiêu chí chưa rõ ngưỡng"),
        },
        {
            "label": _("Điểm đạt được"),
            "value": number(document["points"]),
            "note": _("trên tối đa %(base)s điểm", base=number(document["base"])),
        },
    ]


def _row(node: Mapping[str, Any]) -> list[Any]:
    uncertain = node["ci"] and node["se"]
    return [
        f"{'– ' * (node['depth'] - 1)}{_in(node['name'])}",
        number(node["maximum"]),
        number(node["points"]),
        percent(node["percent"]),
        span(node["ci"]) if uncertain else span(None),
        node["source"] or None,
    ]


def _total(document: Document) -> list[Any]:
    bounds = document["percent_ci"]
    in_points = [bound * document["base"] / 100 for bound in bounds] if bounds else None
    return [
        _("Tổng"),
        number(document["base"]),
        number(document["points"]),
        percent(document["percent"]),
        span(in_points),
        None,
    ]


def _missing(document: Document) -> list[str]:
    names = {node["id"]: _in(node["name"]) for node in document["nodes"]}
    return [names.get(leaf, leaf) for leaf in document["missing"]]


def _hashes(document: Document) -> list[tuple[str, str]]:
    kept = document["criteria_set"]
    return [
        (_("Điểm (SHA-256)"), document["sha256"]),
        (_("Bộ tiêu chí (SHA-256)"), f"{kept['id']}, {kept['version']}: {kept['sha256']}"),
        (_("Mã ngắn"), short(document["sha256"])),
    ]
