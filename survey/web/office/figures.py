"""Figures as the page's language writes them: 1.234,56 or 1,234.56, and a dash where there is none.

Not how they are computed (services) nor where they stand on a page (presenters).
"""

from __future__ import annotations

from datetime import datetime

from survey.aggregation import Estimate
from survey.reports import count_text, interval_text, number_text, percent_text
from survey.services.clock import VIETNAM
from survey.services.shown.figures import is_withheld
from survey.web.languages import language


def count(value: int | None) -> str:
    return count_text(value, language())


def number(value: float | None, places: int = 2) -> str:
    return number_text(value, places, language())


def percent(value: float | None, places: int = 2) -> str:
    return percent_text(value, places, language())


def share_of(part: int, whole: int | None) -> str:
    """Write a part of a count as a percentage; a dash where the whole is not known or empty."""
    return percent(part / whole * 100) if whole else percent(None)


def interval(estimate: Estimate, places: int = 2) -> str:
    return interval_text(estimate.ci_low, estimate.ci_high, places, language())


def respondents(estimate: Estimate) -> str:
    """Write the respondents of a figure; a dash where it is withheld."""
    return count(None if is_withheld(estimate) else estimate.n)


def span(bounds: list[float] | None, places: int = 2) -> str:
    low, high = bounds or (None, None)
    return interval_text(low, high, places, language())


def moment(at: datetime) -> str:
    """Write a moment in Vietnam's time."""
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"


def short(sha256: str) -> str:
    """Write the first twelve characters of a hash, enough to tell two apart by eye."""
    return sha256[:12]
