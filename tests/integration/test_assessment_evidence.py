"""Evidence: judged by content, streamed and hashed, scanned by the site's command, whole or not at all."""

from __future__ import annotations

import io
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from survey.errors import SurveyError
from survey.services.assessments.errors import (
    EmptyEvidence,
    EvidenceTooLarge,
    ExplanationNeeded,
    ForbiddenType,
    InfectedEvidence,
    Locked,
    NoSuchEvidence,
)
from survey.services.assessments.evidence import (
    add_evidence,
    open_evidence,
    scan_waiting,
    withdraw_evidence,
)
from survey.services.assessments.file_types import allowed_types
from survey.services.assessments.scanning import scanner
from survey.services.assessments.self_assessment import approve, submit
from survey.storage.evidence_files import file_of, receive
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.assessment_year import (
    GIVEN,
    LAN,
    NOI_VU,
    PDF,
    PNG,
    TAI_CHINH,
    WARDS,
    ZONE,
    Year,
    appraiser,
    contact,
    head,
    office_file,
)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
WORD_WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


@pytest.fixture
def year(store: Store, clock: SetClock) -> Year:
    made = Year(store, clock).open()
    made.move_on()
    return made


def add(year: Year, raw: bytes, name: str = "tep.pdf", **more: object) -> int:
    given = {"leaf": "1.1", "name": name, "stream": io.BytesIO(raw), **more}
    return add_evidence(**{**year.by(contact(ZONE)), **given})


def files(store: Store) -> list[Path]:
    return [path for path in (store.folder / "evidence").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (PDF, "application/pdf"),
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 20, "image/jpeg"),
        (office_file(WORD), allowed_types()[3].media_type),
        (office_file(SHEET), allowed_types()[4].media_type),
    ],
)
def test_a_file_of_an_allowed_kind_is_kept_under_its_hash(year: Year, raw: bytes, kind: str) -> None:
    """The ending that the sender gave says nothing."""
    number = add(year, raw, name=r"C:\Tài liệu\Kế hoạch.exe")
    opened = open_evidence(**year.seen_by(LAN), evidence_id=number)
    assert (opened.name, opened.media_type, opened.size) == ("Kế hoạch.exe", kind, len(raw))
    assert opened.path.read_bytes() == raw
    assert opened.path == file_of(year.store.folder, opened.path.name)
    assert not opened.scanned
    assert stat.S_IMODE(opened.path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "raw",
    [
        b"MZ\x90\x00" + b"\x00" * 60,
        b"<html><script>alert(1)</script>",
        b"<?xml version='1.0'?><svg onload='x'/>",
        office_file("application/zip"),
        office_file(WORD_WITH_MACROS),
        office_file(WORD, "word/vbaProject.bin"),
        office_file(WORD, "word/activeX/activeX1.xml"),
        office_file(WORD)[:40],
        b"PK\x03\x04 not an archive",
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600,
    ],
)
@pytest.mark.parametrize("name", ["tai-lieu.pdf", "tai-lieu.docx"])
def test_a_file_of_a_forbidden_kind_is_refused_whatever_its_name(year: Year, raw: bytes, name: str) -> None:
    before = year.actions()
    with pytest.raises(ForbiddenType) as refused:
        add(year, raw, name=name)
    assert "pdf, png, jpg, docx, xlsx" in refused.value.text("vi")
    assert (files(year.store), year.actions()) == ([], before)


def test_a_file_that_is_too_large_is_refused_before_it_is_all_read(year: Year) -> None:
    class Endless:
        read_bytes = 0

        def read(self, size: int) -> bytes:
            self.read_bytes += size
            return b"%PDF-" + b"x" * (size - 5)

    stream = Endless()
    with pytest.raises(EvidenceTooLarge) as refused:
        add(year, b"", stream=stream, most_bytes=1024 * 1024)
    assert "1 MB" in refused.value.text("vi")
    assert stream.read_bytes < 2 * 1024 * 1024
    assert files(year.store) == []
    with pytest.raises(EmptyEvidence):
        add(year, b"")


def test_an_upload_that_breaks_off_leaves_no_file(year: Year) -> None:
    class Broken:
        left = 3

        def read(self, size: int) -> bytes:
            self.left -= 1
            if not self.left:
                raise ConnectionResetError("gone")
            return PDF

    with pytest.raises(ConnectionResetError):
        add(year, b"", stream=Broken())
    assert files(year.store) == []


def test_what_a_killed_process_left_behind_is_no_evidence_and_is_swept_away(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom survey.storage.evidence_files import receive\n"
        "class Slow:\n def read(self, size):\n  print('reading', flush=True); time.sleep(60)\n"
        "with receive(Path(sys.argv[1]), Slow(), most_bytes=99) as _: pass\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"reading\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    (left,) = [path for path in (tmp_path / "evidence").iterdir() if path.is_file()]
    os.utime(left, (time.time() - 7200,) * 2)
    with receive(tmp_path, io.BytesIO(PDF), most_bytes=1000) as received:
        assert received.path.exists()
        assert not left.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.fixture
def command(tmp_path: Path) -> Path:
    """A scanner that finds a virus in files that say so, and fails on others."""
    path = tmp_path / "scan"
    path.write_text('#!/bin/sh\ngrep -q EICAR "$1" && exit 1\ngrep -q BROKEN "$1" && exit 2\nexit 0\n')
    path.chmod(0o700)
    return path


@both_databases
def test_the_scanner_decides_and_its_failure_never_makes_a_file_clean(
    store: Store, year: Year, command: Path
) -> None:
    scan = scanner(str(command))
    with pytest.raises(InfectedEvidence):
        add(year, PDF + b"EICAR", scan=scan)
    assert files(store) == []
    clean, failed = add(year, PDF, scan=scan), add(year, PDF + b"BROKEN", scan=scan)
    missing = add(year, PDF + b"EICAR", scan=scanner("/khong/co/lenh-nay"))
    shown = [open_evidence(**year.seen_by(LAN), evidence_id=one).scanned for one in (clean, failed, missing)]
    assert shown == [True, False, False]
    counts = scan_waiting(**year.by(LAN), scan=scan)
    assert counts == {"clean": 0, "refused": 1, "waiting": 1}
    with pytest.raises(NoSuchEvidence):
        open_evidence(**year.seen_by(LAN), evidence_id=missing)


@both_databases
def test_evidence_is_reached_by_its_unit_its_areas_agency_and_officials_alone(
    store: Store, year: Year
) -> None:
    number = add(year, PDF)
    asked = {"store": store, "code": year.code, "evidence_id": number}
    for stranger in (contact(WARDS[0]), contact(NOI_VU), appraiser(NOI_VU)):
        with pytest.raises(SurveyError):
            open_evidence(account=stranger, **asked)
    year.submitted(ZONE)
    assert open_evidence(account=appraiser(NOI_VU), **asked).size == len(PDF)
    for stranger in (appraiser(TAI_CHINH), contact(WARDS[0])):
        with pytest.raises(NoSuchEvidence):
            open_evidence(account=stranger, **asked)
    with pytest.raises(Locked):
        withdraw_evidence(**year.by(contact(ZONE)), evidence_id=number)
    with pytest.raises(Locked):
        add(year, PDF)


@both_databases
def test_withdrawn_evidence_keeps_its_row_and_counts_no_more(store: Store, year: Year) -> None:
    number = add(year, PDF)
    year.save(ZONE, "1.1", GIVEN["1.1"], why="")
    with pytest.raises(NoSuchEvidence):
        withdraw_evidence(**year.by(contact(WARDS[0])), evidence_id=number)
    withdraw_evidence(**year.by(contact(ZONE)), evidence_id=number)
    with pytest.raises(NoSuchEvidence):
        withdraw_evidence(**year.by(contact(ZONE)), evidence_id=number)
    assert open_evidence(**year.seen_by(LAN), evidence_id=number).size == len(PDF)
    for node in ("1.2", "2.1", "2.2"):
        year.save(ZONE, node, GIVEN[node])
    approve(**year.by(head(ZONE)))
    with pytest.raises(ExplanationNeeded):
        submit(**year.by(head(ZONE)))


def test_an_edited_file_is_not_handed_out(year: Year) -> None:
    number = add(year, PDF)
    open_evidence(**year.seen_by(LAN), evidence_id=number).path.write_bytes(PDF + b"!")
    with pytest.raises(NoSuchEvidence):
        open_evidence(**year.seen_by(LAN), evidence_id=number)
