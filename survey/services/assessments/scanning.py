"""The virus-scan hook: a command of the site, its exit codes as data; without one a file is "not scanned".

Not what kinds of files are taken (file_types.py).
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from survey.services.assessments.file_types import data

#: `waiting`: not scanned yet.
Verdict = Literal["clean", "refused", "waiting"]
Scan = Callable[[Path], Verdict]
_PATIENCE_S = 120


def not_scanned(_path: Path) -> Verdict:
    """Leave a file unscanned, which pages say beside it."""
    return "waiting"


def scanner(command: str) -> Scan:
    """Make a scan of a command, such as `clamdscan --fdpass --no-summary`; the file's path is added to it.

    A command that is missing, hangs or fails leaves the file unscanned: it never makes one clean.
    """
    words = shlex.split(command)
    if not words:
        return not_scanned

    def scan(path: Path) -> Verdict:
        try:
            done = subprocess.run(  # noqa: S603  # the site's own setting, no shell, the path is ours
                [*words, str(path)], capture_output=True, timeout=_PATIENCE_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return "waiting"
        return _verdict(done.returncode)

    return scan


def _verdict(exit_code: int) -> Verdict:
    found: Verdict = data()["scanners"]["exit_codes"].get(str(exit_code), "waiting")
    return found
