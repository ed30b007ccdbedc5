"""A request as it is written: JSON in UTF-8, each key once, every text in NFC.

Not whether its keys are known (shape.py) and not what they mean (building.py).
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey.aggregation.request.errors import NoSuchFile, RequestUnreadable

Json = Any  # whatever a file may hold; the schema narrows it before use


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed request and the SHA-256 of its bytes."""

    data: Json
    sha256: str


def read_document(path: Path) -> Document:
    """Read a request file.

    Raises:
        NoSuchFile, RequestUnreadable.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise NoSuchFile(name=path.name, problem=error.strerror or "I/O") from error
    return parse_document(raw, path.name)


def parse_document(raw: bytes, name: str = "JSON") -> Document:
    """Parse the bytes of a request.

    Raises:
        RequestUnreadable: no UTF-8, no JSON, a key twice, NaN or Infinity.
    """
    try:
        told = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise RequestUnreadable(name=name, problem=_said(error)) from error
    return Document(normalised(told), hashlib.sha256(raw).hexdigest())


def document_of(told: Json) -> Document:
    """Take a request that is already a mapping, as a program writes it.

    Raises:
        RequestUnreadable: it holds what JSON does not have.
    """
    try:
        raw = json.dumps(told, ensure_ascii=False, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise RequestUnreadable(name="dict", problem=str(error)) from error
    return parse_document(raw.encode("utf-8"))


def nfc(text: str) -> str:
    """Return text with composed accents, so that one name is one text."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def normalised(value: Json, *, keep: bool = False) -> Json:
    """Return a document with every text in NFC, but for the data's own path."""
    if isinstance(value, str):
        return value if keep else nfc(value)
    if isinstance(value, list):
        return [normalised(one) for one in value]
    if isinstance(value, dict):
        return {nfc(key): normalised(one, keep=key in ("data", "path")) for key, one in value.items()}
    return value


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    told = dict(pairs)
    if len(told) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"khóa lặp lại / a key is written twice: {twice!r}")
    return told


def _no_constant(word: str) -> Json:
    raise ValueError(f"không phải số JSON / not a JSON number: {word}")


def _said(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"dòng / line {error.lineno}, cột / column {error.colno}: {error.msg}"
    if isinstance(error, UnicodeDecodeError):
        return f"không phải UTF-8 từ byte / not UTF-8 from byte {error.start}"
    return str(error) or type(error).__name__
