"""The paper desk over HTTP: officials and keyers without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask

from survey.services.paper.numbers import form_number
from survey.services.rounds import board
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Person
from tests.integration.paper_desk import (
    HOUSEHOLDS,
    PASSWORD,
    ROUND,
    keyed,
    line,
    paper_round,
    person,
    returned,
)
from tests.rounds import COMMUNES

OpenPerson = Callable[[], Person]
DESK = f"/office/rounds/{ROUND}/fieldwork/paper/"


@pytest.fixture
def visitor(app: Flask, store: Store, clock: SetClock) -> Callable[[str, str], Person]:
    """Makes somebody with an account who is signed in."""

    def signed_in(login: str, role: str = "enumerator") -> Person:
        person(store, clock, login, role)
        made = Person(app)
        made.open("/office/sign-in?next=/keying/" if role == "enumerator" else "/office/sign-in")
        made.send({"login": login, "password": PASSWORD})
        return made

    return signed_in


def _form(page: object, ending: str) -> object:
    return next(one for one in page.forms if one.action.endswith(ending))  # type: ignore[attr-defined]  # a Page


def _without_token(html: str) -> str:
    return re.sub(r'name="csrf_token"[^>]*value="[^"]*"', "", html)


@both_databases
class TestKeyers:
    def test_the_second_keyer_s_page_tells_nothing_of_the_first_keying(
        self, store: Store, clock: SetClock, visitor: Callable[..., Person]
    ) -> None:
        """The page of who keys second is, but for the token, what it was before anybody keyed."""
        paper_round(store, clock)
        number, _other = returned(store, clock)
        second = visitor("nhap.hai")
        before = second.open(f"/keying/forms/{number}/").html
        said = {"rating": "very_dissatisfied", "reasons": ["attitude"], "comment": "điều người thứ nhất gõ"}
        keyed(store, clock, person(store, clock, "nhap.mot"), number, said)
        after = second.open(f"/keying/forms/{number}/").html
        assert _without_token(before) == _without_token(after)
        assert "điều người thứ nhất gõ" not in second.open("/keying/").html

    def test_two_keyers_key_a_form_by_its_number_without_scripts(
        self, store: Store, clock: SetClock, visitor: Callable[..., Person]
    ) -> None:
        paper_round(store, clock)
        number, _other = returned(store, clock)
        for login in ("nhap.mot", "nhap.hai"):
            keyer = visitor(login)
            assert keyer.open("/keying/").status == 200
            keyer.send({"number": number.replace("-", "")})
            assert keyer.page.address == f"/keying/forms/{number}/"
            keyer.send({"rating": "satisfied", "reasons": ["waiting"]})
        assert "khớp nhau" in keyer.page.text
        assert board(store=store, code=ROUND).complete == 1

    def test_a_wrong_number_is_told_beside_the_field(
        self, store: Store, clock: SetClock, visitor: Callable[..., Person]
    ) -> None:
        paper_round(store, clock)
        keyer = visitor("nhap.mot")
        for typed, status in (("1-00001-0", 422), (form_number(7, 1), 404), ("", 422)):
            keyer.open("/keying/")
            page = keyer.send({"number": typed})
            assert page.status == status
            assert 'aria-invalid="true"' in page.html

    def test_impossible_answers_are_told_kept_on_the_page_and_can_be_confirmed(
        self, store: Store, clock: SetClock, visitor: Callable[..., Person]
    ) -> None:
        paper_round(store, clock, questionnaire=HOUSEHOLDS)
        number, _other = returned(store, clock)
        keyer = visitor("nhap.mot")
        keyer.open(f"/keying/forms/{number}/")
        page = keyer.send({"A8.used": "no", "A8.online": "yes", "A1.health": "=unreadable"})
        assert page.status == 422
        assert "Đúng như trên phiếu" in page.text
        kept = dict(page.form.fields)
        assert (kept["A8.used"], kept["A8.online"]) == ("no", "yes")
        assert "Đã ghi lần nhập thứ nhất" in keyer.send({"=confirmed": "A8.online"}).text

    def test_a_keyer_sees_no_official_s_page_and_signs_out(
        self, store: Store, clock: SetClock, visitor: Callable[..., Person]
    ) -> None:
        paper_round(store, clock)
        keyer = visitor("nhap.mot")
        assert keyer.open(DESK).status == 403
        keyer.open("/keying/")
        out = _form(keyer.page, "/sign-out")
        keyer.post(out.action, out.fields)  # type: ignore[attr-defined]  # a Form
        assert keyer.open("/keying/").address == "/office/sign-in"


@both_databases
class TestOfficials:
    def test_an_official_prints_hands_out_and_takes_in_many_at_once(
        self, store: Store, clock: SetClock, visitor: Callable[..., Person]
    ) -> None:
        paper_round(store, clock)
        official = visitor("can.bo", "official")
        official.open(DESK)
        asked = _form(official.page, "/print")
        place = [
            ("unit", COMMUNES[0]),
            ("stratum", "a"),
            ("psu", "Thôn 1"),
            ("weight", "2,5"),
            ("copies", "3"),
        ]
        token = [one for one in asked.fields if one[0] == "csrf_token"]  # type: ignore[attr-defined]  # a Form
        official.post(asked.action, token + place)  # type: ignore[attr-defined]  # a Form
        assert "Đã đánh số 3 phiếu" in official.page.text
        numbers = re.findall(r"<th scope=\"row\">(\d-\d{5}-\d)</th>", official.page.html)
        assert len(numbers) == 3
        pdf = official.client.get(f"{DESK}printing/1/1.pdf")
        assert pdf.data.startswith(b"%PDF-")
        for deed, extra in (("issued", [("to", "UBND xã")]), ("returned", [])):
            official.post(
                f"{DESK}move",
                [*token, ("deed", deed), ("numbers", "\n".join(numbers)), ("on", "2026-03-02"), *extra],
            )
            assert official.page.status == 200
        wrong = official.post(
            f"{DESK}move", [*token, ("deed", "lost"), ("numbers", f"{numbers[0]}\n1-00001-0"), ("on", "")]
        )
        assert wrong.status == 422
        assert "1-00001-0" in wrong.text
        assert board(store=store, code=ROUND).lines[0].issued == 3

    def test_a_plan_is_printed_from_a_file(
        self, store: Store, clock: SetClock, visitor: Callable[..., Person]
    ) -> None:
        paper_round(store, clock)
        official = visitor("can.bo", "official")
        official.open(DESK)
        token = dict(_form(official.page, "/print").fields)["csrf_token"]  # type: ignore[attr-defined]  # a Form
        plan = f"Đơn vị,Tầng,Cụm,Trọng số,Số phiếu\n{COMMUNES[0]},a,b,1,2\n".encode()
        sent = {"csrf_token": token, "file": (BytesIO(plan), "in.csv")}
        assert official.client.post(f"{DESK}print", data=sent).status_code == 303
        assert "Đợt in 1: 2 phiếu" in official.open(DESK).text

    def test_differences_stand_side_by_side_and_are_decided(
        self, store: Store, clock: SetClock, visitor: Callable[..., Person]
    ) -> None:
        paper_round(store, clock)
        number, _other = returned(store, clock, line(2))
        for login, rating in (("nhap.mot", "satisfied"), ("nhap.hai", "neutral")):
            keyed(store, clock, person(store, clock, login), number, {"rating": rating})
        official = visitor("can.bo", "official")
        page = official.open(f"{DESK}forms/{number}/differences")
        assert "Bản nhập 1 Hài lòng" in page.text
        assert "Bản nhập 2 Bình thường" in page.text
        assert "nhap.mot" not in page.html
        assert official.send().status == 422
        done = official.send({"rating": "=other", "other.rating": "dissatisfied"})
        assert "đã được ghi nhận" in done.text
        assert board(store=store, code=ROUND).complete == 1

    def test_a_correction_is_asked_for_on_the_form_s_page(
        self, store: Store, clock: SetClock, visitor: Callable[..., Person]
    ) -> None:
        paper_round(store, clock)
        number, _other = returned(store, clock)
        for login in ("nhap.mot", "nhap.hai"):
            keyed(store, clock, person(store, clock, login), number, {"rating": "satisfied"})
        official = visitor("can.bo", "official")
        official.open(f"{DESK}form?number={number}")
        official.send({"item": "rating", "deed": "choose"})
        asked = official.send({"answer": "neutral", "reason": "đọc lại", "deed": "correct"})
        assert "Đã ghi đề nghị" in asked.text

    def test_a_keyed_form_is_rejected_from_its_page_by_two_persons(
        self, store: Store, clock: SetClock, visitor: Callable[..., Person]
    ) -> None:
        """The ledger's page refuses one person and says where to ask; the request says which form and why."""
        paper_round(store, clock)
        number, _other = returned(store, clock)
        keyed(store, clock, person(store, clock, "nhap.mot"), number, {"rating": "dissatisfied"})
        official = visitor("can.bo", "official")
        official.open(DESK)
        token = [one for one in _form(official.page, "/print").fields if one[0] == "csrf_token"]  # type: ignore[attr-defined]  # a Form
        alone = official.post(
            f"{DESK}move", [*token, ("deed", "rejected"), ("numbers", number), ("reason", "torn")]
        )
        assert alone.status == 409
        assert "đề nghị loại; một người khác duyệt" in alone.text
        official.open(f"{DESK}form?number={number}")
        asked = official.send(
            {"deed": "reject", "rejection": "wrong_person", "reason": "Trả lời hộ hàng xóm"}
        )
        assert "Đã ghi đề nghị" in asked.text
        shown = official.open(DESK.replace("/paper/", "/review/requests")).text
        assert "Loại phiếu giấy đã có người nhập" in shown
        assert f"Phiếu giấy số {number}; Không đúng đối tượng khảo sát" in shown
