"""A ceiling on how often one address may send, against floods only; whom a rule is about is never an address.

In memory, for a minute, in each process: no address is written anywhere (K9, T19). An enrolled device is
not counted, so that a flood from behind the same connection does not stop the counter (F26).
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from threading import Lock
from time import monotonic

from flask import Flask, current_app, request

from survey.services.devices.errors import TooManyRequests
from survey.web.access import device_of_request

_MINUTE = 60.0


class Ceiling:
    """Counts requests by address within a minute, and forgets them all at its end."""

    def __init__(self, allowed: int) -> None:
        self._allowed = allowed
        self._counts: dict[str, int] = {}
        self._until = 0.0
        self._lock = Lock()

    def passes(self, address: str, now: float) -> bool:
        """Count one request and say whether its address is still below the ceiling."""
        with self._lock:
            if now >= self._until:
                self._counts, self._until = {}, now + _MINUTE
            count = self._counts[address] = self._counts.get(address, 0) + 1
        return count <= self._allowed


def init(app: Flask, allowed: int) -> None:
    """Put the ceiling before every view."""
    app.extensions["survey_ceiling"] = Ceiling(allowed)
    app.before_request(_check)


def _check() -> None:
    if request.method != "POST" or _is_this_machine(request.remote_addr):
        return
    ceiling: Ceiling = current_app.extensions["survey_ceiling"]
    if not ceiling.passes(_counted_as(request.remote_addr), monotonic()) and device_of_request() is None:
        raise TooManyRequests()


def _counted_as(address: str | None) -> str:
    """Give what a request's address counts as: of IPv6 the network that one subscriber has (a /64)."""
    found = ip_address(str(address))
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _is_this_machine(address: str | None) -> bool:
    """Say whether a request comes from this machine itself.

    A proxy here that SURVEY_BEHIND_PROXY does not name would make all citizens one address: better no
    ceiling than a closed survey.
    """
    try:
        return ip_address(address or "127.0.0.1").is_loopback
    except ValueError:  # a Unix socket has no address
        return True
