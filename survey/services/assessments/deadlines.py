"""Who is late and who is to be reminded: the open duties of an assessment with their day, and letters.

Deadlines move nothing by themselves: a person moves the stage (stages.py).
"""

from __future__ import annotations

import smtplib
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from survey.services.accounts import Account
from survey.services.assessments.appraisal import waiting_leaves
from survey.services.assessments.scope import STAGE_NAMES, assessment_for
from survey.services.assessments.trail import note
from survey.services.assessments.work import Work, work_of
from survey.services.clock import Clock, day_in_vietnam
from survey.services.links.errors import MailNotSet
from survey.services.links.mailing import Connect, Mailed, can_mail, connect
from survey.services.settings import Settings
from survey.services.unit_names import unit_name
from survey.storage import assessments
from survey.storage.models import AssessmentRow, AssessmentUnitRow
from survey.storage.store import Store

#: Days before the last day on which a reminder is due; from the day after, every day.
REMIND = (7, 3, 1, 0)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that a unit or an agency still has to do.

    Attributes:
        unit_id: who has to do it; for the council and publication the assessment's own unit.
        step: self_assessment, appraisal, reply, council or publication.
        left: days left; negative when late.
        open: how many leaves wait; 0 where it is not counted in leaves.
    """

    unit_id: str
    name: str
    step: str
    due_on: date
    left: int
    open: int
    contact: str | None

    @property
    def is_late(self) -> bool:
        return self.left < 0


def duties_for(*, store: Store, clock: Clock, account: Account, code: str) -> tuple[Duty, ...]:
    """List the open duties of the present stage that have a day, the earliest first; a unit sees its own.

    Raises:
        NotAllowed, NoSuchAssessment.
    """
    with store.reading(consistent=True) as session:
        assessment = assessment_for(session, account, code, "assess", "appraise", "assess_self")
        found = _duties(session, clock, assessment)
    if account.role in ("unit", "unit_head", "appraiser"):
        found = [one for one in found if one.unit_id == account.unit_id]
    return tuple(sorted(found, key=lambda one: (one.due_on, one.unit_id)))


def who_is_late(*, store: Store, clock: Clock, account: Account, code: str) -> tuple[Duty, ...]:
    """List the duties whose day is past.

    Raises:
        NotAllowed, NoSuchAssessment.
    """
    return tuple(
        one for one in duties_for(store=store, clock=clock, account=account, code=code) if one.is_late
    )


def reminders_due(*, store: Store, clock: Clock, account: Account, code: str) -> tuple[Duty, ...]:
    """List whom to remind today.

    Raises:
        NotAllowed, NoSuchAssessment.
    """
    found = duties_for(store=store, clock=clock, account=account, code=code)
    return tuple(one for one in found if one.is_late or one.left in REMIND)


def mail_reminders(
    *,
    store: Store,
    clock: Clock,
    account: Account,
    code: str,
    settings: Settings,
    open_server: Connect = connect,
) -> Mailed:
    """Send today's reminders to the contacts of units, one message each; who has none is among the failed.

    Raises:
        NotAllowed, NoSuchAssessment.
        MailNotSet: no mail server is set.
    """
    with store.reading() as session:
        assessment = assessment_for(session, account, code, "assess")
    if not can_mail(settings):
        raise MailNotSet()
    due = reminders_due(store=store, clock=clock, account=account, code=code)
    sent, failed = _send_all(
        due, lambda one: letter_of(assessment, one, settings, clock), settings, open_server
    )
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "assess", lock="share")
        note(session, clock, account, assessment, "reminders sent", sent=sent, failed=list(failed))
    return Mailed(sent, failed)


def letter_of(assessment: AssessmentRow, duty: Duty, settings: Settings, clock: Clock) -> EmailMessage:
    """Write one reminder, Vietnamese first, English below.

    Raises:
        ValueError: the unit has no contact, or its address cannot stand in a header.
    """
    if not duty.contact:
        raise ValueError("no address")
    step, day = STAGE_NAMES.get(duty.step, {"vi": "công bố", "en": "publication"}), duty.due_on
    message = EmailMessage()
    mark = "[MÔ PHỎNG] " if assessment.simulated else ""
    message["Subject"] = f"{mark}Nhắc hạn {step['vi']}: {assessment.title_vi}"
    message["From"], message["To"] = settings.mail_from, duty.contact
    domain = urlsplit(settings.public_base_url).hostname or "localhost"
    message["Date"], message["Message-ID"] = format_datetime(clock.now()), make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"
    late_vi = f"đã quá hạn {-duty.left} ngày" if duty.is_late else f"còn {duty.left} ngày"
    late_en = f"{-duty.left} day(s) late" if duty.is_late else f"{duty.left} day(s) left"
    message.set_content(
        f"Kính gửi {duty.name},\n\n{assessment.title_vi}: bước {step['vi']} có hạn đến hết ngày "
        f"{day.strftime('%d/%m/%Y')} ({late_vi}).\n\n---\n\n"
        f"Dear {duty.name},\n\n{assessment.title_en}: {step['en']} is due by {day.isoformat()} ({late_en}).\n"
    )
    return message


def _send_all(
    due: Sequence[Duty],
    write: Callable[[Duty], EmailMessage],
    settings: Settings,
    open_server: Connect,
) -> tuple[int, tuple[str, ...]]:
    sent, failed = 0, []
    server: smtplib.SMTP | None = None
    for one in due:
        try:
            message = write(one)
            server = server or open_server(settings)
            server.send_message(message)
            sent += 1
        except (OSError, smtplib.SMTPException, ValueError):
            failed.append(one.name)
            if server is not None:
                server.close()
                server = None
    if server is not None:
        server.close()
    return sent, tuple(failed)


def _duties(session: Session, clock: Clock, assessment: AssessmentRow) -> list[Duty]:
    """List the duties of the stage; those of `self_assessment` go on for who was given a longer time."""
    rows = assessments.units_of(session, assessment.id)
    units = [unit for unit, _ in rows]
    contacts = {unit.unit_id: unit.contact for unit in units}
    made = _Making(clock, assessment, contacts)
    found: list[Duty | None] = []
    if assessment.stage in ("self_assessment", "appraisal"):
        found += [
            made.duty(unit.unit_id, "self_assessment", unit=unit) for unit in units if not unit.submitted_at
        ]
    if assessment.stage == "appraisal":
        found += [
            made.duty(agency, "appraisal", count) for agency, count in _waiting(session, assessment, units)
        ]
    if assessment.stage == "reply":
        for unit in units:
            count = len(_unanswered(work_of(session, unit)))
            found += [made.duty(unit.unit_id, "reply", count, unit=unit)] if count else []
    if assessment.stage == "council":
        found += [made.duty(assessment.unit_id, step) for step in ("council", "publication")]
    return [one for one in found if one is not None]


@dataclass(frozen=True, slots=True)
class _Making:
    clock: Clock
    assessment: AssessmentRow
    contacts: dict[str, str | None]

    def duty(
        self, unit_id: str, step: str, count: int = 0, *, unit: AssessmentUnitRow | None = None
    ) -> Duty | None:
        due: date | None = getattr(self.assessment, f"{step}_due")
        if due is None:
            return None
        if unit is not None and unit.extended_to is not None:
            due = max(due, unit.extended_to)
        left = (due - day_in_vietnam(self.clock.now())).days
        return Duty(unit_id, unit_name(unit_id), step, due, left, count, self.contacts.get(unit_id))


def _waiting(
    session: Session, assessment: AssessmentRow, units: Collection[AssessmentUnitRow]
) -> list[tuple[str, int]]:
    """Count the leaves that wait for each agency."""
    agencies = {
        (area.block, area.node): area.unit_id for area in assessments.areas_of(session, assessment.id)
    }
    counted = Counter(
        agencies.get((one.block, one.area), assessment.unit_id)
        for unit in units
        if unit.submitted_at is not None
        for one in waiting_leaves(work_of(session, unit))
    )
    return sorted(counted.items())


def _unanswered(work: Work) -> list[str]:
    """List the leaves that were adjusted or returned and got no reply."""
    judged = {one.leaf: one for one in work.entries if one.step == "appraisal"}
    return [
        leaf
        for leaf, one in judged.items()
        if one.decision in ("adjusted", "returned") and work.latest("reply", leaf) is None
    ]
