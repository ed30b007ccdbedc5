"""Officials give enumerators their work: by form, by file, by command; all or none, within their province (O13)."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import select

from survey.services.accounts import add_account
from survey.services.errors import NoSuchRound
from survey.services.tablets.assignment_lists import read_assignments
from survey.services.tablets.assignments import NewAssignment, make_assignments, withdraw
from survey.services.tablets.errors import BadAssignments, NoSuchAssignment
from survey.storage.models import AssignmentRow, AuditEventRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.tablets import LOGIN, PASSWORD, add_enumerator, assign
from tests.rounds import COMMUNES, PROVINCE, make_round

CODE = "quay-thu"
HEAD = ["Điều tra viên", "Đơn vị được đánh giá", "Địa điểm", "Số phiếu", "Trọng số", "Hạn"]


def workbook(*lines: list[object], head: list[str] = HEAD) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Việc"
    table: list[list[Any]] = [list(head), *lines]
    for line in table:
        sheet.append(line)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def read(raw: bytes, name: str = "viec.xlsx") -> tuple[NewAssignment, ...]:
    return read_assignments(raw, name=name, people={LOGIN}, units=set(COMMUNES))


def test_a_list_is_read_with_units_by_name_numbers_and_days_as_people_write_them() -> None:
    full = "Phường 1 Bảo Lộc"
    lines = read(
        workbook(
            [LOGIN, COMMUNES[0], "Thôn 1", 12, "1,5", date(2026, 3, 9)],
            [LOGIN.upper(), full, " Thôn  2 ", 3.0, None, "09/03/2026"],
        )
    )
    assert [(one.wanted, one.place, one.base_weight, one.due_on) for one in lines] == [
        (12, "Thôn 1", 1.5, date(2026, 3, 9)),
        (3, "Thôn 2", 1.0, date(2026, 3, 9)),
    ]
    assert {one.unit_id for one in lines} <= set(COMMUNES)


def test_every_wrong_cell_of_a_list_is_named() -> None:
    raw = workbook(
        [LOGIN, COMMUNES[0], "Thôn 1", 5, None, None],
        ["nobody", "Huế", None, "nhiều", "-1", "hôm qua"],
    )
    with pytest.raises(BadAssignments) as caught:
        read(raw)
    told = str(caught.value.places["problems"])
    assert [f"!{cell}:" in told for cell in ("A3", "B3", "C3", "D3", "E3", "F3")] == [True] * 6
    assert "!A2:" not in told


@pytest.mark.parametrize("head", [["Điều tra viên"], ["STT", "Tên"]])
def test_a_list_without_its_columns_is_refused(head: list[str]) -> None:
    with pytest.raises(BadAssignments):
        read(workbook([LOGIN], head=head))


def test_a_list_without_lines_is_refused() -> None:
    with pytest.raises(BadAssignments):
        read(workbook())


@both_databases
def test_work_is_given_whole_or_not_at_all(store: Store, clock: SetClock) -> None:
    make_round(store, clock)
    add_enumerator(store, clock)
    good = NewAssignment(LOGIN, COMMUNES[0], "Thôn 1", 3)
    bad = [
        NewAssignment("nobody", COMMUNES[0], "Thôn 1", 3),
        NewAssignment(LOGIN, PROVINCE, "Thôn 1", 3),
        NewAssignment(LOGIN, COMMUNES[0], " ", 3),
        NewAssignment(LOGIN, COMMUNES[0], "Thôn 1", 0),
        NewAssignment(LOGIN, COMMUNES[0], "Thôn 1", 3, base_weight=float("nan")),
        NewAssignment(LOGIN, COMMUNES[0], "Thôn 1", 3, due_on=date(2030, 1, 1)),
        NewAssignment(LOGIN, COMMUNES[0], "Thôn\x00", 3),
    ]
    for one in bad:
        with pytest.raises(BadAssignments, match="2:"):
            make_assignments(store=store, clock=clock, actor="tests", round_code=CODE, new=[good, one])
    with pytest.raises(NoSuchRound):
        make_assignments(store=store, clock=clock, actor="tests", round_code="none", new=[good])
    with store.reading() as session:
        assert session.scalars(select(AssignmentRow)).all() == []
    make_assignments(store=store, clock=clock, actor="tests", round_code=CODE, new=[good])
    with store.reading() as session:
        [row] = session.scalars(select(AssignmentRow))
        assert (row.stratum, row.psu) == (COMMUNES[0], f"{COMMUNES[0]}:Thôn 1")
        assert "assignments made" in session.scalars(select(AuditEventRow.action)).all()


@both_databases
def test_an_assignment_of_another_round_is_not_withdrawn_through_this_one(
    store: Store, clock: SetClock
) -> None:
    make_round(store, clock)
    make_round(store, clock, code="quay-hai")
    add_enumerator(store, clock)
    found = assign(store, clock, CODE)
    for code, wrong in (("quay-hai", found), (CODE, uuid4()), ("none", found)):
        with pytest.raises(NoSuchAssignment):
            withdraw(store=store, clock=clock, actor="tests", round_code=code, assignment_id=wrong)


def test_the_page_gives_work_by_form_and_by_file_and_takes_it_back(
    app: Flask, store: Store, clock: SetClock, tmp_path: Path
) -> None:
    make_round(store, clock)
    add_enumerator(store, clock)
    add_account(
        store=store, clock=clock, login="can-bo", full_name="Cán bộ", role="official",
        unit_id=PROVINCE, password=PASSWORD,
    )  # fmt: skip
    client = app.test_client()
    page = client.get("/office/sign-in").text
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    client.post("/office/sign-in", data={"csrf_token": token, "login": "can-bo", "password": PASSWORD})
    address = f"/office/rounds/{CODE}/fieldwork/assignments/"
    page = client.get(address).text
    assert "Chưa giao việc nào" in page
    token = page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    sent = {"csrf_token": token, "login": LOGIN, "unit": COMMUNES[0], "place": "Thôn 1", "wanted": "7"}
    assert client.post(address, data={**sent, "wanted": "x"}).status_code == 422
    assert client.post(address, data=sent).status_code == 303
    for raw, status in ((workbook([LOGIN, COMMUNES[1], "Thôn 2", 3]), 303), (workbook(["x"]), 422)):
        file = (io.BytesIO(raw), "viec.xlsx")
        answer = client.post(f"{address}list", data={"csrf_token": token, "file": file})
        assert answer.status_code == status, answer.text
    assert client.post(f"{address}queue", data={"csrf_token": token}).status_code == 422
    page = client.get(address).text
    assert "Thôn 1" in page
    assert "0 phiếu trên 10 phiếu được giao" in page
    with store.reading() as session:
        found = session.scalars(select(AssignmentRow.id)).all()[0]
    assert client.post(f"{address}{found.hex}/withdraw", data={"csrf_token": token}).status_code == 303
    assert client.post(f"{address}zz/withdraw", data={"csrf_token": token}).status_code == 404
    assert "Đã thu hồi" in client.get(address).text
