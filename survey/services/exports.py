"""The Excel summary as the command line hands it out: written, and then logged with who took it.

Not what stands in it, nor the export of a signed-in person (summaries/).
"""

from __future__ import annotations

from pathlib import Path

from survey.services.clock import Clock
from survey.services.summaries import export_summary
from survey.storage import audit
from survey.storage.store import Store


def export_recorded(
    *, store: Store, clock: Clock, code: str, target: Path, language: str, actor: str
) -> None:
    """Write the Excel summary of a round's newest results and log who took it.

    Raises:
        NoSuchRound, NotYetComputed, SnapshotChanged, FiguresExposed: the target is untouched.
    """
    made = export_summary(store=store, clock=clock, code=code, target=target, language=language)
    with store.transaction() as session:
        audit.record(
            session,
            at=clock.now(),
            actor=actor,
            action="summary exported",
            subject=code,
            details=dict(made.told),
        )
