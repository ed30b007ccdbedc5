"""A unit's own page, from counts to rows: every figure is one that the service lets it see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from survey.services.review.own_view import BATCH, FEW, STEP, Levels, OwnRound
from survey.services.unit_names import unit_name
from survey.web.languages import language
from survey.web.office.figures import count, percent
from survey.web.office.frame import signed_in_page


def unit_page(unit_id: str, rounds: Sequence[OwnRound]) -> str:
    """Render what a unit may see of itself."""
    return signed_in_page(
        "own/unit.html",
        section="own.unit",
        unit_name=unit_name(unit_id),
        rounds=[_round(one) for one in rounds],
        simulated=any(one.round.simulated for one in rounds),
        batch=BATCH,
        few=FEW,
        step=STEP,
    )


def _round(one: OwnRound) -> dict[str, Any]:
    received = one.kiosk + one.slips
    return {
        "title": one.round.title(language()),
        "until": f"{one.until:%d/%m/%Y}" if one.until else None,
        "figures": [
            {"label": _("Phiếu đã nhận"), "value": count(received)},
            {"label": _("Tại máy"), "value": count(one.kiosk)},
            {"label": _("Bằng phiếu mời có mã"), "value": count(one.slips)},
        ],
        "levels": [_levels(item) for item in one.levels],
    }


def _share(part: int, whole: int) -> str:
    """Write a share in whole percent: counts that are rounded carry no decimals."""
    return percent(part / whole * 100 if whole else None, 0)


def _levels(one: Levels) -> dict[str, Any]:
    assert one.item.scale is not None, "levels are of scaled items"
    whole = sum(number for _option, number in one.counts)
    return {
        "title": one.item.text.in_(language()),
        "rows": [
            [one.item.scale.option(option).label.in_(language()), count(number), _share(number, whole)]
            for option, number in one.counts
        ],
    }
