"""Walking a document that may be broken: every part with its JSON path, nothing assumed.

The checker looks through these so that one wrong part never hides the problems of the others.
Meaning is not judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = Any  # whatever a file may hold; every reader narrows it before use


def at(path: str, key: str | int) -> str:
    """Extend a JSON path by a key or an index: `sections[2].items[0].scale`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def whole_number(value: Json) -> int | None:
    """Read a whole number, written 5 or 5.0 as JSON allows; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if isinstance(value, int) or value.is_integer() else None


def leaves(value: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    """Walk every value of a document, containers before their content, without recursion."""
    waiting = [(path, value)]
    while waiting:
        path, value = waiting.pop()
        yield path, value
        if isinstance(value, dict):
            waiting.extend((at(path, key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            waiting.extend((at(path, index), inner) for index, inner in enumerate(value))


@dataclass(frozen=True, slots=True)
class Place:
    """One JSON object of the document and where it stands."""

    path: str
    data: dict[str, Json]

    def at(self, key: str | int) -> str:
        return at(self.path, key)

    def word(self, key: str) -> str | None:
        """Give the string under a key, or None when there is no string."""
        value = self.data.get(key)
        return value if isinstance(value, str) else None

    def whole(self, key: str) -> int | None:
        """Give the whole number under a key, or None when there is none."""
        return whole_number(self.data.get(key))

    def inside(self, key: str) -> Iterator[Place]:
        """Give the object under a key, if there is one."""
        value = self.data.get(key)
        if isinstance(value, dict):
            yield Place(self.at(key), value)

    def each(self, key: str) -> Iterator[Place]:
        """Give every object of the list under a key."""
        for path, value in self.values(key):
            if isinstance(value, dict):
                yield Place(path, value)

    def words(self, key: str) -> Iterator[tuple[str, str]]:
        """Give every string of the list under a key, with its path."""
        for path, value in self.values(key):
            if isinstance(value, str):
                yield path, value

    def values(self, key: str) -> Iterator[tuple[str, Json]]:
        value = self.data.get(key)
        if isinstance(value, list):
            for index, inner in enumerate(value):
                yield at(self.at(key), index), inner
