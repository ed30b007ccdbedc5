"""Handing links out: as printed cards, a workbook, CSV, or e-mail. A link is only ever in what is handed out.

Addresses come from PUBLIC_BASE_URL alone, whatever host a request asked for (T14).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.reports.letters import Invitation, Letter, links_csv, links_workbook
from survey.reports.media_types import XLSX
from survey.reports.print.invitations import print_invitations
from survey.services.clock import Clock
from survey.services.links.anonymity import mode_of
from survey.services.links.invitations import Link
from survey.services.links.mailing import Mailed, mail_invitations
from survey.services.settings import Settings
from survey.storage.models import RoundRow

#: Each way as a file, with its ending and media type.
FILES = {
    "pdf": "application/pdf",
    "xlsx": XLSX,
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A file of links, made once and kept nowhere."""

    content: bytes
    media_type: str


def address_of(settings: Settings, token: str) -> str:
    """Write the address that a token opens."""
    return f"{settings.public_base_url}/p/link/{token}"


def as_file(
    *, settings: Settings, round_: RoundRow, links: Sequence[Link], way: str, reminder: bool = False
) -> HandedOut:
    """Write links as a file; `way` is one of FILES."""
    letter, invitations = letter_of(round_, reminder=reminder), _invitations(settings, links)
    makers = {"pdf": print_invitations, "xlsx": links_workbook, "csv": links_csv}
    return HandedOut(makers[way](letter, invitations), FILES[way])


def by_mail(
    *, settings: Settings, clock: Clock, round_: RoundRow, links: Sequence[Link], reminder: bool = False
) -> Mailed:
    """Send links by e-mail, each person a message of their own.

    Raises:
        MailNotSet.
    """
    letter = letter_of(round_, reminder=reminder)
    return mail_invitations(
        settings=settings, clock=clock, letter=letter, invitations=_invitations(settings, links)
    )


def letter_of(round_: RoundRow, *, reminder: bool = False) -> Letter:
    """Give what every invitation of a round says."""
    title = {"vi": round_.title_vi, "en": round_.title_en}
    return Letter(title, round_.closes_on, mode_of(round_), round_.simulated, reminder)


def _invitations(settings: Settings, links: Sequence[Link]) -> tuple[Invitation, ...]:
    return tuple(
        Invitation(one.person_ref, address_of(settings, one.token), one.units, one.email) for one in links
    )
