"""The public pages: what is open now, and what is done with the answers."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, url_for

from survey.storage.models import RoundRow
from survey.web.languages import language


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round as the first page lists it; without an address it is by personal link only."""

    title: str
    closes_on: str
    address: str | None


def home_page(rounds: tuple[RoundRow, ...]) -> str:
    """Render the rounds that take answers."""
    listed = [
        OpenRound(
            row.title(language()),
            f"{row.closes_on:%d/%m/%Y}",
            None if row.entry == "personal" else url_for("phone.start", code=row.code),
        )
        for row in rounds
    ]
    return render_template("public/home.html", rounds=listed, simulated=any(row.simulated for row in rounds))


def accessibility_page(contact: str) -> str:
    return render_template("public/accessibility.html", contact=contact)


def privacy_page() -> str:
    return render_template("public/privacy.html")
