"""What is implausible about one unit on one day, by declared thresholds (K11). Pure: no database, no clock.

Not a verdict and not an exclusion: a person reviews each finding (review/alarms.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".json")
#: Whom a finding is about: a device by its hex id, the open address, or all else at the unit's counters.
OPEN_ADDRESS, WHOLE_UNIT = "open", ""
#: The words of the rules, in the order they are looked at.
KINDS = ("more_than_transactions", "burst", "identical", "outside_hours", "top_box_gap")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a rule speaks; plausibility.json says where each comes from.

    Attributes:
        responses_per_transaction: more responses than this for each transaction of the day.
        burst_responses: so many or more in one minute.
        identical_share, identical_rows: at least this share of at least so many forms are the same.
        short_form_answers, short_form_share: a form with fewer answers than this matches others by
            chance; there this share is asked.
        top_points, top_rows: a device's share of the best answer differs by more than so many points from
            that of slips and phones, with so many forms on either side.
        disturbed_share: a unit with a larger share of excluded or suspected responses has no rank.
    """

    responses_per_transaction: float
    burst_responses: int
    identical_share: float
    identical_rows: int
    short_form_answers: int
    short_form_share: float
    top_points: float
    top_rows: int
    disturbed_share: float


@dataclass(frozen=True, slots=True)
class TopBox:
    """How many forms there are, and how many of them gave the best answer (a mean where items are many)."""

    forms: int
    best: float

    @property
    def share(self) -> float:
        """Return the share in percent."""
        return 100 * self.best / self.forms if self.forms else 0.0


@dataclass(frozen=True, slots=True)
class Forms:
    """The complete forms of a day.

    Attributes:
        responses: how many there are.
        vectors: how often each complete set of answers came, by any stable name of it.
        answers: answers on a form, in the median of the day's.
    """

    responses: int = 0
    vectors: Mapping[str, int] = field(default_factory=dict)
    answers: int = 0


@dataclass(frozen=True, slots=True)
class UnitDay:
    """What is known of one unit on one day.

    Attributes:
        at_counters: what came from its kiosks and by its slips.
        opened: what came by the open address (grade C), where anybody may send: it is looked at apart, so
            that nobody can put the others under an alarm.
        transactions: dossiers and visits that day; None where nobody told the number.
        minutes: by device or OPEN_ADDRESS, the minutes and how many responses came in each.
        devices: by device, its forms of the month so far.
        others: the forms of the month so far that came by phone, but for the open address: by slips.
    """

    at_counters: Forms
    opened: Forms
    transactions: int | None
    minutes: Mapping[str, Sequence[tuple[datetime, int]]]
    devices: Mapping[str, TopBox]
    others: TopBox

    def ways(self) -> tuple[tuple[str, Forms], ...]:
        """Pair what is looked at apart with whom a finding about it is about."""
        return (WHOLE_UNIT, self.at_counters), (OPEN_ADDRESS, self.opened)


@dataclass(frozen=True, slots=True)
class Finding:
    """One implausible thing: its rule, whom it is about, and the numbers that say why."""

    kind: str
    device: str
    facts: Mapping[str, float | int]


@cache
def thresholds() -> Thresholds:
    """Read the thresholds that ship with the program."""
    told = json.loads(_FILE.read_text(encoding="utf-8"))
    told.pop("sources")
    return Thresholds(**told)


def findings(day: UnitDay, rules: Thresholds, *, is_open: Callable[[datetime], bool]) -> tuple[Finding, ...]:
    """List what is implausible about a unit's day; nothing is implausible where nothing is known."""
    return (
        *_more_than_transactions(day, rules),
        *_bursts(day, rules),
        *_identical(day, rules),
        *_outside_hours(day, is_open),
        *_top_box_gaps(day, rules),
    )


def is_disturbed(suspected: int, received: int, rules: Thresholds) -> bool:
    """Say whether so many of a unit's responses are excluded or suspected that it has no rank (K12)."""
    return suspected > rules.disturbed_share * received


def _more_than_transactions(day: UnitDay, rules: Thresholds) -> Iterator[Finding]:
    if day.transactions is None:
        return
    for about, came in day.ways():
        if came.responses > rules.responses_per_transaction * day.transactions:
            facts = {"responses": came.responses, "transactions": day.transactions}
            yield Finding("more_than_transactions", about, facts)


def _bursts(day: UnitDay, rules: Thresholds) -> Iterator[Finding]:
    for device, minutes in sorted(day.minutes.items()):
        most = max((count for _minute, count in minutes), default=0)
        crowded = sum(count >= rules.burst_responses for _minute, count in minutes)
        if crowded:
            yield Finding("burst", device, {"most_in_a_minute": most, "minutes": crowded})


def _identical(day: UnitDay, rules: Thresholds) -> Iterator[Finding]:
    for about, came in day.ways():
        forms = sum(came.vectors.values())
        same = max(came.vectors.values(), default=0)
        short = came.answers < rules.short_form_answers
        share = rules.short_form_share if short else rules.identical_share
        if forms >= rules.identical_rows and same >= share * forms:
            yield Finding("identical", about, {"forms": forms, "same": same})


def _outside_hours(day: UnitDay, is_open: Callable[[datetime], bool]) -> Iterator[Finding]:
    for device, minutes in sorted(day.minutes.items()):
        if device == OPEN_ADDRESS:
            # Whoever scanned a slip or a poster may answer at home in the evening.
            continue
        late = sum(count for minute, count in minutes if not is_open(minute))
        if late:
            yield Finding("outside_hours", device, {"responses": late})


def _top_box_gaps(day: UnitDay, rules: Thresholds) -> Iterator[Finding]:
    if day.others.forms < rules.top_rows:
        return
    for device, forms in sorted(day.devices.items()):
        gap = forms.share - day.others.share
        if forms.forms >= rules.top_rows and abs(gap) > rules.top_points:
            facts = {
                "forms": forms.forms,
                "share": round(forms.share, 1),
                "other_forms": day.others.forms,
                "other_share": round(day.others.share, 1),
            }
            yield Finding("top_box_gap", device, facts)
