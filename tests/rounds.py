"""Small rounds for the tests: made by the same services as real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from survey.questionnaires import Questionnaire, load_shipped
from survey.services.accounts import Account
from survey.services.clock import Clock
from survey.services.collection import Receipt, Respondent, submit_response
from survey.services.devices.enrolment import Enrolled, enrol, enrolment_code
from survey.services.devices.registry import make_device
from survey.services.indices import Indices, recompute
from survey.services.review.approvals import decide
from survey.services.review.reopening import ask_reopening
from survey.services.rounds import JudgedUnit, NewRound, create_round, set_status
from survey.services.snapshots import Frozen, freeze_snapshot
from survey.storage.store import Store

PROVINCE = "p34-68"
COMMUNES = ("c34-24823", "c34-24820")
AGENCIES = ("a68-noi-vu", "a68-tai-chinh")
COUNTER = {"rating": "satisfied"}


def make_round(
    store: Store,
    clock: Clock,
    *,
    code: str = "quay-thu",
    title: tuple[str, str] = ("Đợt thử", "A test round"),
    questionnaire: str | Questionnaire = "service-counter",
    population: str = "citizens",
    entry: str = "counter",
    counted_grades: str = "ABC",
    units: Sequence[str | JudgedUnit] = COMMUNES,
    unit_id: str = PROVINCE,
    opens_on: date = date(2026, 1, 1),
    closes_on: date = date(2026, 12, 31),
    status: str = "open",
    simulated: bool = False,
) -> str:
    """Make a round and give its code; a unit given by its id alone is a commune that 40 forms went to."""
    asked = load_shipped(questionnaire) if isinstance(questionnaire, str) else questionnaire
    create_round(
        store=store,
        clock=clock,
        actor="tests",
        new=NewRound(
            code=code,
            title_vi=title[0],
            title_en=title[1],
            population=population,
            questionnaire=asked,
            unit_id=unit_id,
            year=opens_on.year,
            entry=entry,
            counted_grades=counted_grades,
            opens_on=opens_on,
            closes_on=closes_on,
            units=[JudgedUnit(unit, "Xã", 40) if isinstance(unit, str) else unit for unit in units],
            simulated=simulated,
        ),
    )
    if status != "draft":
        set_status(store=store, clock=clock, code=code, status=status, actor="tests")
    return code


def reopen(store: Store, clock: Clock, code: str) -> None:
    """Let two persons open a closed round again."""
    lan = Account(login="lan", full_name="Lan", role="official", unit_id=PROVINCE)
    asked = ask_reopening(store=store, clock=clock, account=lan, code=code, reason="Đóng nhầm")
    minh = replace(lan, login="minh")
    decide(store=store, clock=clock, account=minh, code=code, approval_id=asked, grant=True)


def somebody(code: str, response_id: UUID | None = None, **place: Any) -> Respondent:
    """Make a respondent of a round, with a fresh id unless one is given."""
    values: dict[str, Any] = {
        "unit_id": COMMUNES[0],
        "channel": "phone",
        "evidence": "C",
        "stratum": COMMUNES[0],
        "psu": "1",
        **place,
    }
    return Respondent(round_code=code, response_id=response_id or uuid4(), **values)


def answer(
    store: Store, clock: Clock, code: str, raw: dict[str, Any], who: Respondent | None = None
) -> Receipt:
    """Send one whole form."""
    return submit_response(store=store, clock=clock, respondent=who or somebody(code), raw=raw)


def freeze_and_compute(
    store: Store, clock: Clock, code: str, formula_id: str | None = None
) -> tuple[Frozen, Indices]:
    """Freeze a round as it is, and compute and keep its indices."""
    frozen = freeze_snapshot(store=store, clock=clock, round_code=code, actor="tests")
    computed = recompute(
        store=store, clock=clock, snapshot_code=frozen.code, actor="tests", formula_id=formula_id
    )
    return frozen, computed


def enrolled_kiosk(store: Store, clock: Clock, code: str, unit: str = COMMUNES[0]) -> Enrolled:
    """Make a kiosk for a unit in a round and enrol it; its secret is for the cookie `device`."""
    return _enrolled(store, clock, kind="kiosk", unit_id=unit, stand="Sảnh tầng 1", round_code=code)


def enrolled_tablet(store: Store, clock: Clock, unit: str = COMMUNES[0]) -> Enrolled:
    """Make a tablet of a unit and enrol it; its secret is for the cookie `device`."""
    return _enrolled(store, clock, kind="tablet", unit_id=unit, stand="Máy tính bảng 1")


def _enrolled(store: Store, clock: Clock, **place: Any) -> Enrolled:
    device = make_device(store=store, clock=clock, actor="tests", **place)
    code = enrolment_code(store=store, clock=clock, actor="tests", device_id=device.id)
    return enrol(store=store, clock=clock, code=code.code, browser="tests")
