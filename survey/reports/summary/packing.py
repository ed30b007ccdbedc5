"""A workbook as bytes that depend on its content alone: same report, same SHA-256.

openpyxl stamps the clock into every archive member and into the properties; the report's own
time replaces both.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.workbook import Workbook
from openpyxl.xml.functions import tostring

_EPOCH = (1980, 1, 1, 0, 0, 0)
_PROPERTIES = "docProps/core.xml"


def save_reproducibly(book: Workbook, path: Path, made_at: datetime) -> None:
    """Save a workbook whose only time is `made_at` (with a time zone)."""
    raw = BytesIO()
    book.save(raw)
    book.properties.created = book.properties.modified = made_at.astimezone(UTC).replace(tzinfo=None)
    with ZipFile(raw) as source, ZipFile(path, "w", ZIP_DEFLATED) as packed:
        for name in source.namelist():
            content = tostring(book.properties.to_tree()) if name == _PROPERTIES else source.read(name)
            packed.writestr(ZipInfo(name, _EPOCH), content, compress_type=ZIP_DEFLATED)
