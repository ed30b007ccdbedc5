"""Evidence and integrity (K11, K12, K14, A5, T1, T8; ASVS 2.3.5): flagged, reviewed, never deleted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
from sqlalchemy import text

from survey.services.accounts import Account
from survey.services.circumstances import Circumstances
from survey.services.devices.registry import Device
from survey.services.devices.visits import visitor
from survey.services.errors import (
    AlreadyWaiting,
    NoSuchRound,
    OtherAnswersKept,
    ReasonNeeded,
    SamePerson,
)
from survey.services.headline import overall_without
from survey.services.indices import compute_indices
from survey.services.places import open_link_respondent
from survey.services.review.alarms import alarms_for, raise_alarms, review_alarm, scope_of
from survey.services.review.approvals import approvals_for, decide
from survey.services.review.errors import (
    AlarmReviewed,
    BadTransactions,
    NoSuchAlarm,
    NoSuchConflict,
    NoSuchRecord,
    NoteNeeded,
    NotFoundRight,
    NothingMeant,
    RecordDecided,
    StillWrong,
)
from survey.services.review.exclusions import (
    ask_about_conflict,
    ask_exclusion,
    ask_exclusion_by_alarm,
    ask_exclusion_of,
    ask_restoration,
    conflicts_for,
    exclusions_for,
)
from survey.services.review.quarantine import quarantine
from survey.services.review.quarantine_review import keep_out, quarantined_for, release
from survey.services.review.suspected import disturbed_units, suspected_rows
from survey.services.rounds import board
from survey.services.snapshot_sample import read_sample
from survey.services.snapshots import Frozen, freeze_snapshot, is_current, open_snapshot
from survey.services.transactions import record_transactions
from survey.services.verification import verify_snapshot
from survey.storage.oversight import Scope
from survey.storage.snapshots import MARKS
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.tablets import add_enumerator, assign, record
from tests.rounds import COMMUNES, PROVINCE, answer, enrolled_kiosk, make_round, somebody

ASKS = Account("lan.nt", "Nguyễn Thị Lan", "official", PROVINCE)
GRANTS = Account("van.th", "Trần Hữu Văn", "administrator", PROVINCE)
JUDGED = Account("xa.tt", "Cán bộ xã", "official", COMMUNES[0])
#: Taps of the stuffed round; T1 itself has two hundred.
TAPS = 50
TOP = {"rating": "very_satisfied"}


def slips(store: Store, clock: SetClock, code: str, ratings: list[str], unit: str = COMMUNES[0]) -> None:
    for number, rating in enumerate(ratings):
        who = somebody(code, evidence="A", unit_id=unit, stratum=unit, psu=str(number % 8))
        answer(store, clock, code, {"rating": rating}, who)


def taps(
    store: Store, clock: SetClock, code: str, device: Device, times: int, *, apart: float = 6, **raw: Any
) -> list[UUID]:
    """Tap the same answer on a kiosk, some seconds apart."""
    ids = []
    for _ in range(times):
        who = visitor(clock=clock, device=device, round_code=code, response_id=uuid4())
        answer(store, clock, code, raw or TOP, who)
        ids.append(who.response_id)
        clock.move(seconds=apart)
    return ids


def freeze(store: Store, clock: SetClock, code: str, **more: Any) -> Frozen:
    return freeze_snapshot(store=store, clock=clock, round_code=code, actor="tests", **more)


def look(store: Store, clock: SetClock, code: str) -> int:
    return raise_alarms(store=store, clock=clock, code=code, actor="tests").new


def waiting(store: Store, code: str, status: str = "waiting") -> list[Any]:
    return [one.row for one in alarms_for(store=store, account=ASKS, code=code, status=status).alarms]


def grant(store: Store, clock: SetClock, code: str, number: int, *, by: Account = GRANTS) -> None:
    decide(store=store, clock=clock, account=by, code=code, approval_id=number, grant=True)


def left_out(store: Store, clock: SetClock, code: str, ids: list[UUID]) -> int:
    number = ask_exclusion_of(
        store=store, clock=clock, account=ASKS, code=code, ids=ids, reason="Cán bộ tự bấm"
    )
    grant(store, clock, code, number)
    return number


def night(clock: SetClock) -> None:
    clock.move(hours=13)


@pytest.fixture
def stuffed(store: Store, clock: SetClock) -> Iterator[tuple[str, Device]]:
    """A counter's round with 40 honest slips, and TAPS top answers on one kiosk in a night."""
    code = make_round(store, clock, counted_grades="AB")
    slips(store, clock, code, ["satisfied", "neutral", "dissatisfied", "very_satisfied"] * 10)
    device = enrolled_kiosk(store, clock, code).device
    night(clock)
    taps(store, clock, code, device, TAPS)
    return iter([(code, device)])


@both_databases
def test_two_hundred_taps_of_one_night_are_flagged_and_the_headline_stands_without_them(
    store: Store, clock: SetClock
) -> None:
    """T1: at least 95 % flagged; the index without them is that of the honest answers."""
    code = make_round(store, clock, counted_grades="AB")
    slips(store, clock, code, ["satisfied", "neutral", "dissatisfied", "very_satisfied"] * 10)
    device = enrolled_kiosk(store, clock, code).device
    night(clock)
    taps(store, clock, code, device, 200)
    assert look(store, clock, code) > 0
    kinds = {(one.kind, one.device) for one in waiting(store, code)}
    assert {("burst", device.id.hex), ("outside_hours", device.id.hex)} <= kinds
    snapshot = open_snapshot(store=store, code_or_folder=freeze(store, clock, code).code)
    channels, names = snapshot.codes("channel")
    at_kiosk = channels == names.index("kiosk")
    suspected = suspected_rows(snapshot)
    assert at_kiosk.sum() == 200
    assert suspected[at_kiosk].mean() >= 0.95
    assert not suspected[~at_kiosk].any()
    official = compute_indices(snapshot)
    found, without = overall_without(read_sample(snapshot))
    honest = make_round(store, clock, code="that-su", counted_grades="AB")
    slips(store, clock, honest, ["satisfied", "neutral", "dissatisfied", "very_satisfied"] * 10)
    only = open_snapshot(store=store, code_or_folder=freeze(store, clock, honest).code)
    expected = compute_indices(only)
    assert found == suspected.sum() == snapshot.manifest["integrity"]["suspected"]
    assert without is not None
    assert without.value == pytest.approx(expected.as_share(expected.overall).value, rel=1e-12)
    assert (official.as_share(official.overall).value or 0) > (without.value or 0) + 0.2


@both_databases
def test_stuffing_a_kiosk_leaves_the_index_of_grade_a_to_the_last_digit(
    store: Store, clock: SetClock
) -> None:
    """T1, K12: a round that counts grade A has the same result hash before and after."""
    code = make_round(store, clock, counted_grades="A")
    slips(store, clock, code, ["satisfied", "neutral", "dissatisfied"] * 12)
    before = freeze(store, clock, code)
    device = enrolled_kiosk(store, clock, code).device
    night(clock)
    taps(store, clock, code, device, 200)
    look(store, clock, code)
    after = freeze(store, clock, code)
    first, second = (open_snapshot(store=store, code_or_folder=one.code) for one in (before, after))
    assert compute_indices(first).result_sha256 == compute_indices(second).result_sha256
    assert after.exclusions == {"evidence_grade_not_counted": 200}


@both_databases
def test_an_open_address_is_reported_apart_never_ranked_and_its_burst_is_seen(
    store: Store, clock: SetClock
) -> None:
    """K12, T1: 200 answers by the open address are grade C: on the board, in no index, under an alarm."""
    code = make_round(store, clock, counted_grades="AB")
    slips(store, clock, code, ["neutral"] * 30)
    before = freeze(store, clock, code)
    for _ in range(200):
        who = open_link_respondent(clock=clock, round_code=code, unit_id=COMMUNES[0], response_id=uuid4())
        answer(store, clock, code, TOP, who)
        clock.move(seconds=1)
    look(store, clock, code)
    assert ("burst", "open") in {(one.kind, one.device) for one in waiting(store, code)}
    after = freeze(store, clock, code)
    assert (after.rows, after.data_sha256) == (30, before.data_sha256)
    assert board(store=store, code=code).by_evidence == {"A": 30, "C": 200}
    with store.reading() as session:
        finest = session.scalars(text("SELECT max(last_at) FROM rate_count WHERE key LIKE 'open:%'")).one()
    assert str(finest).endswith(":00") or ":00.0" in str(finest)


@both_databases
def test_anybodys_open_address_forms_mark_no_slip_or_kiosk_response_and_take_no_rank_away(
    store: Store, clock: SetClock
) -> None:
    """K11, K12: alike, more than the transactions and far below the kiosk, yet only they are under alarms."""
    code = make_round(store, clock, counted_grades="AB")
    slips(store, clock, code, ["satisfied", "neutral", "dissatisfied", "very_satisfied"] * 5)
    device = enrolled_kiosk(store, clock, code).device
    taps(store, clock, code, device, 30, apart=30)
    today = clock.now().date()
    lines = f"unit,day,transactions\n{COMMUNES[0]},{today},55\n"
    record_transactions(store=store, clock=clock, code=code, text=lines, actor="tests")
    for _ in range(60):
        who = open_link_respondent(clock=clock, round_code=code, unit_id=COMMUNES[0], response_id=uuid4())
        answer(store, clock, code, {"rating": "very_dissatisfied"}, who)
    raise_alarms(store=store, clock=clock, code=code, actor="tests", days=[today])
    alarms = waiting(store, code)
    assert {(one.kind, one.device) for one in alarms} == {
        (kind, "open") for kind in ("more_than_transactions", "identical", "burst")
    }
    snapshot = open_snapshot(store=store, code_or_folder=freeze(store, clock, code).code)
    assert len(suspected_rows(snapshot)) == 50
    assert not suspected_rows(snapshot).any()
    assert not disturbed_units(snapshot)


@both_databases
def test_raising_again_changes_nothing_and_a_review_is_kept(
    store: Store, clock: SetClock, stuffed: Iterator[tuple[str, Device]]
) -> None:
    code, _device = next(stuffed)
    assert look(store, clock, code) > 0
    rows = waiting(store, code)
    reviewed = review_alarm(
        store=store, clock=clock, account=ASKS, code=code, alarm_id=rows[0].id, justified=True, note="Đã gọi"
    )
    assert (reviewed.status, reviewed.reviewed_by) == ("justified", ASKS.login)
    assert look(store, clock, code) == 0
    assert [one.id for one in waiting(store, code)] == [one.id for one in rows[1:]]
    assert [one.id for one in waiting(store, code, "justified")] == [rows[0].id]


@both_databases
def test_an_alarm_is_reviewed_once_with_a_note_and_only_within_its_round(
    store: Store, clock: SetClock, stuffed: Iterator[tuple[str, Device]]
) -> None:
    code, _device = next(stuffed)
    look(store, clock, code)
    other = make_round(store, clock, code="dot-khac")
    alarm = waiting(store, code)[0]

    def say(
        note: str = "Có lý do", *, within: str = code, number: int = alarm.id, by: Account = ASKS
    ) -> None:
        review_alarm(
            store=store, clock=clock, account=by, code=within, alarm_id=number, justified=False, note=note
        )

    for note in ("", "   ", "x" * 301):
        with pytest.raises(NoteNeeded):
            say(note)
    with pytest.raises(NoSuchAlarm):
        say(within=other)
    with pytest.raises(NoSuchAlarm):
        say(number=10**6)
    with pytest.raises(NoSuchRound):
        say(by=JUDGED)
    say()
    with pytest.raises(AlarmReviewed):
        say()


@both_databases
def test_an_alarm_explained_away_frees_its_responses_in_the_next_snapshot(
    store: Store, clock: SetClock, stuffed: Iterator[tuple[str, Device]]
) -> None:
    code, _device = next(stuffed)
    look(store, clock, code)
    first = freeze(store, clock, code)
    for one in waiting(store, code):
        review_alarm(
            store=store, clock=clock, account=ASKS, code=code, alarm_id=one.id, justified=False, note="Lễ hội"
        )
    second = freeze(store, clock, code)
    marked, free = (open_snapshot(store=store, code_or_folder=one.code) for one in (first, second))
    assert suspected_rows(marked).sum() == TAPS
    assert suspected_rows(free).sum() == 0
    assert first.data_sha256 == second.data_sha256
    assert list(disturbed_units(marked)) == [COMMUNES[0]]
    assert not disturbed_units(free)


@both_databases
def test_a_judged_unit_sees_no_round_no_alarm_and_no_request(
    store: Store, clock: SetClock, stuffed: Iterator[tuple[str, Device]]
) -> None:
    """K11: never visible to the judged unit; T10: as good as absent."""
    code, _device = next(stuffed)
    look(store, clock, code)
    with pytest.raises(NoSuchRound):
        alarms_for(store=store, account=JUDGED, code=code, status="waiting")
    for look_at in (conflicts_for, exclusions_for, approvals_for, quarantined_for):
        with pytest.raises(NoSuchRound):
            look_at(store=store, account=JUDGED, code=code)


@both_databases
def test_more_responses_than_transactions_is_told_only_once_the_numbers_are(
    store: Store, clock: SetClock
) -> None:
    code = make_round(store, clock)
    slips(store, clock, code, ["satisfied"] * 8)
    today = clock.now().date()
    raised = raise_alarms(store=store, clock=clock, code=code, actor="tests", days=[today])
    assert (raised.new, raised.silent) == (0, ("no_minutes", "no_transactions"))
    lines = f"unit,day,transactions\n{COMMUNES[0]},{today},7\n{COMMUNES[1]},{today},0\n"
    told = record_transactions(store=store, clock=clock, code=code, text=lines, actor="tests")
    assert told.numbers == 2
    again = raise_alarms(store=store, clock=clock, code=code, actor="tests", days=[today])
    assert (again.new, again.silent) == (1, ("no_minutes",))
    assert waiting(store, code)[0].facts == {"responses": 8, "transactions": 7}


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "c34-24823,2026-03-02",
        "c34-24823,2026-03-02,-1",
        "c34-24823,2026-02-30,5",
        "nowhere,2026-03-02,5",
        "c34-24823,2026-03-02,5,6",
        "c34-24823,2026-03-02,1e9",
        "c34-24823,2026-03-02,٣",
        'c34-24823,"2026-03-02,5',
        "\0,\0,\0",
    ],
)
def test_wrong_numbers_of_transactions_are_refused_whole(store: Store, clock: SetClock, lines: str) -> None:
    code = make_round(store, clock)
    right = f"{COMMUNES[0]},2026-03-01,5\n" if lines else ""
    with pytest.raises(BadTransactions):
        record_transactions(store=store, clock=clock, code=code, text=right + lines, actor="tests")
    with store.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM transaction_count")) == 0


@both_databases
def test_exclusion_takes_two_persons_leaves_a_reason_and_is_undone_by_two_persons(
    store: Store, clock: SetClock, stuffed: Iterator[tuple[str, Device]]
) -> None:
    """ASVS 2.3.5: by alarm; the manifest counts them; restoring gives the former hash of the rows."""
    code, _device = next(stuffed)
    look(store, clock, code)
    whole = open_snapshot(store=store, code_or_folder=freeze(store, clock, code).code)
    alarm = next(one for one in waiting(store, code) if one.kind == "burst")
    told: dict[str, Any] = {"store": store, "clock": clock, "account": ASKS, "code": code}
    with pytest.raises(NotFoundRight):
        ask_exclusion_by_alarm(**told, alarm_id=alarm.id, reason="Bấm hộ")
    review_alarm(**told, alarm_id=alarm.id, justified=True, note="Cán bộ thừa nhận")
    with pytest.raises(ReasonNeeded):
        ask_exclusion_by_alarm(**told, alarm_id=alarm.id, reason=" ")
    number = ask_exclusion_by_alarm(**told, alarm_id=alarm.id, reason="Bấm hộ")
    with pytest.raises(AlreadyWaiting):
        ask_exclusion_by_alarm(**told, alarm_id=alarm.id, reason="Bấm hộ lần nữa")
    assert freeze(store, clock, code).exclusions == {}
    with pytest.raises(SamePerson):
        grant(store, clock, code, number, by=ASKS)
    grant(store, clock, code, number)
    assert not is_current(store=store, code=f"{code}-0002")
    out = freeze(store, clock, code)
    assert (out.rows, out.exclusions) == (40, {"excluded": TAPS})
    assert [
        (one.approval.id, one.still_out) for one in exclusions_for(store=store, account=ASKS, code=code)
    ] == [(number, TAPS)]
    back = ask_restoration(**told, approval_id=number, reason="Xem lại băng hình")
    grant(store, clock, code, back)
    again = open_snapshot(store=store, code_or_folder=freeze(store, clock, code).code)
    assert again.contents_sha256 == whole.contents_sha256
    assert compute_indices(again).result_sha256 == compute_indices(whole).result_sha256
    with pytest.raises(NothingMeant):
        ask_restoration(**told, approval_id=number, reason="Lần nữa")
    with store.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM response")) == 40 + TAPS


@both_databases
def test_a_refresh_moves_what_was_excluded_since_and_equals_a_full_freeze(
    store: Store, clock: SetClock
) -> None:
    code = make_round(store, clock)
    device = enrolled_kiosk(store, clock, code).device
    first = taps(store, clock, code, device, 12, rating="satisfied")
    freeze(store, clock, code)
    second = taps(store, clock, code, device, 8, rating="neutral")
    freeze(store, clock, code)
    number = left_out(store, clock, code, [first[3], second[0], second[1]])
    out = freeze(store, clock, code)
    assert (out.whole_because, out.fresh, out.reused, out.rewritten) == (None, 0, 0, 17)
    assert out.exclusions == {"excluded": 3}
    whole = freeze(store, clock, code, full=True)
    told = ("rows", "exclusions", "received", "responses", "integrity")
    refreshed, full = (open_snapshot(store=store, code_or_folder=one.code) for one in (out, whole))
    assert refreshed.contents_sha256 == full.contents_sha256
    for name in told:
        if name != "integrity":
            assert refreshed.manifest[name] == full.manifest[name], name
    still = freeze(store, clock, code)
    assert (still.fresh, still.rows) == (0, 17)
    back = ask_restoration(
        store=store, clock=clock, account=ASKS, code=code, approval_id=number, reason="Nhầm"
    )
    grant(store, clock, code, back)
    again = freeze(store, clock, code)
    assert (again.fresh, again.rows, again.exclusions) == (3, 20, {})
    assert is_current(store=store, code=again.code)
    assert (
        open_snapshot(store=store, code_or_folder=again.code).contents_sha256
        == open_snapshot(
            store=store, code_or_folder=freeze(store, clock, code, full=True).code
        ).contents_sha256
    )


@both_databases
def test_the_marks_follow_their_rows_through_refreshes(store: Store, clock: SetClock) -> None:
    """K11: what is marked is the flagged device's rows, whichever batches hold them."""
    code = make_round(store, clock)
    here, there = (enrolled_kiosk(store, clock, code, unit).device for unit in COMMUNES)
    for _ in range(3):
        taps(store, clock, code, here, 4, apart=60, rating="neutral")
        night(clock)
        taps(store, clock, code, there, 3, apart=60)
        look(store, clock, code)
        clock.move(hours=11)
        frozen = freeze(store, clock, code)
    snapshot = open_snapshot(store=store, code_or_folder=frozen.code)
    units, names = snapshot.codes("unit")
    assert len(snapshot.batches) == 3
    assert np.array_equal(suspected_rows(snapshot), units == names.index(COMMUNES[1]))
    assert all(check.holds for check in verify_snapshot(store=store, code=frozen.code))
    (frozen.folder / MARKS).write_bytes((frozen.folder / MARKS).read_bytes()[:-1])
    assert not all(check.holds for check in verify_snapshot(store=store, code=frozen.code))


@both_databases
def test_help_by_an_official_is_left_out_and_help_by_family_is_not(store: Store, clock: SetClock) -> None:
    """A5: answers helped by the office's staff never enter; the manifest says how many."""
    code = make_round(store, clock)
    for helper in ("official", "family", "enumerator", None):
        who = somebody(code, channel="tablet", evidence="A")
        answer(store, clock, code, TOP, replace(who, circumstances=Circumstances(assisted_by=helper)))
    frozen = freeze(store, clock, code)
    assert (frozen.rows, frozen.exclusions) == (3, {"assisted_by_official": 1})
    assert freeze(store, clock, code, full=True).exclusions == frozen.exclusions


@both_databases
def test_a_partial_visit_is_on_the_board_and_in_no_snapshot(store: Store, clock: SetClock) -> None:
    """K7: kept as partial, reported, never counted; excluding it does not change why it is left out."""
    code = make_round(store, clock)
    answer(store, clock, code, TOP)
    with store.transaction() as session:
        columns = (
            "round_id, questionnaire_sha256, unit_id, channel, evidence, stratum, psu, base_weight, answers, "
            "payload_sha256, day_received, simulated"
        )
        partial = uuid4()
        written = partial.hex if store.engine.dialect.name == "sqlite" else str(partial)
        session.execute(
            text(
                f"INSERT INTO response (response_id, status, {columns}) "
                f"SELECT '{written}', 'partial', {columns} FROM response"
            )
        )
    left_out(store, clock, code, [partial])
    frozen = freeze(store, clock, code)
    assert (frozen.rows, frozen.exclusions) == (1, {"partial": 1})
    assert [line.partial for line in board(store=store, code=code).lines if line.partial] == [1]


def test_what_names_no_response_of_the_round_is_not_asked(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    other = make_round(store, clock, code="dot-khac")
    elsewhere = somebody(other)
    answer(store, clock, other, TOP, elsewhere)
    told: dict[str, Any] = {"store": store, "clock": clock, "account": ASKS, "code": code, "reason": "thử"}
    for ids in ([], [uuid4()], [elsewhere.response_id]):
        with pytest.raises(NothingMeant):
            ask_exclusion_of(**told, ids=ids)
    today = clock.now().date()
    with pytest.raises(NothingMeant):
        ask_exclusion(**told, scope=Scope(COMMUNES[0], today, today))


@both_databases
def test_a_conflict_is_shown_without_persons_and_decided_by_two(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    who = somebody(code, channel="kiosk", evidence="B")
    answer(store, clock, code, {"rating": "satisfied", "comment": "Lời góp ý"}, who)
    with pytest.raises(OtherAnswersKept):
        answer(store, clock, code, {"rating": "dissatisfied"}, who)
    (pair,) = conflicts_for(store=store, account=ASKS, code=code)
    assert (pair.first["rating"], pair.second["rating"], pair.asked) == ("satisfied", "dissatisfied", None)
    told: dict[str, Any] = {"store": store, "clock": clock, "account": ASKS, "code": code}
    number = ask_about_conflict(**told, conflict_id=pair.id, take_second=True, reason="Gửi nhầm lần đầu")
    assert conflicts_for(store=store, account=ASKS, code=code)[0].asked == "supersede_response"
    grant(store, clock, code, number)
    assert conflicts_for(store=store, account=ASKS, code=code) == ()
    with pytest.raises(NoSuchConflict):
        ask_about_conflict(**told, conflict_id=pair.id, take_second=False, reason="muộn")
    frozen = freeze(store, clock, code)
    snapshot = open_snapshot(store=store, code_or_folder=frozen.code)
    assert snapshot.scale_values("rating").tolist() == [2]
    with store.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM response")) == 2


@both_databases
def test_two_conflicts_of_one_response_can_both_be_taken_one_after_the_other(
    store: Store, clock: SetClock
) -> None:
    code = make_round(store, clock)
    who = somebody(code)
    for rating in ("satisfied", "dissatisfied", "neutral"):
        try:
            answer(store, clock, code, {"rating": rating}, who)
        except OtherAnswersKept:
            continue
    left_out(store, clock, code, [who.response_id])
    for pair in conflicts_for(store=store, account=ASKS, code=code):
        number = ask_about_conflict(
            store=store,
            clock=clock,
            account=ASKS,
            code=code,
            conflict_id=pair.id,
            take_second=True,
            reason="x",
        )
        grant(store, clock, code, number)
    assert board(store=store, code=code).complete == 1
    answer(store, clock, code, TOP)
    assert freeze(store, clock, code).exclusions == {"excluded": 1}


@both_databases
@pytest.mark.parametrize(
    ("raw", "unit", "problem"),
    [
        (b'{"answers": {"rating": "satisfied", "old_item": "x"}}', COMMUNES[0], None),
        (b'{"answers": {"rating": "satisfied"}, "response_id": "nonsense"}', COMMUNES[0], None),
        (b'{"answers": {"rating": "satisfied"}}', "", "NotThisUnit"),
        (b'{"answers": {"rating": "perfect"}}', COMMUNES[0], "InvalidAnswers"),
        (b'{"answers": []}', COMMUNES[0], "InvalidAnswers"),
        (b"\xff\xfe not json", COMMUNES[0], "InvalidAnswers"),
        (b"[" * 5000, COMMUNES[0], "InvalidAnswers"),
    ],
)
def test_a_quarantined_record_is_tried_again_or_stays_whole(
    store: Store, clock: SetClock, raw: bytes, unit: str, problem: str | None
) -> None:
    """O4: never dropped, never half kept."""
    code = make_round(store, clock)
    quarantine(store=store, clock=clock, raw=raw, reason="SVY-404-95", round_code=code)
    (record,) = quarantined_for(store=store, account=ASKS, code=code).records
    told: dict[str, Any] = {"store": store, "clock": clock, "account": ASKS, "code": code}
    with pytest.raises(NoteNeeded):
        release(**told, record_id=record.row.id, unit_id=unit, note="")
    if problem:
        with pytest.raises(StillWrong) as caught:
            release(**told, record_id=record.row.id, unit_id=unit, note="thử")
        assert type(caught.value.__cause__).__name__ == problem
        assert quarantined_for(store=store, account=ASKS, code=code).waiting == 1
        assert board(store=store, code=code).complete == 0
        keep_out(**told, record_id=record.row.id, note="Không đọc được")
    else:
        release(**told, record_id=record.row.id, unit_id=unit, note="Đổi phiên bản")
        assert board(store=store, code=code).by_evidence == {"C": 1}
    assert quarantined_for(store=store, account=ASKS, code=code).waiting == 0
    with pytest.raises(RecordDecided):
        keep_out(**told, record_id=record.row.id, note="lần nữa")
    with store.reading() as session:
        assert session.scalar(text("SELECT raw FROM quarantined_record")) == raw


def test_a_released_record_is_grade_c_though_it_names_an_assignment(store: Store, clock: SetClock) -> None:
    """Decision 0016: whoever writes the bytes may write any assignment, and one person releases them."""
    code = make_round(store, clock)
    add_enumerator(store, clock)
    raw = json.dumps(record(code, assign(store, clock, code, psu="cum-7"), clock.now())).encode()
    quarantine(store=store, clock=clock, raw=raw, reason="sent by device", round_code=code)
    (waits,) = quarantined_for(store=store, account=ASKS, code=code).records
    release(store=store, clock=clock, account=ASKS, code=code, record_id=waits.row.id, unit_id="", note="thử")
    with store.reading() as session:
        kept = session.execute(text("SELECT evidence, psu FROM response")).one()
    assert tuple(kept) == ("C", "cum-7")


def test_a_record_of_another_round_is_as_good_as_absent(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    other = make_round(store, clock, code="dot-khac")
    quarantine(store=store, clock=clock, raw=b"{}", reason="x", round_code=other)
    (record,) = quarantined_for(store=store, account=ASKS, code=other).records
    assert quarantined_for(store=store, account=ASKS, code=code).waiting == 0
    with pytest.raises(NoSuchRecord):
        keep_out(store=store, clock=clock, account=ASKS, code=code, record_id=record.row.id, note="thử")


@both_databases
def test_a_month_gap_of_a_device_is_one_alarm_about_its_month(store: Store, clock: SetClock) -> None:
    """K11: device against slips of the same unit, 30 and 30; not raised again on each day of the month."""
    code = make_round(store, clock)
    slips(store, clock, code, ["neutral"] * 30)
    device = enrolled_kiosk(store, clock, code).device
    for _ in range(3):
        taps(store, clock, code, device, 15, apart=60)
        look(store, clock, code)
        clock.move(days=1)
    gaps = [one for one in waiting(store, code) if one.kind == "top_box_gap"]
    assert [(one.device, one.day.day) for one in gaps] == [(device.id.hex, 1)]
    assert scope_of(gaps[0]).last - gaps[0].day == timedelta(days=30)


def test_a_round_by_personal_link_has_no_alarms(store: Store, clock: SetClock) -> None:
    code = make_round(
        store, clock, questionnaire="delegates-assessment", population="delegates",
        entry="personal", counted_grades="A", units=(PROVINCE,),
    )  # fmt: skip
    raised = raise_alarms(store=store, clock=clock, code=code, actor="tests")
    assert (raised.new, raised.silent) == (0, ("personal_links",))
