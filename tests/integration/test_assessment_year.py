"""The whole year walked once: opened, assessed, appraised, replied to, decided, published, remedied."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from survey.scoring import ChosenOption, Points, Rate
from survey.services.assessments.council import add_minutes, decide
from survey.services.assessments.deadlines import who_is_late
from survey.services.assessments.errors import NothingLost
from survey.services.assessments.evidence import add_evidence, open_evidence
from survey.services.assessments.granting import decide_request
from survey.services.assessments.publication import (
    ask_publication,
    publications_for,
    verify_publication,
)
from survey.services.assessments.remedy import Remedy, keep_remedy, lost_points, remedies_for
from survey.services.assessments.reply import reply
from survey.services.assessments.results import own_result, results_for
from survey.services.assessments.self_assessment import approve, submit
from survey.services.assessments.stages import back, missing_for_next
from survey.services.assessments.survey_points import join_survey_points
from survey.services.assessments.timing import set_deadlines
from survey.storage.models import AssessmentEntryRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.assessment_year import (
    LAN,
    MINH,
    NOI_VU,
    PDF,
    TAI_CHINH,
    TU_PHAP,
    UNITS,
    WARDS,
    ZONE,
    Year,
    appraiser,
    contact,
    head,
)
from tests.rounds import answer, freeze_and_compute, make_round, somebody


def survey_of_all(store: Store, clock: SetClock) -> str:
    """Ask citizens about every judged unit: of three at each, two are satisfied."""
    code = make_round(store, clock, units=UNITS)
    for unit in UNITS:
        for psu, rating in enumerate(("satisfied", "satisfied", "dissatisfied")):
            who = somebody(code, unit_id=unit, stratum=unit, psu=str(psu))
            answer(store, clock, code, {"rating": rating}, who)
    freeze_and_compute(store, clock, code)
    return code


@both_databases
def test_the_year_is_walked_from_opening_to_remedy(store: Store, clock: SetClock) -> None:
    year = Year(store, clock).open()
    days = {"self_assessment": date(2026, 12, 10), "appraisal": date(2026, 12, 31)}
    set_deadlines(**year.by(LAN), deadlines=days)
    assert year.move_on() == "self_assessment"

    file = add_evidence(**year.by(contact(ZONE)), leaf="1.1", name="Kế hoạch.pdf", stream=io.BytesIO(PDF))
    assert open_evidence(**year.seen_by(head(ZONE)), evidence_id=file).path.read_bytes() == PDF
    year.save(ZONE, "1.1", ChosenOption(option="on-time"), why="")
    year.save(ZONE, "1.2", Points(points=0), why="")
    year.save(ZONE, "2.1", None, why="Không phát sinh hồ sơ")
    year.save(ZONE, "2.2", Points(points=2), why="Bản giấy lưu tại xã")
    approve(**year.by(head(ZONE)))
    submit(**year.by(head(ZONE)))
    year.submitted(NOI_VU, TU_PHAP, *WARDS)
    assert year.move_on() == "appraisal"

    year.decide(ZONE, "1.1", "adjusted", appraiser(NOI_VU), given=ChosenOption(option="late"), reason="Muộn")
    year.decide(ZONE, "2.2", "returned", appraiser(TAI_CHINH), reason="Thiếu bản chụp")
    year.save(ZONE, "2.2", Points(points=1), seen=1)
    approve(**year.by(head(ZONE)))
    year.decide(ZONE, "2.1", "adjusted", given=Rate(numerator=1, denominator=2), reason="Có 2 hồ sơ")
    year.accept_all()
    assert missing_for_next(**year.seen_by(LAN)) == ()
    assert year.move_on() == "reply"
    reply(**year.by(head(ZONE)), leaf="1.1", text="Ban hành ngày 05/01", seen=0)
    assert year.move_on() == "council"

    minutes = add_minutes(**year.by(LAN), held_on=date(2026, 3, 1), text="Hội đồng họp, 9/9 thành viên")
    decide(
        **year.by(LAN), unit_id=ZONE, leaf="1.1", given=ChosenOption(option="on-time"),
        reason="Giải trình có căn cứ", minutes=minutes, seen=0,
    )  # fmt: skip
    joined = join_survey_points(**year.by(LAN), feeds={"sipas": survey_of_all(store, clock)})
    assert (joined.entries, joined.unknown) == (5, ())

    asked = ask_publication(**year.by(LAN), reason="Quyết định thử")
    decide_request(**year.by(MINH), request_id=asked, grant=True)
    (published,) = publications_for(**year.seen_by(contact(ZONE)))
    checked = verify_publication(**year.seen_by(LAN), number=1)
    assert (checked.bytes_hold, checked.numbers_hold) == (True, True)
    zone = published.document["results"]["blocks"][2]["units"][0]
    # 2 (council) + 0 + 2 of 4 by 50 % + 1 + two thirds of 6
    assert zone["score"]["points"] == pytest.approx(2 + 0 + 2 + 1 + 4, abs=1e-9)
    assert zone["leaves"]["1.1"]["step"] == "council"
    assert zone["rank"] == {"place": 1, "last": 1, "tied": 0, "of": 1}
    agencies = published.document["results"]["blocks"][0]["units"]
    assert [unit["rank"] for unit in agencies] == [{"place": 1, "last": 1, "tied": 1, "of": 2}] * 2

    lost = lost_points(**year.seen_by(contact(ZONE)), unit_id=ZONE)
    assert lost == pytest.approx({"1.2": 6, "2.1": 2, "2.2": 1, "3.1": 2})
    plan = Remedy("Thiếu người", "Bố trí thêm", "Văn phòng", date(2026, 6, 30))
    keep_remedy(**year.by(contact(ZONE)), unit_id=ZONE, leaf="1.2", remedy=plan, seen=0)
    with pytest.raises(NothingLost):
        keep_remedy(**year.by(contact(ZONE)), unit_id=ZONE, leaf="1.1", remedy=plan, seen=0)
    (kept,) = remedies_for(**year.seen_by(head(ZONE)))
    assert (kept.leaf, kept.lost, kept.number) == ("1.2", 6, 1)


@both_databases
def test_a_unit_sees_its_own_word_until_somebody_decides(store: Store, clock: SetClock) -> None:
    year = Year(store, clock).open()
    year.move_on()
    year.submitted()
    year.move_on()
    assert own_result(**year.seen_by(contact(ZONE))).score.nodes["1"].points == 7  # 2 + 5
    year.decide(ZONE, "1.2", "adjusted", given=Points(points=1), reason="Không đủ")
    own = own_result(**year.seen_by(contact(ZONE)))
    assert (own.claimed.nodes["1"].points, own.score.nodes["1"].points) == (7, 3)
    (found,) = results_for(**year.seen_by(LAN)).blocks[2].units
    assert found.score.nodes["1.1"].points is None
    assert found.score.nodes["1.2"].points == 1


@both_databases
def test_what_was_published_changes_by_a_new_publication_alone(store: Store, clock: SetClock) -> None:
    year = Year(store, clock).open()
    year.move_on()
    year.submitted()
    year.move_on()
    year.accept_all()
    year.move_on()
    year.move_on()
    join_survey_points(**year.by(LAN), feeds={"sipas": survey_of_all(store, clock)})
    asked = ask_publication(**year.by(LAN), reason="Lần đầu")
    decide_request(**year.by(MINH), request_id=asked, grant=True)

    back(**year.by(MINH), reason="Sai điểm đơn vị")
    minutes = add_minutes(**year.by(LAN), held_on=date(2026, 3, 2), text="Họp lại")
    decide(
        **year.by(LAN), unit_id=ZONE, leaf="1.2", given=Points(points=6), reason="Cộng nhầm",
        minutes=minutes, seen=0,
    )  # fmt: skip
    again = ask_publication(**year.by(MINH), reason="Đính chính điểm 1.2")
    decide_request(**year.by(LAN), request_id=again, grant=True)

    first, second = publications_for(**year.seen_by(LAN))
    assert second.document["replaces"] == first.sha256
    assert second.reason == "Đính chính điểm 1.2"
    for number in (1, 2):
        checked = verify_publication(**year.seen_by(LAN), number=number)
        assert (checked.bytes_hold, checked.numbers_hold) == (True, True)


@pytest.mark.parametrize(
    ("table", "change", "holds"),
    [
        ("assessment_publication", "UPDATE assessment_publication SET document = CAST(document || ' ' AS BLOB)", (False, True)),
        ("assessment_entry", "UPDATE assessment_entry SET input = '{\"kind\": \"points\", \"points\": 6.0}' "
         "WHERE step = 'appraisal' AND leaf = '1.2'", (True, False)),
    ],
)  # fmt: skip
def test_a_number_changed_behind_the_back_of_the_database_is_noticed(
    store: Store, clock: SetClock, table: str, change: str, holds: tuple[bool, bool]
) -> None:
    year = Year(store, clock).open()
    year.move_on()
    year.submitted()
    year.move_on()
    year.accept_all()
    year.move_on()
    year.move_on()
    asked = ask_publication(**year.by(LAN), reason="Không khảo sát", incomplete=True)
    decide_request(**year.by(MINH), request_id=asked, grant=True)
    with store.transaction() as session:
        session.execute(text(f"DROP TRIGGER {table}_no_update"))
        session.execute(text(change.replace(":", r"\:")))
    checked = verify_publication(**year.seen_by(LAN), number=1)
    assert (checked.bytes_hold, checked.numbers_hold) == holds


@both_databases
def test_joining_the_same_survey_again_enters_nothing_new(store: Store, clock: SetClock) -> None:
    year = Year(store, clock).open()
    year.move_on()
    code = survey_of_all(store, clock)
    assert join_survey_points(**year.by(LAN), feeds={"sipas": code}).entries == 5
    assert join_survey_points(**year.by(LAN), feeds={"sipas": code}).entries == 0
    with store.reading() as session:
        rows = session.scalars(select(AssessmentEntryRow)).all()
    for row in rows:
        assert row.step == "survey"
        assert row.input is not None
        assert row.input["n"] == 3
        assert row.input["value"] == pytest.approx(200 / 3)
        assert row.input["se"] is not None
        assert "sha256 " in row.input["source"]


@both_databases
def test_who_has_not_submitted_is_late_from_the_day_after(store: Store, clock: SetClock) -> None:
    year = Year(store, clock).open()
    set_deadlines(**year.by(LAN), deadlines={"self_assessment": clock.now().date()})
    year.move_on()
    year.submitted(*WARDS)
    assert who_is_late(**year.by(LAN)) == ()
    clock.moment += timedelta(days=1)
    assert {one.unit_id for one in who_is_late(**year.by(LAN))} == {NOI_VU, TU_PHAP, ZONE}
    assert [one.unit_id for one in who_is_late(**year.by(contact(ZONE)))] == [ZONE]
    assert who_is_late(**year.by(contact(WARDS[0]))) == ()
