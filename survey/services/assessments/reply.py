"""A unit's reply (giải trình) to what was adjusted or returned: a text, which changes no points by itself."""

from __future__ import annotations

from survey.services.accounts import Account
from survey.services.assessments.effective import Provenance
from survey.services.assessments.entering import Given, enter
from survey.services.assessments.errors import NothingToReply
from survey.services.assessments.nodes import entered_place
from survey.services.assessments.scope import require_stage
from survey.services.assessments.self_assessment import own_unit
from survey.services.assessments.trail import written
from survey.services.assessments.work import work_of
from survey.services.clock import Clock
from survey.storage.store import Store


def reply(
    *, store: Store, clock: Clock, account: Account, code: str, leaf: str, text: str, seen: int
) -> Provenance:
    """Keep the unit's reply on a leaf; its head sends it, so that it is the unit's word.

    Args:
        seen: number of the last reply on the leaf that the caller saw, 0 for none.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchNode, SurveyedLeaf, WrongStage, TextNeeded, EnteredMeanwhile.
        NothingToReply: the leaf was neither adjusted nor returned.
    """
    text = written(text, "reply")
    with store.transaction() as session:
        assessment, unit = own_unit(session, account, code, "submit_self")
        require_stage(assessment, "reply")
        work = work_of(session, unit)
        entered_place(work.set, leaf)
        judged = work.latest("appraisal", leaf)
        if judged is None or judged.decision not in ("adjusted", "returned"):
            raise NothingToReply(leaf, leaf=leaf)
        return enter(session, clock, account, assessment, work, Given(leaf, "reply", seen, None, text))
