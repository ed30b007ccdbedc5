"""A file handed out whole or not at all.

Work happens in a directory of its own; only a finished file takes the target's name.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

Target = Path | BinaryIO


@contextmanager
def whole_file(target: Target) -> Iterator[Path]:
    """Yield a path to write to; put it in the target's place only if nothing went wrong.

    A path is replaced in one step on its own file system (fsync, then rename); a stream gets
    the finished bytes. On any error the target is as it was, and nothing is left beside it.
    """
    beside = target.parent if isinstance(target, Path) else None
    with TemporaryDirectory(dir=beside, prefix=".making-") as room:
        work = Path(room) / "file"
        yield work
        if isinstance(target, Path):
            _replace(work, target)
        else:
            with work.open("rb") as made:
                shutil.copyfileobj(made, target)


def _replace(work: Path, target: Path) -> None:
    with work.open("rb+") as made:
        os.fsync(made.fileno())
    work.replace(target)
