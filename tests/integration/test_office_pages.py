"""Officials over HTTP: signing in and out, what they may see, the figures on the pages, Excel."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from urllib.parse import unquote

from openpyxl import load_workbook
from sqlalchemy import select

from survey.services.indices import recompute
from survey.services.places import kiosk_key
from survey.services.ranked_units import FEW
from survey.storage.models import AuditEventRow
from survey.storage.store import Store
from survey.units import load_units
from tests.accounts import PASSWORD
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Person
from tests.integration.office_fixture import (
    CODE,
    ELSEWHERE,
    JUDGED,
    RECEIVED,
    fill,
    official,
    press,
    token,
)
from tests.rounds import freeze_and_compute

People = Callable[[], Person]


def _computed(store: Store, clock: SetClock, formula: str | None = None) -> str:
    code = fill(store, clock)
    freeze_and_compute(store, clock, code, formula)
    return code


def _try(person: Person, login: str, password: str) -> int:
    person.open("/office/sign-in")
    return person.send({"login": login, "password": password}).status


@both_databases
def test_a_wrong_password_is_refused_and_only_the_login_is_kept(
    store: Store, clock: SetClock, person: People
) -> None:
    official(store, clock, person())
    stranger = person()
    assert _try(stranger, "official.p34-68", "không phải mật khẩu") == 403
    page = stranger.page
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in page.text
    assert ("login", "official.p34-68") in page.form.fields
    assert "không phải mật khẩu" not in page.html
    assert stranger.open("/office/").address == "/office/sign-in"


@both_databases
def test_a_login_of_odd_characters_is_refused_like_any_other(clock: SetClock, person: People) -> None:
    for login in ("", " ", "can\0bo", "x" * 5_000, "';--", "𝒶dmin"):
        assert _try(person(), login, PASSWORD) == 403, login


def test_an_unknown_login_and_a_wrong_password_look_the_same(
    store: Store, clock: SetClock, person: People
) -> None:
    official(store, clock, person())
    answers = []
    for login in ("official.p34-68", "khong-co-ai-ca"):
        stranger = person()
        status = _try(stranger, login, "sai mật khẩu rồi")
        answers.append((status, stranger.page.text.replace(login, "")))
    assert answers[0] == answers[1]


@both_databases
def test_after_five_failures_even_the_right_password_waits_a_quarter_of_an_hour(
    store: Store, clock: SetClock, person: People
) -> None:
    official(store, clock, person())
    guesser = person()
    assert [_try(guesser, "official.p34-68", f"đoán lần {n}") for n in range(5)] == [403] * 5
    assert _try(guesser, "official.p34-68", PASSWORD) == 429
    clock.move(minutes=16)
    assert _try(guesser, "official.p34-68", PASSWORD) == 200
    assert guesser.page.address == "/office/"


@both_databases
def test_signing_out_ends_the_session_on_the_server_and_not_only_in_the_browser(
    store: Store, clock: SetClock, person: People
) -> None:
    somebody = official(store, clock, person())
    cookie = somebody.client.get_cookie("signed_in")
    assert cookie is not None
    press(somebody, "/sign-out")
    assert "Đã đăng xuất" in somebody.page.text
    somebody.client.set_cookie("signed_in", cookie.value)
    assert somebody.open("/office/").address == "/office/sign-in"


def test_a_session_left_alone_for_a_quarter_of_an_hour_is_over(
    store: Store, clock: SetClock, person: People
) -> None:
    somebody = official(store, clock, person())
    clock.move(minutes=14)
    assert somebody.open("/office/").address == "/office/"
    clock.move(minutes=16)
    assert somebody.open("/office/").address == "/office/sign-in"


def test_signing_in_never_leads_to_another_site(store: Store, clock: SetClock, person: People) -> None:
    official(store, clock, person())
    victim = person()
    victim.open("/office/sign-in")
    fields = {"login": "official.p34-68", "password": PASSWORD, "csrf_token": token(victim)}
    for address in (
        "https://example.org/",
        "//example.org",
        "/\\example.org",
        "/\texample.org",
        "javascript:alert(1)",
    ):
        answer = victim.client.post("/office/sign-in", data=fields | {"next": address})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/office/"), address


def test_after_signing_in_one_comes_where_one_wanted_to_go(
    store: Store, clock: SetClock, person: People
) -> None:
    official(store, clock, person())
    late = person()
    late.open("/office/standings?year=2023")
    assert late.page.address == "/office/sign-in"
    late.send({"login": "official.p34-68", "password": PASSWORD})
    assert late.page.address == "/office/standings"
    assert "năm 2023" in late.page.text


def test_a_sign_in_form_without_its_token_signs_nobody_in(
    store: Store, clock: SetClock, person: People
) -> None:
    official(store, clock, person())
    stranger = person()
    stranger.open("/office/sign-in")
    stranger.send({"login": "official.p34-68", "password": PASSWORD}, without=("csrf_token",))
    assert stranger.page.status == 400
    assert stranger.open("/office/").address == "/office/sign-in"


@both_databases
def test_a_round_of_another_province_is_as_good_as_absent(
    store: Store, clock: SetClock, person: People
) -> None:
    _computed(store, clock)
    stranger = official(store, clock, person(), unit_id=ELSEWHERE)
    assert CODE not in stranger.page.html
    fields = [("csrf_token", token(stranger))]
    for page in (
        stranger.open(f"/office/rounds/{CODE}/"),
        stranger.open(f"/office/rounds/{CODE}/results"),
        stranger.post(f"/office/rounds/{CODE}/export", fields),
        stranger.open("/office/rounds/khong-co/"),
    ):
        assert (page.status, "SVY-404-90" in page.text) == (404, True)


@both_databases
def test_the_board_counts_what_was_issued_and_received_by_unit_and_in_all(
    store: Store, clock: SetClock, person: People
) -> None:
    fill(store, clock)
    page = official(store, clock, person()).open(f"/office/rounds/{CODE}/")
    assert "Dữ liệu mô phỏng" in page.text
    issued = sum(issued for _, _, issued, _ in JUDGED)
    assert f"của {issued} phiếu phát ra" in page.text
    unit, _block, handed, received = JUDGED[1]
    name = load_units().get(unit).full_name
    assert f"{name} {handed} {received} 64,00% 0" in page.text
    assert f"Máy tại quầy {RECEIVED} 100,00%" in page.text


def test_the_board_gives_addresses_that_the_kiosk_answers(
    store: Store, clock: SetClock, person: People
) -> None:
    fill(store, clock)
    somebody = official(store, clock, person())
    somebody.open(f"/office/rounds/{CODE}/")
    key = kiosk_key("a secret of the tests, long enough to sign with", CODE, JUDGED[0][0])
    address = f"/kiosk/{CODE}/{JUDGED[0][0]}/{key}/"
    assert f"http://localhost{address}" in somebody.page.links
    assert somebody.open(address).status == 200


@both_databases
def test_results_show_the_overall_figure_with_its_interval_and_rank_within_blocks(
    store: Store, clock: SetClock, person: People
) -> None:
    code = fill(store, clock)
    _, indices = freeze_and_compute(store, clock, code)
    whole = indices.overall
    assert whole.value is not None
    assert whole.ci_low is not None
    somebody = official(store, clock, person())
    page = somebody.open(f"/office/rounds/{code}/results")
    said = f"{whole.value * 100:.2f}".replace(".", ",")
    low = f"{whole.ci_low * 100:.2f}".replace(".", ",")
    assert f"{said} %" in page.text
    assert low in page.text
    assert f"Số phiếu: {whole.n}" in page.text
    assert indices.result_sha256 in page.html
    page = somebody.open(f"/office/rounds/{code}/results?block=Xã")
    few = load_units().get(JUDGED[3][0]).full_name
    assert JUDGED[3][3] < FEW
    assert f"ít phiếu {few}" in page.text
    assert load_units().get(JUDGED[0][0]).full_name not in page.text


def test_a_round_without_results_says_what_is_still_to_be_done(
    store: Store, clock: SetClock, person: People
) -> None:
    fill(store, clock)
    page = official(store, clock, person()).open(f"/office/rounds/{CODE}/results")
    assert page.status == 200
    assert "Chưa có kết quả" in page.text
    assert not any(form.action.endswith("/export") for form in page.forms)


def test_a_variant_that_was_tried_does_not_become_the_headline(
    store: Store, clock: SetClock, person: People
) -> None:
    code = _computed(store, clock, "satisfied-share")
    recompute(store=store, clock=clock, snapshot_code=f"{code}-0001", actor="tests", formula_id="mean-score")
    page = official(store, clock, person()).open(f"/office/rounds/{code}/results")
    form = next(form for form in page.forms if form.action.endswith("/export"))
    assert ("formula", "satisfied-share") in form.fields


def test_results_by_a_formula_that_nobody_computed_are_not_found(
    store: Store, clock: SetClock, person: People
) -> None:
    _computed(store, clock, "mean-score")
    somebody = official(store, clock, person())
    assert somebody.open(f"/office/rounds/{CODE}/results?formula=satisfied-share").status == 404
    assert somebody.open(f"/office/rounds/{CODE}/results?section=khong-co&block=x&page=99999").status == 200


def test_excel_opens_under_a_vietnamese_name_and_the_log_says_who_took_it(
    store: Store, clock: SetClock, person: People
) -> None:
    _computed(store, clock)
    somebody = official(store, clock, person())
    somebody.open(f"/office/rounds/{CODE}/results")
    form = next(form for form in somebody.page.forms if form.action.endswith("/export"))
    answer = somebody.client.post(form.action, data=dict(form.fields))
    assert answer.status_code == 200
    assert f"Tổng hợp kết quả {CODE}.xlsx" in unquote(answer.headers["Content-Disposition"])
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    workbook = load_workbook(BytesIO(answer.get_data()))
    written = {str(cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row}
    assert load_units().get(JUDGED[0][0]).full_name in written
    answer.close()
    with store.reading() as session:
        taken = session.scalars(select(AuditEventRow).where(AuditEventRow.action == "summary exported")).all()
    assert [(event.actor, event.subject) for event in taken] == [("official.p34-68", CODE)]


def test_excel_holds_the_formula_that_the_page_shows(store: Store, clock: SetClock, person: People) -> None:
    """Both formulas are computed; the one computed first is asked for by name, on the page and in Excel."""
    code = _computed(store, clock, "mean-score")
    recompute(
        store=store, clock=clock, snapshot_code=f"{code}-0001", actor="tests", formula_id="satisfied-share"
    )
    somebody = official(store, clock, person())
    page = somebody.open(f"/office/rounds/{code}/results?formula=mean-score")
    form = next(form for form in page.forms if form.action.endswith("/export"))
    assert ("formula", "mean-score") in form.fields
    answer = somebody.client.post(form.action, data=dict(form.fields))
    workbook = load_workbook(BytesIO(answer.get_data()))
    written = " ".join(str(cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row)
    assert _result_hash(page.html) in written
    answer.close()


def test_an_administrator_may_see_but_not_take_excel(store: Store, clock: SetClock, person: People) -> None:
    _computed(store, clock)
    somebody = official(store, clock, person(), role="administrator")
    assert somebody.open(f"/office/rounds/{CODE}/results").status == 200
    fields = [("csrf_token", token(somebody))]
    assert somebody.post(f"/office/rounds/{CODE}/export", fields).status == 403


def test_standings_give_dak_nong_of_2024_as_published(store: Store, clock: SetClock, person: People) -> None:
    """86.60 %, band B, 50th of 63, +1.18, second in Tây Nguyên; survey 34th, up 27 (published 2025)."""
    page = official(store, clock, person()).open("/office/standings?year=2024&unit=Đắk Nông")
    for said in (
        "86,60 %",
        "Nhóm B",
        "50/63",
        "tăng 1,18 điểm phần trăm",
        "tăng 1 bậc",
        "2/5",
        "Kon Tum (88,27%)",
        "Tăng 27 bậc",
    ):
        assert said in page.text, said


def test_standings_say_why_a_figure_is_not_known_and_show_what_else_was_printed(
    store: Store, clock: SetClock, person: People
) -> None:
    somebody = official(store, clock, person())
    page = somebody.open("/office/standings?year=2024&unit=Cà Mau")
    assert "Không tìm thấy trong nguồn đã công bố." in page.text
    page = somebody.open("/office/standings?year=2023&unit=Hải Phòng")
    assert "Giá trị khác đã công bố 91,81%" in page.text


def test_a_province_that_never_was_is_not_found(store: Store, clock: SetClock, person: People) -> None:
    assert official(store, clock, person()).open("/office/standings?unit=Đông Lào").status == 404


def test_a_year_without_a_score_says_so(store: Store, clock: SetClock, person: People) -> None:
    page = official(store, clock, person()).open("/office/score")
    assert page.status == 200
    assert "Chưa có điểm" in page.text


def _result_hash(html: str) -> str:
    """Take the full hash that follows the words for it in the details."""
    return html.split("Kết quả (SHA-256)")[1].split("<dd>")[1].split("</dd>")[0]
