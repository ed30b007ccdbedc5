"""Asking a second person to let the forms of a file count (decision 0015).

Not a name of the package itself: what is granted (review/approval_effects.py) imports that.
What the grant means stands in grades.py; who decides, in survey.services.review.approvals.
"""

from __future__ import annotations

from survey.services.accounts import Account
from survey.services.clock import Clock
from survey.services.importing.checking import check_file
from survey.services.importing.errors import NothingToTake, WrongFile
from survey.services.review.approvals import ask
from survey.services.review.import_grades import COUNT_IMPORT
from survey.storage.store import Store


def ask_to_count(
    *, store: Store, clock: Clock, account: Account, code: str, raw: bytes, name: str, reason: str
) -> int:
    """Ask that a file's forms count as grade A; it is taken afterwards, and only as it is now.

    Raises:
        WrongFile, NothingToTake: only a file that could be taken now is asked about.
        ReasonNeeded, AlreadyWaiting, NoSuchRound; and what `check_file` raises.
    """
    checked = check_file(store=store, clock=clock, code=code, raw=raw, name=name)
    if checked.problems:
        raise WrongFile(checked.problems, unlisted=checked.unlisted)
    if not checked.forms:
        raise NothingToTake(code, already=checked.already)
    details = {"sha256": checked.sheets.sha256, "file": checked.sheets.name, "rows": len(checked.forms)}
    return ask(
        store=store, clock=clock, account=account, code=code, action=COUNT_IMPORT, details=details,
        reason=reason,
    )  # fmt: skip
