"""Deny by default: every deed by every role and unit; elsewhere and nowhere look the same."""

from __future__ import annotations

import inspect
import io
import pkgutil
from collections.abc import Callable, Mapping
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import func, select

from survey.errors import NotFound, SurveyError
from survey.scoring import Points
from survey.services import assessments as room
from survey.services.accounts import Account
from survey.services.assessments.deadlines import duties_for
from survey.services.assessments.errors import NoSuchAssessment, NotAllowed
from survey.services.assessments.opening import NewAssessment, NewUnit
from survey.services.assessments.remedy import Remedy
from survey.services.assessments.results import own_result
from survey.services.assessments.scanning import not_scanned
from survey.services.assessments.scope import assessments_for
from survey.services.settings import Settings
from survey.storage.models import AuditEventRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.assessment_year import (
    LAN,
    NOI_VU,
    PDF,
    TAI_CHINH,
    TU_PHAP,
    WARDS,
    ZONE,
    Year,
    appraiser,
    contact,
    head,
    raw_set,
)
from tests.rounds import PROVINCE

OTHER_PROVINCE = "p34-52"
PEOPLE = {
    "official": LAN,
    "official of another province": Account("hoa", "Hòa", "official", OTHER_PROVINCE),
    "official of a judged unit": Account("binh", "Bình", "official", ZONE),
    "analyst": Account("an", "An", "analyst", PROVINCE),
    "administrator": Account("ad", "Quản trị", "administrator", PROVINCE),
    "enumerator": Account("em", "Điều tra viên", "enumerator", PROVINCE),
    "contact": contact(ZONE),
    "head": head(ZONE),
    "contact of a unit not judged": contact(TAI_CHINH),
    "head of a unit not judged": head(TAI_CHINH),
    "appraiser": appraiser(NOI_VU),
    "appraiser without an area": appraiser(TU_PHAP),
    "an unknown role": Account("la", "Lạ", "khong-co", PROVINCE),
}
OFFICIAL, CONTACT, HEAD, APPRAISER = "official", "contact", "head", "appraiser"
#: Who may do each deed, and with what; every public function that takes an account must stand here.
DEEDS: Mapping[str, tuple[frozenset[str], Mapping[str, Any]]] = {
    "criteria.publish_criteria_set": (
        frozenset({OFFICIAL, "official of another province", "official of a judged unit"}),
        {"raw": raw_set()},
    ),
    "criteria.change_set": (
        frozenset({OFFICIAL}),
        {"block": "khoi-xa", "sha256": "0" * 64, "reason": "Thử"},
    ),
    "criteria.ask_change_set": (
        frozenset({OFFICIAL}),
        {"block": "khoi-xa", "sha256": "0" * 64, "reason": "Thử"},
    ),
    "criteria.to_remake": (frozenset({OFFICIAL}), {}),
    "requests.requests_for": (frozenset({OFFICIAL}), {}),
    "granting.decide_request": (frozenset({OFFICIAL}), {"request_id": 9, "grant": True}),
    "opening.open_assessment": (
        frozenset({OFFICIAL}),
        {"new": NewAssessment("moi", 2026, PROVINCE, "Mới", "New")},
    ),
    "opening.add_blocks": (frozenset({OFFICIAL}), {"blocks": []}),
    "opening.add_units": (frozenset({OFFICIAL}), {"units": [NewUnit(TAI_CHINH, "khoi-so")]}),
    "areas.set_areas": (frozenset({OFFICIAL}), {"areas": []}),
    "timing.set_deadlines": (frozenset({OFFICIAL}), {"deadlines": {}}),
    "timing.extend": (
        frozenset({OFFICIAL}),
        {"unit_id": ZONE, "to": date(2026, 12, 31), "reason": "Mưa lũ"},
    ),
    "stages.next_stage": (frozenset({OFFICIAL}), {}),
    "stages.back": (frozenset({OFFICIAL}), {"reason": "Thử"}),
    "stages.missing_for_next": (frozenset({OFFICIAL}), {}),
    "self_assessment.save_entry": (
        frozenset({CONTACT, HEAD}),
        {"leaf": "1.2", "given": Points(points=1), "explanation": "Có", "seen": 0},
    ),
    "self_assessment.approve": (frozenset({HEAD}), {}),
    "self_assessment.submit": (frozenset({HEAD}), {}),
    "self_assessment.return_to_unit": (frozenset({OFFICIAL}), {"unit_id": ZONE, "reason": "Thử"}),
    "evidence.add_evidence": (
        frozenset({CONTACT, HEAD}),
        {"leaf": "1.1", "name": "a.pdf", "stream": None},
    ),
    "evidence.withdraw_evidence": (frozenset({CONTACT, HEAD}), {"evidence_id": 9}),
    "evidence.open_evidence": (frozenset({OFFICIAL, CONTACT, HEAD, APPRAISER}), {"evidence_id": 9}),
    "evidence.scan_waiting": (frozenset({OFFICIAL}), {"scan": not_scanned}),
    "appraisal.appraise": (
        frozenset({OFFICIAL, APPRAISER}),
        {"unit_id": ZONE, "leaf": "1.1", "decision": "accepted", "seen": 0},
    ),
    "appraisal.to_appraise": (frozenset({OFFICIAL, APPRAISER}), {}),
    "reply.reply": (frozenset({HEAD}), {"leaf": "1.1", "text": "Có", "seen": 0}),
    "council.add_minutes": (frozenset({OFFICIAL}), {"held_on": date(2026, 3, 1), "text": "Họp"}),
    "council.decide": (
        frozenset({OFFICIAL}),
        {"unit_id": ZONE, "leaf": "1.2", "given": Points(points=1), "reason": "x", "minutes": 1, "seen": 0},
    ),
    "survey_points.join_survey_points": (frozenset({OFFICIAL}), {"feeds": {}}),
    "survey_points.mark_not_held": (
        frozenset({OFFICIAL}),
        {"unit_id": ZONE, "node": "3.1", "reason": "Không khảo sát"},
    ),
    "results.results_for": (frozenset({OFFICIAL}), {}),
    "results.own_result": (frozenset({CONTACT, HEAD}), {}),
    "publication.ask_publication": (frozenset({OFFICIAL}), {"reason": "Thử"}),
    "publication.publications_for": (frozenset({OFFICIAL, CONTACT, HEAD, APPRAISER}), {}),
    "publication.verify_publication": (frozenset({OFFICIAL}), {"number": 1}),
    "remedy.keep_remedy": (
        frozenset({OFFICIAL, CONTACT, HEAD}),
        {"unit_id": ZONE, "leaf": "1.2", "remedy": Remedy("a", "b", "c", date(2026, 6, 1)), "seen": 0},
    ),
    "remedy.remedies_for": (frozenset({OFFICIAL, CONTACT, HEAD}), {}),
    "remedy.lost_points": (frozenset({OFFICIAL, CONTACT, HEAD}), {"unit_id": ZONE}),
    "deadlines.duties_for": (frozenset({OFFICIAL, CONTACT, HEAD, APPRAISER}), {}),
    "deadlines.who_is_late": (frozenset({OFFICIAL, CONTACT, HEAD, APPRAISER}), {}),
    "deadlines.reminders_due": (frozenset({OFFICIAL, CONTACT, HEAD, APPRAISER}), {}),
    "deadlines.mail_reminders": (frozenset({OFFICIAL}), {"settings": None}),
}
#: These take an account too, but no assessment's code; what they give is looked at below.
LISTS = {"scope.assessments_for", "scope.scope_of", "scope.require_right"}


@pytest.fixture
def year(store: Store, clock: SetClock) -> Year:
    made = Year(store, clock).open()
    made.move_on()
    return made


def deed_named(name: str) -> Callable[..., Any]:
    module, function = name.split(".")
    found: Callable[..., Any] = getattr(import_module(f"survey.services.assessments.{module}"), function)
    return found


def do(year: Year, name: str, who: Account, settings: Settings, code: str | None = None) -> None:
    deed = deed_named(name)
    taken = inspect.signature(deed).parameters
    given = {**year.by(who), "code": code or year.code, **DEEDS[name][1]}
    if "stream" in taken:
        given["stream"] = io.BytesIO(PDF)
    if "settings" in taken:
        given["settings"] = settings
    deed(**{key: value for key, value in given.items() if key in taken})


def told(year: Year, name: str, who: Account, settings: Settings) -> type[SurveyError] | None:
    """Give what a deed is refused for, if it is."""
    try:
        do(year, name, who, settings)
    except SurveyError as error:
        return type(error)
    return None


def events(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditEventRow)) or 0


def test_every_deed_of_the_room_stands_in_the_matrix() -> None:
    found = set()
    for module in pkgutil.iter_modules(room.__path__):
        loaded = import_module(f"survey.services.assessments.{module.name}")
        for name, made in inspect.getmembers(loaded, inspect.isfunction):
            is_deed = made.__module__ == loaded.__name__ and not name.startswith("_")
            taken = inspect.signature(made).parameters
            if is_deed and {"store", "account"} <= set(taken):
                found.add(f"{module.name}.{name}")
    assert found - LISTS == set(DEEDS)


@both_databases
@pytest.mark.parametrize("name", DEEDS)
def test_who_may_not_is_refused_and_changes_nothing(
    store: Store, year: Year, settings: Settings, name: str
) -> None:
    allowed = DEEDS[name][0]
    for who, account in PEOPLE.items():
        if who in allowed:
            continue
        before = events(store)
        with pytest.raises((NotAllowed, NotFound)):
            do(year, name, account, settings)
        assert events(store) == before, who


@pytest.mark.parametrize("name", DEEDS)
def test_who_may_is_not_refused_for_who_they_are(
    store: Store, clock: SetClock, settings: Settings, name: str
) -> None:
    for who in sorted(DEEDS[name][0]):
        year = Year(store, clock, code=f"cchc-{who}".replace(" ", "-"))
        year.open()
        year.move_on()
        refused = told(year, name, PEOPLE[who], settings)
        assert refused not in (NotAllowed, NoSuchAssessment), who


@both_databases
def test_an_assessment_elsewhere_looks_like_one_that_is_nowhere(
    store: Store, year: Year, settings: Settings
) -> None:
    for who in ("official of another province", "official of a judged unit", "contact of a unit not judged",
                "head of a unit not judged", "appraiser without an area"):  # fmt: skip
        for name in DEEDS:
            if "code" not in inspect.signature(deed_named(name)).parameters:
                continue
            said = []
            for code in (year.code, "khong-co-ky-nay"):
                with pytest.raises(SurveyError) as refused:
                    do(year, name, PEOPLE[who], settings, code)
                said.append((type(refused.value), refused.value.text("vi")))
            assert said[0] == said[1], (who, name)


@both_databases
def test_a_unit_sees_itself_alone(store: Store, year: Year) -> None:
    year.submitted()
    assert own_result(**year.seen_by(contact(ZONE))).unit_id == ZONE
    for one in duties_for(**year.by(contact(WARDS[0]))):
        assert one.unit_id == WARDS[0]
    assert [one.code for one in assessments_for(store=store, account=contact(ZONE))] == [year.code]
    assert assessments_for(store=store, account=contact(TAI_CHINH)) == ()
    assert assessments_for(store=store, account=appraiser(TU_PHAP)) == ()
    with pytest.raises(NotAllowed):
        assessments_for(store=store, account=PEOPLE["analyst"])


@both_databases
def test_an_appraiser_reaches_their_areas_alone_and_never_their_own_unit(store: Store, year: Year) -> None:
    from survey.services.assessments.appraisal import to_appraise
    from survey.services.assessments.errors import NoSuchNode, OwnUnitAppraised

    year.submitted()
    year.move_on()
    waiting = to_appraise(**year.seen_by(appraiser(NOI_VU)))
    assert {one.area for one in waiting} == {"1"}
    assert NOI_VU not in {one.unit_id for one in waiting}
    with pytest.raises(NoSuchNode):
        year.decide(ZONE, "2.1", "accepted", appraiser(NOI_VU))
    with pytest.raises(OwnUnitAppraised):
        year.decide(NOI_VU, "1.1", "accepted", appraiser(NOI_VU))
    year.decide(ZONE, "1.1", "accepted", appraiser(NOI_VU))
    year.decide(NOI_VU, "1.1", "accepted", LAN)
