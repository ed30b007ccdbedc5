"""What a year's assessing refuses: a clear message with the path, and nothing changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from survey.errors import SurveyError
from survey.scoring import ChosenOption, CorruptCriteriaSet, NotApplicable, Points, Rate, RefusedInputs
from survey.services.accounts import add_account
from survey.services.assessments.council import add_minutes, decide
from survey.services.assessments.criteria import (
    ask_change_set,
    change_set,
    publish_criteria_set,
    to_remake,
)
from survey.services.assessments.errors import (
    AlreadyAppraised,
    ChangedMeanwhile,
    EnteredMeanwhile,
    ExplanationNeeded,
    IncompleteResults,
    Locked,
    NotApproved,
    NotSubmitted,
    SecondPersonNeeded,
    SetInUse,
    SnapshotUnfit,
    StageIncomplete,
    SurveyedLeaf,
    TextNeeded,
    UnitNotStanding,
    WrongStage,
)
from survey.services.assessments.granting import decide_request
from survey.services.assessments.opening import (
    NewAssessment,
    NewBlock,
    NewUnit,
    add_blocks,
    add_units,
    open_assessment,
)
from survey.services.assessments.publication import ask_publication, publications_for
from survey.services.assessments.results import results_for
from survey.services.assessments.self_assessment import approve, return_to_unit, save_entry, submit
from survey.services.assessments.stages import back
from survey.services.assessments.survey_points import join_survey_points, mark_not_held
from survey.services.assessments.timing import set_deadlines
from survey.services.errors import AlreadyDecided, AlreadyWaiting, SamePerson, UnfitFeed
from survey.storage.models import (
    AssessmentEntryRow,
    AssessmentPublicationRow,
    AssessmentUnitRow,
    AuditEventRow,
    CriteriaSetRow,
)
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.assessment_year import (
    GIVEN,
    LAN,
    MINH,
    NOI_VU,
    ZONE,
    Year,
    appraiser,
    head,
    named,
    raw_set,
    set_document,
)
from tests.integration.test_assessment_year import survey_of_all
from tests.rounds import PROVINCE, make_round


@pytest.fixture
def year(store: Store, clock: SetClock) -> Year:
    """A year in which units assess themselves."""
    made = Year(store, clock).open()
    made.move_on()
    return made


def kept(store: Store) -> dict[str, Any]:
    """Give everything that a refused deed must leave alone."""
    with store.reading() as session:
        return {
            "events": session.scalar(select(func.count()).select_from(AuditEventRow)),
            "entries": session.scalar(select(func.count()).select_from(AssessmentEntryRow)),
            "publications": session.scalar(select(func.count()).select_from(AssessmentPublicationRow)),
            "sets": session.scalar(select(func.count()).select_from(CriteriaSetRow)),
            "units": [
                (one.unit_id, one.approved_at, one.submitted_at)
                for one in session.scalars(select(AssessmentUnitRow).order_by(AssessmentUnitRow.unit_id))
            ],
        }


def refused(store: Store, error: type[SurveyError], deed: Any, /, **given: Any) -> SurveyError:
    """Do what is to be refused; give the refusal after seeing that nothing was changed."""
    before = kept(store)
    with pytest.raises(error) as told:
        deed(**given)
    assert kept(store) == before
    return told.value


@both_databases
class TestBadInput:
    """Issue 5, "Bad input"."""

    def test_points_above_the_maximum_are_refused_with_the_path(self, store: Store, year: Year) -> None:
        for given in (Points(points=6.01), Points(points=-1), Points(points=float("nan"))):
            error = refused(store, RefusedInputs, year.save, unit=ZONE, node="1.2", given=given)
            assert "1.2" in error.text("vi")

    def test_an_input_that_the_rule_does_not_take_is_refused(self, store: Store, year: Year) -> None:
        for node, given in (("1.1", Points(points=1)), ("1.1", ChosenOption(option="never")),
                            ("2.1", Rate(numerator=1, denominator=0))):  # fmt: skip
            refused(store, RefusedInputs, year.save, unit=ZONE, node=node, given=given)

    def test_an_input_below_an_exempted_area_is_refused(self, store: Store, year: Year) -> None:
        year.save(ZONE, "2", NotApplicable(reason="Không có thủ tục"))
        refused(store, RefusedInputs, year.save, unit=ZONE, node="2.2", given=Points(points=1))
        refused(store, RefusedInputs, year.save, unit=ZONE, node="1", given=NotApplicable(reason="Không"))

    def test_an_exemption_needs_a_reason_and_no_text_breaks_the_database(
        self, store: Store, year: Year
    ) -> None:
        refused(store, TextNeeded, year.save, unit=ZONE, node="2", given=NotApplicable(reason="\x00 "))
        refused(store, TextNeeded, year.save, unit=ZONE, node="2", given=NotApplicable(reason="x" * 1001))
        refused(store, TextNeeded, year.save, unit=ZONE, node="1.2",
                given=Points(points=1, source="a\x00"))  # fmt: skip
        year.save(ZONE, "1.2", Points(points=1), why="Co\u0301\x00 căn cứ")
        with store.reading() as session:
            assert session.scalars(select(AssessmentEntryRow.text)).all() == ["Có căn cứ"]

    def test_nobody_types_what_a_survey_measures(self, store: Store, year: Year) -> None:
        refused(store, SurveyedLeaf, year.save, unit=ZONE, node="3.1", given=Points(points=6))

    def test_points_without_evidence_or_explanation_are_refused(self, store: Store, year: Year) -> None:
        given = {"unit": ZONE, "node": "1.2", "why": " "}
        error = refused(store, ExplanationNeeded, year.save, given=Points(points=1), **given)
        assert "1.2" in error.text("vi")
        refused(store, ExplanationNeeded, year.save, given=None, **given)
        refused(store, TextNeeded, year.save, unit=ZONE, node="1.2", given=None, why="x" * 2001)

    def test_of_two_appraisals_of_one_leaf_at_once_the_second_is_refused_by_name(
        self, store: Store, clock: SetClock, year: Year
    ) -> None:
        year.submitted()
        year.move_on()
        add_account(
            store=store, clock=clock, login="lan", full_name="Nguyễn Thị Lan", role="official",
            unit_id=PROVINCE, password="bốn chữ dễ nhớ",
        )  # fmt: skip
        year.decide(ZONE, "1.2", "accepted")
        error = refused(
            store, EnteredMeanwhile, year.decide, unit=ZONE, node="1.2", decision="adjusted",
            account=appraiser(NOI_VU), given=Points(points=1), reason="Không đủ",
        )  # fmt: skip
        assert "Nguyễn Thị Lan" in error.text("vi")
        assert "10:00 02/03/2026" in error.text("vi")

    def test_of_four_persons_who_appraise_in_the_same_moment_one_is_first(
        self, store: Store, year: Year
    ) -> None:
        year.submitted(ZONE)
        year.move_on(despite="Thử")

        def adjust(points: int) -> str:
            try:
                year.decide(ZONE, "1.2", "adjusted", given=Points(points=points), reason="Thử")
            except EnteredMeanwhile:
                return "refused"
            return "kept"

        with ThreadPoolExecutor(4) as persons:
            told = list(persons.map(adjust, range(4)))
        assert sorted(told) == ["kept", "refused", "refused", "refused"]

    def test_publication_by_one_person_is_refused(self, store: Store, year: Year) -> None:
        asked = self._ask(store, year)
        refused(store, SamePerson, decide_request, **year.by(LAN), request_id=asked, grant=True)
        with pytest.raises(IntegrityError), store.transaction() as session:
            session.execute(text(_PUBLICATION))
        assert publications_for(**year.seen_by(LAN)) == ()

    def test_results_that_changed_since_they_were_asked_for_are_not_published(
        self, store: Store, year: Year
    ) -> None:
        asked = self._ask(store, year)
        minutes = add_minutes(**year.by(LAN), held_on=date(2026, 3, 1), text="Họp")
        given = {"given": Points(points=1), "reason": "Trừ", "minutes": minutes, "seen": 0}
        decide(**year.by(LAN), unit_id=ZONE, leaf="1.2", **given)
        refused(store, ChangedMeanwhile, decide_request, **year.by(MINH), request_id=asked, grant=True)
        refused(store, AlreadyWaiting, ask_publication, **year.by(MINH), reason="Nữa", incomplete=True)
        decide_request(**year.by(MINH), request_id=asked, grant=False)
        refused(store, AlreadyDecided, decide_request, **year.by(MINH), request_id=asked, grant=True)

    def test_results_with_missing_points_are_not_published_unless_said(
        self, store: Store, year: Year
    ) -> None:
        for _ in range(3):
            year.move_on(despite="Thử")
        error = refused(store, IncompleteResults, ask_publication, **year.by(LAN), reason="Công bố")
        assert f"{NOI_VU} 1.1" in error.text("vi")
        assert ask_publication(**year.by(LAN), reason="Công bố", incomplete=True) == 1

    @pytest.mark.parametrize(("number", "day"), [(2024, "31/12/2024")])
    def test_a_unit_that_did_not_exist_then_is_refused_with_its_path(
        self, store: Store, clock: SetClock, number: int, day: str
    ) -> None:
        year = Year(store, clock, code="nam-cu")
        new = NewAssessment(code="nam-cu", year=number, unit_id=PROVINCE, title_vi="Cũ", title_en="Old")
        open_assessment(**year.by(LAN, code=None), new=new)
        made = publish_criteria_set(**year.by(LAN, code=None), raw=raw_set())
        add_blocks(**year.by(LAN), blocks=[NewBlock("khoi-xa", "Xã", "Communes", made.sha256)])
        units = [NewUnit(PROVINCE, "khoi-xa"), NewUnit(ZONE, "khoi-xa")]
        error = refused(store, UnitNotStanding, add_units, **year.by(LAN), units=units[1:])
        for part in ("units[0]", "Phú Quý", day):
            assert part in error.text("vi")

    def test_a_set_whose_maxima_do_not_add_up_is_refused_with_every_path(
        self, store: Store, year: Year
    ) -> None:
        raw = raw_set(tree=[{**named("1", 20), "children": set_document()["tree"][0]["children"]}])
        error = refused(store, CorruptCriteriaSet, publish_criteria_set, **year.by(LAN, code=None), raw=raw)
        assert "/tree/0" in error.text("vi")

    def test_a_survey_whose_snapshot_does_not_verify_gives_no_points(
        self, store: Store, clock: SetClock, year: Year, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from survey.services.verification import Check

        code = survey_of_all(store, clock)
        edited = (Check({"vi": "tệp bị sửa", "en": "the file was edited"}, holds=False),)
        monkeypatch.setattr("survey.services.assessments.survey_points.verify_snapshot", lambda **_: edited)
        error = refused(store, SnapshotUnfit, join_survey_points, **year.by(LAN), feeds={"sipas": code})
        assert "tệp bị sửa" in error.text("vi")

    def test_a_survey_of_other_people_gives_no_points(
        self, store: Store, clock: SetClock, year: Year
    ) -> None:
        code = make_round(store, clock, population="organisations")
        refused(store, UnfitFeed, join_survey_points, **year.by(LAN), feeds={"sipas": code})

    @staticmethod
    def _ask(store: Store, year: Year) -> int:
        year.submitted()
        year.move_on()
        year.accept_all()
        year.move_on()
        year.move_on()
        join_survey_points(**year.by(LAN), feeds={"sipas": survey_of_all(store, year.clock)})
        return ask_publication(**year.by(LAN), reason="Công bố")


_PUBLICATION = (
    "INSERT INTO assessment_publication (assessment_id, number, request_id, asked_by, asked_at, granted_by, "
    "published_at, document, sha256, simulated) SELECT assessment_id, 1, id, 'lan', asked_at, 'lan', "
    "asked_at, '', '0000000000000000000000000000000000000000000000000000000000000000', false "
    "FROM assessment_request"
)


@both_databases
class TestTwoPersonsAndLocks:
    def test_who_entered_points_does_not_approve_them(self, store: Store, year: Year) -> None:
        year.fill(ZONE)
        save_entry(**year.by(head(ZONE)), leaf="1.2", given=Points(points=1), explanation="Sửa", seen=1)
        refused(store, SecondPersonNeeded, approve, **year.by(head(ZONE)))

    def test_what_is_not_approved_or_whole_is_not_submitted(self, store: Store, year: Year) -> None:
        year.save(ZONE, "1.1", ChosenOption(option="late"))
        refused(store, NotApproved, submit, **year.by(head(ZONE)))
        approve(**year.by(head(ZONE)))
        error = refused(store, StageIncomplete, submit, **year.by(head(ZONE)))
        assert "1.2" in error.text("vi")

    def test_an_approval_lapses_with_the_next_entry(self, store: Store, year: Year) -> None:
        year.fill(ZONE)
        approve(**year.by(head(ZONE)))
        year.save(ZONE, "1.2", Points(points=6), seen=1)
        refused(store, NotApproved, submit, **year.by(head(ZONE)))
        assert year.actions()[-1] == "approval lapsed"

    def test_what_was_submitted_is_locked_but_for_what_is_returned(self, store: Store, year: Year) -> None:
        year.submitted(ZONE)
        again = {"unit": ZONE, "given": Points(points=1), "seen": 1}
        refused(store, Locked, year.save, node="1.2", **again)
        year.move_on(despite="Thử")
        year.decide(ZONE, "1.2", "returned", reason="Thiếu tài liệu")
        refused(store, Locked, year.save, node="2.2", **again)
        year.save(ZONE, "1.2", Points(points=1), seen=1)
        refused(store, NotApproved, year.decide, unit=ZONE, node="1.2", decision="accepted", seen=1)
        approve(**year.by(head(ZONE)))
        year.decide(ZONE, "1.2", "accepted", seen=1)
        refused(store, Locked, year.save, unit=ZONE, node="1.2", given=Points(points=2), seen=2)
        refused(store, AlreadyAppraised, year.decide, unit=ZONE, node="1.2", decision="returned",
                seen=2, reason="Nghĩ lại")  # fmt: skip

    def test_what_is_returned_whole_is_open_again_and_what_was_decided_stays(
        self, store: Store, year: Year
    ) -> None:
        year.submitted(ZONE)
        return_to_unit(**year.by(LAN), unit_id=ZONE, reason="Nhầm năm")
        year.save(ZONE, "1.2", Points(points=1), seen=1)
        refused(store, NotApproved, return_to_unit, **year.by(LAN), unit_id=ZONE, reason="Lần nữa")

    def test_a_unit_that_has_not_submitted_is_not_appraised(self, store: Store, year: Year) -> None:
        year.fill(ZONE)
        refused(store, WrongStage, year.decide, unit=ZONE, node="1.1", decision="accepted")
        year.move_on(despite="Thử")
        refused(store, NotSubmitted, year.decide, unit=ZONE, node="1.1", decision="accepted")

    def test_a_reason_is_needed_to_adjust_to_return_and_to_go_back(self, store: Store, year: Year) -> None:
        year.submitted(ZONE)
        year.move_on(despite="Thử")
        for decision in ("adjusted", "returned"):
            refused(store, TextNeeded, year.decide, unit=ZONE, node="1.2", decision=decision,
                    given=Points(points=1), reason=" ")  # fmt: skip
        refused(store, TextNeeded, back, **year.by(LAN), reason="")

    def test_a_stage_with_something_missing_says_what(
        self, store: Store, clock: SetClock, year: Year
    ) -> None:
        error = refused(store, StageIncomplete, year.move_on)
        assert f"{NOI_VU}: submission" in error.text("vi")
        bare = Year(store, clock, code="trong")
        new = NewAssessment(code="trong", year=2026, unit_id=PROVINCE, title_vi="T", title_en="E")
        open_assessment(**bare.by(LAN, code=None), new=new)
        refused(store, StageIncomplete, bare.move_on, despite="Không chờ")

    def test_deadlines_follow_each_other(self, store: Store, year: Year) -> None:
        from survey.services.assessments.errors import BadAssessment

        days = {"self_assessment": date(2026, 12, 10), "appraisal": date(2026, 12, 1)}
        refused(store, BadAssessment, set_deadlines, **year.by(LAN), deadlines=days)


@both_databases
class TestChangingTheSet:
    def test_before_anybody_submits_one_person_changes_it_and_what_falls_is_listed(
        self, store: Store, year: Year
    ) -> None:
        year.fill(ZONE)
        anew = change_set(**year.by(LAN), block="khoi-xa", sha256=_other(year), reason="QĐ thay thế")
        assert [(one.leaf, one.why) for one in anew] == [("1.2", "rule_changed"), ("2.2", "no_such_leaf")]
        assert to_remake(**year.seen_by(LAN)) == anew
        (zone,) = results_for(**year.seen_by(LAN)).blocks[2].units
        assert zone.claimed.nodes["1.1"].points == 2
        assert zone.claimed.nodes["1.2"].points is None

    def test_after_somebody_submitted_it_takes_two_and_opens_what_fell(
        self, store: Store, year: Year
    ) -> None:
        year.submitted(ZONE)
        change = {"block": "khoi-xa", "sha256": _other(year), "reason": "QĐ thay thế"}
        refused(store, SetInUse, change_set, **year.by(LAN), **change)
        asked = ask_change_set(**year.by(LAN), **change)
        refused(store, SamePerson, decide_request, **year.by(LAN), request_id=asked, grant=True)
        decide_request(**year.by(MINH), request_id=asked, grant=True)
        refused(store, Locked, year.save, unit=ZONE, node="1.1", given=GIVEN["1.1"], seen=1)
        year.save(ZONE, "1.2", Points(points=4), seen=1)
        with store.reading() as session:
            rows = session.scalars(
                select(AssessmentEntryRow).where(AssessmentEntryRow.leaf == "1.2").order_by("number")
            ).all()
        assert [row.number for row in rows] == [1, 2]
        assert rows[1].criteria_set_sha256 == change["sha256"] != rows[0].criteria_set_sha256


def _other(year: Year) -> str:
    """Publish a set that replaces the first within the year: 1.2 counts less, 2.2 is gone."""
    document = set_document(version="2")
    areas = document["tree"]
    areas[0]["children"][1]["maximum"], areas[0]["maximum"] = 5, 7
    areas[1]["children"].pop()
    areas[1]["children"][0]["maximum"] = 4
    areas[1]["maximum"] = 4
    areas[2]["children"][0]["maximum"], areas[2]["maximum"] = 9, 9
    raw = raw_set(version="2", tree=areas)
    return publish_criteria_set(**year.by(LAN, code=None), raw=raw).sha256


@both_databases
@pytest.mark.parametrize(
    "table",
    ["criteria_set", "assessment_entry", "assessment_minutes", "assessment_publication", "assessment_remedy"],
)
def test_history_cannot_be_rewritten_even_by_sql(store: Store, year: Year, table: str) -> None:
    column = {"criteria_set": "version", "assessment_minutes": "text", "assessment_remedy": "cause",
              "assessment_publication": "asked_by"}.get(table, "text")  # fmt: skip
    mark_not_held(**year.by(LAN), unit_id=ZONE, node="3.1", reason="Không khảo sát")
    _one_row_each(store)
    statements = [f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"]
    if store.engine.dialect.name == "sqlite":
        statements.append(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    for statement in statements:
        with pytest.raises(DatabaseError, match="append-only"), store.transaction() as session:
            session.execute(text(statement))


def _one_row_each(store: Store) -> None:
    day, sha = "'2026-03-02'", "'" + "0" * 64 + "'"
    with store.transaction() as session:
        for statement in (
            f"INSERT INTO assessment_minutes VALUES (1, 1, {day}, 'x', {day}, 'lan', NULL)",
            "INSERT INTO assessment_request (assessment_id, action, details, reason, asked_by, asked_at, "
            f"decision) VALUES (1, 'publish', '{{}}', 'x', 'lan', {day}, 'waiting')",
            f"INSERT INTO assessment_publication VALUES (1, 1, 1, 'lan', {day}, 'minh', {day}, '', {sha}, "
            "false)",
            f"INSERT INTO assessment_remedy VALUES (1, '{ZONE}', '1.2', 1, 'x', 'x', 'x', {day}, 'planned', "
            f"{day}, 'lan')",
        ):
            session.execute(text(statement))
