"""What kind of file evidence is, by its content alone: the allowed kinds are data (evidence_types.json).

Not a virus scanner (scanning.py): a file of an allowed kind may do harm, so none is ever shown inline.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from survey.services.assessments.errors import ForbiddenType

_CONTENT_TYPES = "[Content_Types].xml"
_MOST_BYTES_OF_TYPES = 1 << 20
_MOST_PARTS = 10_000
_REASONS = {
    "unknown": "không nhận ra loại tệp (unknown content)",
    "archive": "tệp nén hoặc tệp Office không đúng chuẩn (an archive, or a broken Office file)",
    "macros": "tệp có macro (it has macros)",
}


@dataclass(frozen=True, slots=True)
class FileType:
    """One kind of file that is taken."""

    id: str
    suffix: str
    media_type: str
    begins: bytes
    content_type: str


def type_of(path: Path) -> FileType:
    """Recognise a file by its content.

    Raises:
        ForbiddenType: it is of no allowed kind, or has macros.
    """
    with path.open("rb") as file:
        head = file.read(16)
    likely = [one for one in allowed_types() if head.startswith(one.begins)]
    if not likely:
        raise _refused("unknown")
    plain = [one for one in likely if not one.content_type]
    return plain[0] if plain else _office_type(path, likely)


@cache
def allowed_types() -> tuple[FileType, ...]:
    """Give the kinds of files that are taken."""
    return tuple(
        FileType(
            one["id"],
            one["suffix"],
            one["media_type"],
            bytes.fromhex(one["begins"]),
            one.get("content_type", ""),
        )
        for one in data()["types"]
    )


@cache
def data() -> Mapping[str, Any]:
    """Give the kinds of files and the exit codes of scanners as they are written in the data file."""
    raw = files("survey.services.assessments").joinpath("evidence_types.json").read_text("utf-8")
    kept: Mapping[str, Any] = json.loads(raw)
    return kept


def _office_type(path: Path, likely: list[FileType]) -> FileType:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [name.lower() for name in archive.namelist()]
            told = _content_types(archive).lower()
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise _refused("archive") from error
    macros = data()["macros"]
    if any(word in told for word in macros["content_types"]) or any(
        word in part for part in parts for word in macros["parts"]
    ):
        raise _refused("macros")
    found = [one for one in likely if f'"{one.content_type.lower()}"' in told]
    if len(found) != 1 or len(parts) > _MOST_PARTS:
        raise _refused("archive")
    return found[0]


def _content_types(archive: zipfile.ZipFile) -> str:
    with archive.open(_CONTENT_TYPES) as part:
        raw = part.read(_MOST_BYTES_OF_TYPES + 1)
    if len(raw) > _MOST_BYTES_OF_TYPES:
        raise ValueError("content types too large")
    return raw.decode("utf-8").replace("'", '"')


def _refused(why: str) -> ForbiddenType:
    allowed = ", ".join(one.id for one in allowed_types())
    return ForbiddenType(why, allowed=allowed, why=_REASONS[why])
