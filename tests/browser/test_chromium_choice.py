"""Which Chromium is taken, and in which order; no browser starts here."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.browser.chromium import (
    DEBIANS,
    PLAYWRIGHTS,
    Chromium,
    Machine,
    NoChromium,
    find_chromium,
)

OWN = "/cache/playwright/chrome"


class MachineOf:
    """A machine that has some browsers, and gets others by some commands."""

    def __init__(self, *there: str, gives: dict[Sequence[str], str] | None = None, root: bool = True) -> None:
        self.there = set(there)
        self.gives = gives or {}
        self.commands: list[Sequence[str]] = []
        self.said: list[str] = []
        self.machine = Machine(
            which=self._which,
            version=lambda path: "Chromium 150.0" if path in self.there else None,
            run=self._run,
            is_root=root,
            playwrights=lambda: OWN,
        )

    def find(self) -> Chromium:
        return find_chromium(self.machine, self.said.append)

    def _which(self, name: str) -> str | None:
        return f"/usr/bin/{name}" if name == "apt-get" or f"/usr/bin/{name}" in self.there else None

    def _run(self, command: Sequence[str]) -> bool:
        self.commands.append(command)
        if command in self.gives:
            self.there.add(self.gives[command])
        return command in self.gives or command == DEBIANS[0]


@pytest.mark.parametrize(
    ("there", "taken"),
    [
        (("/usr/bin/google-chrome", "/usr/bin/chromium", OWN), "/usr/bin/chromium"),
        (("/usr/bin/google-chrome", "/usr/bin/chromium-browser"), "/usr/bin/chromium-browser"),
        (("/opt/google/chrome/chrome", OWN), "/opt/google/chrome/chrome"),
        ((OWN,), OWN),
    ],
)
def test_a_browser_that_is_there_is_taken_and_nothing_is_installed(
    there: tuple[str, ...], taken: str
) -> None:
    asked = MachineOf(*there)
    assert asked.find().path == taken
    assert asked.commands == []


def test_as_root_debians_is_installed_before_playwrights() -> None:
    asked = MachineOf(gives={DEBIANS[1]: "/usr/bin/chromium", PLAYWRIGHTS: OWN})
    found = asked.find()
    assert found.path == "/usr/bin/chromium"
    assert asked.commands == [*DEBIANS]
    assert "installed from Debian" in str(found)
    assert "Debian" in asked.said[0]


def test_when_debian_has_none_playwrights_own_is_installed() -> None:
    asked = MachineOf(gives={PLAYWRIGHTS: OWN})
    assert asked.find().path == OWN
    assert asked.commands == [*DEBIANS, PLAYWRIGHTS]


def test_without_root_nothing_is_asked_of_apt() -> None:
    asked = MachineOf(gives={DEBIANS[1]: "/usr/bin/chromium", PLAYWRIGHTS: OWN}, root=False)
    assert asked.find().path == OWN
    assert asked.commands == [PLAYWRIGHTS]


def test_a_browser_that_is_installed_but_does_not_start_is_not_taken() -> None:
    asked = MachineOf(gives={DEBIANS[1]: "/nowhere", PLAYWRIGHTS: OWN})
    assert asked.find().path == OWN


def test_where_none_can_be_had_the_message_says_what_was_tried() -> None:
    with pytest.raises(NoChromium, match="apt-get install chromium.*playwright install chromium"):
        MachineOf().find()
