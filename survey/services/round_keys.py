"""The key of a round by personal link: made with the first invitation, destroyed when the round is sealed.

It stands in no database and no backup of one. With it, ids of responses follow from invitations; without
it nothing does (docs/architecture.md, "The split"). Not what is derived under it (links/personal.py).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from survey.services.links.errors import KeyLost

_KEY_BYTES = 32
#: What stays in a key's place until the database's own files are cleaned too.
_EMPTIED = ".emptied"


def round_key(folder: Path, round_code: str) -> bytes:
    """Read the key of a round.

    Raises:
        KeyLost: it is not there.
    """
    try:
        return _path(folder, round_code).read_bytes()
    except FileNotFoundError as error:
        raise KeyLost(round_code) from error


def ensure_key(folder: Path, round_code: str) -> None:
    """Make the key of a round unless there is one; of two processes at once, one makes it."""
    path = _path(folder, round_code)
    if path.exists():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    making = folder / f".{round_code}-{secrets.token_hex(8)}"
    _write(making, secrets.token_bytes(_KEY_BYTES), os.O_CREAT | os.O_EXCL)
    # link() fails if another process was first: then its key is the one.
    try:
        os.link(making, path)
    except FileExistsError:
        pass
    finally:
        making.unlink()


def destroy_key(folder: Path, round_code: str) -> None:
    """Overwrite a key with random bytes and remove it; a mark says that cleaning is still to be done.

    Harmless to repeat. A disk that writes elsewhere than it read (flash, copy-on-write) may still hold the
    old bytes; docs/collection/links.md says what to do about it.
    """
    path = _path(folder, round_code)
    if path.exists():
        _write(path, secrets.token_bytes(_KEY_BYTES), 0)
        os.replace(path, path.with_suffix(_EMPTIED))


def is_destroyed(folder: Path, round_code: str) -> bool:
    """Say whether no key of a round is left."""
    return not _path(folder, round_code).exists()


def awaits_cleaning(folder: Path, round_code: str) -> bool:
    """Say whether a key was destroyed and the database's files were not cleaned since."""
    return _path(folder, round_code).with_suffix(_EMPTIED).exists()


def note_cleaned(folder: Path, round_code: str) -> None:
    """Take away the mark that `destroy_key` left."""
    _path(folder, round_code).with_suffix(_EMPTIED).unlink(missing_ok=True)


def _path(folder: Path, round_code: str) -> Path:
    return folder / f"{round_code}.key"


def _write(path: Path, value: bytes, flags: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | flags, 0o600), "wb") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
