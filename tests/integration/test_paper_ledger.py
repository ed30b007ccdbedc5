"""The ledger of paper forms: states that cannot follow each other raise, all or none, and the counts hold."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from survey.services.clock import day_in_vietnam
from survey.services.paper.errors import (
    BadPrintPlan,
    BadRejection,
    NobodyNamed,
    NotOnPaper,
    OutOfOrder,
    WrongDay,
)
from survey.services.paper.ledger import (
    FOLLOWS,
    issue,
    lose,
    print_forms,
    receive,
    reject,
    take_back,
    unit_counts,
)
from survey.services.paper.numbers import is_form_number
from survey.services.paper.plan import read_plan
from survey.services.rounds import board
from survey.storage.models import PAPER_STATUSES, PaperFormRow
from survey.storage.store import Store, open_store
from tests.conftest import SetClock, both_databases
from tests.integration.paper_desk import ROUND, line, paper_round, printed
from tests.rounds import COMMUNES, PROVINCE, make_round

COUNTED = ("printed", "issued", "returned", "valid", "rejected", "lost")


def _round_id(store: Store) -> int:
    return board(store=store, code=ROUND).round.id


def _counts(store: Store) -> tuple[int, ...]:
    (one,) = unit_counts(store=store, round_id=_round_id(store))
    return tuple(getattr(one, name) for name in COUNTED)


@both_databases
class TestLedger:
    def test_numbers_are_valid_unique_and_follow_each_other_over_printings(
        self, store: Store, clock: SetClock
    ) -> None:
        paper_round(store, clock)
        numbers = printed(store, clock, line(3), line(2, COMMUNES[1])) + printed(store, clock, line(4))
        assert len(set(numbers)) == 9
        assert all(map(is_form_number, numbers))
        assert list(numbers) == sorted(numbers)

    def test_the_board_counts_what_was_handed_out(self, store: Store, clock: SetClock) -> None:
        """B1: phiếu phát ra – thu về – hợp lệ; the plan's count stands until the ledger has one."""
        paper_round(store, clock)
        numbers, today = printed(store, clock, line(5)), day_in_vietnam(clock.now())
        told = {"store": store, "clock": clock, "actor": "tests", "code": ROUND}
        assert board(store=store, code=ROUND).issued == 80
        issue(**told, numbers=numbers[:4], to="UBND xã", on=today)
        receive(**told, numbers=numbers[:2], on=today)
        reject(**told, numbers=numbers[:1], reason="torn")
        lose(**told, numbers=numbers[2:3])
        assert _counts(store) == (5, 4, 2, 0, 1, 1)
        assert [one.issued for one in board(store=store, code=ROUND).lines] == [4, 40]

    def test_one_wrong_form_stops_all_and_is_named(self, store: Store, clock: SetClock) -> None:
        paper_round(store, clock)
        numbers, today = printed(store, clock, line(3)), day_in_vietnam(clock.now())
        told = {"store": store, "clock": clock, "actor": "tests", "code": ROUND}
        issue(**told, numbers=numbers[:1], to="UBND xã", on=today)
        with pytest.raises(OutOfOrder) as refused:
            receive(**told, numbers=numbers, on=today)
        assert refused.value.places["numbers"] == ", ".join(numbers[1:])
        assert _counts(store) == (3, 1, 0, 0, 0, 0)

    def test_days_and_names_are_checked(self, store: Store, clock: SetClock) -> None:
        paper_round(store, clock)
        numbers, today = printed(store, clock), day_in_vietnam(clock.now())
        told = {"store": store, "clock": clock, "actor": "tests", "code": ROUND, "numbers": numbers}
        with pytest.raises(WrongDay):
            issue(**told, to="x", on=today + timedelta(days=1))
        with pytest.raises(NobodyNamed):
            issue(**told, to="  ", on=today)
        issue(**told, to="x", on=today)
        with pytest.raises(WrongDay):
            receive(**told, on=today - timedelta(days=1))
        for reason, note in (("nonsense", ""), ("other", ""), ("torn", "x" * 151)):
            with pytest.raises(BadRejection):
                reject(**told, reason=reason, note=note)

    @pytest.mark.parametrize(
        "wrong",
        [
            line(0),
            line(2_001),
            line(1, unit="c34-none"),
            line(1, psu=" "),
            line(1, weight=0.0),
            line(1, weight=float("inf")),
            line(1, weight=float("nan")),
            line(1, psu="x" * 81),
        ],
    )
    def test_a_wrong_place_numbers_nothing(self, store: Store, clock: SetClock, wrong: object) -> None:
        paper_round(store, clock)
        with pytest.raises(BadPrintPlan) as refused:
            printed(store, clock, line(1), wrong)  # type: ignore[arg-type]  # a wrong line
        assert refused.value.places["lines"] == "2"
        assert unit_counts(store=store, round_id=_round_id(store)) == ()

    def test_a_round_by_personal_link_has_no_numbered_paper(self, store: Store, clock: SetClock) -> None:
        """Section 4.4: a numbered form handed to a delegate would join a name to an answer."""
        make_round(
            store, clock, code="dai-bieu", questionnaire="delegates-assessment", population="delegates",
            entry="personal", units=(PROVINCE,),
        )  # fmt: skip
        with pytest.raises(NotOnPaper):
            print_forms(store=store, clock=clock, actor="tests", code="dai-bieu", lines=[line(unit=PROVINCE)])


def test_a_plan_is_read_from_a_sheet_and_its_wrong_cells_are_named(store: Store, clock: SetClock) -> None:
    paper_round(store, clock)
    head = "Đơn vị,Tầng,Cụm,Trọng số,Số phiếu\n"
    rows = f'{COMMUNES[0]},nông thôn,Thôn 1,"2,5",3\n{COMMUNES[1]},thành thị,7,1,2\n'
    plan = read_plan(store=store, code=ROUND, raw=(head + rows).encode(), name="in.csv")
    assert [(one.unit_id, one.psu, one.base_weight, one.copies) for one in plan] == [
        (COMMUNES[0], "Thôn 1", 2.5, 3),
        (COMMUNES[1], "7", 1.0, 2),
    ]
    with pytest.raises(BadPrintPlan) as refused:
        read_plan(store=store, code=ROUND, raw=(head + "Xã Không Có,a,b,x,1.5\n").encode(), name="in.csv")
    assert refused.value.places["lines"] == "A2, D2, E2"
    with pytest.raises(BadPrintPlan):
        read_plan(store=store, code=ROUND, raw=b"a,b\n1,2\n", name="in.csv")


class LedgerMachine(RuleBasedStateMachine):
    """Failure 16 of the catalogue: a model of the ledger, against which every deed is held."""

    template: Path
    folder: Path

    @initialize()
    def begin(self) -> None:
        self.folder = Path(mkdtemp())
        path = self.folder / "survey.sqlite3"
        shutil.copy(self.template, path)
        self.store, self.clock = open_store(f"sqlite:///{path}", self.folder), SetClock()
        paper_round(self.store, self.clock)
        self.model = {number: ("printed", False) for number in printed(self.store, self.clock, line(4))}

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.engine.dispose()
            shutil.rmtree(self.folder)

    @rule(
        places=st.sets(st.integers(0, 3), min_size=1, max_size=3),
        deed=st.sampled_from(["issued", "returned", "printed", "rejected", "lost"]),
    )
    def move(self, places: set[int], deed: str) -> None:
        numbers = [sorted(self.model)[place] for place in places]
        states = [self.model[number] for number in numbers]
        may = all(
            deed in FOLLOWS[state] and state != "rejected" and (state != "lost" or was_issued)
            for state, was_issued in states
        )
        try:
            self._do(deed, numbers)
        except OutOfOrder:
            assert not may, (deed, states)
            return
        assert may, (deed, states)
        for number, (_state, was_issued) in zip(numbers, states, strict=True):
            self.model[number] = (deed, deed != "printed" and (was_issued or deed == "issued"))

    def _do(self, deed: str, numbers: list[str]) -> None:
        today = day_in_vietnam(self.clock.now())
        told = {"store": self.store, "clock": self.clock, "actor": "x", "code": ROUND, "numbers": numbers}
        deeds: dict[str, Callable[[], None]] = {
            "issued": lambda: issue(**told, to="x", on=today),
            "returned": lambda: receive(**told, on=today),
            "printed": lambda: take_back(**told),
            "rejected": lambda: reject(**told, reason="torn"),
            "lost": lambda: lose(**told),
        }
        deeds[deed]()

    @invariant()
    def the_database_holds_the_model(self) -> None:
        with self.store.reading() as session:
            rows = {row.number: row for row in session.query(PaperFormRow)}
        assert {number: row.status for number, row in rows.items()} == {
            number: state for number, (state, _issued) in self.model.items()
        }
        for number, row in rows.items():
            assert (row.issued_on is not None) == self.model[number][1]
            assert (row.rejected_for is not None) == (row.status == "rejected")
        handed_out = sum(was for _state, was in self.model.values())
        assert board(store=self.store, code=ROUND).lines[0].issued == (
            handed_out
            if any(state != "printed" for state, _ in self.model.values()) or self._touched()
            else 40
        )

    def _touched(self) -> bool:
        return board(store=self.store, code=ROUND).lines[0].issued != 40


def test_no_order_of_deeds_leads_out_of_the_ledger_s_states(sqlite_template: Path) -> None:
    LedgerMachine.template = sqlite_template
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_every_state_of_the_database_has_what_may_follow_it() -> None:
    assert set(FOLLOWS) == set(PAPER_STATUSES)
    assert set().union(*FOLLOWS.values()) <= set(PAPER_STATUSES)
