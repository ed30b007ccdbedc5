"""How far people come, page by page (K25): counted without anybody's id, and read as a drop-off table.

Counts gather in memory and are added together every few seconds, within a request that writes anyway
is over: a step of a form pays nothing for them. What may be lost is said at `PageCounts`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError

from survey.errors import SurveyError
from survey.questionnaires import Questionnaire
from survey.services.asked import questionnaire_asked
from survey.services.pace import SPEEDING
from survey.storage import page_counts
from survey.storage.models import RoundRow
from survey.storage.page_counts import PageTotal
from survey.storage.store import Store

#: The page after the last section, where the form is sent.
REVIEW = "review"
EVERY_S = 5.0
#: Openings below this are not divided by.
FEWEST_FOR_A_SHARE = 5
#: Shares of forms begun that should be sent, by how many questions they ask (K25).
SHORT_FORM, SHORT_TARGET, LONG_TARGET = 10, 0.85, 0.70

log = logging.getLogger(__name__)


class PageCounts:
    """Pages opened and completed, gathered by one process of the site.

    A process that ends loses the counts of its last five seconds at most, unless nobody sends
    anything after them: then those wait for the next step. Answers are never in here.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = Lock()
        self._waiting: dict[tuple[int, str, str, date], list[int]] = {}
        self._added_at = float("-inf")

    def opened(self, round_id: int, channel: str, page: str, day: date) -> None:
        """Count a page that a person comes to for the first time."""
        self._count(round_id, channel, page, day, 0)

    def completed(self, round_id: int, channel: str, page: str, day: date) -> None:
        """Count a page that a person leaves with their answers kept."""
        self._count(round_id, channel, page, day, 1)

    def add_if_due(self, store: Store) -> None:
        """Add what waits to the database if the last time is five seconds ago; never fails."""
        with self._lock:
            if not self._waiting or self._now() - self._added_at < EVERY_S:
                return
            taken, self._waiting = self._waiting, {}
            self._added_at = self._now()
        try:
            with store.transaction() as session:
                page_counts.add_counts(
                    session, [(*key, opened, done) for key, (opened, done) in taken.items()]
                )
        except (SQLAlchemyError, SurveyError):
            log.warning("page counts wait for the next time", exc_info=True)
            self._put_back(taken)

    def _count(self, round_id: int, channel: str, page: str, day: date, place: int) -> None:
        with self._lock:
            self._waiting.setdefault((round_id, channel, page, day), [0, 0])[place] += 1

    def _put_back(self, taken: dict[tuple[int, str, str, date], list[int]]) -> None:
        with self._lock:
            for key, counts in taken.items():
                waiting = self._waiting.setdefault(key, [0, 0])
                waiting[:] = [one + other for one, other in zip(waiting, counts, strict=True)]


@dataclass(frozen=True, slots=True)
class PageLine:
    """One page of the drop-off table.

    Attributes:
        title: by language; None for the review.
        left: share of those who opened it and did not complete it; None where too few opened it.
    """

    title: dict[str, str] | None
    opened: int
    completed: int
    left: float | None


@dataclass(frozen=True, slots=True)
class DropOff:
    """How far the people of one channel came.

    Attributes:
        sent: share of the forms begun that were sent; None where too few were begun.
        target: what that share should be (K25).
        timed: responses whose pace is known; None for a channel without paradata.
        hurried: those among them answered faster than one can read (K26).
    """

    channel: str
    lines: tuple[PageLine, ...]
    sent: float | None
    target: float
    timed: int | None
    hurried: int | None


def drop_offs(*, store: Store, round_: RoundRow) -> tuple[DropOff, ...]:
    """Give the drop-off of a round, a table a channel, pages in the questionnaire's order."""
    with store.reading() as session:
        totals = page_counts.totals_of(session, round_.id)
        questionnaire = questionnaire_asked(session, round_.questionnaire_sha256)
        paces = {
            channel: page_counts.flagged_of(session, round_.id, channel, SPEEDING)
            for channel in sorted({total.channel for total in totals} - {"personal"})
        }
    return tuple(
        _drop_off(
            channel, [one for one in totals if one.channel == channel], questionnaire, paces.get(channel)
        )
        for channel in sorted({total.channel for total in totals})
    )


def _drop_off(
    channel: str, totals: list[PageTotal], questionnaire: Questionnaire, pace: tuple[int, int] | None
) -> DropOff:
    of = {total.page: total for total in totals}
    titles = {one.id: {lang: one.title.in_(lang) for lang in ("vi", "en")} for one in questionnaire.sections}
    lines = [_line(titles[page], of[page]) for page in titles if page in of]
    if REVIEW in of:
        lines.append(_line(None, of[REVIEW]))
    begun = max((line.opened for line in lines), default=0)
    sent = of[REVIEW].completed if REVIEW in of else 0
    asked = len(questionnaire.items)
    return DropOff(
        channel,
        tuple(lines),
        _share(sent, begun),
        SHORT_TARGET if asked <= SHORT_FORM else LONG_TARGET,
        pace[0] if pace else None,
        pace[1] if pace else None,
    )


def _line(title: dict[str, str] | None, total: PageTotal) -> PageLine:
    done = _share(total.completed, total.opened)
    return PageLine(title, total.opened, total.completed, None if done is None else 1 - done)


def _share(part: int, whole: int) -> float | None:
    return min(part / whole, 1.0) if whole >= FEWEST_FOR_A_SHARE else None
