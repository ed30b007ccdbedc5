"""Paper: double keying, a third person's decision, the response kept exactly once, corrections, re-checks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from survey.errors import SurveyError
from survey.questionnaires import InvalidAnswers
from survey.services.accounts import Account
from survey.services.clock import day_in_vietnam
from survey.services.errors import RoundClosed, SamePerson
from survey.services.paper.adjudicating import FIRST, SECOND, decide_form, disputed_form, twice_keyed
from survey.services.paper.corrections import ask_correction, ask_rejection, ask_rejection_undone
from survey.services.paper.errors import (
    BadRejection,
    ImpossibleAnswers,
    KeyedByYou,
    KeyedTwice,
    KeyerCannotDecide,
    NoSuchForm,
    NotToKey,
    OutOfOrder,
    TakesTwo,
    Undecided,
)
from survey.services.paper.keying import form_to_key, waiting_forms
from survey.services.paper.ledger import lose, reject
from survey.services.paper.quality import keying_quality
from survey.services.paper.reading import RAW_UNREADABLE
from survey.services.review.approvals import approvals_for, decide
from survey.services.rounds import board, set_status
from survey.storage.models import PaperFormRow, PaperKeyingRow, ParadataRow, ResponseRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.paper_desk import HOUSEHOLDS, ROUND, keyed, line, paper_round, person, returned
from tests.rounds import answer, somebody

SATISFIED = {"rating": "satisfied", "reasons": ["waiting"], "comment": "Chờ lâu."}


@pytest.fixture
def keyers(store: Store, clock: SetClock) -> tuple[Account, Account]:
    return person(store, clock, "nhap.mot"), person(store, clock, "nhap.hai")


@pytest.fixture
def official(store: Store, clock: SetClock) -> Account:
    return person(store, clock, "can.bo", "official")


def _responses(store: Store) -> list[ResponseRow]:
    with store.reading() as session:
        return list(session.scalars(select(ResponseRow)))


def _status(store: Store, number: str) -> str:
    with store.reading() as session:
        return session.get_one(PaperFormRow, number).status


@both_databases
class TestKeying:
    def test_two_keyings_that_agree_keep_the_response_with_the_ledger_s_place(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account]
    ) -> None:
        paper_round(store, clock)
        number, _other = returned(store, clock, line(2, weight=2.5), to=keyers[0].login)
        assert keyed(store, clock, keyers[0], number, SATISFIED).outcome == "first"
        assert _responses(store) == []
        assert keyed(store, clock, keyers[1], number, SATISFIED).outcome == "agreed"
        (kept,) = _responses(store)
        assert (kept.channel, kept.evidence, kept.psu, kept.base_weight) == ("paper", "A", "Thôn 1", 2.5)
        assert kept.answers == SATISFIED
        assert _status(store, number) == "valid"
        with store.reading() as session:
            told = session.get_one(ParadataRow, (kept.round_id, kept.response_id))
        assert told.collected_by == keyers[0].login
        assert board(store=store, code=ROUND).counted == 1

    def test_one_person_cannot_key_twice_and_a_third_keying_is_refused(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account]
    ) -> None:
        paper_round(store, clock)
        number, _other = returned(store, clock)
        keyed(store, clock, keyers[0], number, SATISFIED)
        with pytest.raises(KeyedByYou):
            keyed(store, clock, keyers[0], number, {"rating": "neutral"})
        keyed(store, clock, keyers[1], number, {"rating": "neutral"})
        with pytest.raises(KeyedTwice):
            keyed(store, clock, person(store, clock, "nhap.ba"), number, SATISFIED)

    def test_the_same_keying_sent_again_changes_nothing(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account]
    ) -> None:
        """K24 at the paper desk: double click and retry."""
        paper_round(store, clock)
        number, _other = returned(store, clock)
        first = [keyed(store, clock, keyers[0], number, SATISFIED).outcome for _ in range(2)]
        second = [keyed(store, clock, keyers[1], number, SATISFIED).outcome for _ in range(3)]
        assert (first, second) == (["first"] * 2, ["agreed"] * 3)
        assert len(_responses(store)) == 1

    def test_keyings_sent_at_once_by_two_persons_give_one_response(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account]
    ) -> None:
        """Failure 2 of the catalogue (check-then-insert): the form's row decides who is second."""
        paper_round(store, clock)
        numbers = returned(store, clock, line(4))

        def key(task: tuple[Account, str]) -> str:
            try:
                return keyed(store, clock, task[0], task[1], SATISFIED).outcome
            except SurveyError as error:
                return error.code

        tasks = [(keyer, number) for number in numbers for keyer in keyers for _ in range(2)]
        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(key, tasks))
        assert set(outcomes) <= {"first", "agreed"}
        assert len(_responses(store)) == len(numbers)
        with store.reading() as session:
            assert session.scalar(select(func.count()).select_from(PaperKeyingRow)) == 2 * len(numbers)

    def test_a_form_that_is_not_back_rejected_or_elsewhere_cannot_be_keyed(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account]
    ) -> None:
        from tests.integration.paper_desk import printed

        paper_round(store, clock)
        (fresh, *_rest), (bad, _other) = printed(store, clock), returned(store, clock)
        reject(store=store, clock=clock, actor="tests", code=ROUND, numbers=[bad], reason="torn")
        for number in (fresh, bad):
            with pytest.raises(NotToKey):
                keyed(store, clock, keyers[0], number, SATISFIED)
        stranger = person(store, clock, "noi.khac", unit_id="p34-52")
        with pytest.raises(NoSuchForm):
            form_to_key(store=store, account=stranger, number=fresh)
        assert _responses(store) == []

    def test_the_list_offers_no_form_that_the_person_has_keyed(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account]
    ) -> None:
        paper_round(store, clock)
        first, second = returned(store, clock)
        keyed(store, clock, keyers[0], first, SATISFIED)
        mine = waiting_forms(store=store, account=keyers[0])
        theirs = waiting_forms(store=store, account=keyers[1])
        assert [one.number for one in mine] == [second]
        assert [(one.number, one.second) for one in theirs] == [(first, True), (second, False)]


@both_databases
class TestWhatIsOnPaper:
    def test_a_required_question_left_blank_stops_nobody(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account]
    ) -> None:
        paper_round(store, clock)
        number, _other = returned(store, clock)
        for keyer in keyers:
            outcome = keyed(store, clock, keyer, number, {"rating": "", "comment": "Không chấm điểm"})
        assert outcome.outcome == "agreed"
        assert _responses(store)[0].answers == {"comment": "Không chấm điểm"}

    def test_an_answer_to_a_skipped_question_is_told_and_left_out_when_confirmed(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account]
    ) -> None:
        paper_round(store, clock, questionnaire=HOUSEHOLDS)
        number, _other = returned(store, clock)
        typed = {"A8.used": "no", "A8.online": "yes"}
        with pytest.raises(ImpossibleAnswers) as told:
            keyed(store, clock, keyers[0], number, typed)
        assert [one.item for one in told.value.problems] == ["A8.online"]
        for keyer in keyers:
            keyed(store, clock, keyer, number, typed, confirmed=["A8.online"])
        (kept,) = _responses(store)
        assert kept.answers == {"A8.used": "no"}
        with store.reading() as session:
            assert session.scalar(select(ParadataRow.flags)) == ["paper_impossible"]

    def test_a_form_that_an_official_marked_is_kept_as_grade_c(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account]
    ) -> None:
        """A5: recorded beside the answers, never among them; such a form enters no index (decision 13)."""
        paper_round(store, clock)
        own, helped = returned(store, clock)
        for number, who in ((own, "family"), (helped, "official")):
            for keyer in keyers:
                keyed(store, clock, keyer, number, {"rating": "satisfied", "=helped-by": who})
        assert {row.evidence: row.answers for row in _responses(store)} == {
            "A": {"rating": "satisfied"},
            "C": {"rating": "satisfied"},
        }
        with store.reading() as session:
            assert set(session.scalars(select(ParadataRow.assisted_by))) == {"family", "official"}
        assert board(store=store, code=ROUND).counted == 1

    def test_a_value_that_no_paper_holds_cannot_be_confirmed(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account]
    ) -> None:
        paper_round(store, clock)
        number, _other = returned(store, clock)
        with pytest.raises(InvalidAnswers):
            keyed(store, clock, keyers[0], number, {"rating": "superb"}, confirmed=["rating"])

    def test_unreadable_and_blank_are_two_things(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account], official: Account
    ) -> None:
        paper_round(store, clock)
        number, _other = returned(store, clock)
        keyed(store, clock, keyers[0], number, {"comment": "x"}, unreadable=["rating"])
        assert keyed(store, clock, keyers[1], number, {"comment": "x"}).outcome == "differs"
        seen = disputed_form(store=store, account=official, code=ROUND, number=number)
        assert [(one.item.id, one.first, one.second) for one in seen.differences] == [
            ("rating", {"mark": "unreadable"}, None)
        ]

    def test_a_form_without_any_answer_is_not_kept_and_waits_for_an_official(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account], official: Account
    ) -> None:
        paper_round(store, clock)
        number, _other = returned(store, clock)
        keyed(store, clock, keyers[0], number, {})
        assert keyed(store, clock, keyers[1], number, {}).outcome == "empty"
        assert _responses(store) == []
        (waiting,) = twice_keyed(store=store, account=official, code=ROUND)
        assert (waiting.number, waiting.differing) == (number, 0)
        reject(store=store, clock=clock, actor="can.bo", code=ROUND, numbers=[number], reason="blank")

    def test_comments_differ_by_words_not_by_spaces(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account]
    ) -> None:
        paper_round(store, clock)
        number, _other = returned(store, clock)
        keyed(store, clock, keyers[0], number, {"rating": "neutral", "comment": "Chờ lâu, nóng."})
        again = keyed(store, clock, keyers[1], number, {"rating": "neutral", "comment": "chờ lâu  nóng"})
        assert again.outcome == "agreed"
        assert _responses(store)[0].answers["comment"] == "Chờ lâu, nóng."


@both_databases
class TestDeciding:
    def _differ(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account], *, back_after: int = 0
    ) -> str:
        paper_round(store, clock)
        clock.move(days=back_after)
        number, _other = returned(store, clock)
        keyed(
            store, clock, keyers[0], number, {"rating": "satisfied", "reasons": ["waiting"], "comment": "một"}
        )
        keyed(
            store, clock, keyers[1], number, {"rating": "neutral", "reasons": ["waiting"], "comment": "hai"}
        )
        return number

    def test_a_third_person_decides_every_item_and_the_response_is_kept(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account], official: Account
    ) -> None:
        number = self._differ(store, clock, keyers)
        with pytest.raises(Undecided):
            decide_form(
                store=store,
                clock=clock,
                account=official,
                code=ROUND,
                number=number,
                choices={"rating": FIRST},
            )
        assert _responses(store) == []
        assert decide_form(
            store=store, clock=clock, account=official, code=ROUND, number=number,
            choices={"rating": SECOND, "comment": "ba"},
        )  # fmt: skip
        assert _responses(store)[0].answers == {"rating": "neutral", "reasons": ["waiting"], "comment": "ba"}
        assert _status(store, number) == "valid"

    def test_who_keyed_the_form_cannot_decide(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account]
    ) -> None:
        number = self._differ(store, clock, keyers)
        with pytest.raises(KeyerCannotDecide):
            disputed_form(store=store, account=keyers[0], code=ROUND, number=number)

    def test_what_was_decided_counts_against_who_keyed_otherwise(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account], official: Account
    ) -> None:
        number = self._differ(store, clock, keyers)
        decide_form(
            store=store, clock=clock, account=official, code=ROUND, number=number,
            choices={"rating": SECOND, "comment": "ba"},
        )  # fmt: skip
        found = keying_quality(store=store, account=official, code=ROUND)
        assert {one.login: (one.entries, one.differing, one.overruled) for one in found.keyers} == {
            "nhap.mot": (3, 2, 2),
            "nhap.hai": (3, 2, 1),
        }
        assert {one.item.id: one.differing for one in found.items} == {
            "rating": 1,
            "reasons": 0,
            "comment": 1,
        }

    def test_a_form_returned_in_time_is_kept_however_late_it_is_keyed(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account]
    ) -> None:
        """O5: the day it came back counts, and is the day that is kept; not the day of keying."""
        paper_round(store, clock)
        number, another = returned(store, clock)
        back = day_in_vietnam(clock.now())
        set_status(store=store, clock=clock, code=ROUND, status="closed", actor="tests")
        for days, one in ((14, number), (30, another)):
            clock.move(days=days)
            for keyer in keyers:
                keyed(store, clock, keyer, one, SATISFIED)
        with store.reading() as session:
            assert session.scalars(select(ParadataRow.late)).all() == [True, True]
        assert [row.day_received for row in _responses(store)] == [back, back]

    def test_a_form_returned_after_the_end_keeps_nothing_and_loses_no_keying(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account], official: Account
    ) -> None:
        number = self._differ(store, clock, keyers, back_after=400)
        with pytest.raises(RoundClosed):
            decide_form(
                store=store, clock=clock, account=official, code=ROUND, number=number,
                choices={"rating": SECOND, "comment": "ba"},
            )  # fmt: skip
        with store.reading() as session:
            assert session.scalar(select(func.count()).select_from(PaperKeyingRow)) == 2
        assert _status(store, number) == "returned"


@both_databases
class TestTwoPersons:
    def test_a_correction_supersedes_and_needs_a_second_person(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account], official: Account
    ) -> None:
        """ASVS 2.3.5; the former row stays."""
        paper_round(store, clock)
        number, _other = returned(store, clock, to=keyers[0].login)
        for keyer in keyers:
            keyed(store, clock, keyer, number, SATISFIED)
        asked = ask_correction(
            store=store, clock=clock, account=official, code=ROUND, number=number, item="rating",
            raw="neutral", reason="đọc lại phiếu",
        )  # fmt: skip
        grant = {"store": store, "clock": clock, "code": ROUND, "approval_id": asked, "grant": True}
        with pytest.raises(SamePerson):
            decide(account=official, **grant)
        set_status(store=store, clock=clock, code=ROUND, status="closed", actor="tests")
        decide(account=person(store, clock, "can.bo.hai", "official"), **grant)
        first, second = sorted(_responses(store), key=lambda row: row.supersedes is not None)
        assert second.supersedes == first.response_id
        assert (first.answers["rating"], second.answers["rating"]) == ("satisfied", "neutral")
        assert second.answers["reasons"] == ["waiting"]
        assert board(store=store, code=ROUND).complete == 1
        with store.reading() as session:
            told = session.get_one(ParadataRow, (second.round_id, second.response_id))
        assert (told.collected_by, told.flags) == (keyers[0].login, ["corrected"])

    def test_a_response_planted_where_ids_were_once_guessable_blocks_no_form_and_is_not_its_current_row(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account], official: Account
    ) -> None:
        """The open API takes any id: SHA-256 of round, number and revision was everybody's to work out."""
        paper_round(store, clock)
        number, _other = returned(store, clock, to=keyers[0].login)
        planted = {
            UUID(bytes=sha256(f"paper:{ROUND}:{number}:{revision}".encode()).digest()[:16])
            for revision in (0, 1)
        }
        for one in planted:
            answer(store, clock, ROUND, {"rating": "very_dissatisfied"}, somebody(ROUND, one))
        outcomes = [keyed(store, clock, keyer, number, SATISFIED).outcome for keyer in keyers]
        assert outcomes == ["first", "agreed"]
        other = person(store, clock, "can.bo.hai", "official")
        for raw in ("neutral", "dissatisfied"):
            asked = ask_correction(
                store=store, clock=clock, account=official, code=ROUND, number=number, item="rating",
                raw=raw, reason="đọc lại phiếu",
            )  # fmt: skip
            decide(store=store, clock=clock, account=other, code=ROUND, approval_id=asked, grant=True)
        rows = {row.response_id: row for row in _responses(store)}
        assert {rows[one].channel for one in planted} == {"phone"}
        chain = [row for id_, row in rows.items() if id_ not in planted]
        (first,) = (row for row in chain if row.supersedes is None)
        (second,) = (row for row in chain if row.supersedes == first.response_id)
        (third,) = (row for row in chain if row.supersedes == second.response_id)
        assert [row.answers["rating"] for row in (first, second, third)] == [
            "satisfied", "neutral", "dissatisfied",
        ]  # fmt: skip
        assert {row.channel for row in chain} == {"paper"}

    def test_a_rejection_is_taken_back_by_two_persons(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account], official: Account
    ) -> None:
        paper_round(store, clock)
        number, _other = returned(store, clock)
        reject(store=store, clock=clock, actor="can.bo", code=ROUND, numbers=[number], reason="torn")
        ask_rejection_undone(
            store=store, clock=clock, account=official, code=ROUND, number=number, reason="nhầm phiếu"
        )
        (asked,) = approvals_for(store=store, account=official, code=ROUND)
        decide(
            store=store, clock=clock, account=person(store, clock, "can.bo.hai", "official"), code=ROUND,
            approval_id=asked.id, grant=True,
        )  # fmt: skip
        assert _status(store, number) == "returned"
        assert isinstance(_responses(store), list)
        assert keyed(store, clock, keyers[0], number, SATISFIED).outcome == "first"

    @pytest.mark.parametrize("way", ["both blank", "decided as unreadable", "differing"])
    def test_a_form_taken_back_after_two_keyings_can_still_be_kept(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account], official: Account, way: str
    ) -> None:
        """No dead end: keyed in vain, it is keyed anew, also by the same persons; else the third decides."""
        paper_round(store, clock)
        number, _other = returned(store, clock)
        second = {} if way == "both blank" else {"rating": "neutral"}
        keyed(store, clock, keyers[0], number, {})
        keyed(store, clock, keyers[1], number, second)
        told: dict[str, Any] = {
            "store": store,
            "clock": clock,
            "account": official,
            "code": ROUND,
            "number": number,
        }
        if way == "decided as unreadable":
            assert not decide_form(**told, choices={"rating": RAW_UNREADABLE})
        another = person(store, clock, "can.bo.hai", "official")
        _granted(store, clock, another, ask_rejection(**told, rejection="blank", reason="Phiếu trắng"))
        assert _status(store, number) == "rejected"
        back = ask_rejection_undone(**told, reason="Trang 2 có câu trả lời")
        _granted(store, clock, another, back)
        if way == "differing":
            assert decide_form(**told, choices={"rating": SECOND})
        else:
            assert [keyed(store, clock, one, number, SATISFIED).outcome for one in keyers] == [
                "first",
                "agreed",
            ]
            (approval,) = [
                one for one in approvals_for(store=store, account=official, code=ROUND) if one.id == back
            ]
            former = approval.details["former"]
            assert [(one["by"], bool(one["answers"])) for one in former["keyed"]] == [
                ("nhap.mot", False),
                ("nhap.hai", way != "both blank"),
            ]
            assert len(former["decided"]) == (way == "decided as unreadable")
        assert _status(store, number) == "valid"
        assert len(_responses(store)) == 1

    def test_one_person_cannot_reject_or_write_off_a_form_whose_answers_are_known(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account], official: Account
    ) -> None:
        """ASVS 2.3.5: who saw what a form says must not make it vanish alone; nothing at all is recorded."""
        paper_round(store, clock)
        known, blank = returned(store, clock)
        keyed(store, clock, keyers[0], known, {"rating": "dissatisfied"})
        keyed(store, clock, keyers[0], blank, {})
        desk: dict[str, Any] = {
            "store": store,
            "clock": clock,
            "actor": "can.bo",
            "code": ROUND,
            "numbers": [blank, known],
        }
        for alone in (lambda: reject(**desk, reason="torn"), lambda: lose(**desk)):
            with pytest.raises(TakesTwo) as refused:
                alone()
            assert refused.value.places["numbers"] == known
        assert {_status(store, one) for one in (known, blank)} == {"returned"}
        told: dict[str, Any] = {
            "store": store,
            "clock": clock,
            "account": official,
            "code": ROUND,
            "number": known,
        }
        with pytest.raises(BadRejection):
            ask_rejection(**told, rejection="no such", reason="x")
        asked = ask_rejection(**told, rejection="other", reason="Hai người cùng điền")
        with pytest.raises(SamePerson):
            _granted(store, clock, official, asked)
        assert _status(store, known) == "returned"
        _granted(store, clock, person(store, clock, "can.bo.hai", "official"), asked)
        with store.reading() as session:
            assert session.get_one(PaperFormRow, known).rejected_for == "other: Hai người cùng điền"
        reject(**{**desk, "numbers": [blank]}, reason="blank")

    def test_a_rejection_asked_for_does_not_touch_a_form_that_was_kept_meanwhile(
        self, store: Store, clock: SetClock, keyers: tuple[Account, Account], official: Account
    ) -> None:
        paper_round(store, clock)
        number, _other = returned(store, clock)
        keyed(store, clock, keyers[0], number, SATISFIED)
        told: dict[str, Any] = {
            "store": store,
            "clock": clock,
            "account": official,
            "code": ROUND,
            "number": number,
        }
        asked = ask_rejection(**told, rejection="torn", reason="rách")
        keyed(store, clock, keyers[1], number, SATISFIED)
        with pytest.raises(OutOfOrder):
            _granted(store, clock, person(store, clock, "can.bo.hai", "official"), asked)
        assert _status(store, number) == "valid"


def _granted(store: Store, clock: SetClock, account: Account, number: int) -> None:
    decide(store=store, clock=clock, account=account, code=ROUND, approval_id=number, grant=True)


def test_the_response_s_id_follows_from_the_site_s_secret_round_and_number() -> None:
    from survey.services.paper.response_ids import response_id_of

    made = {
        response_id_of(key, code, number)
        for key in (b"one", b"other")
        for code in ("a", "b")
        for number in ("1-00001-0", "1-00002-1")
    }
    assert len(made) == 8
    assert all(isinstance(one, UUID) for one in made)
