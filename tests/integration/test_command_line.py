"""The commands, run as a person runs them: what they print, what they write, how they fail."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from survey.services.snapshots import freeze_snapshot
from survey.storage.models import AuditEventRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.household_rounds import fill, household_round
from tests.integration.commands import Run


def test_the_founding_article_is_reproduced_with_sources(run: Run) -> None:
    """parindex.md §0: 86.60 %, band B, 50th of 63, +1.18, +1 place, second after Kon Tum, survey 34th (+27)."""
    told = run("standings", "--year", "2024", "--unit", "Đắk Nông").output
    for figure in ("86,60%", "50/63", "+1,18", "Kon Tum (88,27%)", "+27", "Tây Nguyên", "daknong.gov.vn"):
        assert figure in told
    lines = {line.split("  ")[0]: line for line in told.splitlines()}
    assert re.search(r"Nhóm +B ", lines["Nhóm"])
    assert re.search(r"vùng +2/5 ", lines["Hạng trong vùng"])
    assert re.search(r"đại biểu +34 ", lines["Khảo sát lãnh đạo, đại biểu"])


@pytest.mark.parametrize("name", ["dak nong", "TỈNH ĐẮK NÔNG", "Tỉnh Đắk Nông"])
def test_a_province_is_found_however_its_name_is_written(run: Run, name: str) -> None:
    if name == "dak nong":
        assert "Đắk Nông" in run("standings", "--year", "2024", "--unit", name, ends=2).output
    else:
        assert "86,60%" in run("standings", "--year", "2024", "--unit", name).output


def test_what_is_not_known_is_said_so(run: Run) -> None:
    told = run("standings", "--year", "2024", "--unit", "Hà Nội").output
    assert "Không tìm thấy trong nguồn đã công bố" in told
    assert "3/63" in told


def test_an_unknown_year_or_province_is_one_line_with_a_code(run: Run) -> None:
    assert "SVY-404" in run("standings", "--year", "1999", ends=2).output
    assert "SVY-404" in run("standings", "--year", "2024", "--unit", "Atlantis", ends=2).output


def test_a_sound_questionnaire_is_sound_and_every_problem_of_a_broken_one_is_told(
    run, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]  # a function fixture
    from survey.questionnaires import load_shipped

    good = tmp_path / "good.json"
    good.write_bytes(load_shipped("service-counter").raw)
    assert "đúng" in run("questionnaire", "check", str(good)).output
    broken = tmp_path / "broken.json"
    broken.write_bytes(
        good.read_bytes().replace(b'"en"', b'"fr"', 1).replace(b'"scale": "reasons"', b'"scale": "none"')
    )
    told = run("questionnaire", "check", str(broken), ends=1).output
    assert len([line for line in told.splitlines() if ": [" in line]) >= 2
    assert "SVY-404-10" in run("questionnaire", "check", str(tmp_path / "none.json"), ends=2).output


@both_databases
def test_freeze_recompute_verify_export(run: Run, store: Store, clock: SetClock, tmp_path: Path) -> None:
    code = household_round(store, clock)
    fill(store, clock, code)
    frozen = run("snapshot", code).output
    snapshot = f"{code}-0001"
    assert snapshot in frozen
    first, second = (run("recompute", snapshot, "--items", "--by-unit").output for _ in range(2))
    assert first == second
    assert "SHA-256" in first
    assert "B1a.clear" in first
    assert "Phường 1 Bảo Lộc" in first
    assert run("verify", snapshot).output.count("✓") == 3
    target = tmp_path / "out.xlsx"
    run("export", code, "--output", str(target))
    book = openpyxl.load_workbook(target)
    assert book.sheetnames[0] == "Tổng hợp"
    assert "Ghi chú" in book.sheetnames
    assert "SVY-404-91" in run("recompute", "none-0001", ends=2).output


@both_databases
def test_a_different_formula_is_another_result_of_the_same_snapshot(
    run, store: Store, clock: SetClock
) -> None:  # type: ignore[no-untyped-def]  # a function fixture
    code = household_round(store, clock)
    fill(store, clock, code)
    freeze_snapshot(store=store, clock=clock, round_code=code, actor="tests")
    hashes = {
        formula: run("recompute", f"{code}-0001", "--formula", formula).output.split()[-1]
        for formula in ("item-average", "mean-of-two", "pooled", "mean-score")
    }
    assert len(set(hashes.values())) == 4
    assert "SVY-404" in run("recompute", f"{code}-0001", "--formula", "none", ends=2).output


@both_databases
def test_there_is_no_account_until_one_is_added(run: Run) -> None:
    assert len(run("user", "list").output.splitlines()) == 2
    secret = "mot mat khau du dai\n"
    run("user", "add", "an.nguyen", "--role", "official", types=secret + secret)
    assert (
        "SVY-409-93"
        in run("user", "add", "an.nguyen", "--role", "official", types=secret + secret, ends=2).output
    )
    assert (
        "SVY-422-90" in run("user", "add", "binh", "--role", "analyst", types="ngan\nngan\n", ends=2).output
    )
    longer = "mot mat khau dai hon nua\n"
    run("user", "password", "an.nguyen", types=longer + longer)
    run("user", "disable", "an.nguyen")
    assert "không" in run("user", "list").output


def test_a_missing_database_is_named_and_not_made(
    run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]  # a function fixture
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'gone.sqlite3'}")
    assert "SVY-503-80" in run("round", "list", ends=2).output
    assert not (tmp_path / "gone.sqlite3").exists()


def test_wrong_settings_are_told_all_together(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", "ftp://x")
    monkeypatch.setenv("SURVEY_BEHIND_PROXY", "many")
    told = run("round", "list", ends=2).output
    assert "PUBLIC_BASE_URL" in told
    assert "SURVEY_BEHIND_PROXY" in told


def test_english_is_one_variable_away(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_LANG", "en")
    assert "Rank in the region" in run("standings", "--year", "2024", "--unit", "Đắk Nông").output


@both_databases
def test_a_round_is_made_opened_invited_to_and_closed_by_command(
    run: Run, store: Store, tmp_path: Path
) -> None:
    run(
        *("round", "add", "dai-bieu-2026", "--title-vi", "Đại biểu", "--title-en", "Delegates"),
        *("--questionnaire", "delegates-assessment", "--population", "delegates", "--unit", "Lâm Đồng"),
        *("--judged", "self", "--entry", "personal", "--opens-on", "2026-01-01", "--closes-on", "2027-12-31"),
    )
    run("round", "open", "dai-bieu-2026")
    people = tmp_path / "people.csv"
    head, line = "person,unit,stratum,psu,weight\n", ",p34-68,Đại biểu,,1\n"
    people.write_text(head + line.join(["=cmd|' /C calc'!A0", "An", "Bình", ""]), "utf-8")
    links = tmp_path / "links.csv"
    run("round", "invite", "dai-bieu-2026", str(people), "--links", str(links))
    # Each stands in a column of its own and in the message to paste.
    assert links.read_text("utf-8-sig").count("/p/link/") == 6
    assert "\n'=cmd" in links.read_text("utf-8-sig").replace('"', "")
    assert oct(links.stat().st_mode)[-3:] == "600"
    people.write_text("person,unit,stratum,psu,weight\nA,nowhere,s,p,1\nB,p34-68,s,p,-1\n", "utf-8")
    told = run("round", "invite", "dai-bieu-2026", str(people), "--links", str(links), ends=2).output
    assert "SVY-422-95" in told
    assert "2, 3" in told
    run("round", "close", "dai-bieu-2026")
    assert "closed" in run("round", "list").output


_ADD_ROUND = (
    *(
        "round",
        "add",
        "dai-bieu-2026",
        "--questionnaire",
        "delegates-assessment",
        "--population",
        "delegates",
    ),
    *("--unit", "Lâm Đồng", "--judged", "self", "--entry", "personal"),
)
_TITLES = ("--title-vi", "Đại biểu", "--title-en", "Delegates")
_DAYS = ("--opens-on", "2026-01-01", "--closes-on", "2027-12-31")
_PEOPLE = "person,unit,stratum,psu,weight\n" + "".join(f"{name},p34-68,Đại biểu,,1\n" for name in "ABC")


def _deeds(store: Store, action: str) -> list[AuditEventRow]:
    with store.reading() as session:
        return list(session.scalars(select(AuditEventRow).where(AuditEventRow.action == action)))


@both_databases
def test_links_made_before_are_never_overwritten_and_a_refusal_leaves_no_file(
    run: Run, store: Store, tmp_path: Path
) -> None:
    run(*_ADD_ROUND, *_TITLES, *_DAYS)
    people, links = tmp_path / "people.csv", tmp_path / "links.csv"
    people.write_text(_PEOPLE, "utf-8")
    invite = ("round", "invite", "dai-bieu-2026", str(people), "--links", str(links))
    assert "SVY-404-90" in run(*invite[:2], "dai-bieu-2062", *invite[3:], ends=2).output
    assert not links.exists()
    run(*invite)
    before = links.read_bytes()
    for code in ("dai-bieu-2062", "dai-bieu-2026"):
        assert "SVY-409-96" in run(*invite[:2], code, *invite[3:], ends=2).output
        assert links.read_bytes() == before
    (told,) = _deeds(store, "people invited")
    assert (told.subject, told.details) == ("dai-bieu-2026", {"people": 3, "judgements": 3})
    nowhere = tmp_path / "no-folder" / "links.csv"
    assert "links.csv" in run(*invite[:-1], str(nowhere), ends=1).output


@both_databases
@pytest.mark.parametrize(
    "line",
    ["A\0,p34-68,Đại biểu,,1", "A,p34-68,Đại\0 biểu,,1", "A,p34-68", "A,p34-01,Đại biểu,,1"],
    ids=["NUL in a name", "NUL in a stratum", "a short line", "a unit that is not judged"],
)
def test_a_wrong_line_of_people_is_named_and_nobody_is_invited(
    run: Run, store: Store, tmp_path: Path, line: str
) -> None:
    run(*_ADD_ROUND, *_TITLES, *_DAYS)
    people, links = tmp_path / "people.csv", tmp_path / "links.csv"
    people.write_text(_PEOPLE + f"{line}\n" * 3, "utf-8")
    told = run("round", "invite", "dai-bieu-2026", str(people), "--links", str(links), ends=2).output
    assert "SVY-422-95" in told
    assert "5, 6, 7" in told
    assert not links.exists()
    assert not _deeds(store, "people invited")


@both_databases
def test_what_a_database_could_not_hold_is_refused_by_name(run: Run, store: Store) -> None:
    late = ("--opens-on", "2101-01-01", "--closes-on", "2101-12-31")
    assert "year" in run(*_ADD_ROUND, *_TITLES, *late, ends=2).output
    told = run(*_ADD_ROUND, "--title-vi", "Đ" * 301, "--title-en", " ", *_DAYS, ends=2).output
    assert "SVY-422-94" in told
    assert "title_vi, title_en" in told
    assert len(run("round", "list").output.splitlines()) == 2
    for name in ("N" * 201, " "):
        words = ("user", "add", "an.nguyen", "--role", "official", "--name", name)
        assert "SVY-422-99" in run(*words, types="mot mat khau du dai\n" * 2, ends=2).output
    assert len(run("user", "list").output.splitlines()) == 2


@both_databases
def test_an_export_of_no_round_makes_no_folder(run: Run, store: Store, tmp_path: Path) -> None:
    before = {path for path in tmp_path.parent.rglob("*") if path.is_dir()}
    for words in (
        ["../../x"],
        ["x/../../y", "--responses"],
        ["x", "--output", str(tmp_path / "new" / "a.xlsx")],
    ):
        assert "SVY-404-90" in run("export", *words, ends=2).output
    assert {path for path in tmp_path.parent.rglob("*") if path.is_dir()} == before


@both_databases
def test_an_export_is_logged_and_makes_only_the_folder_of_exports(
    run: Run, store: Store, clock: SetClock, tmp_path: Path
) -> None:
    code = household_round(store, clock)
    fill(store, clock, code)
    run("snapshot", code)
    result = run("recompute", f"{code}-0001").output.split()[-1]
    typed = tmp_path / "tpyo" / "out.xlsx"
    assert "out.xlsx" in run("export", code, "--output", str(typed), ends=1).output
    assert not typed.parent.exists()
    assert not _deeds(store, "summary exported")
    run("export", code)
    assert (tmp_path / "exports" / f"tong-hop-{code}.xlsx").exists()
    (told,) = _deeds(store, "summary exported")
    assert (told.subject, told.details["result_sha256"]) == (code, result)


@both_databases
def test_a_score_says_first_that_it_is_simulated_or_an_illustration(
    run: Run, store: Store, clock: SetClock
) -> None:
    code = household_round(store, clock, simulated=True)
    fill(store, clock, code)
    run("snapshot", code)
    run("recompute", f"{code}-0001")
    compute = ("score", "compute", "Lâm Đồng", "2026")
    assert run(*compute, "--sipas", code).output.startswith("DỮ LIỆU MÔ PHỎNG\n")
    drawn = ("--criteria-set", "par-illustration")
    assert run(*compute, *drawn, "--sipas", code).output.startswith("DỮ LIỆU MÔ PHỎNG\nMINH HỌA\n")
    plain = run(*compute).output
    assert "MÔ PHỎNG" not in plain
    assert "MINH HỌA" not in plain
    told = run("score", "compute", "Hà Nội", "2026", "--sipas", code, ends=2).output
    assert "SVY-422-98" in told
    assert code in told


@both_databases
def test_points_are_recorded_only_where_they_can_stand(run: Run, store: Store) -> None:
    record = ("score", "record", "Lâm Đồng")
    run(*record, "2026", "appraisal", "60.5", "--source", "biên bản")
    assert "SVY-422-51" in run(*record, "2026", "apraisal", "1", "--source", "biên bản", ends=2).output
    assert "SVY-422-51" in run(*record, "2026", "appraisal", "nan", "--source", "biên bản", ends=2).output
    assert "SVY-422-97" in run(*record, "2026", "appraisal", "1", "--source", "", ends=2).output
    assert "2100" in run(*record, "20266", "appraisal", "1", "--source", "biên bản", ends=2).output
    assert [one.details["after"] for one in _deeds(store, "points recorded")] == [{"points": 60.5}]
