"""What a reader may see of an estimate: percent, rounded as published, or nothing at all.

Not the text of a sentence (../figures.py) and not a cell's look (look.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from survey.aggregation.estimates import Estimate
from survey.reports.figures import rank_text
from survey.reports.summary.values import SUPPRESSED, SummaryReport, UnitRow
from survey.rounding import round_half_up


@dataclass(frozen=True, slots=True)
class Shown:
    """Value and interval as printed, 2 decimals; None where there is none to show."""

    value: float | None
    low: float | None
    high: float | None


NOTHING = Shown(None, None, None)


def is_suppressed(estimate: Estimate | None) -> bool:
    """Tell whether nothing of an estimate may be printed, its n included."""
    return estimate is not None and SUPPRESSED in estimate.flags


def n_of(estimate: Estimate) -> int | None:
    """Return the respondents as printed: none where the estimate is withheld."""
    return None if is_suppressed(estimate) else estimate.n


def shown(estimate: Estimate | None) -> Shown:
    """Return what is printed of an estimate: shares as percent, nothing where suppressed."""
    if estimate is None or is_suppressed(estimate):
        return NOTHING
    scaled = in_percent(estimate)
    return Shown(rounded(scaled.value), rounded(scaled.ci_low), rounded(scaled.ci_high))


def in_percent(estimate: Estimate) -> Estimate:
    """Return a share as percent; anything else as it is."""
    return estimate.scaled(100, "percent") if estimate.unit == "share" else estimate


def rounded(value: float | None) -> float | None:
    return None if value is None else round_half_up(value, 2)


def has_few(report: SummaryReport, row: UnitRow) -> bool:
    """Tell whether a unit has too few respondents to be ranked; of a withheld one nothing is told."""
    return not is_suppressed(row.overall) and row.n < report.few


def rank_cell(report: SummaryReport, row: UnitRow) -> int | str | None:
    """Return a rank as a number, a shared one as text, none where there are too few respondents."""
    if has_few(report, row) or shown(row.overall).value is None or row.rank is None:
        return None
    return row.rank if row.rank_last in (None, row.rank) else rank_text(row.rank, row.rank_last)


def in_order(report: SummaryReport, rows: Iterable[UnitRow]) -> list[UnitRow]:
    """Sort units by rank, those without one last, otherwise as given."""

    def place(row: UnitRow) -> tuple[bool, int]:
        unranked = rank_cell(report, row) is None
        return unranked, 0 if unranked or row.rank is None else row.rank

    return sorted(rows, key=place)


def groups(report: SummaryReport) -> dict[str, list[UnitRow]]:
    """Return units by group, groups in the order in which they first appear."""
    found: dict[str, list[UnitRow]] = {}
    for row in report.rows:
        found.setdefault(row.group, []).append(row)
    return {title: in_order(report, rows) for title, rows in found.items()}
