"""Secrets of a site that stand in its `keys` folder: made at first need, readable by their owner alone.

Not in the database and not in its backups. The key of a round's personal links is invitations.py's.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def site_key(folder: Path, name: str, make: Callable[[], bytes]) -> bytes:
    """Give the secret of a name, making it if this is the first need; of two makers the first wins.

    Args:
        folder: `store.keys`.
        make: gives the bytes of a new one.
    """
    path = folder / name
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        making = folder / f".{name}-{secrets.token_hex(8)}"
        with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        # link() fails if another process was first: then its secret is the one.
        try:
            os.link(making, path)
        except FileExistsError:
            pass
        finally:
            making.unlink()
    return path.read_bytes()
