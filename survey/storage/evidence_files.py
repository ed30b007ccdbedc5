"""Files of evidence: received whole or not at all, kept under their own hash beside the database.

Not which files are allowed, who sends them, or what a scanner says (services/assessments).
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_CHUNK = 1 << 16
_BEING_RECEIVED = ".receiving-"
#: A file still being received after this long was left behind by a process that was killed.
_ABANDONED_S = 3600.0


class Stream(Protocol):
    """What bytes come from."""

    def read(self, size: int, /) -> bytes: ...


class TooManyBytes(Exception):
    """The stream went on beyond what was allowed."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was written to disk and is not kept yet."""

    path: Path
    sha256: str
    size: int


@contextmanager
def receive(folder: Path, stream: Stream, *, most_bytes: int) -> Iterator[Received]:
    """Write a stream to a temporary file while hashing it; at the end of the block it is gone, kept or not.

    Raises:
        TooManyBytes: nothing is left on disk.
    """
    place = _place(folder)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    _drop_abandoned(place)
    path = place / f"{_BEING_RECEIVED}{secrets.token_hex(16)}"
    try:
        yield _write(path, stream, most_bytes)
    finally:
        path.unlink(missing_ok=True)


def keep(folder: Path, received: Received) -> None:
    """Move a received file to its place, unless the same bytes lie there whole already."""
    if is_whole(folder, received.sha256):
        return
    target = file_of(folder, received.sha256)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.replace(received.path, target)
    _sync_folder(target.parent)


def file_of(folder: Path, sha256: str) -> Path:
    """Give the place of a file: its hash alone, never the name that somebody gave it."""
    return _place(folder) / sha256[:2] / sha256


def is_whole(folder: Path, sha256: str) -> bool:
    """Say whether a kept file is there and still has its hash."""
    path = file_of(folder, sha256)
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _write(path: Path, stream: Stream, most_bytes: int) -> Received:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > most_bytes:
                raise TooManyBytes(str(most_bytes))
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Received(path, digest.hexdigest(), size)


def _drop_abandoned(place: Path) -> None:
    for path in place.glob(f"{_BEING_RECEIVED}*"):
        try:
            if time.time() - path.stat().st_mtime > _ABANDONED_S:
                path.unlink()
        except FileNotFoundError:
            continue


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _place(folder: Path) -> Path:
    return folder / "evidence"
