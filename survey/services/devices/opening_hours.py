"""When counters are open: data that a province replaces (opening_hours.json).

Not when a round is open, which is a matter of days (keeping.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

_FILE = Path(__file__).with_suffix(".json")
Span = tuple[time, time]


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Hours of a week, and days on which counters stay shut.

    Attributes:
        weekdays: by ISO number of the weekday (Monday is 1), spans from and up to a time of the day.
    """

    zone: ZoneInfo
    weekdays: Mapping[int, Sequence[Span]]
    closed_days: frozenset[date]

    def of(self, day: date) -> tuple[Span, ...]:
        """Give the spans of a day; none where counters are shut."""
        return () if day in self.closed_days else tuple(self.weekdays.get(day.isoweekday(), ()))

    def is_open(self, moment: datetime) -> bool:
        """Say whether counters are open at a moment."""
        there = moment.astimezone(self.zone)
        return any(first <= there.time() < last for first, last in self.of(there.date()))


@cache
def opening_hours() -> OpeningHours:
    """Read the hours that ship with the program."""
    told = json.loads(_FILE.read_text(encoding="utf-8"))
    return OpeningHours(
        ZoneInfo(told["timezone"]),
        {
            int(number): tuple((time.fromisoformat(first), time.fromisoformat(last)) for first, last in spans)
            for number, spans in told["weekdays"].items()
        },
        frozenset(date.fromisoformat(day) for day in told["closed_days"]),
    )
