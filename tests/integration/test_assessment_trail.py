"""Every change is in the audit log, and the entry that counts never goes back to an earlier step or number."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from survey.scoring import Measured, MeasuredGroups, NotApplicable, Points, Rate
from survey.services.assessments.council import add_minutes, decide
from survey.services.assessments.deadlines import mail_reminders
from survey.services.assessments.effective import OWN, STANDING, effective, strength, strongest
from survey.services.assessments.leaf_inputs import input_document, input_of
from survey.services.assessments.opening import NewUnit, add_units
from survey.services.assessments.self_assessment import approve, submit
from survey.services.assessments.stages import back
from survey.services.assessments.timing import extend, set_deadlines
from survey.services.links.errors import MailNotSet
from survey.services.settings import Settings
from survey.storage.models import AssessmentEntryRow, AuditEventRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.assessment_year import GIVEN, LAN, TAI_CHINH, ZONE, Year, head


def entry(
    leaf: str, step: str, number: int, decision: str | None, points: float | None
) -> AssessmentEntryRow:
    made = AssessmentEntryRow(
        assessment_id=1, unit_id=ZONE, leaf=leaf, step=step, number=number, criteria_set_sha256="0" * 64,
        input=None if points is None else input_document(Points(points=points)),
        made_at=datetime(2026, 3, 2, tzinfo=UTC), made_by="lan", decision=decision,
    )  # fmt: skip
    made.id = number
    return made


DEEDS = st.tuples(
    st.sampled_from(["a", "b"]),
    st.sampled_from(["self", "survey", "appraisal", "reply", "council"]),
    st.sampled_from(["accepted", "adjusted", "returned"]),
    st.integers(0, 5),
)


@given(st.lists(DEEDS, max_size=20), st.sampled_from([OWN, STANDING]))
def test_the_entry_that_counts_never_goes_backwards(deeds: list[Any], steps: frozenset[str]) -> None:
    made: list[AssessmentEntryRow] = []
    history: dict[str, list[tuple[int, int]]] = {"a": [], "b": []}
    for leaf, step, decision, points in deeds:
        number = 1 + sum(one.leaf == leaf and one.step == step for one in made)
        judged = decision if step == "appraisal" else None
        made.append(entry(leaf, step, number, judged, None if judged == "returned" else points))
        for name, one in strongest(made, steps).items():
            history[name].append(strength(one))
    for path in history.values():
        assert all(earlier <= later for earlier, later in pairwise(path))


@given(
    st.permutations([entry("a", step, number, None, 1) for step in ("self", "council") for number in (1, 2)])
)
def test_the_entry_that_counts_does_not_depend_on_the_order_of_reading(rows: Any) -> None:
    chosen = strongest(rows, OWN)["a"]
    assert (chosen.step, chosen.number) == ("council", 2)


def test_below_an_exempted_area_nothing_counts_until_the_exemption_is_lifted() -> None:
    claim = entry("2", "self", 1, None, None)
    claim.input = input_document(NotApplicable(reason="Không có thủ tục"))
    below = entry("2.1", "self", 1, None, 3)
    above = {"2.1": ("2",), "2": ()}
    assert set(effective([claim, below], OWN, above)) == {"2"}
    lifted = entry("2", "appraisal", 1, "adjusted", None)
    assert set(effective([claim, below, lifted], OWN, above)) == {"2.1"}


@pytest.mark.parametrize(
    "one",
    [
        *GIVEN.values(),
        NotApplicable(reason="Không", source="biên bản"),
        Measured(value=0.75, se=0.01, df=12, n=40, survey="ld"),
        MeasuredGroups(groups={"leaders": Measured(value=0.5, n=3)}, simulated=True),
    ],
)
def test_an_input_is_kept_exactly(one: Any) -> None:
    assert input_of(input_document(one)) == one


@both_databases
def test_every_deed_is_in_the_audit_log_with_who_did_it(store: Store, clock: SetClock) -> None:
    year = Year(store, clock).open()
    add_units(**year.by(LAN), units=[NewUnit(TAI_CHINH, "khoi-so")])
    set_deadlines(**year.by(LAN), deadlines={"council": date(2027, 1, 31)})
    year.move_on()
    year.submitted()
    extend(**year.by(LAN), unit_id=TAI_CHINH, to=date(2026, 12, 31), reason="Mưa lũ")
    year.move_on(despite="Sở Tài chính được gia hạn")
    year.fill(TAI_CHINH)
    approve(**year.by(head(TAI_CHINH)))
    submit(**year.by(head(TAI_CHINH)))
    year.decide(ZONE, "1.2", "adjusted", given=Points(points=1), reason="Không đủ")
    year.accept_all()
    year.move_on()
    year.move_on()
    minutes = add_minutes(**year.by(LAN), held_on=date(2026, 3, 1), text="Họp")
    council = {"unit_id": ZONE, "leaf": "2.1", "given": Rate(numerator=1, denominator=1)}
    decide(**year.by(LAN), **council, reason="Đủ", minutes=minutes, seen=0)
    back(**year.by(LAN), reason="Xem lại")
    with store.reading() as session:
        rows = session.scalars(select(AuditEventRow).order_by(AuditEventRow.id)).all()
        entries = session.scalars(select(AssessmentEntryRow)).all()
    told = {row.action for row in rows}
    assert told >= {
        "assessment opened", "criteria set published", "blocks added", "units added", "areas set",
        "deadlines set", "stage changed", "entered: self", "self-assessment approved",
        "self-assessment submitted", "time extended", "entered: appraisal", "minutes added",
        "entered: council", "stage changed back",
    }  # fmt: skip
    logged = {row.details["entry"]: row for row in rows if row.action.startswith("entered: ")}
    assert set(logged) == {one.id for one in entries}
    for one in entries:
        row = logged[one.id]
        assert (row.actor, row.details["input"]) == (one.made_by, one.input)
        assert row.subject == f"{year.code} {one.unit_id} {one.leaf}"
    (despite,) = [row for row in rows if row.details.get("despite")]
    assert despite.details["missing"] == [f"{TAI_CHINH}: submission"]


class Server:
    """A mail server that refuses one address."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []

    def send_message(self, message: EmailMessage) -> None:
        if message["To"] == "hong@example.vn":
            raise OSError("refused")
        self.sent.append(message)

    def close(self) -> None:
        return None


@both_databases
def test_reminders_go_to_contacts_and_those_that_fail_are_named(
    store: Store, clock: SetClock, settings: Settings
) -> None:
    year = Year(store, clock, blocks={"khoi-xa": ()}).open()
    units = [NewUnit(ZONE, "khoi-xa", contact="xa@example.vn"),
             NewUnit("c34-24823", "khoi-xa", contact="hong@example.vn"), NewUnit("c34-24820", "khoi-xa")]  # fmt: skip
    add_units(**year.by(LAN), units=units)
    set_deadlines(**year.by(LAN), deadlines={"self_assessment": date(2026, 3, 5)})
    year.move_on()
    with pytest.raises(MailNotSet):
        mail_reminders(**year.by(LAN), settings=settings)
    set_up = replace(settings, smtp_url="smtp://localhost", mail_from="cchc@example.vn")
    server = Server()
    mailed = mail_reminders(**year.by(LAN), settings=set_up, open_server=lambda _: server)  # type: ignore[arg-type,return-value]  # a stand-in
    assert (mailed.sent, len(mailed.failed)) == (1, 2)
    (letter,) = server.sent
    body = letter.get_content()
    assert "05/03/2026" in body
    assert "còn 3 ngày" in body
    assert "tự chấm" in letter["Subject"]
