"""The address of a counter's kiosk: signed by the site, so that nobody can make one up."""

from __future__ import annotations

import hmac
from uuid import UUID

from survey.services.clock import Clock, day_in_vietnam
from survey.services.collection import Respondent
from survey.services.keeping import Tally
from survey.storage.rates import minute_of


def kiosk_key(secret_key: str, round_code: str, unit_id: str) -> str:
    """Give the part of a kiosk's address that only this site can make (80 bits)."""
    message = f"kiosk:{round_code}:{unit_id}".encode()
    return hmac.digest(secret_key.encode(), message, "sha256")[:10].hex()


def is_kiosk_key(secret_key: str, round_code: str, unit_id: str, key: str) -> bool:
    """Say whether an address was made by this site, in constant time."""
    expected = kiosk_key(secret_key, round_code, unit_id)
    return hmac.compare_digest(expected.encode(), key.encode("utf-8", "replace"))


def kiosk_respondent(*, clock: Clock, round_code: str, unit_id: str, response_id: UUID) -> Respondent:
    """Place an answer that came by a kiosk's address in a browser that is no device.

    Whoever copied the address may have sent it, so it is grade C (decision 0010); an enrolled kiosk's
    answers are visits.py's.
    """
    return Respondent(
        round_code=round_code,
        response_id=response_id,
        unit_id=unit_id,
        channel="kiosk",
        evidence="C",
        stratum=unit_id,
        psu=f"{unit_id}:{day_in_vietnam(clock.now()).isoformat()}",
        tally=_by_anybody(clock, round_code, unit_id),
    )


def open_link_respondent(*, clock: Clock, round_code: str, unit_id: str, response_id: UUID) -> Respondent:
    """Place an answer that came by the open address: anybody's, so grade C and never ranked."""
    return Respondent(
        round_code=round_code,
        response_id=response_id,
        unit_id=unit_id,
        channel="phone",
        evidence="C",
        stratum=unit_id,
        psu=f"{unit_id}:{day_in_vietnam(clock.now()).isoformat()}",
        tally=_by_anybody(clock, round_code, unit_id),
    )


def _by_anybody(clock: Clock, round_code: str, unit_id: str) -> Tally:
    """Count what came from no device by unit and minute (K11); no finer moment is kept beside it (T8)."""
    return Tally(f"open:{round_code}:{unit_id}", minute_of(clock.now()))
