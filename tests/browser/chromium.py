"""Which Chromium the browser tests drive: one that is there, else Debian's, else Playwright's own.

Never a reason to skip: where none can be had, the tests fail and say what was tried.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
    "/opt/google/chrome/chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
DEBIANS = (
    ("apt-get", "update", "-qq"),
    ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"),
)
PLAYWRIGHTS = (sys.executable, "-m", "playwright", "install", "chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


class NoChromium(Exception):
    """No Chromium can be had on this machine."""


@dataclass(frozen=True, slots=True)
class Chromium:
    """A Chromium that starts: where it lies, what it says of itself, whose it is."""

    path: str
    version: str
    origin: str

    def __str__(self) -> str:
        return f"browser tests: {self.version} at {self.path} ({self.origin})"


@dataclass(frozen=True, slots=True)
class Machine:
    """What is asked of the machine; tests put their own answers here.

    Attributes:
        which: the path of a program, or None.
        version: what the program at a path says of itself, or None when it does not start.
        run: runs a command to its end and gives whether it succeeded.
        is_root: whether packages may be installed.
        playwrights: where Playwright keeps its own Chromium, there or not.
    """

    which: Callable[[str], str | None]
    version: Callable[[str], str | None]
    run: Callable[[Sequence[str]], bool]
    is_root: bool
    playwrights: Callable[[], str]


def find_chromium(machine: Machine, say: Callable[[str], None]) -> Chromium:
    """Give a Chromium that starts, installing one where there is none.

    Raises:
        NoChromium: with what was tried.
    """
    found = _there(machine)
    if found:
        return found
    if machine.is_root and machine.which("apt-get"):
        say("browser tests: no Chromium here, installing Debian's ...")
        # A list of packages that is a little old may still do, so a failed update ends nothing.
        machine.run(DEBIANS[0])
        if machine.run(DEBIANS[1]) and (found := _there(machine, "installed from Debian")):
            return found
    say("browser tests: no Chromium here, installing Playwright's own ...")
    if machine.run(PLAYWRIGHTS) and (found := _own(machine, "installed by Playwright")):
        return found
    raise NoChromium(_advice(machine))


def this_machine(playwrights: Callable[[], str]) -> Machine:
    """Ask the machine that the tests run on."""
    return Machine(
        which=shutil.which,
        version=_version,
        run=_run,
        is_root=hasattr(os, "geteuid") and os.geteuid() == 0,
        playwrights=playwrights,
    )


def _there(machine: Machine, origin: str = "was there") -> Chromium | None:
    paths = [machine.which(name) for name in NAMES] + list(PLACES)
    for path in filter(None, paths):
        version = machine.version(path)
        if version:
            return Chromium(path, version, origin)
    return _own(machine, "Playwright's own, was there")


def _own(machine: Machine, origin: str) -> Chromium | None:
    path = machine.playwrights()
    version = machine.version(path)
    return Chromium(path, version, origin) if version else None


def _advice(machine: Machine) -> str:
    tried = [*NAMES, *PLACES, "Playwright's own"]
    apt = "apt-get install chromium" if machine.is_root else "apt-get install chromium (not tried: not root)"
    return (
        f"The browser tests need a Chromium and found none that starts. Looked for: {', '.join(tried)}. "
        f"Tried: {apt}; {' '.join(PLAYWRIGHTS[1:])}. Install one and run the tests again."
    )


def _version(path: str) -> str | None:
    if not Path(path).is_file():
        return None
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    # A stub that only tells how to install the real one prints no version number.
    said = told.stdout.strip()
    return said if told.returncode == 0 and any(part[:1].isdigit() for part in said.split()) else None


def _run(command: Sequence[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False, timeout=900)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
