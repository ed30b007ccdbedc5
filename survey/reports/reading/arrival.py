"""The first look at a file that came from outside: its size and its first bytes, nothing inflated.

A name is never trusted to say what a file is.
"""

from __future__ import annotations

from survey.reports.reading.errors import FileTooLarge, UnreadableFile
from survey.reports.reading.sheet_worker.limits import MEGABYTE, SIZE
from survey.reports.reading.zip_directory import archive_fault

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
#: Records that older Excel files begin with when they are no OLE container (BIFF2 to BIFF4).
_OLD_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
#: What other programs write into a file named .xls: web pages and XML of 2003.
_PAGES = (b"<html", b"<!doctype", b"<table", b"<?xml", b"mime-version")
_OTHERS = (
    b"%PDF",
    b"Rar!",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"{\\rtf",
)


def kind_on_arrival(raw: bytes, *, name: str) -> str:
    """Say what a file is, "xlsx" or "csv".

    Raises:
        FileTooLarge, UnreadableFile: it is refused before anything of it is inflated.
    """
    if len(raw) > SIZE:
        raise FileTooLarge(f"{len(raw)} bytes", most=SIZE // MEGABYTE)
    if raw.startswith((_ZIP, _EMPTY_ZIP)):
        fault = archive_fault(raw)
        if fault:
            raise UnreadableFile(fault, name=name)
        return "xlsx"
    fault = _fault_of_others(raw) or _fault_of_name(name)
    if fault:
        raise UnreadableFile(fault, name=name)
    return "csv"


def _fault_of_others(raw: bytes) -> str | None:
    if not raw.strip():
        return "empty"
    if raw.startswith(_OLE):
        return "password" if _ENCRYPTED in raw else "legacy-xls"
    beginning = raw[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if raw.startswith(_OLD_EXCEL) or beginning.startswith(_PAGES):
        return "legacy-xls"
    return "wrong-kind" if raw.startswith(_OTHERS) else None


def _fault_of_name(name: str) -> str | None:
    """Refuse a workbook's name on something that is no archive: it was cut off, or is something else."""
    return "damaged" if name.casefold().endswith((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")) else None
