"""The ids of responses that come from numbered paper forms, by whatever way: keyed, or in a file.

One number of one round has one id, so the database itself holds at most one response of a form.
"""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from survey.services.site_keys import site_key
from survey.storage.store import FOLDER

#: File of the site's secret in `instance/keys`. No round's code has a dot, so none can be called so.
KEY_FILE = "paper.secret"


def paper_key(keys: Path) -> bytes:
    """Give the site's secret behind the ids of its paper forms, making it at the first need."""
    return site_key(keys, KEY_FILE, lambda: secrets.token_bytes(32))


def key_in(session: Session) -> bytes:
    """Give the same secret inside a transaction that writes."""
    return paper_key(session.info[FOLDER] / "keys")


def response_id_of(key: bytes, round_code: str, number: str, revision: int = 0) -> UUID:
    """Derive the id of a form's response from round and number, so that a form is kept once.

    HMAC-SHA256 under the site's secret: numbers are printed in sequence, and whoever could work out an
    id could send another response under it first.
    """
    told = f"paper:{round_code}:{number}:{revision}".encode()
    return UUID(bytes=hmac.digest(key, told, "sha256")[:16])
