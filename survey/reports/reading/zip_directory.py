"""The directory of an archive, looked at before anything is inflated.

What it declares is only good for refusing: the worker counts what really comes out.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from io import BytesIO

from survey.reports.reading.sheet_worker.limits import INFLATED, MEGABYTE, PARTS

#: Bytes of a directory that lists the allowed number of parts, with room to spare.
_DIRECTORY = 512 * PARTS
#: A large part that shrinks more than this is no workbook: deflate ends at 1032.
_RATIO, _RATIO_FROM = 400, MEGABYTE
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
_ARCHIVES = (".zip", ".xlsx", ".xlsm", ".xls", ".docx", ".gz", ".7z", ".rar", ".jar", ".bz2", ".xz")
_ZIP_MAGIC = b"PK\x03\x04"
_LOCAL_HEADER = 30


def archive_fault(raw: bytes) -> str | None:
    """Say why an archive is not opened, by a word of `problems.py`; None when nothing speaks against it."""
    if _directory_bytes(raw) > _DIRECTORY:
        return "too-many-parts"
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        return "damaged"
    return _kind_fault(parts) or _size_fault(parts) or _content_fault(parts, raw)


def _directory_bytes(raw: bytes) -> int:
    """Give how long the directory says it is, so that a giant one is not even listed."""
    end = raw.rfind(_END, max(0, len(raw) - 65_557))
    if end < 0 or end + 22 > len(raw):
        return 0
    (size,) = struct.unpack_from("<L", raw, end + 12)
    longer = raw.rfind(_END_64, max(0, end - 4096), end)
    if longer >= 0 and longer + 48 <= len(raw):
        (size_64,) = struct.unpack_from("<Q", raw, longer + 40)
        size = max(size if size != 0xFFFFFFFF else 0, size_64)
    return int(size)


def _kind_fault(parts: Sequence[zipfile.ZipInfo]) -> str | None:
    names = {part.filename.casefold() for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        return "password"
    if any(name.endswith("vbaproject.bin") for name in names):
        return "macro"
    if "xl/workbook.bin" in names or ("mimetype" in names and "content.xml" in names):
        return "other-workbook"
    if "[content_types].xml" not in names:
        return "wrong-kind"
    return "damaged" if len(names) < len(parts) else None


def _size_fault(parts: Sequence[zipfile.ZipInfo]) -> str | None:
    if len(parts) > PARTS:
        return "too-many-parts"
    if sum(part.file_size for part in parts) > INFLATED:
        return "zip-bomb"
    large = (part for part in parts if part.file_size > _RATIO_FROM)
    if any(part.file_size > _RATIO * max(part.compress_size, 1) for part in large):
        return "zip-bomb"
    return None


def _content_fault(parts: Sequence[zipfile.ZipInfo], raw: bytes) -> str | None:
    if any(part.filename.casefold().endswith(_ARCHIVES) for part in parts):
        return "nested-archive"
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        return "damaged"
    stored = (part for part in parts if part.compress_type == zipfile.ZIP_STORED)
    return "nested-archive" if any(_begins_as_archive(part, raw) for part in stored) else None


def _begins_as_archive(part: zipfile.ZipInfo, raw: bytes) -> bool:
    """Look at the first bytes of a part that is not compressed, behind its own header."""
    at = part.header_offset
    if at + _LOCAL_HEADER > len(raw):
        return False
    name, extra = struct.unpack_from("<HH", raw, at + 26)
    return raw.startswith(_ZIP_MAGIC, at + _LOCAL_HEADER + name + extra)
