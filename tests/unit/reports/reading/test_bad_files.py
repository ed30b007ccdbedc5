"""Files that are broken, hostile or too large are refused with a word and a sentence, and cost little (F16, F17, T23)."""

from __future__ import annotations

import io
import os
import random
import signal
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections import Counter
from typing import Any

import pytest

from survey.reports.reading import (
    FILE_CATALOGUE,
    FILE_LIMIT,
    FileTooLarge,
    ReaderBusy,
    UnreadableFile,
    confined,
    read_sheets,
)
from survey.reports.reading.arrival import kind_on_arrival
from survey.reports.reading.sheet_worker.limits import COLUMNS, ROWS
from survey.reports.reading.turns import AT_ONCE, reading_turn
from tests.unit.reports.reading.workbooks import archive, by_hand, cell, parts_of, workbook

SOUND = workbook([["Mã", "Câu 1"], *[[f"P{number}", number] for number in range(50)]])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)


def _reason(raw: bytes, name: str = "phieu.xlsx") -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_sheets(raw, name=name, patience=60)
    for language in ("vi", "en"):
        assert name in refused.value.text(language)
    return refused.value.reason


def _refused_before_inflating(raw: bytes, name: str = "phieu.xlsx") -> str:
    """Give why the first look refuses a file; no process is started by it."""
    with pytest.raises(UnreadableFile) as refused:
        kind_on_arrival(raw, name=name)
    return refused.value.reason


@pytest.mark.parametrize(
    ("raw", "name", "reason"),
    [
        (OLE + "Workbook".encode("utf-16-le"), "cu.xls", "legacy-xls"),
        (OLE + "Workbook".encode("utf-16-le"), "doi-ten.xlsx", "legacy-xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "mat-khau.xlsx", "password"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "xuat.xls", "legacy-xls"),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00" * 4, "biff.xls", "damaged"),
        (b"%PDF-1.7 ...", "phieu.csv", "wrong-kind"),
        (b"\x89PNG\r\n", "anh.xlsx", "wrong-kind"),
        (b"", "rong.csv", "empty"),
        (b" \n ", "rong.csv", "empty"),
        (b"not a workbook at all", "phieu.xlsx", "damaged"),
        (archive({"word/document.xml": "<w/>"}), "van-ban.docx", "wrong-kind"),
        (archive({**parts_of(""), "xl/vbaProject.bin": "x"}), "phieu.xlsm", "macro"),
        (archive({"xl/workbook.bin": "x", "[Content_Types].xml": "x"}), "phieu.xlsb", "other-workbook"),
        (archive({"mimetype": "ods", "content.xml": "<x/>"}), "phieu.ods", "other-workbook"),
        (archive({**parts_of(""), "xl/embeddings/object1.xlsx": "x"}), "phieu.xlsx", "nested-archive"),
        (archive({"[Content_Types].xml": "x", "a.zip": "x"}), "phieu.xlsx", "nested-archive"),
        (archive({"[Content_Types].xml": "x", "a.bin": "PK\x03\x04"}, method=0), "phieu.xlsx", "nested-archive"),
        (archive({"[Content_Types].xml": "x" * 3_000_000}), "phieu.xlsx", "zip-bomb"),
        (archive({f"p{number}": "x" for number in range(199)} | parts_of("")), "phieu.xlsx", "too-many-parts"),
        (archive({f"{'p' * 60}{number}": "" for number in range(5_000)}), "phieu.xlsx", "too-many-parts"),
        (archive(parts_of(""), method=zipfile.ZIP_BZIP2), "phieu.xlsx", "damaged"),
        (SOUND[:1_000], "phieu.xlsx", "damaged"),
        (b"PK\x05\x06" + bytes(18), "phieu.xlsx", "wrong-kind"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused_at_the_first_look(raw: bytes, name: str, reason: str) -> None:
    assert _refused_before_inflating(raw, name) == reason


def test_a_file_beyond_ten_megabytes_is_too_large() -> None:
    with pytest.raises(FileTooLarge):
        read_sheets(bytes(FILE_LIMIT + 1), name="to.csv")


def test_a_sheet_of_118_megabytes_is_refused_before_inflating() -> None:
    """F17, experience.md §4.3: 100,000 × 20 cells cost a naive reader 49 s and 879 MB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, content in parts_of("").items():
            if "sheet1" not in name:
                writer.writestr(name, content)
        with writer.open("xl/worksheets/sheet1.xml", "w") as part:
            row = "".join(f'<c r="{letter}1"><v>{number}.123456789012345</v></c>'
                          for number, letter in enumerate("ABCDEFGHIJKLMNOPQRST"))  # fmt: skip
            line = f"<row>{row}</row>".encode()
            for _ in range(118_000_000 // len(line) + 1):
                part.write(line)
    began = time.monotonic()
    assert _refused_before_inflating(made.getvalue()) == "zip-bomb"
    assert time.monotonic() - began < 1


def test_a_bomb_that_lies_about_its_size_is_stopped_by_the_counter() -> None:
    """F17: declared sizes are not believed; 42.zip and its kin say what they like."""
    raw = bytearray(archive(parts_of("<sheetData/>" + " " * 50_000_000)))
    central = raw.rfind(b"PK\x01\x02")
    struct.pack_into("<L", raw, central + 24, 500)
    local = raw.find(b"PK\x03\x04", raw.find(b"sheet1.xml") - 60)
    struct.pack_into("<L", raw, local + 22, 500)
    began = time.monotonic()
    assert _reason(bytes(raw)) in {"damaged", "zip-bomb"}
    assert time.monotonic() - began < 10


BILLION = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))
QUADRATIC = f'<!ENTITY a "{"x" * 50_000}">'


@pytest.mark.parametrize(
    "declared",
    [BILLION, QUADRATIC, '<!ENTITY a SYSTEM "file:///etc/passwd">', '<!ENTITY % p SYSTEM "http://192.0.2.1/x"> %p;', ""],
    ids=["billion laughs", "quadratic", "file", "network", "bare document type"],
)  # fmt: skip
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"])
def test_xml_with_declarations_is_refused_in_every_part(part: str, declared: str) -> None:
    """F17: entity expansion, quadratic growth and outside entities need a document type; none is allowed."""
    parts = parts_of(
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row></sheetData>'
    )
    parts[part] = f"<!DOCTYPE x [{declared}]>{parts[part].replace('</', '&a;&a;</', 1)}"
    assert _reason(archive(parts)) == "document-type"


def test_a_link_to_outside_is_never_followed() -> None:
    """A sheet that is said to lie elsewhere is as good as missing."""
    parts = parts_of("<sheetData/>")
    name = "xl/_rels/workbook.xml.rels"
    parts[name] = parts[name].replace(
        'Target="worksheets/sheet1.xml"', 'Target="http://192.0.2.1/s.xml" TargetMode="External"'
    )
    assert _reason(archive(parts)) == "no-rows"


def test_a_workbook_that_declares_macros_is_refused_whatever_its_name() -> None:
    parts = parts_of("<sheetData/>")
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        "openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "ms-excel.sheet.macroEnabled.main+xml"
    )
    assert _reason(archive(parts)) == "macro"


@pytest.mark.parametrize(
    ("sheet", "reason"),
    [
        ("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, ROWS + 2)), "too-many-rows"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "too-many-columns"),
        ("".join(f'<row r="{n}">' + '<c t="inlineStr"><is><t>a</t></is></c>' * COLUMNS + "</row>" for n in range(1, 3_400)), "too-many-cells"),
        ('<row r="2"/><row r="1"/>', "damaged"),
        ('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>', "damaged"),
        ('<row r="1"><c r="A9"><v>1</v></c></row>', "damaged"),
        ('<row r="9999999"/>', "damaged"),
        ('<row r="1"><c r="A1" t="s"><v>7</v></c></row>', "damaged"),
        ('<row r="1"><c r="A1"><v>1</v></row>', "damaged"),
        ("<row r='1'>\x00</row>", "damaged"),
        ("<a>" * 100_000, "damaged"),
    ],
    ids=[
        "rows", "columns", "cells", "rows backwards", "columns backwards", "row within row", "no such row",
        "no such text", "unclosed", "NUL", "depth",
    ],
)  # fmt: skip
def test_a_sheet_beyond_the_limits_or_the_format_is_refused(sheet: str, reason: str) -> None:
    assert _reason(by_hand(f"<sheetData>{sheet}</sheetData>")) == reason


def corrupted(seed: int, sound: bytes = SOUND) -> bytes:
    """Break a sound workbook in one of many ways, the same for the same seed."""
    chance = random.Random(seed)
    raw = bytearray(sound)
    match seed % 5:
        case 0:
            return bytes(raw[: chance.randrange(len(raw))])
        case 1:
            for _ in range(chance.randint(1, 40)):
                raw[chance.randrange(len(raw))] = chance.randrange(256)
        case 2:
            raw[:4] = chance.randbytes(4)
        case 3:
            at = chance.randrange(len(raw))
            raw[at : at + chance.randint(1, 500)] = chance.randbytes(chance.randint(0, 500))
        case _:
            return _corrupted_inside(chance, sound)
    return bytes(raw)


def _corrupted_inside(chance: random.Random, sound: bytes) -> bytes:
    """Break one part of the workbook and put the archive together again without a fault of its own."""
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(sound)) as archive_:
        parts = {name: archive_.read(name) for name in archive_.namelist()}
    name = chance.choice(sorted(parts))
    content = bytearray(parts[name])
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(content))
        content[at : at + chance.randint(0, 9)] = chance.choice(
            [b"", b"<", b"&x;", b'"', b"\xff", b"-1", b"<row/>"]
        )
    return archive({**parts, name: bytes(content)})


def test_two_hundred_corrupted_workbooks_are_read_or_refused_by_a_word() -> None:
    """F16: truncated, flipped, wrong magic, broken inside; no other error ever, and none costs 30 seconds."""
    outcomes = Counter(_outcome(corrupted(seed)) for seed in range(200))
    assert outcomes["damaged"] > 80
    assert set(outcomes) <= {"read", *FILE_CATALOGUE} - {"too-heavy"}


def _outcome(raw: bytes) -> str:
    try:
        read_sheets(raw, name="phieu.xlsx", patience=60)
    except UnreadableFile as refused:
        return refused.reason
    return "read"


def _worker_that(statement: str, monkeypatch: pytest.MonkeyPatch) -> None:
    start = f"import sys; sys.path.append(sys.argv[1]); from sheet_worker.limits import confine; confine(); {statement}"
    monkeypatch.setattr(confined, "_START", start)


@pytest.mark.parametrize(
    "statement",
    ["import time; time.sleep(60)", "x = bytearray(600 << 20)", "import os; os.kill(os.getpid(), 9)", "raise SystemExit(0)"]
    + ["import os, time; os.fork(); time.sleep(60)", "sys.stdout.write('x' * (200 << 20))", "print('{\"sheet\": \"a\"}')"],
    ids=["sleeps", "takes 600 MB", "is killed", "says nothing", "forks", "floods", "stops half way"],
)  # fmt: skip
def test_a_worker_that_goes_wrong_is_a_refusal_in_time(
    statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F17: killed at its limits, with all it began; the site only hears that the file is too heavy."""
    _worker_that(statement, monkeypatch)
    began = time.monotonic()
    with pytest.raises(UnreadableFile) as refused:
        read_sheets(SOUND, name="phieu.xlsx", seconds=1.5, patience=60)
    assert refused.value.reason == "too-heavy"
    assert time.monotonic() - began < 8


def test_a_worker_that_is_killed_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def noted(*given: Any, **told: Any) -> Any:
        begun.append(popen(*given, **told))
        return begun[-1]

    monkeypatch.setattr(confined.subprocess, "Popen", noted)
    _worker_that("import os, time; os.fork(); time.sleep(60)", monkeypatch)
    with pytest.raises(UnreadableFile):
        read_sheets(SOUND, name="phieu.xlsx", seconds=1, patience=60)
    (process,) = begun
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("something of the worker's group is alive")


def test_the_worker_has_its_limits_no_environment_and_nothing_of_the_site(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """T15: what reads a hostile file can reach neither the secrets nor the libraries of the site."""
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    told = (
        "import json, os, resource; soft = lambda kind: resource.getrlimit(kind)[0]; "
        "from sheet_worker import main as _; import sheet_worker.workbook; "
        "print(json.dumps({'merged': [soft(resource.RLIMIT_AS), soft(resource.RLIMIT_CPU), soft(resource.RLIMIT_CORE), "
        "sorted(os.environ), [name for name in sys.modules if name.split('.')[0] in ('survey', 'sqlalchemy', 'flask', 'openpyxl')]]}))"
    )
    _worker_that(told, monkeypatch)
    (said, _) = list(confined.told_of(SOUND, "xlsx"))
    memory, seconds, core, environment, modules = said["merged"]
    assert (memory, seconds, core) == (512 << 20, 30, 0)
    assert set(environment) <= {"LC_CTYPE"}
    assert modules == []


def test_a_third_file_waits_for_its_turn_and_then_hears_that_the_site_is_busy() -> None:
    """ASVS 15.1.3: at most two readings at once."""
    assert AT_ONCE == 2
    with reading_turn(60), reading_turn(60), pytest.raises(ReaderBusy) as busy:
        read_sheets(SOUND, name="phieu.xlsx", patience=0.2)
    assert busy.value.status == 429
    assert read_sheets(SOUND, name="phieu.xlsx", patience=60).first().rows


def test_a_turn_comes_free_when_the_process_that_had_it_dies() -> None:
    holds = "from survey.reports.reading.turns import reading_turn\nimport time\nwith reading_turn(60):\n with reading_turn(60):\n  print('có', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", holds], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert read_sheets(SOUND, name="phieu.xlsx", patience=30).first().rows


def test_other_threads_go_on_while_a_file_is_read() -> None:
    """F17: the reading happens in another process, so pages are answered meanwhile."""
    rows = "".join(f'<row r="{n}">' + f"<c><v>{n}</v></c>" * 40 + "</row>" for n in range(1, 12_000))
    raw = by_hand(
        f"<sheetData><row r='12001'>{cell('A12001', 'x')}</row></sheetData>".replace(
            "<sheetData>", f"<sheetData>{rows}"
        )
    )
    longest, done = 0.0, threading.Event()

    def read() -> None:
        read_sheets(raw, name="phieu.xlsx", patience=60)
        done.set()

    thread = threading.Thread(target=read)
    thread.start()
    while not done.is_set():
        began = time.monotonic()
        time.sleep(0.005)
        longest = max(longest, time.monotonic() - began)
    thread.join()
    assert longest < 1.0
