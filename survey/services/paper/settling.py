"""From what two persons agreed is on the paper to a response kept exactly once. Not the keying itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from survey.questionnaires import Questionnaire
from survey.services.circumstances import Circumstances
from survey.services.clock import Clock, day_in_vietnam
from survey.services.keeping import Respondent, WholeForm, form_there, keep
from survey.services.paper.errors import CameByFile
from survey.services.paper.ledger import require_follows
from survey.services.paper.questionnaire import FromPaper, from_paper
from survey.services.paper.reading import UNREADABLE, Entries, Entry, OnPaper, is_blank, on_paper
from survey.services.paper.response_ids import key_in, response_id_of
from survey.storage import paper
from survey.storage.models import AdjudicationRow, PaperFormRow, PaperKeyingRow, RoundRow


def agreed_entries(keyings: Sequence[PaperKeyingRow], decided: Iterable[AdjudicationRow]) -> dict[str, Entry]:
    """Join what two keyings say with what was decided where they differ; what was decided wins."""
    entries = dict(keyings[0].answers)
    for one in decided:
        entries[one.item] = one.answer
    return {item: entry for item, entry in entries.items() if not is_blank(entry)}


def settle(
    session: Session,
    clock: Clock,
    round_: RoundRow,
    form: PaperFormRow,
    questionnaire: Questionnaire,
    entries: Entries,
) -> bool:
    """Keep a form's response and set the form valid, in the caller's transaction; False: it has no answer.

    Raises:
        CameByFile: the round holds a response of this number already; only a file can have brought it.
        RoundClosed, NotThisUnit, OutOfOrder: nothing is written.
    """
    found = on_paper(questionnaire, entries)
    told = from_paper(found.answers)
    if not told.answers:
        return False
    require_follows(form, "valid")
    who = _respondent(session, round_, form, told, _flags(entries, found))
    # The day it came back, not that of keying: a form returned in time is kept also long after the end (O5).
    day = _came_back(clock, round_, form)
    whole = WholeForm(questionnaire, who, told.answers, completed_on=day, received_on=day)
    receipt = keep(session, clock, form_there(session, who), whole)
    if receipt is None or receipt.replayed:
        raise CameByFile(form.number, number=form.number)
    form.status = "valid"
    return True


def _came_back(clock: Clock, round_: RoundRow, form: PaperFormRow) -> date:
    """Give the day that a form came back; one back before the round's first day counts on that day."""
    today = day_in_vietnam(clock.now())
    return min(max(form.returned_on or today, round_.opens_on), today)


def _respondent(
    session: Session, round_: RoundRow, form: PaperFormRow, told: FromPaper, flags: tuple[str, ...]
) -> Respondent:
    """Place the response where the ledger says; an enumerator who took the form is told beside it."""
    enumerator = paper.enumerator_of(session, form.issued_to or "")
    return Respondent(
        round_code=round_.code,
        response_id=response_id_of(key_in(session), round_.code, form.number),
        unit_id=form.unit_id,
        channel="paper",
        evidence=told.evidence,
        stratum=form.stratum,
        psu=form.psu,
        base_weight=form.base_weight,
        circumstances=Circumstances(
            collected_by=enumerator.login if enumerator else None,
            language="vi",
            assisted_by=told.assisted_by,
            flags=flags,
        ),
    )


def _flags(entries: Entries, found: OnPaper) -> tuple[str, ...]:
    unreadable = any(entry.get("mark") == UNREADABLE for entry in entries.values())
    told = (("paper_unreadable", unreadable), ("paper_impossible", bool(found.impossible)))
    return tuple(word for word, there in told if there)
