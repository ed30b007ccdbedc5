"""What each deed of two persons does once it is granted, in the transaction that grants it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from survey.services.clock import Clock
from survey.services.links.sealing import SEAL, seal
from survey.services.paper.effects import PAPER_DEEDS
from survey.services.review.exclusion_deeds import DEEDS as EXCLUSION_DEEDS
from survey.services.review.import_grades import DEEDS as IMPORT_DEEDS
from survey.services.review.reopening_deed import REOPEN, reopen
from survey.storage.models import ApprovalRow

Effect = Callable[[Session, Clock, ApprovalRow], None]

#: By the action's word; each is a function of the service whose deed it is.
EFFECTS: Mapping[str, Effect] = {
    **EXCLUSION_DEEDS,
    **IMPORT_DEEDS,
    **PAPER_DEEDS,
    SEAL: seal,
    REOPEN: reopen,
}
