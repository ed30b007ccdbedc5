"""Writing the Excel summary of a round, and recording who took it and what it withholds.

Not what stands in it (report.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from survey.reports import SummaryReport, write_summary
from survey.services.accounts import Account
from survey.services.clock import Clock
from survey.services.permissions import round_for
from survey.services.rounds import board
from survey.services.shown.figures import figures_to_show, keep_shown
from survey.services.summaries.report import report_of
from survey.storage import audit
from survey.storage.store import Store


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A summary that was written, and what is logged of it: counts, never a figure."""

    report: SummaryReport
    told: Mapping[str, Any]


def export_summary(
    *,
    store: Store,
    clock: Clock,
    code: str,
    target: Path | BinaryIO,
    language: str = "vi",
    formula_id: str | None = None,
) -> HandedOut:
    """Write the Excel summary of a round's newest results, and record what it withholds.

    Raises:
        NoSuchRound, NotYetComputed, SnapshotChanged, FiguresExposed: the target is untouched.
    """
    counts = board(store=store, code=code)
    shown = figures_to_show(store=store, round_id=counts.round.id, formula_id=formula_id)
    report = report_of(store, clock, counts, shown, language)
    keep_shown(store, shown)
    write_summary(report, target)
    told = {
        "snapshot": shown.indices.snapshot,
        "result_sha256": report.provenance.result_sha256,
        "language": language,
        "withheld": shown.withheld,
        "held_back": shown.held_back,
    }
    return HandedOut(report, told)


def export_for(
    *,
    store: Store,
    clock: Clock,
    account: Account,
    code: str,
    formula_id: str | None,
    target: BinaryIO,
    language: str,
) -> None:
    """Write the Excel summary of one formula's newest results for an account, and log who took it.

    Raises:
        NoSuchRound: the round is elsewhere or nowhere.
        NotYetComputed, SnapshotChanged, FiguresExposed: nothing is written.
    """
    round_for(store=store, account=account, code=code)
    made = export_summary(
        store=store, clock=clock, code=code, target=target, language=language, formula_id=formula_id
    )
    with store.transaction() as session:
        audit.record(
            session,
            at=clock.now(),
            actor=account.login,
            action="summary exported",
            subject=code,
            details={"formula": formula_id, **made.told},
        )
