"""Sharing connections evenly among processes on one listening socket.

Whichever process wakes first takes a new connection, and it is often the same one: of two processes with
eight busy clients one was measured serving all eight, at half the speed. So each takes one only while no
other has fewer. Not the serving (serving.py).
"""

from __future__ import annotations

import mmap
import time

#: A process that was not heard of for so long hangs or is gone: the others do not wait for it.
_SILENT_S = 2.0


class Shares:
    """How many connections each process has open, in memory that they share; made before they are forked."""

    def __init__(self, processes: int) -> None:
        # Each writes its own two numbers alone, and a number of eight bytes is written at once.
        self._open = memoryview(mmap.mmap(-1, 8 * processes)).cast("d")
        self._heard = memoryview(mmap.mmap(-1, 8 * processes)).cast("d")

    def may_take(self, own: int, connections: int) -> bool:
        """Tell how many a process has open, and say whether it may take another."""
        now = time.monotonic()
        self._open[own], self._heard[own] = connections, now
        return all(
            connections <= fewest or now - heard > _SILENT_S
            for fewest, heard in zip(self._open, self._heard, strict=True)
        )
