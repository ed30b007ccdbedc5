"""The frame of officials' and analysts' pages: navigation, person, trail, and the tabs of a round.

Both audiences render through here, so that the navigation is made in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import get_flashed_messages, render_template, url_for
from flask_babel import gettext as _

from survey.services.accounts import Account
from survey.services.permissions import is_judged, may
from survey.storage.models import RoundRow
from survey.web.access import account
from survey.web.languages import language
from survey.web.office import words


@dataclass(frozen=True, slots=True)
class Person:
    """The signed-in person as the masthead names them."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One of a round's pages."""

    label: str
    address: str
    current: bool


def signed_in_page(template: str, *, section: str, **values: Any) -> str:
    """Render a page of a signed-in person; `section` is the endpoint of its place in the navigation."""
    person = account()
    return render_template(
        template,
        **{
            "sections": _sections(section),
            "person": Person(person.full_name, words.role(person.role)),
            "logout_url": url_for("office.sign_out"),
            "home_url": url_for("office.rounds"),
            "notices": notices(),
            **values,
        },
    )


def round_page(template: str, *, round_: RoundRow, tab: str, **values: Any) -> str:
    """Render one of a round's pages, with its name above and its tabs."""
    population = words.population(round_.population)
    return signed_in_page(
        template,
        section="office.rounds",
        **{
            "trail": [(_("Đợt khảo sát"), url_for("office.rounds"))],
            "round": round_,
            "round_title": round_.title(language()),
            "eyebrow": _("%(population)s · năm %(year)s", population=population, year=round_.year),
            "tabs": _tabs(account(), round_.code, tab),
            "simulated": round_.simulated,
            **values,
        },
    )


def start_of(person: Account) -> str:
    """Give the first page of a person's work: the rounds, their own unit, or the keying of paper."""
    if may(person, "own") and is_judged(person):
        return url_for("own.unit", unit=person.unit_id)
    return url_for("office.rounds" if may(person, "see") else "keying.desk")


def notices() -> list[tuple[str, ...]]:
    """Take what the page before left to be said, each with its tone."""
    return [tuple(one) for one in get_flashed_messages(with_categories=True)]


def _sections(current: str) -> list[tuple[str, str, str, bool]]:
    listed = (
        (_("Đợt khảo sát"), "office.rounds", "rounds"),
        (_("Điểm cải cách hành chính"), "office.score", "document"),
        (_("Bảng xếp hạng"), "office.standings", "standings"),
    )
    sections = [(label, url_for(endpoint), icon, endpoint == current) for label, endpoint, icon in listed]
    person = account()
    if may(person, "own") and is_judged(person):
        address = url_for("own.unit", unit=person.unit_id)
        sections.append((_("Đơn vị của tôi"), address, "person", current == "own.unit"))
    return sections


def _tabs(person: Account, code: str, current: str) -> list[Tab]:
    listed = [(_("Tiến độ"), "office.board"), (_("Kết quả"), "office.results")]
    if may(person, "arrange") or may(person, "review"):
        listed.insert(1, (_("Thu thập"), "fieldwork.hub"))
    if may(person, "compute"):
        listed.append((_("Phân tích"), "analysis.snapshots"))
    return [Tab(label, url_for(endpoint, code=code), endpoint == current) for label, endpoint in listed]
