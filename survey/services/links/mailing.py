"""Sending invitations by e-mail: one message a person over SMTP with TLS, failures listed, nothing kept.

Not the words (survey.reports.letters), and not who is written to. No token, address or name reaches a log.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from survey.reports.letters import Invitation, Letter, email_of
from survey.services.clock import Clock
from survey.services.links.errors import MailNotSet
from survey.services.settings import Settings

_PATIENCE_S = 20
_PORTS = {"smtp": 587, "smtps": 465}
_HERE = ("localhost", "127.0.0.1", "::1")
#: Gives an open connection to a mail server.
Connect = Callable[[Settings], smtplib.SMTP]


@dataclass(frozen=True, slots=True)
class Mailed:
    """What became of a sending.

    Attributes:
        sent: how many messages the mail server took.
        failed: names of people whose message it refused, or who have no address; their links are lost and
            may be made anew.
    """

    sent: int
    failed: tuple[str, ...]


def can_mail(settings: Settings) -> bool:
    """Say whether a mail server is set."""
    return bool(settings.smtp_url and settings.mail_from)


def mail_invitations(
    *, settings: Settings, clock: Clock, letter: Letter, invitations: Sequence[Invitation]
) -> Mailed:
    """Send each invitation as a message of its own; one that fails does not hold up the others.

    Raises:
        MailNotSet: SURVEY_SMTP_URL or SURVEY_MAIL_FROM is missing.
    """
    if not can_mail(settings):
        raise MailNotSet()
    sent, failed = 0, []
    server: smtplib.SMTP | None = None
    for one in invitations:
        try:
            server = server or connect(settings)
            _send(server, settings, clock, letter, one)
            sent += 1
        except (OSError, smtplib.SMTPException, ValueError):
            failed.append(one.person)
            server = _still_good(server)
    if server is not None:
        _leave(server)
    return Mailed(sent, tuple(failed))


def connect(settings: Settings) -> smtplib.SMTP:
    """Open a connection to the mail server: TLS always, but to this machine itself.

    Raises:
        OSError, smtplib.SMTPException: it cannot be reached, has no TLS, or refuses the login.
    """
    address = urlsplit(settings.smtp_url)
    host, port = address.hostname or "localhost", address.port or _PORTS[address.scheme]
    trusted = ssl.create_default_context()
    if address.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_PATIENCE_S, context=trusted)
    else:
        server = smtplib.SMTP(host, port, timeout=_PATIENCE_S)
        server.ehlo()
        if host not in _HERE or server.has_extn("starttls"):
            server.starttls(context=trusted)
            server.ehlo()
    _log_in(server, address)
    return server


def _log_in(server: smtplib.SMTP, address: SplitResult) -> None:
    if address.username:
        server.login(unquote(address.username), unquote(address.password or ""))


def _send(server: smtplib.SMTP, settings: Settings, clock: Clock, letter: Letter, one: Invitation) -> None:
    if not one.email:
        raise ValueError("no address")
    # The identifier is made from the site's own name, so that the name of the machine stays unknown.
    domain = urlsplit(settings.public_base_url).hostname or "localhost"
    message = email_of(letter, one, sender=settings.mail_from, at=clock.now(), domain=domain)
    server.send_message(message)


def _still_good(server: smtplib.SMTP | None) -> smtplib.SMTP | None:
    """Keep a connection that can be used again after a refusal."""
    if server is None:
        return None
    try:
        server.rset()
    except (OSError, smtplib.SMTPException):
        server.close()
        return None
    return server


def _leave(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
