"""Published standings: a year's known provinces, and one province's card. Unknown figures say why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _

from survey.reports import points_change_text, rank_change_text
from survey.scoring import Figure, Known, Standings, UnitStanding
from survey.web.languages import language
from survey.web.office.figures import count, number, percent
from survey.web.office.frame import signed_in_page


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
        facts=_card_rows(card),
        rows=[_row(one) for one in found.units],
        marked=marked,
        known=_known_words(found),
        means=[
            _stated(_("Cả nước"), found.mean, percent),
            *(
                _stated(name, mean, percent)
                for name, mean in sorted(found.region_means.items(), key=lambda one: -one[1].value)
            ),
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
    band, value, rank, survey = card.band, card.value, card.rank, card.survey_rank
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
            "value": str(survey.value) if isinstance(survey, Known) else "–",
            "note": _survey_change(card) if isinstance(survey, Known) else survey.text(language()),
        },
    ]


def _survey_change(card: UnitStanding) -> str:
    change = card.survey_change_places
    if not isinstance(change, Known):
        return change.text(language())
    return rank_change_text(change.value, language()).capitalize()


def _card_rows(card: UnitStanding) -> list[list[Any]]:
    lang = language()
    return [
        _stated(_("Giá trị"), card.value, percent),
        _stated(_("Thứ hạng cả nước"), card.rank, lambda value: _place(value, card.of)),
        _stated(_("Thay đổi so với năm trước"), card.change_points, lambda v: points_change_text(v, 2, lang)),
        _stated(_("Thay đổi thứ hạng"), card.change_places, lambda value: rank_change_text(value, lang)),
        _stated(_("Vùng"), card.region, str),
        _stated(_("Thứ hạng trong vùng"), card.region_rank, lambda value: _place(value, card.region_of)),
        _stated(_("Đứng đầu vùng"), card.region_first, _leader),
        _stated(_("Thứ hạng khảo sát lãnh đạo, đại biểu"), card.survey_rank, str),
        _stated(
            _("Thay đổi thứ hạng khảo sát"),
            card.survey_change_places,
            lambda value: rank_change_text(value, lang),
        ),
        *_conflicts(card),
    ]


def _conflicts(card: UnitStanding) -> list[list[Any]]:
    """List every other figure that was printed for the same."""
    told: list[list[Any]] = []
    for label, figure, write in (
        (_("Giá trị khác đã công bố"), card.value, percent),
        (_("Thứ hạng khác đã công bố"), card.rank, count),
    ):
        others: Sequence[Any] = figure.conflicts if isinstance(figure, Known) else ()
        told += [_stated(label, one, write) for one in others]
    return told


def _stated(label: str, figure: Figure[Any], write: Any) -> list[Any]:
    """Make a row: the figure with how sure it is and where it stands, or why it is not known."""
    if not isinstance(figure, Known):
        return [label, figure.text(language()), None, None]
    return [label, write(figure.value), _sureness(figure), _source(figure.source)]


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
        _plain(one.change_points, lambda value: _signed(value, 2)),
        _plain(one.change_places, lambda value: _signed(value, 0)),
        _other_printed(one),
        _sureness(main) if isinstance(main, Known) else None,
        _source(main.source) if isinstance(main, Known) else None,
    ]


def _plain(figure: Figure[Any], write: Any) -> str | None:
    return write(figure.value) if isinstance(figure, Known) else None


def _signed(value: float, places: int) -> str:
    """Write a change with its sign; a true minus, and none for zero."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + number(abs(value), places)


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
        "seen": _("Đọc được"),
        "inferred": _("Suy ra"),
        "unverified": _("Chưa kiểm chứng"),
    }[figure.confidence].replace(" ", "\u00a0")


def _source(source: str, text: str | None = None) -> Any:
    """Make the first address of a source a link named by its site; other sources stay as words."""
    first = source.split(" ; ")[0]
    parts = urlsplit(first)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return source if text is None else text
    return {"text": text or parts.hostname.removeprefix("www."), "address": first}
