"""Inviting from a list: checked cell by cell, all or nothing, once; handed out, mailed, reminded, taken back."""

from __future__ import annotations

import email
import email.policy
import json
import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from survey.questionnaires import load_shipped
from survey.reports.letters import Invitation, message_text
from survey.services.accounts import add_account
from survey.services.collection import save_section, submit_response
from survey.services.errors import NoSuchLink, TooFewAlike
from survey.services.links import reminders
from survey.services.links.errors import (
    BadJudgingPlan,
    BadPeopleList,
    ConfirmationNeeded,
    MailNotSet,
    PersonMismatch,
)
from survey.services.links.handing_out import as_file, by_mail, letter_of
from survey.services.links.importing_people import Taken, import_people
from survey.services.links.invitations import Judgement, Link, Person, invite_people
from survey.services.links.judging_plans import load_plan, read_plan, shipped_plans
from survey.services.links.launch_check import FEWEST_ALIKE, people_alike
from survey.services.links.personal import forms_of_link, open_personal_link
from survey.services.rounds import board, set_status
from survey.services.settings import Settings
from survey.storage import audit, invitations, rounds
from survey.storage.invitations import Invited
from survey.storage.models import InvitationRow, InvitedJudgementRow, RoundRow
from survey.storage.store import Store
from survey.web import create_app
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Person as Browser
from tests.rounds import AGENCIES, COMMUNES, PROVINCE, make_round

ASKED = load_shipped("delegates-assessment")
CODE = "moi-theo-danh-sach"
NAMES = ("Sở Nội vụ", "Sở Tài chính")


def _round(store: Store, clock: SetClock, units: tuple[str, ...] = AGENCIES) -> None:
    make_round(
        store,
        clock,
        code=CODE,
        questionnaire="delegates-assessment",
        population="delegates",
        entry="personal",
        counted_grades="A",
        units=units,
    )


def _csv(*lines: str, head: str = "Họ tên,Nhóm,Đơn vị được đánh giá,Email") -> bytes:
    return "\n".join((head, *lines)).encode()


def _people(count: int = 3, units: str = "Sở Nội vụ; Sở Tài chính") -> bytes:
    return _csv(*(f"Đại biểu {n},Đại biểu,{units},db{n}@hdnd.example" for n in range(count)))


def _import(store: Store, clock: SetClock, raw: bytes, **how: Any) -> Taken:
    told = {"name": "ds.csv", "actor": "tests", **how}
    return import_people(store=store, clock=clock, round_code=CODE, raw=raw, **told)


def _kept(store: Store) -> tuple[int, int]:
    with store.reading() as session:
        return session.query(InvitationRow).count(), session.query(InvitedJudgementRow).count()


@both_databases
def test_one_person_with_several_units_has_one_link_and_the_same_list_again_is_nothing(
    store: Store, clock: SetClock
) -> None:
    _round(store, clock)
    first = _import(store, clock, _people())
    assert len(first.links) == 3
    assert _kept(store) == (3, 6)
    again = _import(store, clock, _people())
    assert (again.links, again.new, again.known) == ((), 0, 3)
    assert _kept(store) == (3, 6)


@both_databases
def test_who_is_invited_already_judges_more_units_by_the_link_they_have(
    store: Store, clock: SetClock
) -> None:
    _round(store, clock)
    first = _import(store, clock, _people(units="Sở Nội vụ"))
    wider = _import(store, clock, _people())
    assert (wider.links, wider.widened, wider.judgements) == ((), 3, 3)
    link = open_personal_link(store=store, token=first.links[0].token)
    assert set(link.units) == set(AGENCIES)


@both_databases
def test_a_dry_run_writes_nothing_and_tells_what_would_be(store: Store, clock: SetClock) -> None:
    _round(store, clock)
    told = _import(store, clock, _people(2), dry_run=True)
    assert (told.new, told.judgements, told.links) == (2, 4, ())
    assert len(told.small) == 2
    assert _kept(store) == (0, 0)


@both_databases
def test_every_problem_of_a_list_is_named_at_its_cell_and_nobody_is_invited(
    store: Store, clock: SetClock
) -> None:
    _round(store, clock)
    raw = _csv(
        "Một,Đại biểu,Sở Nội vụ,mot@example",
        ",Đại biểu,Sở Nội vụ,",
        "Ba,,Sở Nội vụ,",
        "Bốn,Đại biểu,Sở Không có,",
        "Năm,Đại biểu,Sở Nội vụ; Sở Nội vụ,",
        "Sáu,Đại biểu,Sở Tài chính,",
        "Sáu,Đại biểu,Sở Tài chính,",
    )
    with pytest.raises(BadPeopleList) as refused:
        _import(store, clock, raw)
    assert {one.cell for one in refused.value.listed} == {"D2", "A3", "B4", "C5", "C6", "C8"}
    assert _kept(store) == (0, 0)


@both_databases
def test_an_xlsx_is_read_as_a_csv_is(store: Store, clock: SetClock) -> None:
    _round(store, clock)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Đại biểu"
    sheet.append(["Danh sách đại biểu"])
    sheet.append(["STT", "Họ và tên", "Chức vụ", "Đơn vị được đánh giá", "Trọng số"])
    for number in range(3):
        sheet.append([number, f"Ông {number}", "Đại biểu", "so noi vu" if number else "Sở Nội vụ", 2])
    made = BytesIO()
    book.save(made)
    sheet["E5"] = -1
    wrong = BytesIO()
    book.save(wrong)
    with pytest.raises(BadPeopleList) as refused:
        _import(store, clock, wrong.getvalue(), name="ds.xlsx")
    assert ("Đại biểu", "E5") in {(one.sheet, one.cell) for one in refused.value.listed}
    sheet["E5"] = 2
    for row in (3, 4, 5):
        sheet[f"D{row}"] = "Sở Nội vụ"
    made = BytesIO()
    book.save(made)
    taken = _import(store, clock, made.getvalue(), name="ds.xlsx")
    assert taken.new == 3
    with store.reading() as session:
        assert {row.design_weight for row in session.query(InvitedJudgementRow)} == {2.0}


@both_databases
def test_a_list_that_contradicts_an_earlier_one_is_refused(store: Store, clock: SetClock) -> None:
    _round(store, clock)
    _import(store, clock, _people())
    with pytest.raises(PersonMismatch):
        _import(
            store,
            clock,
            _people().replace(b",\xc4\x90\xe1\xba\xa1i bi\xe1\xbb\x83u,", ",Nhóm khác,".encode()),
        )
    assert _kept(store) == (3, 6)


@both_databases
def test_fewer_than_three_alike_are_invited_only_with_a_written_confirmation(
    store: Store, clock: SetClock, person: Callable[[], Browser]
) -> None:
    """§4.4-4 and 5: attributable answers are confirmed, logged, and never called anonymous."""
    _round(store, clock)
    with pytest.raises(TooFewAlike):
        _import(store, clock, _people(2))
    with pytest.raises(ConfirmationNeeded):
        _import(store, clock, _people(2), confirmation="ừ")
    assert _kept(store) == (0, 0)
    taken = _import(store, clock, _people(2), confirmation="Chánh Văn phòng xác nhận ngày 02/3/2026")
    page = person().open(f"/p/link/{taken.links[0].token}")
    assert "bảo mật nhưng không ẩn danh" in page.text
    assert "Phiếu này ẩn danh" not in page.text


@both_databases
def test_the_units_that_one_person_judges_together_must_be_those_of_two_others(
    store: Store, clock: SetClock
) -> None:
    """A person who is their own PSU has one label on all answers: the set of units must not name them."""
    _round(store, clock)
    lines = [f"{n},Đại biểu,Sở Nội vụ; Sở Tài chính," for n in "ABC"]
    lines += [f"{n},Đại biểu,Sở Nội vụ," for n in "DEF"] + [
        "G,Đại biểu,Sở Nội vụ,",
        "G,Đại biểu,Sở Tài chính,",
    ]
    lines += [f"{n},Đại biểu,Sở Tài chính," for n in "HI"]
    with pytest.raises(TooFewAlike):
        _import(store, clock, _csv(*lines))
    _import(store, clock, _csv(*lines, "J,Đại biểu,Sở Tài chính,"))


@both_databases
def test_somebody_invited_alone_on_a_later_day_is_refused(store: Store, clock: SetClock) -> None:
    """Who is invited later cannot have answered before: the day of the answer would name them."""
    _round(store, clock)
    _import(store, clock, _people(4))
    clock.move(days=3)
    with pytest.raises(TooFewAlike):
        _import(store, clock, _people(5))
    _import(store, clock, _people(7))


@both_databases
def test_a_judging_plan_says_who_judges_whom_and_nobody_their_own_unit(store: Store, clock: SetClock) -> None:
    _round(store, clock, units=(*AGENCIES, *COMMUNES))
    plan = load_plan("minh-hoa-cheo-cap")
    head = "Họ tên,Nhóm,Đơn vị công tác,Email"
    lines = [f"Giám đốc {n},Lãnh đạo sở,Sở Nội vụ," for n in range(3)]
    lines += [f"Đại biểu {n},hdnd-tinh,{PROVINCE}," for n in range(3)]
    taken = _import(store, clock, _csv(*lines, head=head), plan=plan)
    judged = {
        link.person_ref: set(open_personal_link(store=store, token=link.token).units) for link in taken.links
    }
    assert judged["Giám đốc 0"] == {AGENCIES[1], *COMMUNES}
    assert judged["Đại biểu 0"] == {*AGENCIES, *COMMUNES}
    with pytest.raises(BadPeopleList) as refused:
        _import(store, clock, _csv("X,Nhóm lạ,Sở Nội vụ,", "Y,Lãnh đạo sở,Nơi lạ,", head=head), plan=plan)
    assert {one.cell for one in refused.value.listed} == {"B2", "C3"}


def test_every_shipped_plan_is_right_and_says_that_it_is_an_illustration() -> None:
    for name in shipped_plans():
        plan = load_plan(name)
        assert plan.illustration
        assert "minh họa" in plan.title.in_("vi").casefold()


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["schema_version", "id", "groups", "judges", "units", "weight", "name", "vi", "x"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_else_a_plan_file_holds_is_refused_with_paths(document: object) -> None:
    with pytest.raises(BadJudgingPlan) as refused:
        read_plan(json.dumps(document).encode())
    assert refused.value.listed
    assert all(one.path.startswith("$") and one.vi and one.en for one in refused.value.listed)


# ---- handing out ----


def _invited(store: Store, clock: SetClock, count: int = 3) -> tuple[RoundRow, tuple[Link, ...]]:
    _round(store, clock)
    people = [
        Person(f"Đại biểu {n}", tuple(Judgement(one, "Đại biểu") for one in AGENCIES), f"db{n}@hdnd.example")
        for n in range(count)
    ]
    links = invite_people(store=store, clock=clock, round_code=CODE, people=people, actor="tests")
    return _row(store), links


def _row(store: Store) -> RoundRow:
    with store.reading() as session:
        found = rounds.round_by_code(session, CODE)
    assert found is not None
    return found


def test_what_is_handed_out_names_the_sites_own_address_and_each_person_once(
    store: Store, clock: SetClock, settings: Settings
) -> None:
    round_, links = _invited(store, clock)
    here = replace(settings, public_base_url="https://khaosat.example.gov.vn")
    table = as_file(settings=here, round_=round_, links=links, way="csv").content.decode("utf-8-sig")
    book = openpyxl.load_workbook(
        BytesIO(as_file(settings=here, round_=round_, links=links, way="xlsx").content)
    )
    cells = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
    for link in links:
        address = f"https://khaosat.example.gov.vn/p/link/{link.token}"
        assert table.count(address) == 2
        assert address in cells
    printed = as_file(settings=here, round_=round_, links=links, way="pdf")
    assert printed.content.startswith(b"%PDF-")
    assert printed.media_type == "application/pdf"


def test_a_message_to_paste_has_its_link_on_a_line_of_its_own(store: Store, clock: SetClock) -> None:
    round_, _links = _invited(store, clock)
    one = Invitation("Nguyễn Văn A", "https://x.example/p/link/abc", 2)
    lines = message_text(letter_of(round_), one).splitlines()
    assert lines[-1] == one.address
    assert "2 nơi" in "\n".join(lines)


class _Mailbox(socketserver.StreamRequestHandler):
    """A mail server of a few words: it refuses whoever is named `db1`."""

    def handle(self) -> None:
        self._say("220 here")
        server: _Server = self.server  # type: ignore[assignment]  # the one that `_mailbox` opens
        while line := self.rfile.readline().decode().strip():
            word = line.upper()
            if word.startswith("RCPT") and "db1@" in line:
                self._say("550 no such person")
            elif word.startswith("DATA"):
                self._say("354 go on")
                server.messages.append(self._message())
                self._say("250 kept")
            elif word.startswith("QUIT"):
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _message(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    messages: list[bytes]


@contextmanager
def _mailbox() -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), _Mailbox) as server:
        server.messages = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _mailing(settings: Settings, server: _Server) -> Settings:
    port = server.server_address[1]
    return replace(settings, smtp_url=f"smtp://127.0.0.1:{port}", mail_from="Sở Nội vụ <khaosat@snv.example>")


def test_each_person_is_written_to_alone_and_a_refusal_is_named(
    store: Store, clock: SetClock, settings: Settings
) -> None:
    """One message a person, plain text and HTML in both languages; the others are sent all the same."""
    round_, links = _invited(store, clock)
    with _mailbox() as server:
        told = by_mail(settings=_mailing(settings, server), clock=clock, round_=round_, links=links)
    assert (told.sent, told.failed) == (2, ("Đại biểu 1",))
    for raw, link in zip(server.messages, (links[0], links[2]), strict=True):
        message = email.message_from_bytes(raw, policy=email.policy.default)
        assert str(message["To"]) == link.email
        plain, html = message.get_body(("plain",)), message.get_body(("html",))
        assert plain is not None
        assert html is not None
        for part in (plain.get_content(), html.get_content()):
            assert f"http://localhost/p/link/{link.token}" in part
            assert "Kính gửi" in part
            assert "Dear" in part
        assert message["Message-ID"].endswith("@localhost>")
        assert sum(other.token in plain.get_content() + html.get_content() for other in links) == 1


def test_a_name_cannot_add_a_header_or_markup_to_a_message(
    store: Store, clock: SetClock, settings: Settings
) -> None:
    round_, _links = _invited(store, clock)
    bad = (
        Link("A\r\nBcc: x@y.example", "t" * 22, "db5@hdnd.example\r\nBcc: x@y.example"),
        Link("<script>alert(1)</script>", "u" * 22, "db6@hdnd.example"),
    )
    with _mailbox() as server:
        told = by_mail(settings=_mailing(settings, server), clock=clock, round_=round_, links=bad)
    assert told.sent == 1
    message = email.message_from_bytes(server.messages[0], policy=email.policy.default)
    html = message.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()
    assert message["Bcc"] is None


def test_without_a_mail_server_nobody_is_written_to(
    store: Store, clock: SetClock, settings: Settings
) -> None:
    round_, links = _invited(store, clock)
    with pytest.raises(MailNotSet):
        by_mail(settings=settings, clock=clock, round_=round_, links=links)


# ---- reminders, new links, links taken back ----


def _answer_all(store: Store, clock: SetClock, link: Link) -> None:
    raw = {item.id: item.scale.options[0].id for item in ASKED.items if item.scale}
    opened = open_personal_link(store=store, token=link.token)
    for form in forms_of_link(store=store, link=opened):
        submit_response(store=store, clock=clock, respondent=form.respondent, raw=raw)


@both_databases
def test_only_who_has_not_answered_is_reminded_where_both_sides_are_three_or_more(
    store: Store, clock: SetClock
) -> None:
    _round_, links = _invited(store, clock, count=9)
    for link in links[:4]:
        _answer_all(store, clock, link)
    made = reminders.remind(store=store, clock=clock, round_code=CODE, actor="tests")
    assert {link.person_ref for link in made} == {link.person_ref for link in links[4:]}
    with pytest.raises(NoSuchLink):
        open_personal_link(store=store, token=links[5].token)
    assert open_personal_link(store=store, token=links[0].token)


@both_databases
def test_a_reminder_never_singles_out_fewer_than_three(store: Store, clock: SetClock) -> None:
    _round_, links = _invited(store, clock, count=4)
    _answer_all(store, clock, links[0])
    made = reminders.remind(store=store, clock=clock, round_code=CODE, actor="tests")
    assert len(made) == 4


@given(
    alike=st.lists(st.integers(3, 12), min_size=1, max_size=4),
    answers=st.lists(st.sets(st.integers(0, 47)), max_size=5),
)
def test_whatever_was_answered_reminders_leave_everybody_among_three_alike(
    alike: list[int], answers: list[set[int]]
) -> None:
    """R-ANON (b): the mail log says who was reminded when; no group of people it tells apart is below three."""
    from uuid import UUID

    invited: list[Invited] = []
    for group, size in enumerate(alike):
        for _ in range(size):
            number = UUID(int=len(invited))
            row = InvitationRow(
                id=number, invited_to=1, person_ref=str(number), ballot="0" * 64, token_hash="0" * 64
            )
            row.reminders = 0
            judged = InvitedJudgementRow(
                invitation_id=number, judges=str(group), group="g", cluster="", design_weight=1.0
            )
            invited.append((row, (judged,)))
    finished: set[UUID] = set()
    for bit, some in enumerate(answers):
        finished |= {UUID(int=one) for one in some if one < len(invited)}
        chosen = reminders.people_to_remind(invited, finished)
        assert {row.id for row, _ in invited} - finished <= chosen
        for row, _judged in invited:
            if row.id in chosen:
                row.reminders |= 1 << bit
        assert min(map(len, people_alike(invited))) >= FEWEST_ALIKE


@both_databases
def test_a_new_link_kills_the_old_one_and_keeps_the_ballot(store: Store, clock: SetClock) -> None:
    """T4: revoke and reissue keep one ballot."""
    round_, links = _invited(store, clock)
    _answer_all(store, clock, links[0])
    one = reminders.invitation_of(store=store, round_=round_, person_ref="Đại biểu 0")
    (new,) = reminders.reissue(store=store, clock=clock, round_code=CODE, invitation_id=one, actor="tests")
    with pytest.raises(NoSuchLink):
        open_personal_link(store=store, token=links[0].token)
    opened = open_personal_link(store=store, token=new.token)
    assert {form.standing for form in forms_of_link(store=store, link=opened)} == {"sent"}
    assert board(store=store, code=CODE).complete == 2
    reminders.revoke(store=store, clock=clock, round_code=CODE, invitation_id=one, actor="tests")
    with pytest.raises(NoSuchLink):
        open_personal_link(store=store, token=new.token)
    assert board(store=store, code=CODE).complete == 2


@both_databases
def test_a_link_made_anew_shows_nobody_what_was_begun_and_says_in_the_log_who_made_it(
    store: Store, clock: SetClock
) -> None:
    """T4, decision 0012: an official who opens the link that they made finds an empty form, and is in the log."""
    round_, links = _invited(store, clock)
    token = links[0].token
    _answer_all(store, clock, links[0])
    begun: list[str] = []
    for number, link in enumerate(links[:2]):
        opened = open_personal_link(store=store, token=link.token)
        for form in forms_of_link(store=store, link=opened):
            who = opened.following(form) if number == 0 else form.respondent
            section = ASKED.sections[0]
            given = {item.id: item.scale.options[0].id for item in section.items if item.scale}
            save_section(store=store, clock=clock, respondent=who, section_id=section.id, raw=given)
            begun.append(form.unit_id)
    assert len(begun) == 4
    standing = _standings(store, token)
    assert standing == {"changing"}
    people = {row.person_ref: row.id for row, _judged in reminders.invited_people(store=store, round_=round_)}
    for number in (0, 1):
        one = people[f"Đại biểu {number}"]
        (new,) = reminders.reissue(
            store=store, clock=clock, round_code=CODE, invitation_id=one, actor=f"can.bo.{number}"
        )
        assert _standings(store, new.token) == {"sent" if number == 0 else "untouched"}
    assert board(store=store, code=CODE).complete == 2
    with store.reading() as session:
        told = [
            (one.actor, one.details["invitation"])
            for one in audit.events_about(session, CODE, ["link made anew"])
        ]
    assert told == [(f"can.bo.{number}", people[f"Đại biểu {number}"].hex) for number in (1, 0)]


@both_databases
def test_a_new_link_for_one_person_leaves_what_others_have_begun(store: Store, clock: SetClock) -> None:
    round_, links = _invited(store, clock)
    opened = open_personal_link(store=store, token=links[1].token)
    section = ASKED.sections[0]
    given = {item.id: item.scale.options[0].id for item in section.items if item.scale}
    form = forms_of_link(store=store, link=opened)[0]
    save_section(store=store, clock=clock, respondent=form.respondent, section_id=section.id, raw=given)
    one = reminders.invitation_of(store=store, round_=round_, person_ref="Đại biểu 0")
    reminders.reissue(store=store, clock=clock, round_code=CODE, invitation_id=one, actor="tests")
    assert _standings(store, links[1].token) == {"begun", "untouched"}


@both_databases
def test_a_reminder_names_nobody_in_the_log(store: Store, clock: SetClock) -> None:
    """§4.4: it goes to who has not answered, so the log tells a number alone."""
    _invited(store, clock, count=4)
    reminders.remind(store=store, clock=clock, round_code=CODE, actor="tests")
    with store.reading() as session:
        (event,) = audit.events_about(session, CODE, ["people reminded"])
    assert event.details == {"people": 4}


def _standings(store: Store, token: str) -> set[str]:
    opened = open_personal_link(store=store, token=token)
    return {form.standing for form in forms_of_link(store=store, link=opened)}


@both_databases
def test_counts_by_group_are_told_only_where_they_tell_on_nobody(store: Store, clock: SetClock) -> None:
    round_, links = _invited(store, clock, count=8)
    told = []
    for link in links:
        told.append(reminders.group_counts(store=store, round_=round_)[0].answered)
        _answer_all(store, clock, link)
    told.append(reminders.group_counts(store=store, round_=round_)[0].answered)
    assert told == [0, None, None, 3, 4, 5, None, None, None]


# ---- the officials' page ----

PASSWORD = "mot mat khau du dai"


def _official(app: Flask, store: Store, clock: SetClock) -> Browser:
    add_account(
        store=store,
        clock=clock,
        login="lan",
        full_name="Lan",
        role="official",
        unit_id=PROVINCE,
        password=PASSWORD,
    )
    browser = Browser(app)
    browser.open("/office/sign-in")
    browser.send({"login": "lan", "password": PASSWORD})
    return browser


def _form(browser: Browser, ending: str) -> dict[str, str]:
    form = next(one for one in browser.page.forms if one.action.endswith(ending))
    return {"action": form.action, **dict(form.fields)}


def _upload(browser: Browser, raw: bytes, **more: object) -> None:
    from tests.integration.journeys import Page

    form = _form(browser, "/invitations/")
    sent = {"csrf_token": form["csrf_token"], "file": (BytesIO(raw), "ds.csv"), **more}
    answer = browser.client.post(
        form["action"], data=sent, content_type="multipart/form-data", follow_redirects=True
    )
    browser.page = Page(answer)


@both_databases
def test_an_official_checks_a_list_invites_and_is_handed_the_links_once(
    app: Flask, store: Store, clock: SetClock
) -> None:
    _round(store, clock)
    browser = _official(app, store, clock)
    browser.open(f"/office/rounds/{CODE}/fieldwork/invitations/")
    _upload(browser, _csv("A,Đại biểu,Nơi lạ,"))
    assert "không đánh giá “Nơi lạ”" in browser.page.text
    _upload(browser, _people())
    assert "Danh sách đúng" in browser.page.text
    assert _kept(store) == (0, 0)
    form = _form(browser, "/invite")
    answer = browser.client.post(
        form.pop("action"), data={**form, "way": "csv"}, headers={"Host": "localhost"}
    )
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    tokens = set(re.findall(r"/p/link/([\w-]{22})", answer.get_data(as_text=True)))
    assert len(tokens) == 3
    page = browser.open(f"/office/rounds/{CODE}/fieldwork/invitations/")
    assert "Đại biểu 2" in page.text
    assert not any(token in page.html for token in tokens)


@both_databases
def test_a_forged_host_changes_no_link(store: Store, clock: SetClock, settings: Settings) -> None:
    """T14: links come from PUBLIC_BASE_URL alone; a host that is not ours is refused where names are set."""
    _round(store, clock)
    app = create_app(replace(settings, public_base_url="http://khaosat.example"), clock)
    browser = _official(app, store, clock)
    browser.open(f"/office/rounds/{CODE}/fieldwork/invitations/")
    _upload(browser, _people())
    form = _form(browser, "/invite")
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    answer = browser.client.post(form.pop("action"), data={**form, "way": "csv"}, headers=forged)
    text = answer.get_data(as_text=True)
    assert text.count("http://khaosat.example/p/link/") == 6
    assert "evil" not in text
    app.extensions["survey"].store.engine.dispose()
    strict = create_app(replace(settings, trusted_hosts=("khaosat.example",)), clock)
    assert strict.test_client().get("/", headers={"Host": "evil.example"}).status_code == 400


@both_databases
def test_the_page_says_who_is_invited_and_never_who_answered(
    app: Flask, store: Store, clock: SetClock
) -> None:
    _round_, links = _invited(store, clock, count=7)
    browser = _official(app, store, clock)
    address = f"/office/rounds/{CODE}/fieldwork/invitations/"
    before = re.sub(r'value="[^"]*"', "", browser.open(address).html)
    _answer_all(store, clock, links[0])
    after = re.sub(r'value="[^"]*"', "", browser.open(address).html)
    rows = [
        re.findall(r"<tr><th scope=\"row\">Đại biểu .*?</tr>", html, re.DOTALL) for html in (before, after)
    ]
    assert len(rows[0]) == 7
    assert rows[0] == rows[1]
    set_status(store=store, clock=clock, code=CODE, status="closed", actor="tests")
    browser.open(address)
    form = _form(browser, "/seal")
    browser.post(form.pop("action"), [("csrf_token", form["csrf_token"]), ("reason", "Đợt đã xong")])
    assert "Đã gửi đề nghị niêm phong" in browser.page.text


@both_databases
def test_what_is_invited_is_found_again_in_the_order_of_random_ids(store: Store, clock: SetClock) -> None:
    """Nothing in the table's own order tells in which order a list was."""
    round_, _links = _invited(store, clock, count=12)
    with store.reading() as session:
        ids = [person.id for person, _ in invitations.invited_to(session, round_.id)]
    assert ids == sorted(ids)
