"""What a review found on the pages: untrue promises, dead ends, a wrong rate, things kept for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.cli import main
from survey.services.accounts import set_password
from survey.services.collection import start_form
from survey.services.links.invitations import Invitee, Link, invite
from survey.services.places import kiosk_key
from survey.services.retention import drop_old_drafts, tidy
from survey.services.rounds import board, open_rounds, set_status
from survey.services.settings import Settings
from survey.storage.models import DraftRow, LoginSessionRow, SignInFailureRow
from survey.storage.store import Store
from survey.web import create_app
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Person
from tests.integration.office_fixture import official
from tests.rounds import COMMUNES, COUNTER, PROVINCE, answer, make_round, somebody

People = Callable[[], Person]


def _kiosk(settings: Settings, code: str = "quay-thu", unit: str = COMMUNES[0]) -> str:
    return f"/kiosk/{code}/{unit}/{kiosk_key(settings.secret_key or '', code, unit)}/"


def _links(store: Store, clock: SetClock, code: str) -> tuple[Link, ...]:
    make_round(
        store,
        clock,
        code=code,
        questionnaire="delegates-assessment",
        population="delegates",
        entry="personal",
        counted_grades="A",
        units=(PROVINCE,),
    )
    people = [Invitee(f"Đại biểu {number}", PROVINCE, "Đại biểu") for number in range(3)]
    return invite(store=store, clock=clock, round_code=code, invitees=people)


def _switch(person: Person) -> None:
    """Press the language button as it stands on the page."""
    form = next(form for form in person.page.forms if form.action.endswith("/language"))
    person.post(form.action, [*form.fields, *form.buttons])


def _lang(person: Person) -> str:
    return person.page.html.split('<html lang="', 1)[1][:2]


def _count(store: Store, row: type) -> int:
    def rows(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(row)) or 0

    with store.reading() as session:
        return rows(session)


# What people are told


def test_no_page_promises_that_nobody_reads_a_single_form(
    store: Store, clock: SetClock, settings: Settings, person: People
) -> None:
    """`survey export --responses --comments` hands single forms to analysts."""
    make_round(store, clock)
    for address in ("/r/quay-thu/", _kiosk(settings)):
        page = person().open(address)
        assert "Nơi được đánh giá chỉ thấy kết quả chung" in page.text
        assert "Không ai xem" not in page.text
        assert "Cán bộ không xem" not in page.text


def test_the_privacy_page_says_who_reads_single_forms_and_how_long_things_are_kept(person: People) -> None:
    text = person().open("/privacy").text
    assert "Người phân tích của tỉnh đọc được từng phiếu và lời góp ý" in text
    assert "bị xóa sau 30 ngày" in text
    assert "Phiếu đã gửi được giữ lại" in text
    assert "Người phân tích làm việc trên bản chốt số liệu không có lời góp ý" not in text


# What is counted, listed, kept


@both_databases
def test_forms_of_a_grade_the_round_does_not_count_never_raise_its_rate(
    store: Store, clock: SetClock, person: People
) -> None:
    """Four of eighty handed-out forms came back; six by the open address change nothing of that."""
    code = make_round(store, clock, counted_grades="AB")
    for number in range(4):
        answer(store, clock, code, COUNTER, somebody(code, channel="kiosk", evidence="B", psu=str(number)))
    for _ in range(6):
        answer(store, clock, code, COUNTER)
    counts = board(store=store, code=code)
    assert (counts.complete, counts.counted, counts.uncounted, counts.issued) == (10, 4, 6, 80)
    line = next(line for line in counts.lines if line.unit_id == COMMUNES[0])
    assert (line.complete, line.counted, line.uncounted) == (10, 4, 6)
    page = official(store, clock, person()).open(f"/office/rounds/{code}/")
    assert "5,00% của 80 phiếu phát ra" in page.text
    assert "10,00%" in page.text  # 4 of the 40 of its own unit
    assert "25,00%" not in page.text  # 10 of 40
    assert "12,50%" not in page.text  # 10 of 80


@both_databases
def test_only_rounds_whose_days_include_today_in_vietnam_are_listed(
    store: Store, clock: SetClock, person: People
) -> None:
    today = date(2026, 3, 2)
    make_round(store, clock, code="hom-nay", opens_on=today, closes_on=today)
    make_round(store, clock, code="da-qua", opens_on=date(2026, 1, 1), closes_on=date(2026, 3, 1))
    make_round(store, clock, code="chua-den", opens_on=date(2026, 3, 3), closes_on=date(2026, 12, 31))
    make_round(store, clock, code="da-dong", status="closed")
    assert [one.code for one in open_rounds(store=store, clock=clock)] == ["hom-nay"]
    assert "/r/hom-nay/" in person().open("/").links
    clock.move(hours=15)  # 18:00 UTC: the next day has begun in Vietnam
    assert [one.code for one in open_rounds(store=store, clock=clock)] == ["chua-den"]
    assert "/r/hom-nay/" not in person().open("/").links


@both_databases
def test_a_draft_nobody_goes_on_with_is_gone_after_thirty_days(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    start_form(store=store, clock=clock, respondent=somebody(code))
    answer(store, clock, code, COUNTER)
    clock.move(days=1)
    start_form(store=store, clock=clock, respondent=somebody(code))
    clock.move(days=29)
    assert drop_old_drafts(store=store, clock=clock) == 0
    clock.move(days=1)
    assert drop_old_drafts(store=store, clock=clock) == 1
    assert _count(store, DraftRow) == 1
    assert board(store=store, code=code).complete == 1


@both_databases
def test_tidying_ends_what_is_over_and_nothing_that_lives(
    store: Store, clock: SetClock, person: People
) -> None:
    somebody_ = official(store, clock, person())
    person_ = person()
    person_.open("/office/sign-in")
    person_.send({"login": "khong-co-ai", "password": "sai mật khẩu rồi"})
    assert tidy(store=store, clock=clock, actor="tests").sessions == 0
    assert somebody_.open("/office/").address == "/office/"
    clock.move(days=1, minutes=1)
    done = tidy(store=store, clock=clock, actor="tests")
    assert (done.drafts, done.sessions, done.failures) == (0, 1, 1)
    assert (_count(store, LoginSessionRow), _count(store, SignInFailureRow)) == (0, 0)


# The kiosk


@both_databases
def test_an_error_at_a_kiosk_stays_at_the_kiosk_and_leaves_by_itself(
    store: Store, clock: SetClock, settings: Settings, person: People
) -> None:
    code = make_round(store, clock)
    address = _kiosk(settings)
    lost = person()
    lost.open(address)
    lost.client.delete_cookie("page")
    pages = [lost.send()]
    set_status(store=store, clock=clock, code=code, status="closed", actor="tests")
    pages.append(person().open(address + "question"))
    assert [page.status for page in pages] == [400, 410]
    for page in pages:
        assert page.headers["Refresh"] == f"10; url={address}"
        assert "kiosk.css" in page.html
        assert address in page.links
        assert "/" not in page.links
        assert 'id="idle"' not in page.html


def test_errors_elsewhere_do_not_move_on_by_themselves(person: People) -> None:
    assert "Refresh" not in person().open("/nowhere").headers


@both_databases
def test_reasons_without_a_rating_lead_back_to_the_question(
    store: Store, clock: SetClock, settings: Settings, person: People
) -> None:
    code = make_round(store, clock)
    address = _kiosk(settings)
    visitor = person()
    visitor.open(address)
    asked = visitor.send()
    assert visitor.open(address + "further").address == address + "question"
    assert visitor.post(address + "further", asked.form.fields).address == address + "question"
    assert board(store=store, code=code).complete == 0


@both_databases
@pytest.mark.parametrize("ending", ["finished", "restarted", "left alone"])
def test_the_next_person_finds_the_first_screen_in_vietnamese(
    store: Store, clock: SetClock, settings: Settings, person: People, ending: str
) -> None:
    make_round(store, clock)
    address = _kiosk(settings)
    visitor = person()
    visitor.open(address)
    _switch(visitor)
    assert (visitor.page.address, _lang(visitor)) == (address, "en")
    assert visitor.page.headers["Refresh"] == f"60; url={address}"
    visitor.send()
    assert (visitor.page.address, _lang(visitor)) == (address + "question", "en")
    visitor.send({"rating": "neutral"})
    assert _lang(visitor) == "en"
    if ending == "finished":
        thanks = visitor.send()
        assert _lang(visitor) == "en"
        visitor.open(thanks.headers["Refresh"].split("url=", 1)[1])
    elif ending == "restarted":
        form = next(form for form in visitor.page.forms if form.action.endswith("/restart"))
        visitor.post(form.action, form.fields)
    else:
        visitor.open(visitor.page.html.split('data-start="', 1)[1].split('"', 1)[0])
    assert (visitor.page.address, _lang(visitor)) == (address, "vi")
    assert "Chạm để đánh giá" in visitor.page.text
    visitor.send()
    assert _lang(visitor) == "vi"


@both_databases
def test_switching_the_language_during_a_visit_stays_on_its_screen(
    store: Store, clock: SetClock, settings: Settings, person: People
) -> None:
    make_round(store, clock)
    address = _kiosk(settings)
    visitor = person()
    visitor.open(address)
    visitor.send()
    _switch(visitor)
    assert (visitor.page.address, _lang(visitor)) == (address + "question", "en")
    visitor.send({"rating": "neutral"})
    _switch(visitor)
    assert (visitor.page.address, _lang(visitor)) == (address + "further", "vi")


@both_databases
def test_a_comment_is_never_sent_with_the_rating_of_another_tab(
    store: Store, clock: SetClock, settings: Settings, person: People
) -> None:
    code = make_round(store, clock)
    address = _kiosk(settings)
    visitor = person()
    visitor.open(address)
    visitor.send()
    first_question = visitor.page.form.fields
    first = visitor.send({"rating": "very_dissatisfied"}).form
    visitor.open(address)  # the second tab, in the same browser
    visitor.send()
    told = visitor.post(address + "question", [*first_question, ("rating", "neutral")])
    assert (told.status, told.headers["Refresh"]) == (409, f"10; url={address}")
    visitor.open(address + "question")
    visitor.send({"rating": "very_satisfied"})
    fields = [one for one in first.fields if one[0] != "comment"]
    assert visitor.post(first.action, [*fields, ("comment", "Không hài lòng chút nào")]).status == 409
    assert board(store=store, code=code).complete == 0
    visitor.open(address + "further")
    assert visitor.send().address == address + "thanks"
    assert board(store=store, code=code).complete == 1


@both_databases
def test_a_visit_begun_at_one_counter_is_worth_nothing_at_another(
    store: Store, clock: SetClock, settings: Settings, person: People
) -> None:
    code = make_round(store, clock)
    here, there = _kiosk(settings), _kiosk(settings, unit=COMMUNES[1])
    visitor = person()
    visitor.open(here)
    asked = visitor.send()
    assert visitor.open(there + "question").address == there
    visitor.open(here)
    asked = visitor.send()
    sent = [*asked.form.fields, ("rating", "satisfied")]
    assert visitor.post(there + "question", sent).address == there
    assert board(store=store, code=code).complete == 0


# Cookies and sessions


@both_databases
def test_the_token_of_one_round_opens_no_form_of_another(
    store: Store, clock: SetClock, person: People
) -> None:
    token = _links(store, clock, "dai-bieu")[0].token
    _links(store, clock, "lanh-dao")
    reader = person()
    reader.client.set_cookie("link-lanh-dao", token)
    page = reader.open("/p/lanh-dao/")
    assert (page.status, "SVY-404-92" in page.text) == (404, True)
    assert reader.open("/p/lanh-dao/review").status == 404
    assert _count(store, DraftRow) == 0


@both_databases
def test_a_session_is_over_after_eight_hours_however_much_it_is_used(
    store: Store, clock: SetClock, person: People
) -> None:
    somebody_ = official(store, clock, person())
    for _ in range(48):
        clock.move(minutes=10)
        assert somebody_.open("/office/").address == "/office/"
    clock.move(minutes=1)
    assert somebody_.open("/office/").address == "/office/sign-in"


@both_databases
def test_a_new_password_ends_every_session_of_its_account(
    store: Store, clock: SetClock, person: People
) -> None:
    somebody_ = official(store, clock, person())
    other = official(store, clock, person(), role="analyst")
    set_password(store=store, clock=clock, login="official.p34-68", password="một câu khác cũng dài")
    assert somebody_.open("/office/").address == "/office/sign-in"
    assert other.open("/office/").address == "/office/"


@pytest.mark.parametrize("base_url", ["http://localhost", "https://khaosat.example.vn"])
def test_every_cookie_is_out_of_reach_of_scripts_and_of_other_sites(
    store: Store, clock: SetClock, settings: Settings, base_url: str
) -> None:
    app = create_app(replace(settings, public_base_url=base_url), clock)
    kept = _cookies_set_by(app)
    token = _links(store, clock, "dai-bieu")[0].token
    make_round(store, clock)
    walker = _walker(app, base_url)
    walker.open(f"/p/link/{token}")
    walker.open("/r/quay-thu/")
    walker.send({"unit": COMMUNES[0]})
    walker.open(_kiosk(settings))
    _switch(walker)
    walker.send()
    official(store, clock, walker)
    names = {line.split("=", 1)[0].removeprefix("__Host-") for line in kept}
    assert names == {"page", "link-dai-bieu", "form-quay-thu", "visit", "language", "signed_in"}
    for line in kept:
        marks = {part.strip().lower() for part in line.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= marks, line
        if base_url.startswith("https"):
            assert line.startswith("__Host-"), line
            assert "secure" in marks, line
    app.extensions["survey"].store.engine.dispose()


def _walker(app: Flask, base_url: str) -> Person:
    """Make somebody whose browser reaches the site at an address of its own."""
    walker = Person(app)
    client = walker.client
    for name in ("get", "post"):
        send = getattr(client, name)
        setattr(client, name, lambda *given, send=send, **named: send(*given, base_url=base_url, **named))
    return walker


def _cookies_set_by(app: Flask) -> list[str]:
    """Collect every Set-Cookie of the site, redirects included."""
    kept: list[str] = []
    inner = app.wsgi_app

    def listening(environ: Any, start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            kept.extend(value for name, value in headers if name == "Set-Cookie")
            return start_response(status, headers, *rest)

        return inner(environ, start)

    app.wsgi_app = listening  # type: ignore[method-assign]  # Flask's documented way
    return kept


# Serving


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Callable[..., dict[str, Any]]:
    """Runs `survey serve` with waitress in the hands of the test; gives what waitress was told."""
    monkeypatch.setenv("SURVEY_INSTANCE", str(settings.instance))
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("SECRET_KEY", settings.secret_key or "")
    monkeypatch.delenv("PUBLIC_BASE_URL", raising=False)
    told: dict[str, Any] = {}

    class Told:
        def __init__(self, app: Flask, **named: Any) -> None:
            told.update(named, app=app)

        def run(self) -> None:
            pass

    monkeypatch.setattr("survey.cli.serving.create_server", Told)
    monkeypatch.setattr("survey.cli.serving.socket.create_server", lambda *_, **__: nullcontext())

    def command(*words: str) -> dict[str, Any]:
        result = CliRunner().invoke(main, ["serve", *words])
        assert result.exit_code == 0, result.output
        return told

    return command


def test_a_body_far_over_the_limit_is_not_taken_in_whole(served: Callable[..., dict[str, Any]]) -> None:
    """Files that are imported are the longest; each route refuses sooner what is too long for it."""
    assert served()["max_request_body_size"] == 12 << 20


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ((), "http://127.0.0.1:8000"),
        (("--port", "8123"), "http://127.0.0.1:8123"),
        (("--host", "0.0.0.0", "--port", "8123"), "http://127.0.0.1:8123"),  # noqa: S104  # an argument
        (("--host", "192.0.2.7", "--port", "80"), "http://192.0.2.7:80"),
    ],
)
def test_addresses_on_the_pages_name_the_port_that_is_served(
    served: Callable[..., dict[str, Any]], words: tuple[str, ...], address: str
) -> None:
    assert served(*words)["app"].extensions["survey"].settings.public_base_url == address


def test_a_public_address_that_was_set_stays(
    served: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://khaosat.example.vn")
    app = served("--port", "8123")["app"]
    assert app.extensions["survey"].settings.public_base_url == "https://khaosat.example.vn"


def test_survey_tidy_says_what_it_deleted(
    served: Callable[..., dict[str, Any]], store: Store, clock: SetClock
) -> None:
    code = make_round(store, clock)
    start_form(store=store, clock=clock, respondent=somebody(code))
    with store.transaction() as session:
        session.query(DraftRow).update({"day_saved": date(2020, 1, 1)})
    result = CliRunner().invoke(main, ["tidy"])
    assert (result.exit_code, "1 phiếu làm dở" in result.output) == (0, True)
    assert _count(store, DraftRow) == 0
