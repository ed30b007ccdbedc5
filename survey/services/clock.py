"""The time, given to services from outside so that tests can set it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Give the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def day_in_vietnam(moment: datetime) -> date:
    """Give the calendar day in Vietnam: 17:00 UTC is already tomorrow."""
    return moment.astimezone(VIETNAM).date()
