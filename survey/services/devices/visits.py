"""A kiosk's visits: whose answers they are, sent once, and kept as unfinished where somebody walked away.

Not how screens look, and not the form itself (collection.py, keeping.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid5

from survey.questionnaires import InvalidAnswers, on_path, read_answers, read_section
from survey.services.asked import questionnaire_asked
from survey.services.circumstances import Circumstances
from survey.services.clock import Clock, day_in_vietnam
from survey.services.collection import submit_form
from survey.services.devices.errors import NotEnrolled
from survey.services.devices.pace import Moment, judging, noting_too_busy
from survey.services.devices.registry import Device, rate_key
from survey.services.errors import EmptyForm, NotThisUnit, RoundClosed
from survey.services.keeping import (
    Receipt,
    Respondent,
    Tally,
    WholeForm,
    acknowledged,
    form_there,
    keep,
    plain,
    require_open,
)
from survey.storage import responses
from survey.storage.responses import Visit
from survey.storage.store import Store

PAUSED_FLAG = "while_paused"
QUEUED_FLAG, LONG_FLAG = "queued", "queued_long"
#: What waited longer than this in a device's queue says so.
QUEUED = timedelta(minutes=5)
#: What waited this long is looked at: only the device says when it was completed.
LONG = timedelta(days=1)
#: Makes the id of a whole answer whose visit was kept as unfinished before, the same at every copy.
_NAMESPACE = UUID("0d3c6c1e-7d52-4a0c-9a55-3b8f6a1f2e90")


def visitor(
    *,
    clock: Clock,
    device: Device,
    round_code: str,
    response_id: UUID,
    waited: timedelta = timedelta(0),
    circumstances: Circumstances | None = None,
    sender: Device | None = None,
) -> Respondent:
    """Place the answer of an enrolled kiosk: grade B, one stratum a unit, one cluster a day at its counter.

    Args:
        device: where it was given.
        circumstances: what is known beyond the device; its own marks are added.
        sender: the device that proved itself by its cookie, if it is another: its pace counts.
    """
    completed = clock.now() - waited
    told = circumstances or Circumstances()
    by = sender or device
    return Respondent(
        round_code=round_code,
        response_id=response_id,
        unit_id=device.unit_id,
        channel="kiosk",
        evidence="B",
        stratum=device.unit_id,
        psu=psu_of(device.unit_id, day_in_vietnam(completed)),
        circumstances=replace(
            told,
            device_id=device.id,
            option_order=told.option_order or device.option_order,
            flags=(*told.flags, *_marks(by, waited)),
        ),
        tally=Tally(rate_key(by.id), completed),
    )


def paced(respondent: Respondent, device: Device, moment: Moment) -> Respondent:
    """Give the same respondent, whose answer the pace of the device that sends it decides about (K8, K9)."""
    tally = Tally(rate_key(device.id), moment.completed, judging(device.id, moment))
    return replace(respondent, tally=tally)


def psu_of(unit_id: str, day: date) -> str:
    """Name the cluster of a counter's answers of a day."""
    return f"{unit_id}:{day.isoformat()}"


def _marks(device: Device, waited: timedelta) -> tuple[str, ...]:
    marks = []
    if device.status == "paused":
        marks.append(PAUSED_FLAG)
    if waited >= QUEUED:
        marks.append(QUEUED_FLAG)
    if waited >= LONG:
        marks.append(LONG_FLAG)
    return tuple(marks)


def submit_visit(
    *,
    store: Store,
    clock: Clock,
    device: Device,
    respondent: Respondent,
    last: Mapping[str, Mapping[str, object]],
) -> Receipt:
    """Keep a visit that was filled page by page, with what its last page brought.

    A visit that was kept as unfinished while the person was still at it is superseded by the whole one.

    Raises:
        SoonAfterAnother, DeviceTooBusy: it must be sent again later; the latter is written into the log.
        What `submit_form` raises.
    """
    who = paced(respondent, device, Moment(clock.now(), timedelta(0)))
    with noting_too_busy(store=store, clock=clock, device_id=device.id):
        receipt = submit_form(store=store, clock=clock, respondent=who, last=last)
        return (_finished(store, clock, who, last) if receipt.replayed else None) or receipt


def _finished(
    store: Store, clock: Clock, respondent: Respondent, last: Mapping[str, Mapping[str, object]]
) -> Receipt | None:
    """Keep the whole answer in the place of the unfinished one; None where it was not unfinished."""
    with store.transaction() as session:
        form = form_there(session, respondent)
        left = responses.unfinished_answers(session, form.round.id, respondent.response_id)
        if left is None:
            return None
        require_open(form.round, clock)
        asked = questionnaire_asked(session, form.round.questionnaire_sha256)
        filled = dict(left)
        for section_id, raw in last.items():
            filled |= plain(read_section(asked, section_id, raw, filled))
        who = replace(
            respondent,
            response_id=uuid5(_NAMESPACE, respondent.response_id.hex),
            supersedes=respondent.response_id,
        )
        whole = WholeForm(asked, who, read_answers(asked, on_path(asked, filled)))
        receipt = keep(session, clock, form_there(session, who), whole)
    return acknowledged(receipt, who)


def keep_visits_left(*, store: Store, clock: Clock, device: Device) -> int:
    """Keep what a kiosk's earlier visits left unfinished, now that another begins; give how many (K7).

    A draft knows its day alone (T8), so one that a person is still at cannot be told: `submit_visit` makes
    it whole.
    """
    with store.reading() as session:
        left = responses.visits_left(session, device_id=device.id)
    return sum(_keep_left(store, clock, visit, device.option_order) for visit in left)


def keep_old_visits_left(*, store: Store, clock: Clock, before: date) -> int:
    """Keep every kiosk's visits of former days that nobody finished; give how many (K7)."""
    with store.reading() as session:
        left = responses.visits_left(session, before=before)
    return sum(_keep_left(store, clock, visit, None) for visit in left)


def _keep_left(store: Store, clock: Clock, visit: Visit, option_order: str | None) -> int:
    """Keep one visit as partial and drop its draft; one without an answer, or too late, is only dropped."""
    who = Respondent(
        round_code=visit.round_code,
        response_id=visit.response_id,
        unit_id=visit.unit_id,
        channel="kiosk",
        evidence="B",
        stratum=visit.unit_id,
        psu=psu_of(visit.unit_id, day_in_vietnam(clock.now())),
        circumstances=Circumstances(device_id=visit.device_id, option_order=option_order),
    )
    with store.transaction() as session:
        form = form_there(session, who, locked=True)
        kept = False
        if form.draft_answers and form.payload_sha256 is None:
            asked = questionnaire_asked(session, form.round.questionnaire_sha256)
            whole = WholeForm(asked, who, on_path(asked, form.draft_answers), status="partial")
            try:
                kept = keep(session, clock, form, whole) is not None
            except (RoundClosed, NotThisUnit, EmptyForm, InvalidAnswers):
                kept = False
        responses.drop_draft(session, form.round.id, who.response_id)
    return int(kept)


def require_round(device: Device) -> str:
    """Give the round that a kiosk asks.

    Raises:
        NotEnrolled: it has none.
    """
    if device.round_code is None:
        raise NotEnrolled("a kiosk without a round")
    return device.round_code
