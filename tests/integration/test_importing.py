"""Bulk import: a file is taken whole, once, or told cell by cell what is wrong with it (F16, T15, ASVS 5.2)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from survey.questionnaires import load_shipped
from survey.reports.cells import plain_from_csv
from survey.reports.reading import ERRORS_SHEET, folded
from survey.services.accounts import Account, add_account
from survey.services.clock import Clock
from survey.services.demo.simulator import Mood, Simulator
from survey.services.errors import SamePerson
from survey.services.importing import (
    Taken,
    check_file,
    drop_old_uploads,
    import_template,
    imports_of,
    keep_upload,
    take_file,
    upload_of,
)
from survey.services.importing.asking import ask_to_count
from survey.services.importing.errors import NoSuchUpload, NotByFile, NothingToTake, TooLateToTake, WrongFile
from survey.services.microdata import export_responses
from survey.services.review.approvals import approvals_for, decide
from survey.services.rounds import board, set_status
from survey.storage.models import AuditEventRow, ImportRow, ParadataRow, ResponseRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.rounds import COMMUNES, COUNTER, PROVINCE, answer, make_round, somebody

HEADER = ("form_number", "unit", "stratum", "psu", "base_weight", "day", "rating", "reasons", "comment")
GOOD = ("P-001", "Phường 1 Bảo Lộc", "nông thôn", "thôn 1", 12.5, date(2026, 2, 27), "Hài lòng", None, None)


def _workbook(*rows: Sequence[Any], header: Sequence[str] = HEADER) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Phiếu"
    for row in (header, *rows):
        sheet.append([None if value is None else value for value in row])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _row(number: str, **other: Any) -> tuple[Any, ...]:
    values = dict(zip(HEADER, GOOD, strict=True)) | {"form_number": number, "unit": COMMUNES[0]} | other
    return tuple(values[name] for name in HEADER)


def _take(store: Store, clock: Clock, code: str, raw: bytes, name: str = "phieu.xlsx") -> Taken:
    return take_file(store=store, clock=clock, code=code, raw=raw, name=name, actor="can-bo")


def _problems(
    store: Store, clock: Clock, code: str, raw: bytes, name: str = "phieu.xlsx"
) -> list[tuple[str, str]]:
    checked = check_file(store=store, clock=clock, code=code, raw=raw, name=name)
    return [(one.cell, one.code) for one in checked.problems]


def _rows(store: Store) -> list[ResponseRow]:
    with store.reading() as session:
        return list(session.scalars(select(ResponseRow).order_by(ResponseRow.response_id)))


def _account(store: Store, clock: Clock, login: str) -> Account:
    add_account(
        store=store, clock=clock, login=login, full_name="Người thử", role="official", unit_id=PROVINCE,
        password="mot mat khau du dai",
    )  # fmt: skip
    return Account(login=login, full_name="Người thử", role="official", unit_id=PROVINCE)


@both_databases
def test_a_response_planted_where_ids_were_once_guessable_blocks_no_row(
    store: Store, clock: SetClock
) -> None:
    """The open API takes any id: SHA-256 of round and form number was everybody's to work out."""
    code = make_round(store, clock)
    guessed = UUID(bytes=sha256(f"survey import:{code}:{folded('P-001')}".encode()).digest()[:16])
    answer(store, clock, code, {"rating": "very_dissatisfied"}, somebody(code, guessed))
    taken = _take(store, clock, code, _workbook(_row("P-001")))
    assert (taken.rows, taken.already) == (1, 0)
    assert {row.response_id == guessed: row.answers["rating"] for row in _rows(store)} == {
        True: "very_dissatisfied",
        False: "satisfied",
    }
    raw = _workbook(_row(" p-001 "))
    again = check_file(store=store, clock=clock, code=code, raw=raw, name="lai.xlsx")
    assert (again.forms, again.already, again.problems) == ((), 1, ())


@both_databases
def test_a_file_is_taken_whole_with_its_place_in_the_design(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    second = _row(
        "P-002",
        rating=5,
        reasons="Thời gian chờ; Khác",
        comment="+84 và 1<2",
        base_weight=None,
        psu=None,
        stratum=None,
        day=None,
    )
    taken = _take(store, clock, code, _workbook(_row("P-001"), second))
    assert (taken.rows, taken.already, taken.grade) == (2, 0, "C")
    by_weight = {row.base_weight: row for row in _rows(store)}
    one, other = by_weight[12.5], by_weight[1.0]
    assert (one.stratum, one.psu, one.day_received) == ("nông thôn", "thôn 1", date(2026, 2, 27))
    assert one.answers == {"rating": "satisfied"}
    assert other.answers == {
        "rating": "very_satisfied",
        "reasons": ["waiting", "other"],
        "comment": "+84 và 1<2",
    }
    assert (other.stratum, other.psu, other.day_received) == (
        COMMUNES[0],
        f"{COMMUNES[0]}:2026-03-02",
        date(2026, 3, 2),
    )
    assert {row.channel for row in (one, other)} == {"import"}
    with store.reading() as session:
        (batch,) = session.scalars(select(ImportRow))
        (event,) = session.scalars(select(AuditEventRow).where(AuditEventRow.action == "responses imported"))
        paradata = list(session.scalars(select(ParadataRow)))
    assert event.details["sha256"] == batch.file_sha256 == taken.file_sha256
    assert {(row.collected_by, tuple(row.flags), row.late) for row in paradata} == {
        ("can-bo", (f"import-{batch.id}",), False)
    }


@both_databases
def test_the_same_file_again_adds_nothing_and_says_so(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    raw = _workbook(_row("P-001"), _row("P-002"))
    _take(store, clock, code, raw)
    again = _take(store, clock, code, raw)
    assert (again.rows, again.already, again.replayed) == (0, 2, True)
    assert board(store=store, code=code).complete == 2
    assert len(imports_of(store=store, code=code)) == 1


@both_databases
def test_the_same_forms_in_another_file_add_only_what_is_new(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    _take(store, clock, code, _workbook(_row("P-001")))
    with pytest.raises(NothingToTake):
        _take(store, clock, code, "form_number,unit,stratum,psu,base_weight,rating\r\n"
              f"p-001,{COMMUNES[0]},nông thôn,thôn 1,12.5,satisfied\r\n".encode(), "phieu.csv")  # fmt: skip
    taken = _take(store, clock, code, _workbook(_row("P-001"), _row("P-002")))
    assert (taken.rows, taken.already) == (1, 1)
    assert board(store=store, code=code).complete == 2


@both_databases
def test_other_content_under_a_number_taken_before_is_told_by_its_cell(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    _take(store, clock, code, _workbook(_row("P-001"), _row("P-002")))
    raw = _workbook(_row("P-001", rating="Bình thường"), _row("P-002", base_weight=2), _row("P-003"))
    assert _problems(store, clock, code, raw) == [("A2", "other-answers"), ("A3", "other-answers")]
    with pytest.raises(WrongFile):
        _take(store, clock, code, raw)
    assert board(store=store, code=code).complete == 2


BAD: Mapping[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "an answer that nobody could give": ({"rating": "Tuyệt vời"}, ("G2", "unknown-option")),
    "a number beyond the scale": ({"rating": 6}, ("G2", "unknown-option")),
    "a truth value as an answer": ({"rating": True}, ("G2", "unknown-option")),
    "no answer to a required item": ({"rating": None, "comment": "tốt"}, ("G2", "required")),
    "no answer at all": ({"rating": None}, ("A2", "empty-form")),
    "a choice made twice": ({"rating": 1, "reasons": "Khác; other"}, ("H2", "repeated-option")),
    "a text beyond its length": ({"comment": "x" * 9_000}, ("I2", "too-long")),
    "a unit of another round": ({"unit": "Xã Không Có"}, ("B2", "unknown-unit")),
    "no unit": ({"unit": None}, ("B2", "no-unit")),
    "a weight of nothing": ({"base_weight": 0}, ("E2", "bad-weight")),
    "a weight in words": ({"base_weight": "mười"}, ("E2", "bad-weight")),
    "a day in words": ({"day": "hôm qua"}, ("F2", "bad-day")),
    "a day that has not come": ({"day": date(2026, 3, 3)}, ("F2", "day-outside")),
    "a day before the round": ({"day": "31/12/2025"}, ("F2", "day-outside")),
    "no number": ({"form_number": None}, ("A2", "no-number")),
    "a stratum as long as a book": ({"stratum": "x" * 81}, ("C2", "label-too-long")),
    "a formula": ({"comment": "=1+1", "rating": "=1+1"}, ("G2", "formula")),
}


@pytest.mark.parametrize("fault", BAD)
@both_databases
def test_one_wrong_cell_is_told_by_its_address_and_nothing_is_written(
    store: Store, clock: SetClock, fault: str
) -> None:
    code, (wrong, expected) = make_round(store, clock), BAD[fault]
    raw = _workbook(_row("P-001", **wrong), _row("P-002"))
    assert expected in _problems(store, clock, code, raw)
    with pytest.raises(WrongFile):
        _take(store, clock, code, raw)
    assert _rows(store) == []
    assert imports_of(store=store, code=code) == ()


def test_every_problem_of_a_file_is_told_at_once(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    raw = _workbook(_row("P-001", rating=9, base_weight=-1), _row("P-001"), _row("P-001"), _row("", day="x"))
    found = _problems(store, clock, code, raw)
    assert found == [
        ("E2", "bad-weight"),
        ("G2", "unknown-option"),
        ("A4", "repeated-form"),
        ("A5", "no-number"),
        ("F5", "bad-day"),
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ([*HEADER, "rating.old"], ("J1", "unknown-column")),
        ([name for name in HEADER if name != "form_number"], ("A1", "missing-column")),
        ([name for name in HEADER if name != "unit"], ("A1", "missing-column")),
        ([name for name in HEADER if name != "rating"], ("A1", "missing-column")),
        ([*HEADER, "reasons/other"], ("H1", "column-twice")),
        ([*HEADER, " RATING "], ("J1", "repeated-header")),
    ],
)  # fmt: skip
def test_a_wrong_header_is_told_by_its_cell(
    store: Store, clock: SetClock, header: list[str], expected: tuple[str, str]
) -> None:
    code = make_round(store, clock)
    row = dict(zip(HEADER, _row("P-001", comment="tốt"), strict=True))
    raw = _workbook([row.get(name, "x") for name in header], header=header)
    assert expected in _problems(store, clock, code, raw)


def test_headers_may_be_the_questions_themselves(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock, units=COMMUNES[:1])
    asked = load_shipped("service-counter").item("rating").text
    for number, language in enumerate(("vi", "en")):
        label = load_shipped("service-counter").item("rating").scale.option("neutral").label.in_(language)  # type: ignore[union-attr]  # a rating has a scale
        raw = _workbook([f"P{number}", label], header=["Mã phiếu", asked.in_(language)])
        assert _take(store, clock, code, raw).rows == 1


def test_simulated_rows_never_enter_a_real_round(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    raw = _workbook([*_row("P-001"), "mô phỏng"], header=[*HEADER, "simulated"])
    assert ("J2", "simulated") in _problems(store, clock, code, raw)


def test_a_round_by_personal_link_takes_no_file(store: Store, clock: SetClock) -> None:
    """Section 4.4: nobody could tell whether a form's person has answered by their link."""
    code = make_round(
        store, clock, questionnaire="delegates-assessment", population="delegates", entry="personal",
        units=(PROVINCE,),
    )  # fmt: skip
    with pytest.raises(NotByFile):
        _take(store, clock, code, _workbook(_row("P-001")))


def test_a_round_takes_files_for_two_weeks_after_its_end_and_marks_them_late(
    store: Store, clock: SetClock
) -> None:
    """O5."""
    code = make_round(store, clock, closes_on=date(2026, 3, 1))
    set_status(store=store, clock=clock, code=code, status="closed", actor="tests")
    assert _take(store, clock, code, _workbook(_row("P-001", day=None))).rows == 1
    with store.reading() as session:
        assert [row.late for row in session.scalars(select(ParadataRow))] == [True]
    assert _rows(store)[0].day_received == date(2026, 3, 1)
    clock.move(days=14)
    with pytest.raises(TooLateToTake):
        _take(store, clock, code, _workbook(_row("P-002")))


@both_databases
def test_two_who_take_the_same_file_at_once_add_it_once(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    raw, start, outcomes = _workbook(*(_row(f"P-{number}") for number in range(40))), Barrier(2), []

    def take() -> None:
        start.wait()
        try:
            outcomes.append(_take(store, clock, code, raw).rows)
        except Exception as error:  # noqa: BLE001  # told below
            outcomes.append(type(error).__name__)

    threads = [Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert board(store=store, code=code).complete == 40
    assert sorted(map(str, outcomes)) in (["0", "40"], ["40", "RoundMoved"])


def test_an_id_that_a_phone_used_is_told_by_its_cell(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    who = somebody(code)
    answer(store, clock, code, COUNTER, who)
    raw = _workbook(
        [str(who.response_id), COMMUNES[0], "Không hài lòng"],
        ["no-uuid", COMMUNES[0], 1],
        header=["response_id", "unit", "rating"],
    )
    assert _problems(store, clock, code, raw) == [("A2", "other-answers"), ("A3", "bad-uuid")]


@both_databases
def test_imported_forms_count_only_when_two_persons_say_so(store: Store, clock: SetClock) -> None:
    """K12, ASVS 2.3.5, decision 0015: grade C by itself, A after another person's grant, and for that file only."""
    code = make_round(store, clock, counted_grades="A")
    first, second = _account(store, clock, "nguoi-mot"), _account(store, clock, "nguoi-hai")
    raw, other = _workbook(_row("P-001")), _workbook(_row("P-001"), _row("P-002"))
    number = ask_to_count(
        store=store, clock=clock, account=first, code=code, raw=raw, name="p.xlsx", reason="mẫu 12/KH"
    )
    with pytest.raises(SamePerson):
        decide(store=store, clock=clock, account=first, code=code, approval_id=number, grant=True)
    assert check_file(store=store, clock=clock, code=code, raw=raw, name="p.xlsx").grade == "C"
    decide(store=store, clock=clock, account=second, code=code, approval_id=number, grant=True)
    assert check_file(store=store, clock=clock, code=code, raw=other, name="p.xlsx").grade == "C"
    assert _take(store, clock, code, raw).grade == "A"
    assert [row.evidence for row in _rows(store)] == ["A"]
    assert board(store=store, code=code).counted == 1
    (asked,) = approvals_for(store=store, account=second, code=code)
    assert asked.details["rows"] == 1


def test_only_a_file_that_could_be_taken_is_asked_about(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    account = _account(store, clock, "nguoi-mot")
    with pytest.raises(WrongFile):
        ask_to_count(
            store=store,
            clock=clock,
            account=account,
            code=code,
            raw=_workbook(_row("P", rating=9)),
            name="p.xlsx",
            reason="x",
        )
    assert approvals_for(store=store, account=account, code=code) == ()


def _numbered(exported: bytes) -> bytes:
    """Give every row of an export a form number, as an official would in a column of their own."""
    lines = list(csv.reader(io.StringIO(exported.decode("utf-8-sig"), newline="")))
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow([*lines[0], "form_number"])
    writer.writerows([[*line, f"X{number}"] for number, line in enumerate(lines[1:])])
    return made.getvalue().encode("utf-8-sig")


def _content(exported: bytes, without: Iterable[str] = ("channel", "evidence")) -> list[list[str]]:
    lines = list(csv.reader(io.StringIO(exported.decode("utf-8-sig"), newline="")))
    left = [place for place, name in enumerate(lines[0]) if name not in set(without)]
    return sorted([[line[place] for place in left] for line in lines])


NAUGHTY = (
    "=1+1", "+84", "-5", "@SUM(A1)", "'quoted", "<script>alert(1)</script>", "{{ 7*7 }}", "%(x)s", "a;b,c\td",
    "dòng một\ndòng hai", "ÊĐê ê̆ ô̆ ơ̆ ư̆", "🇻🇳👩‍👩‍👧", "‮ngược", "ﬁ", "_x0041_", "NULL", "'; DROP TABLE response;--",
    "0x10", "1e5", "TRUE", "  đầu cuối  ",
)  # fmt: skip


@pytest.mark.parametrize("questionnaire", ["service-counter", "sipas-households-2024"])
@both_databases
def test_an_export_taken_into_an_empty_round_gives_the_same_export(
    store: Store, clock: SetClock, tmp_path: Path, questionnaire: str
) -> None:
    """V9: every answer, blank, “do not know” and skipped branch comes back; BLNS-like comments too."""
    asked = load_shipped(questionnaire)
    simulator, exports = Simulator(asked, Mood(0.3), "vòng"), []
    for code in ("dot-mot", "dot-hai"):
        make_round(store, clock, code=code, questionnaire=questionnaire, entry="open")
    comment = next((item.id for item in asked.items if item.scale is None), None)
    for number, text in enumerate(NAUGHTY):
        raw = {**simulator.answers(0.2, f"{number}"), **({comment: text} if comment else {})}
        answer(
            store,
            clock,
            "dot-mot",
            raw,
            somebody("dot-mot", base_weight=1.5 + number, psu=f"thôn {number % 3}"),
        )
    for code in ("dot-mot", "dot-hai"):
        path = tmp_path / f"{code}.csv"
        export_responses(store=store, clock=clock, code=code, target=path, actor="tests", comments=True)
        if code == "dot-mot":
            assert _take(store, clock, "dot-hai", _numbered(path.read_bytes()), "xuat.csv").rows == len(
                NAUGHTY
            )
        exports.append(_content(path.read_bytes()))
    assert exports[0] == exports[1]
    assert comment is None or any(plain_from_csv(cell) == "=1+1" for line in exports[1] for cell in line)
    with store.reading() as session:
        hashes = session.execute(
            select(ResponseRow.round_id, func.count(ResponseRow.payload_sha256.distinct())).group_by(
                ResponseRow.round_id
            )
        )
        assert len({count for _, count in hashes}) == 1


def test_an_exported_workbook_with_its_row_of_labels_is_taken(
    store: Store, clock: SetClock, tmp_path: Path
) -> None:
    for code in ("dot-mot", "dot-hai"):
        make_round(store, clock, code=code)
    answer(store, clock, "dot-mot", {"rating": "no_opinion", "reasons": ["other"]})
    path = tmp_path / "xuat.xlsx"
    export_responses(store=store, clock=clock, code="dot-mot", target=path, actor="tests")
    book = load_workbook(path)
    sheet = book.worksheets[0]
    last = sheet.max_column + 1
    for row, value in ((1, "form_number"), (2, "Mã phiếu"), (3, "1")):
        sheet.cell(row, last, value)
    book.save(path)
    assert _take(store, clock, "dot-hai", path.read_bytes()).rows == 1
    assert [row.answers for row in _rows(store)][0] == [row.answers for row in _rows(store)][1]


@pytest.mark.parametrize(
    "questionnaire", ["service-counter", "sipas-households-2024", "sipas-service-users-2017"]
)
def test_the_template_filled_in_is_taken(store: Store, clock: SetClock, questionnaire: str) -> None:
    asked = load_shipped(questionnaire)
    code = make_round(store, clock, questionnaire=asked, entry="open")
    book = load_workbook(io.BytesIO(import_template(store=store, code=code)))
    assert [sheet.title for sheet in book] == ["Phiếu trả lời", "Hướng dẫn", "Mã trả lời"]
    sheet = book["Phiếu trả lời"]
    heads = [cell.value for cell in sheet[1]]
    assert {item.id for item in asked.items} <= {str(head).split("/")[0] for head in heads}
    simulator = Simulator(asked, Mood(0.0), "mẫu")
    for number in range(12):
        given = simulator.answers(0.1, f"{number}")
        for column, head in enumerate(heads, start=1):
            sheet.cell(3 + number, column, _filled(asked, given, str(head), number))
    made = io.BytesIO()
    book.save(made)
    checked = check_file(store=store, clock=clock, code=code, raw=made.getvalue(), name="mau.xlsx")
    assert [(one.cell, one.code) for one in checked.problems] == []
    assert [dict(form.answers) for form in checked.forms] == [
        {
            item: list(value) if isinstance(value, tuple) else value
            for item, value in simulator.answers(0.1, f"{number}").items()
        }
        for number in range(12)
    ]


def _filled(asked: Any, given: Mapping[str, Any], head: str, number: int) -> Any:
    item, _, option = head.partition("/")
    if option:
        return 1 if option in given.get(item, ()) else None
    if head in asked:
        found = asked.item(head)
        value = given.get(head)
        return found.scale.option(value).label.in_("vi") if value is not None and found.scale else value
    return {"form_number": f"M{number}", "unit": "Phường 1 Bảo Lộc" if number % 2 else COMMUNES[0]}.get(head)


def test_the_lists_of_the_template_offer_every_unit_and_option(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    book = load_workbook(io.BytesIO(import_template(store=store, code=code)))
    rules = {str(rule.sqref): rule.formula1 for rule in book["Phiếu trả lời"].data_validations.dataValidation}
    heads = [cell.value for cell in book["Phiếu trả lời"][1]]
    letter = "ABCDEFGHIJKLMNOP"[heads.index("rating")]
    where = rules[f"{letter}3:{letter}5002"].split("!")[1].replace("$", "")
    offered = [row[0].value for row in book["Mã trả lời"][where]]
    scale = load_shipped("service-counter").item("rating").scale
    assert scale is not None
    assert offered == [option.label.in_("vi") for option in scale.options]


def test_the_marked_file_lists_every_problem_and_comes_back_mended(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    raw = _workbook(_row("P-001", rating="Tuyệt <b>vời</b>"), _row("P-002", comment="=SUM(1)", day="x"))
    checked = check_file(store=store, clock=clock, code=code, raw=raw, name="phieu.xlsx")
    book = load_workbook(io.BytesIO(checked.marked()))
    assert book.sheetnames == [ERRORS_SHEET, "Phiếu"]
    listed = [[cell.value for cell in row] for row in book[ERRORS_SHEET].iter_rows(min_row=2)]
    assert [line[2] for line in listed] == ["G2", "F3", "I3"]
    assert "Tuyệt <b>vời</b>" in listed[0][3]
    assert book[ERRORS_SHEET]["C2"].hyperlink.location == "'Phiếu'!G2"
    data = book["Phiếu"]
    assert all(data[cell].comment is not None for cell in ("G2", "F3", "I3"))
    assert data["G2"].fill.start_color.rgb != data["A2"].fill.start_color.rgb
    data["G2"], data["F3"], data["I3"] = "Hài lòng", date(2026, 2, 1), "tốt"
    made = io.BytesIO()
    book.save(made)
    assert _take(store, clock, code, made.getvalue()).rows == 2


def test_a_kept_file_is_its_senders_for_an_hour(store: Store, clock: SetClock) -> None:
    """T15: never served to another account, not even of the same province; then deleted."""
    kept: dict[str, Any] = {"store": store, "clock": clock, "code": "quay-thu"}
    upload = keep_upload(login="mot", name="p.xlsx", raw=b"raw", found={"new": 1}, **kept)
    assert upload_of(login="mot", upload=upload, **kept).raw == b"raw"
    path = store.folder / "uploads" / f"{upload}.file"
    assert path.stat().st_mode & 0o077 == 0
    for login, code, name in (
        ("hai", "quay-thu", upload),
        ("mot", "khac", upload),
        ("mot", "quay-thu", "../x"),
        ("mot", "quay-thu", "0" * 32),
    ):
        with pytest.raises(NoSuchUpload):
            upload_of(store=store, clock=clock, login=login, code=code, upload=name)
    clock.move(minutes=61)
    with pytest.raises(NoSuchUpload):
        upload_of(login="mot", upload=upload, **kept)
    assert drop_old_uploads(store=store, clock=clock) == 1
    assert not path.exists()
