"""Language packs for the tests: a test pack of any questionnaire, and recordings of silence."""

from __future__ import annotations

import json
import struct

from survey.questionnaires import Questionnaire, load_shipped, trial_pack
from survey.services.clock import Clock
from survey.services.languages.packs import publish_pack
from survey.storage.store import Store

#: 20 ms of silence: a CELT frame of one channel (RFC 6716) that decoders take for silence.
_SILENT_FRAME = b"\xf8\xff\xfe"


def trial_bytes(questionnaire: str | Questionnaire = "service-counter", language: str = "qaa") -> bytes:
    """Make the file of a test pack."""
    asked = load_shipped(questionnaire) if isinstance(questionnaire, str) else questionnaire
    return json.dumps(trial_pack(asked, language), ensure_ascii=False).encode()


def publish_trial(store: Store, clock: Clock, code: str, questionnaire: str = "service-counter") -> None:
    """Publish the test pack of a simulated round's questionnaire."""
    publish_pack(store=store, clock=clock, round_code=code, raw=trial_bytes(questionnaire), actor="tests")


def silence(frames: int = 10, *, channels: int = 1) -> bytes:
    """Make an Ogg Opus file of 20 ms frames that says nothing (RFC 3533, RFC 7845)."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, channels, 0, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 5) + b"tests" + struct.pack("<I", 0)
    pages = [(2, 0, [head]), (0, 0, [tags]), (4, 960 * frames, [_SILENT_FRAME] * frames)]
    return b"".join(_page(*page, number) for number, page in enumerate(pages))


def _page(kind: int, granule: int, packets: list[bytes], number: int) -> bytes:
    sizes = bytes(len(packet) for packet in packets)
    head = b"OggS" + struct.pack("<BBqIIIB", 0, kind, granule, 1, number, 0, len(sizes)) + sizes
    page = head + b"".join(packets)
    return page[:22] + struct.pack("<I", _checksum(page)) + page[26:]


def _checksum(page: bytes) -> int:
    """Reckon Ogg's CRC-32: polynomial 04c11db7, from zero, nothing reflected."""
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    return crc
