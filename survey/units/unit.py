"""The values of this room: a unit with its dates, a link of succession, a region.

A change of name, kind or parent makes a new unit with a new id, and a Succession joins the two.
Not for looking up: see `tree`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["province", "city", "commune", "ward", "special_zone", "agency"]
Level = Literal["province", "commune", "agency"]
Change = Literal["merged", "kept", "split", "became_city"]

KIND_NAMES: dict[Kind, dict[str, str]] = {
    "province": {"vi": "Tỉnh", "en": "Province"},
    "city": {"vi": "Thành phố", "en": "City"},
    "commune": {"vi": "Xã", "en": "Commune"},
    "ward": {"vi": "Phường", "en": "Ward"},
    "special_zone": {"vi": "Đặc khu", "en": "Special zone"},
    "agency": {"vi": "Cơ quan", "en": "Agency"},
}
LEVELS: dict[Kind, Level] = {
    "province": "province",
    "city": "province",
    "commune": "commune",
    "ward": "commune",
    "special_zone": "commune",
    "agency": "agency",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """An administrative unit or an agency while its name, kind and parent stay the same.

    `id` is stable and never used again; `code` is the official number, "" where none is known,
    and may come back in another period. `region` is None where it is not confirmed. `valid_to`
    is the last day, None while the unit stands. `source` says where the row comes from.
    """

    id: str
    code: str
    name: str
    kind: Kind
    parent_id: str | None
    region: str | None
    valid_from: date
    valid_to: date | None
    source: str

    @property
    def level(self) -> Level:
        """Tell the tier of government: province, commune or agency."""
        return LEVELS[self.kind]

    @property
    def full_name(self) -> str:
        """Give the name with its kind before it, as official papers write it ("Phường B'Lao")."""
        return self.name if self.kind == "agency" else f"{KIND_NAMES[self.kind]['vi']} {self.name}"

    def is_valid(self, day: date) -> bool:
        """Tell whether the unit stands on a day, its first and last day included."""
        return self.valid_from <= day <= (self.valid_to or date.max)


@dataclass(frozen=True, slots=True)
class Succession:
    """One unit became (part of) another, from the day `on`, by an act."""

    from_id: str
    to_id: str
    on: date
    change: Change
    act: str
    source: str


@dataclass(frozen=True, slots=True)
class Region:
    """A grouping of provinces, for as long as it is that of the list of provinces."""

    name: str
    valid_from: date
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Alias:
    """Another spelling under which a unit is looked up, and never printed."""

    unit_id: str
    name: str
