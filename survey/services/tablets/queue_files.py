"""The file of last resort: a tablet's queue, exported on the tablet and taken in here (O8).

Each data key in it is sealed to this site, so that nobody between can read a form. What is inside goes the
same way as what a tablet sends by itself: a form that came before is not counted twice. But anybody can seal
a box to this site, so what comes new is grade C (decision 0013). The tablet's static/js/tablet/vault.js makes
these files.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from survey.services.clock import Clock
from survey.services.sealed_box import Unopened, unseal
from survey.services.tablets.errors import BadQueueFile
from survey.services.tablets.records import Clocks
from survey.services.tablets.syncing import Sender, sync
from survey.storage import audit, devices
from survey.storage.store import Store

FORMAT = "survey-queue-1"
#: 300 forms of 60 items are below 2 MB; a file of this size holds far more than a tablet collects.
FILE_LIMIT = 16 * 1024 * 1024
_IV = 12
_LONGEST_OFFSET_S = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the forms of a file.

    Attributes:
        kept: new responses. replayed: had come before. aside: other answers than those kept before.
        quarantined: await a person. unread: could not be opened. elsewhere: of rounds out of reach.
    """

    kept: int
    replayed: int
    aside: int
    quarantined: int
    unread: int
    elsewhere: int


@dataclass(frozen=True, slots=True)
class _Key:
    login: str
    device_id: UUID
    aes: AESGCM


def import_queue(
    *, store: Store, clock: Clock, actor: str, raw: bytes, rounds: Collection[str] | None = None
) -> Imported:
    """Take in the forms of a tablet's exported queue at grade C; doing it again changes nothing.

    Args:
        rounds: codes of the rounds that may be touched; None for all. Forms of others are left in the file.

    Raises:
        BadQueueFile: it is no such file, or was not made for this site.
    """
    document = _document(raw)
    keys = _keys(store, document["keys"])
    counts: Counter[str] = Counter()
    offset = document.get("offset_s")
    clocks = Clocks(
        offset if isinstance(offset, int) and abs(offset) < _LONGEST_OFFSET_S else None, clock.now()
    )
    for key, told in _records(document["records"], keys):
        if key is None:
            counts["unread"] += 1
        elif rounds is not None and told.get("round") not in rounds:
            counts["elsewhere"] += 1
        else:
            sender = Sender(key.device_id, key.login, from_file=True)
            fate = sync(store=store, clock=clock, sender=sender, records=[told], clocks=clocks)[0]
            replayed = fate.receipt is not None and fate.receipt.replayed
            counts["replayed" if replayed else _WORDS.get(fate.status, "unread")] += 1
    imported = Imported(**{name: counts[name] for name in Imported.__slots__})
    with store.transaction() as session:
        audit.record(
            session,
            at=clock.now(),
            actor=actor,
            action="tablet queue imported",
            subject=", ".join(sorted({key.login for key in keys.values()}))[:200],
            details=dict(counts),
        )
    return imported


_WORDS = {201: "kept", 202: "quarantined", 409: "aside"}


def _document(raw: bytes) -> dict[str, Any]:
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadQueueFile(str(error)[:80]) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BadQueueFile("format")
    if not isinstance(document.get("keys"), dict) or not isinstance(document.get("records"), list):
        raise BadQueueFile("keys or records")
    return document


def _keys(store: Store, sealed: Mapping[str, Any]) -> dict[str, _Key]:
    """Open the data keys.

    Raises:
        BadQueueFile: none of them is for this site.
    """
    found: dict[str, _Key] = {}
    for name, box in sealed.items():
        try:
            told = json.loads(unseal(store.keys, base64.b64decode(box, validate=True)))
            device = UUID(hex=told["device"])
            found[name] = _Key(str(told["login"]), device, AESGCM(base64.b64decode(told["key"])))
        except (Unopened, ValueError, TypeError, KeyError, AttributeError):
            continue
    with store.reading() as session:
        known = {name: key for name, key in found.items() if devices.device_by_id(session, key.device_id)}
    if sealed and not known:
        raise BadQueueFile("no key of this file is for this site")
    return known


def _records(records: list[Any], keys: Mapping[str, _Key]) -> Iterator[tuple[_Key | None, dict[str, Any]]]:
    for one in records:
        try:
            key = keys[one["key"]]
            box = base64.b64decode(one["sealed"], validate=True)
            told = json.loads(key.aes.decrypt(box[:_IV], box[_IV:], str(one["id"]).encode()))
            yield (key, told) if isinstance(told, dict) else (None, {})
        except (InvalidTag, ValueError, TypeError, KeyError, RecursionError):
            yield None, {}
