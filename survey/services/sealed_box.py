"""Sealed boxes: a device closes what only this site can open (O7, O8): a tablet's export, a kiosk's queue.

The site's key pair stands in its `keys` folder, never in the database. static/js/sealed_box.js is the
other half. Not how a queue keeps its boxes, and not what becomes of what was inside.

A box is: 1 byte version · 8 bytes name of the key · 65 bytes ephemeral public key · AES-256-GCM of it.
ECDH on P-256, which every browser has (X25519 is missing before 2023); HKDF-SHA256 (RFC 5869) with both
public keys as salt. The key of a box is used once, so its nonce is zero.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from survey.services.site_keys import site_key

VERSION = b"\x01"
KEY_NAME = "sealed_box.key"
_INFO = b"survey sealed box 1"
_NAME, _POINT = 8, 65
_HEAD = 1 + _NAME + _POINT
_NONCE = bytes(12)


class Unopened(ValueError):
    """A box is not for this site, was changed, or is none."""


def public_key(folder: Path) -> bytes:
    """Give the site's public key as an uncompressed point of P-256, making the pair at first need.

    Args:
        folder: `store.keys`.
    """
    return _point(_private(folder).public_key())


def seal(public: bytes, content: bytes) -> bytes:
    """Close a box for whoever holds the key; devices do the same in sealed_box.js."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    once = ec.generate_private_key(ec.SECP256R1())
    point = _point(once.public_key())
    key = _key(once.exchange(ec.ECDH(), theirs), point, public)
    head = VERSION + key_name(public) + point
    return head + AESGCM(key).encrypt(_NONCE, content, head)


def unseal(folder: Path, box: bytes) -> bytes:
    """Open a box.

    Raises:
        Unopened: it is not for this site, was changed, or is none.
    """
    private = _private(folder)
    public = _point(private.public_key())
    if len(box) < _HEAD or box[: 1 + _NAME] != VERSION + key_name(public):
        raise Unopened("not a box for this site")
    point = box[1 + _NAME : _HEAD]
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        key = _key(private.exchange(ec.ECDH(), theirs), point, public)
        return AESGCM(key).decrypt(_NONCE, box[_HEAD:], box[:_HEAD])
    except (ValueError, InvalidTag) as error:
        raise Unopened("the box was changed") from error


def key_name(public: bytes) -> bytes:
    """Name a public key by the first bytes of its hash."""
    return hashlib.sha256(public).digest()[:_NAME]


def _key(shared: bytes, point: bytes, public: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length=32, salt=point + public, info=_INFO).derive(shared)


def _point(public: ec.EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


#: The pair of a folder, by the file that it was read from: reading it costs more than a box.
_pairs: dict[Path, tuple[int, ec.EllipticCurvePrivateKey]] = {}


def _private(folder: Path) -> ec.EllipticCurvePrivateKey:
    path = folder / KEY_NAME
    known = _pairs.get(path)
    if known is not None and path.exists() and os.stat(path).st_mtime_ns == known[0]:
        return known[1]
    number = int.from_bytes(site_key(folder, KEY_NAME, _made), "big")
    pair = ec.derive_private_key(number, ec.SECP256R1())
    _pairs[path] = (os.stat(path).st_mtime_ns, pair)
    return pair


def _made() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value.to_bytes(32, "big")
