"""What a judged unit may see of itself (K14): counts and levels, late, in batches, with no time but a day.

It shows what was received and nothing of the province's review, so that an alarm or an exclusion leaves no
trace in it. Not results with their intervals (shown_figures.py), which the province's pages show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from survey.questionnaires import Item, Questionnaire
from survey.services.accounts import Account
from survey.services.asked import questionnaire_of
from survey.services.clock import Clock, day_in_vietnam
from survey.services.distributions import levels_of
from survey.services.permissions import units_of
from survey.services.review.own_errors import NoSuchUnit
from survey.storage import own_counts
from survey.storage.models import RoundRow
from survey.storage.own_counts import DayCount
from survey.storage.store import Store

#: New responses that a number must stand for before it changes (K14, D3).
BATCH = 5
#: How old the newest response in a number is at least.
DELAY = timedelta(hours=24)
#: With fewer responses the levels are not shown (D4).
FEW = 30
#: Counts of levels are rounded to whole multiples of this.
STEP = 5


@dataclass(frozen=True, slots=True)
class Levels:
    """One question's answers by level, the best first: option id and a count rounded to STEP."""

    item: Item
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class OwnRound:
    """What a unit may see of one round.

    Attributes:
        until: the last day that is counted; None where there are too few responses to show anything.
        kiosk, slips: responses by the unit's kiosks and by slips, together at least BATCH.
        levels: none with fewer than FEW responses.
    """

    round: RoundRow
    questionnaire: Questionnaire
    until: date | None
    kiosk: int
    slips: int
    levels: tuple[Levels, ...]


def own_view(*, store: Store, clock: Clock, account: Account, unit_id: str) -> tuple[OwnRound, ...]:
    """Show a unit its own rounds at counters, the newest first.

    Raises:
        NoSuchUnit: the unit is elsewhere or nowhere; the answer does not tell which.
    """
    if unit_id not in units_of(account):
        raise NoSuchUnit(unit_id)
    newest = last_day_shown(clock)
    with store.reading() as session:
        return tuple(
            _own_round(round_, own_counts.day_counts(session, round_.id, unit_id, until=newest))
            for round_ in own_counts.rounds_judging(session, unit_id)
        )


def last_day_shown(clock: Clock) -> date:
    """Give the last day of which even the last response is at least DELAY old."""
    return day_in_vietnam(clock.now() - DELAY) - timedelta(days=1)


def last_boundary(by_day: Mapping[date, int]) -> date | None:
    """Give the last day that closes a batch: BATCH or more responses since the one before was closed.

    It follows from the days before it alone, so what was shown once is never cut otherwise.
    """
    boundary, since = None, 0
    for day in sorted(by_day):
        since += by_day[day]
        if since >= BATCH:
            boundary, since = day, 0
    return boundary


def rounded(count: int) -> int:
    """Round a count to the nearest multiple of STEP."""
    return (count + STEP // 2) // STEP * STEP


def _own_round(round_: RoundRow, counts: Iterable[DayCount]) -> OwnRound:
    counts = tuple(counts)
    by_day: dict[date, int] = {}
    for one in counts:
        by_day[one.day] = by_day.get(one.day, 0) + one.count
    questionnaire = questionnaire_of(round_)
    until = last_boundary(by_day)
    shown = [one for one in counts if until is not None and one.day <= until]
    kiosk, slips = (_sum(one for one in shown if one.channel == channel) for channel in ("kiosk", "phone"))
    levels = _levels(questionnaire, shown) if kiosk + slips >= FEW else ()
    return OwnRound(round_, questionnaire, until, kiosk, slips, levels)


def _levels(questionnaire: Questionnaire, shown: list[DayCount]) -> tuple[Levels, ...]:
    return tuple(
        Levels(
            item,
            tuple(
                (option, rounded(_sum(one for one in shown if one.answers.get(item.id) == option)))
                for _value, option in reversed(levels_of(item.scale))
            ),
        )
        for item in questionnaire.items
        if item.kind == "single" and item.scale is not None and item.scale.kind == "ordinal"
    )


def _sum(counts: Iterable[DayCount]) -> int:
    return sum(one.count for one in counts)
