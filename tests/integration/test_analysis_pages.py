"""Analysts over HTTP: freezing, computing again, the same hash as by command; nobody else may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from survey.services.accounts import Account
from survey.services.indices import compute_indices
from survey.services.snapshots import freeze_snapshot, open_snapshot, snapshots_for
from survey.storage import results
from survey.storage.models import ResultRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Person
from tests.integration.office_fixture import CODE, ELSEWHERE, RECEIVED, fill, official, press, token
from tests.rounds import PROVINCE, freeze_and_compute, make_round

People = Callable[[], Person]
ANALYST = Account("analyst.p34-68", "Nguyễn Thị Hạnh", "analyst", PROVINCE)


def _analyst(store: Store, clock: SetClock, person: People, unit_id: str = PROVINCE) -> Person:
    return official(store, clock, person(), role="analyst", unit_id=unit_id)


@both_databases
def test_an_analyst_freezes_and_recomputes_the_same_numbers_as_the_command_line(
    store: Store, clock: SetClock, person: People
) -> None:
    fill(store, clock)
    somebody = _analyst(store, clock, person)
    somebody.open(f"/analysis/rounds/{CODE}/")
    assert "Chưa có bản chốt số liệu" in somebody.page.text
    press(somebody, "/freeze")
    assert f"Đã chốt {CODE}-0001: {RECEIVED} phiếu" in somebody.page.text
    press(somebody, "/recompute", snapshot=f"{CODE}-0001", formula="satisfied-share")
    expected = compute_indices(
        open_snapshot(store=store, code_or_folder=f"{CODE}-0001"), formula_id="satisfied-share"
    )
    assert "Đã tính lần đầu" in somebody.page.text
    assert expected.result_sha256 in somebody.page.text
    assert f"survey recompute {CODE}-0001 --formula satisfied-share" in somebody.page.text
    whole = expected.overall
    shown = [
        f"{figure:.4f}".replace(".", ",") for figure in (whole.value, whole.se, whole.ci_low, whole.ci_high)
    ]
    assert " ".join([*shown, str(whole.n)]) in somebody.page.text
    (kept,) = snapshots_for(store=store, account=ANALYST, code=CODE)
    assert [row.result_sha256 for row in kept.results] == [expected.result_sha256]


def test_computing_again_says_that_the_hash_is_the_one_kept(
    store: Store, clock: SetClock, person: People
) -> None:
    fill(store, clock)
    snapshot = freeze_and_compute(store, clock, CODE)[0].code
    clock.move(hours=1)
    somebody = _analyst(store, clock, person)
    somebody.open(f"/analysis/rounds/{CODE}/")
    press(somebody, "/recompute", snapshot=snapshot, formula="")
    assert "trùng mã băm với kết quả lưu lúc 02/03/2026 10:00" in somebody.page.text


def test_a_kept_result_with_another_hash_is_pointed_out(
    store: Store, clock: SetClock, person: People
) -> None:
    fill(store, clock)
    snapshot = freeze_snapshot(store=store, clock=clock, round_code=CODE, actor="tests").code
    with store.transaction() as session:
        row = results.snapshot_by_code(session, snapshot)
        assert row is not None
        other = ResultRow(
            snapshot_id=row.id,
            formula="satisfied-share",
            result_sha256="0" * 64,
            figures_sha256="0" * 64,
            code_version="0.0.1",
            computed_at=clock.now(),
        )
        results.keep_result(session, other)
    somebody = _analyst(store, clock, person)
    somebody.open(f"/analysis/rounds/{CODE}/")
    press(somebody, "/recompute", snapshot=snapshot, formula="satisfied-share")
    assert "mã băm KHÁC" in somebody.page.text
    assert "khác" in somebody.page.text.split("So với lần tính này")[1]


@pytest.mark.parametrize("role", ["official", "administrator"])
def test_only_analysts_may_freeze_or_recompute(
    store: Store, clock: SetClock, person: People, role: str
) -> None:
    fill(store, clock)
    somebody = official(store, clock, person(), role=role)
    fields: Any = [("csrf_token", token(somebody)), ("snapshot", f"{CODE}-0001")]
    assert somebody.open(f"/analysis/rounds/{CODE}/").status == 403
    assert somebody.post(f"/analysis/rounds/{CODE}/freeze", fields).status == 403
    assert somebody.post(f"/analysis/rounds/{CODE}/recompute", fields).status == 403
    assert snapshots_for(store=store, account=ANALYST, code=CODE) == ()
    somebody.open(f"/office/rounds/{CODE}/")
    assert not any("/analysis/" in link for link in somebody.page.links)


def test_an_analyst_of_another_province_finds_no_round_and_writes_nothing(
    store: Store, clock: SetClock, person: People
) -> None:
    fill(store, clock)
    stranger = _analyst(store, clock, person, unit_id=ELSEWHERE)
    fields = [("csrf_token", token(stranger))]
    assert stranger.open(f"/analysis/rounds/{CODE}/").status == 404
    assert stranger.post(f"/analysis/rounds/{CODE}/freeze", fields).status == 404
    assert snapshots_for(store=store, account=ANALYST, code=CODE) == ()


def test_a_snapshot_of_another_round_is_refused_even_by_its_folder(
    store: Store, clock: SetClock, person: People
) -> None:
    fill(store, clock)
    fill(store, clock, "cua-tinh-khac", ELSEWHERE)
    frozen = freeze_snapshot(store=store, clock=clock, round_code="cua-tinh-khac", actor="tests")
    somebody = _analyst(store, clock, person)
    secret = ("csrf_token", token(somebody))
    for asked in (frozen.code, str(frozen.folder), f"../snapshots/{frozen.code}", ""):
        page = somebody.post(f"/analysis/rounds/{CODE}/recompute", [secret, ("snapshot", asked)])
        assert (page.status, "SVY-404-91" in page.text) == (404, True), asked
    assert somebody.open(f"/analysis/rounds/{CODE}/results/{frozen.code}/satisfied-share").status == 404


def test_a_formula_that_the_questionnaire_has_not_is_not_found(
    store: Store, clock: SetClock, person: People
) -> None:
    fill(store, clock)
    snapshot = freeze_snapshot(store=store, clock=clock, round_code=CODE, actor="tests").code
    somebody = _analyst(store, clock, person)
    assert somebody.open(f"/analysis/rounds/{CODE}/results/{snapshot}/khong-co").status == 404


def test_an_empty_round_is_not_frozen_and_says_why(store: Store, clock: SetClock, person: People) -> None:
    make_round(store, clock, code="dot-rong")
    somebody = _analyst(store, clock, person)
    somebody.open("/analysis/rounds/dot-rong/")
    page = press(somebody, "/freeze")
    assert page.status == 422
    assert "chưa có phiếu nào được tính" in page.text
