"""Published standings: a year's known provinces, and one province's card. Unknown figures say why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _

from survey.reports import points_change_text, rank_change_text
from survey.scoring import Figure, Known, Standings, UnitStanding
from survey.web.languages import language
from survey.web.office.figures import count, number, percent
from survey.web.office.frame import signed_in_page


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of the card: its words, how sure it is, and where it stands."""

    label: str
    value: str
    is_known: bool
    sureness: str
    source: Any


def standings_page(year: int, years: Sequence[int], found: Standings, card: UnitStanding, units: Any) -> str:
    """Render the standings of a year with one province's card above."""
    marked = [place for place, one in enumerate(found.units) if one.unit == card.unit]
    return signed_in_page(
        "office/standings.html",
        section="office.standings",
        year=year,
        years=[(one, one) for one in years],
        units=units,
        unit=card.unit,
        figures=_card_figures(card),
        facts=_card_facts(card),
        rows=[_row(one) for one in found.units],
        marked=marked,
        known=_known_words(found),
        mean=_fact(_("Trung bình cả nước"), found.mean, lambda value: percent(value)),
        regions=[
            [name, percent(mean.value), _sureness(mean), _source(mean.source)]
            for name, mean in sorted(found.region_means.items(), key=lambda one: -one[1].value)
        ],
    )


def _known_words(found: Standings) -> str:
    of = found.of
    if not isinstance(of, Known):
        return _("Biết giá trị của %(known)s tỉnh.", known=count(found.known_values))
    return _(
        "Biết giá trị của %(known)s trên %(of)s tỉnh, thành phố; bảng đầy đủ chưa tìm thấy ở dạng văn bản.",
        known=count(found.known_values),
        of=count(of.value),
    )


def _card_figures(card: UnitStanding) -> list[dict[str, Any]]:
    band, value, rank = card.band, card.value, card.rank
    return [
        {
            "label": _("Giá trị chỉ số"),
            "value": number(value.value) if isinstance(value, Known) else "–",
            "unit": "%" if isinstance(value, Known) else None,
            "note": _sureness(value) if isinstance(value, Known) else value.text(language()),
        },
        {
            "label": _("Xếp loại"),
            "value": _("Nhóm %(band)s", band=band.value) if isinstance(band, Known) else "–",
            "note": _sureness(band) if isinstance(band, Known) else band.text(language()),
        },
        {
            "label": _("Thứ hạng cả nước"),
            "value": _place(rank.value, card.of) if isinstance(rank, Known) else "–",
            "note": _sureness(rank) if isinstance(rank, Known) else rank.text(language()),
        },
        {
            "label": _("Thứ hạng khảo sát lãnh đạo, đại biểu"),
            "value": str(card.survey_rank.value) if isinstance(card.survey_rank, Known) else "–",
            "note": rank_change_text(card.survey_change_places.value, language()).capitalize()
            if isinstance(card.survey_change_places, Known)
            else card.survey_change_places.text(language()),
        },
    ]


def _card_facts(card: UnitStanding) -> list[Fact]:
    lang = language()
    return [
        _fact(_("Giá trị"), card.value, lambda value: percent(value)),
        _fact(_("Thứ hạng cả nước"), card.rank, lambda value: _place(value, card.of)),
        _fact(_("Thay đổi so với năm trước"), card.change_points, lambda v: points_change_text(v, 2, lang)),
        _fact(_("Thay đổi thứ hạng"), card.change_places, lambda value: rank_change_text(value, lang)),
        _fact(_("Vùng"), card.region, str),
        _fact(_("Thứ hạng trong vùng"), card.region_rank, lambda value: _place(value, card.region_of)),
        _fact(_("Đứng đầu vùng"), card.region_first, _leader),
        _fact(_("Thứ hạng khảo sát lãnh đạo, đại biểu"), card.survey_rank, str),
        _fact(
            _("Thay đổi thứ hạng khảo sát"),
            card.survey_change_places,
            lambda value: rank_change_text(value, lang),
        ),
        *_conflicts(card),
    ]


def _conflicts(card: UnitStanding) -> list[Fact]:
    """List every other figure that was printed for the same."""
    told: list[Fact] = []
    for label, figure, write in (
        (_("Giá trị khác đã công bố"), card.value, percent),
        (_("Thứ hạng khác đã công bố"), card.rank, count),
    ):
        others: Sequence[Any] = figure.conflicts if isinstance(figure, Known) else ()
        told += [_fact(label, one, write) for one in others]
    return told


def _fact(label: str, figure: Figure[Any], write: Any) -> Fact:
    if not isinstance(figure, Known):
        return Fact(label, figure.text(language()), False, "", None)
    return Fact(label, write(figure.value), True, _sureness(figure), _source(figure.source))


def _leader(leader: Any) -> str:
    value = leader.value
    return f"{leader.unit} ({percent(value.value)})" if isinstance(value, Known) else str(leader.unit)


def _place(rank: int, of: Figure[int]) -> str:
    return f"{rank}/{of.value}" if isinstance(of, Known) else str(rank)


def _row(one: UnitStanding) -> list[Any]:
    main = one.value if isinstance(one.value, Known) else one.rank
    return [
        _plain(one.rank, str),
        one.unit,
        _plain(one.value, percent),
        _plain(one.band, str),
        _plain(one.change_points, lambda value: number(value)),
        _plain(one.change_places, str),
        _other_printed(one),
        _sureness(main) if isinstance(main, Known) else None,
        _source(main.source) if isinstance(main, Known) else None,
    ]


def _plain(figure: Figure[Any], write: Any) -> str | None:
    return write(figure.value) if isinstance(figure, Known) else None


def _other_printed(one: UnitStanding) -> Any:
    if isinstance(one.value, Known) and one.value.conflicts:
        other = one.value.conflicts[0]
        return _source(other.source, percent(other.value))
    if isinstance(one.rank, Known) and one.rank.conflicts:
        place = one.rank.conflicts[0]
        return _source(place.source, count(place.value))
    return None


def _sureness(figure: Known[Any]) -> str:
    return {
        "seen": _("Đọc được trong nguồn"),
        "inferred": _("Suy ra từ nguồn"),
        "unverified": _("Chưa kiểm chứng"),
    }[figure.confidence]


def _source(source: str, text: str | None = None) -> Any:
    """Make the first address of a source a link named by its site; other sources stay as words."""
    first = source.split(" ; ")[0]
    parts = urlsplit(first)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return source if text is None else text
    return {"text": text or parts.hostname.removeprefix("www."), "address": first}
