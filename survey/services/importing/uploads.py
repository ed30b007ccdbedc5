"""Files that were checked and wait to be confirmed: for an hour, in a folder of the site, for one person.

A file that nobody confirms is deleted; nothing of it is ever served again but to who sent it.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from survey.services.clock import Clock
from survey.services.importing.errors import NoSuchUpload
from survey.storage.store import Store

KEPT = timedelta(hours=1)
_ID = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A kept file and what was found in it."""

    id: str
    name: str
    raw: bytes
    found: Mapping[str, Any]


def keep_upload(
    *, store: Store, clock: Clock, login: str, code: str, name: str, raw: bytes, found: Mapping[str, Any]
) -> str:
    """Keep a file for an hour and give the name under which its sender finds it again."""
    drop_old_uploads(store=store, clock=clock)
    folder = _folder(store)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    upload = secrets.token_hex(16)
    about = {"login": login, "round": code, "name": name, "kept_at": clock.now().isoformat(), "found": found}
    _write(folder / f"{upload}.file", raw)
    # Last: a file without its paper is not found, and is deleted with the old ones.
    _write(folder / f"{upload}.json", json.dumps(about, ensure_ascii=False).encode())
    return upload


def upload_of(*, store: Store, clock: Clock, login: str, code: str, upload: str) -> Upload:
    """Give a kept file to who sent it.

    Raises:
        NoSuchUpload: it is another's, of another round, older than an hour, or was never there.
    """
    folder = _folder(store)
    if not _ID.fullmatch(upload):
        raise NoSuchUpload("malformed")
    try:
        about = json.loads((folder / f"{upload}.json").read_bytes())
        raw = (folder / f"{upload}.file").read_bytes()
    except FileNotFoundError as error:
        raise NoSuchUpload(upload) from error
    is_theirs = (about["login"], about["round"]) == (login, code)
    if not is_theirs or clock.now() - datetime.fromisoformat(about["kept_at"]) > KEPT:
        raise NoSuchUpload(upload)
    return Upload(upload, about["name"], raw, about["found"])


def drop_upload(*, store: Store, upload: str) -> None:
    """Delete a kept file; one that is gone already is no fault."""
    for ending in ("json", "file"):
        (_folder(store) / f"{upload}.{ending}").unlink(missing_ok=True)


def drop_old_uploads(*, store: Store, clock: Clock) -> int:
    """Delete every file kept for more than an hour; give how many."""
    dropped = 0
    for path in sorted(_folder(store).glob("*.file")):
        if not _is_fresh(path.with_suffix(".json"), clock):
            drop_upload(store=store, upload=path.stem)
            dropped += 1
    return dropped


def _is_fresh(path: Path, clock: Clock) -> bool:
    try:
        kept_at = datetime.fromisoformat(json.loads(path.read_bytes())["kept_at"])
    except (OSError, ValueError, KeyError):
        return False
    return clock.now() - kept_at <= KEPT


def _folder(store: Store) -> Path:
    return store.folder / "uploads"


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
