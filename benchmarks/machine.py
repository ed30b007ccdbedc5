"""What the measuring runs on: cores, Python, load, and how fast the machine is just now."""

from __future__ import annotations

import os
import platform
import time


def describe() -> str:
    """Say in one line what the machine is and how busy it is."""
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {load}, pace {pace():.1f} ms"
    )


def pace() -> float:
    """Give the CPU milliseconds of 200,000 additions now: the median of fifteen.

    On a shared machine it varies two- or threefold within minutes, and every figure with it.
    """
    taken = sorted(_additions() for _ in range(15))
    return taken[7]


def _additions() -> float:
    begun, total = time.process_time(), 0
    for number in range(200_000):
        total += number
    return (time.process_time() - begun) * 1000
