"""What two persons may do to a paper form: correct an answer, reject what was keyed, take back a rejection.

A correction is a new response that supersedes; the former row stays. Asking for them is corrections.py's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from survey.questionnaires import answers_sha256
from survey.services.clock import Clock, day_in_vietnam
from survey.services.errors import EmptyForm
from survey.services.keeping import plain
from survey.services.paper.errors import NoSuchForm, NotKept, OutOfOrder
from survey.services.paper.ledger import require_follows
from survey.services.paper.questionnaire import asked_on_paper, from_paper
from survey.services.paper.reading import Entry, differing, on_paper
from survey.services.paper.response_ids import key_in, response_id_of
from survey.services.paper.settling import agreed_entries
from survey.services.review.exclusion_deeds import carry_exclusions
from survey.storage import paper, paradata, responses, rounds
from survey.storage.models import (
    AdjudicationRow,
    ApprovalRow,
    PaperFormRow,
    ResponseRow,
    RoundRow,
)

#: The deeds' words, as they stand in an approval.
CORRECTION, REJECTION, REJECTION_UNDONE = "paper_correction", "paper_rejection", "paper_rejection_undone"


def correct(session: Session, clock: Clock, approval: ApprovalRow) -> None:
    """Keep what the paper says of one item: a new response supersedes the form's current one.

    Raises:
        NoSuchForm, NotKept, EmptyForm: nothing is written.
    """
    form, round_ = _form(session, approval)
    current, revision = _current(session, round_, form)
    item, entry = str(approval.details["item"]), dict(approval.details["entry"])
    _decide_anew(session, clock, form, item, entry, str(approval.decided_by))
    questionnaire = asked_on_paper(session, round_.questionnaire_sha256)
    entries = agreed_entries(paper.keyings_of(session, form.number), paper.decided_of(session, form.number))
    told = from_paper(on_paper(questionnaire, entries).answers)
    if not told.answers:
        raise EmptyForm(form.number)
    made = response_id_of(key_in(session), round_.code, form.number, revision + 1)
    values: dict[str, Any] = {
        name: getattr(current, name)
        for name in ("unit_id", "channel", "stratum", "psu", "base_weight", "status", "simulated")
    }
    values |= {
        "round_id": round_.id,
        "response_id": made,
        "questionnaire_sha256": questionnaire.sha256,
        "evidence": told.evidence,
        "answers": plain(told.answers),
        "payload_sha256": answers_sha256(questionnaire, told.answers),
        "day_received": current.day_received,
        "supersedes": current.response_id,
    }
    responses.add_responses(session, [values])
    _bring_along(session, round_, current, made, told.assisted_by)


def undo_rejection(session: Session, clock: Clock, approval: ApprovalRow) -> None:
    """Bring a rejected form back among the returned ones; one keyed in vain is keyed anew by two persons.

    Raises:
        NoSuchForm, OutOfOrder: nothing is written.
    """
    form, round_ = _form(session, approval)
    if form.status != "rejected":
        raise OutOfOrder(form.status, numbers=form.number)
    form.status, form.rejected_for = "returned", None
    _key_anew_if_in_vain(session, approval, form, round_)


def reject(session: Session, clock: Clock, approval: ApprovalRow) -> None:
    """Reject a returned form of which answers are known.

    Raises:
        NoSuchForm, OutOfOrder: nothing is written.
    """
    form, _round = _form(session, approval)
    require_follows(form, "rejected")
    form.status, form.rejected_for = "rejected", str(approval.details["rejection"])


PAPER_DEEDS: Mapping[str, Any] = {
    CORRECTION: correct,
    REJECTION: reject,
    REJECTION_UNDONE: undo_rejection,
}


def _key_anew_if_in_vain(
    session: Session, approval: ApprovalRow, form: PaperFormRow, round_: RoundRow
) -> None:
    """Where both keyings are there and nothing is left to decide, no more could come of them: begin again.

    What was keyed and decided goes into the approval, so that nothing of it is lost.
    """
    keyings, decided = paper.keyings_of(session, form.number), paper.decided_of(session, form.number)
    if len(keyings) < 2:
        return
    questionnaire = asked_on_paper(session, round_.questionnaire_sha256)
    if differing(questionnaire, keyings[0].answers, keyings[1].answers) and not decided:
        return
    former = {
        "keyed": [{"by": one.keyed_by, "on": str(one.keyed_on), "answers": one.answers} for one in keyings],
        "decided": [{"by": one.decided_by, "item": one.item, "answer": one.answer} for one in decided],
    }
    approval.details = {**approval.details, "former": former}
    paper.key_anew(session, form.number)


def _form(session: Session, approval: ApprovalRow) -> tuple[PaperFormRow, RoundRow]:
    number = str(approval.details["number"])
    form = paper.form_of(session, number, locked=True)
    if form is None or form.round_id != approval.round_id:
        raise NoSuchForm(number, number=number)
    return form, rounds.round_of(session, form.round_id)


def _current(session: Session, round_: RoundRow, form: PaperFormRow) -> tuple[ResponseRow, int]:
    """Give the response that no later correction supersedes, and how many corrections led to it.

    Raises:
        NotKept: the form has no response, or what stands in its place did not come from paper.
    """
    id_ = response_id_of(key_in(session), round_.code, form.number)
    chain = [paper.response_of(session, round_.id, id_)]
    while chain[-1] is not None:
        chain.append(paper.superseding(session, round_.id, chain[-1].response_id))
    rows = [row for row in chain if row is not None]
    if not rows or any(row.channel != "paper" for row in rows):
        raise NotKept(form.number, number=form.number)
    return rows[-1], len(rows) - 1


def _decide_anew(
    session: Session, clock: Clock, form: PaperFormRow, item: str, entry: Entry, decided_by: str
) -> None:
    row = session.get(AdjudicationRow, (form.number, item))
    today = day_in_vietnam(clock.now())
    if row is None:
        session.add(
            AdjudicationRow(
                number=form.number, item=item, answer=dict(entry), decided_by=decided_by, decided_on=today
            )
        )
    else:
        row.answer, row.decided_by, row.decided_on = dict(entry), decided_by, today
    session.flush()


def _bring_along(
    session: Session, round_: RoundRow, former: ResponseRow, made: UUID, assisted_by: str | None
) -> None:
    """Give the correction the circumstances of the former row, and its exclusion if it was left out."""
    told = paper.paradata_of(session, round_.id, former.response_id)
    if told is not None:
        columns = {
            column.name: getattr(told, column.name)
            for column in told.__table__.columns
            if column.name not in ("round_id", "response_id")
        }
        columns["assisted_by"] = assisted_by
        columns["flags"] = [*told.flags, "corrected"] if "corrected" not in told.flags else told.flags
        paradata.add_paradata(session, round_.id, made, columns)
    carry_exclusions(session, round_.id, former.response_id, made)
