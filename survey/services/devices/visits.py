"""A kiosk's visits: whose answers they are, sent once, and kept as unfinished where somebody walked away.

Not how screens look, and not the form itself (collection.py, keeping.py).
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from survey.questionnaires import InvalidAnswers, on_path
from survey.services.asked import questionnaire_asked
from survey.services.circumstances import Circumstances
from survey.services.clock import Clock, day_in_vietnam
from survey.services.devices import pace as device_pace
from survey.services.devices.errors import DeviceTooBusy, NotEnrolled
from survey.services.devices.pace import Moment
from survey.services.devices.registry import Device, rate_key
from survey.services.errors import EmptyForm, NotThisUnit, RoundClosed
from survey.services.keeping import Respondent, Tally, WholeForm, form_there, keep
from survey.storage import responses
from survey.storage.responses import Visit
from survey.storage.store import Store

PAUSED_FLAG = "while_paused"
QUEUED_FLAG, LONG_FLAG = "queued", "queued_long"
#: What waited longer than this in a device's queue says so.
QUEUED = timedelta(minutes=5)
#: What waited this long is looked at: only the device says when it was completed.
LONG = timedelta(days=1)


def visitor(
    *,
    clock: Clock,
    device: Device,
    round_code: str,
    response_id: UUID,
    waited: timedelta = timedelta(0),
    circumstances: Circumstances | None = None,
) -> Respondent:
    """Place the answer of an enrolled kiosk: grade B, one stratum a unit, one cluster a day at its counter.

    Args:
        circumstances: what is known beyond the device; its own marks are added.
    """
    completed = clock.now() - waited
    told = circumstances or Circumstances()
    return Respondent(
        round_code=round_code,
        response_id=response_id,
        unit_id=device.unit_id,
        channel="kiosk",
        evidence="B",
        stratum=device.unit_id,
        psu=f"{device.unit_id}:{day_in_vietnam(completed).isoformat()}",
        circumstances=Circumstances(
            device_id=device.id,
            option_order=told.option_order or device.option_order,
            language=told.language,
            duration_s=told.duration_s,
            flags=(*told.flags, *_marks(device, waited)),
        ),
        tally=Tally(rate_key(device.id), completed),
    )


def _marks(device: Device, waited: timedelta) -> tuple[str, ...]:
    marks = []
    if device.status == "paused":
        marks.append(PAUSED_FLAG)
    if waited >= QUEUED:
        marks.append(QUEUED_FLAG)
    if waited >= LONG:
        marks.append(LONG_FLAG)
    return tuple(marks)


def require_device_pace(*, store: Store, clock: Clock, device_id: UUID) -> tuple[str, ...]:
    """Give the words that mark an answer sent right now by its device's pace.

    Raises:
        SoonAfterAnother, DeviceTooBusy: it must be sent again later; the latter is written into the log.
    """
    moment = Moment(clock.now(), timedelta(0))
    with store.reading() as session:
        found = device_pace.pace_of(session, device_id, moment.completed)
    try:
        device_pace.require_pace(found, moment)
    except DeviceTooBusy:
        device_pace.note_too_busy(store=store, clock=clock, device_id=device_id)
        raise
    return device_pace.flags_of(found, moment)


def keep_visits_left(*, store: Store, clock: Clock, device: Device) -> int:
    """Keep what a kiosk's earlier visits left unfinished, now that another begins; give how many (K7)."""
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
        psu=f"{visit.unit_id}:{day_in_vietnam(clock.now()).isoformat()}",
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
