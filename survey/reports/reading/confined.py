"""The limited process that reads a file: started, waited for, killed with all it began.

It gets the file on its input and no environment, so no secret of the site; it answers JSON lines.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from survey.reports.reading.sheet_worker.limits import SECONDS

#: The worker's folder is found by its place: importing it through `survey` would load every library of it.
_START = "import sys; sys.path.append(sys.argv[1]); from sheet_worker.main import main; main(sys.argv[2])"
_FOLDER = str(Path(__file__).resolve().parent)


def told_of(raw: bytes, kind: str, *, seconds: float = SECONDS) -> Iterator[dict[str, Any]]:
    """Give what the worker tells of a file; the last document is its end or its refusal.

    A worker that was stopped, or ended without a word, is told as the refusal "too-heavy".
    """
    with TemporaryFile() as given, TemporaryFile() as told:
        given.write(raw)
        given.seek(0)
        ended_well = _run(given, told, kind, seconds)
        told.seek(0)
        last: dict[str, Any] = {}
        for line in told:
            # The last line may be cut off where the worker was stopped.
            if not line.endswith(b"\n"):
                break
            last = json.loads(line)
            yield last
        if not (ended_well and last.keys() & {"end", "refused"}):
            yield {"refused": "too-heavy", "places": {}}


def _run(given: IO[bytes], told: IO[bytes], kind: str, seconds: float) -> bool:
    process = subprocess.Popen(  # noqa: S603  # our own program; `kind` is a word of ours
        [sys.executable, "-I", "-B", "-c", _START, _FOLDER, kind],
        stdin=given,
        stdout=told,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={},
        start_new_session=True,
    )
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
