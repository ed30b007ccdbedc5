"""How much an uploaded file may cost, and how this process ties its own hands before it reads one.

Not the checks that need no reading at all: those are the site's (arrival.py, zip_directory.py).
"""

from __future__ import annotations

import resource

MEGABYTE = 2**20
#: Of the worker: address space, processor and wall-clock seconds, bytes it may write.
MEMORY = 512 * MEGABYTE
SECONDS = 30
TOLD = 128 * MEGABYTE
#: Of the file: bytes as it comes, and after inflating; parts of the archive.
SIZE = 10 * MEGABYTE
INFLATED = 100 * MEGABYTE
PARTS = 200
#: Of its content; rows and cells that hold nothing are not counted.
SHEETS = 50
ROWS = 20_000
COLUMNS = 300
CELLS = 1_000_000
LETTERS = 20_000_000
CELL_LETTERS = 32_767
#: How many wrong cells are told; more are only counted.
PROBLEMS = 1_000

_OPEN_FILES = 16


def confine() -> None:
    """Bound this process's memory, time and output for good, and leave no core behind."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, TOLD),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
