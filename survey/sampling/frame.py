"""The frame: the list of primary sampling units from which a sample is drawn, by stratum.

Its order carries no meaning; ids do. Not for people: the second stage has its own lists.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from survey.sampling.errors import InvalidFrame


@dataclass(frozen=True, slots=True)
class FrameUnit:
    """One primary sampling unit; `size` is its number of people, None where it is not known."""

    id: str
    stratum: str
    size: int | None = None


@dataclass(frozen=True)
class Frame:
    """Primary sampling units with distinct ids, kept in the order of their ids.

    Raises:
        InvalidFrame: it is empty, an id or a stratum is blank, an id stands twice, a size is negative.
    """

    units: tuple[FrameUnit, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "units", tuple(sorted(self.units, key=lambda unit: unit.id)))
        if not self.units:
            raise InvalidFrame(reason="trống / empty")
        for unit, following in zip(self.units, (*self.units[1:], None), strict=True):
            if not unit.id or not unit.stratum or (unit.size is not None and unit.size < 0):
                raise InvalidFrame(reason=f"“{unit.id}”, “{unit.stratum}”, {unit.size}")
            if following and following.id == unit.id:
                raise InvalidFrame(reason=f"“{unit.id}” × 2")

    @cached_property
    def strata(self) -> dict[str, int]:
        """Count the units of each stratum (N_h), in the order of the strata's names."""
        return dict(sorted(Counter(unit.stratum for unit in self.units).items()))

    @cached_property
    def sha256(self) -> str:
        """Give the hash of the ids and strata, so that a draw names the list it was made from."""
        lines = "".join(f"{unit.stratum}\0{unit.id}\n" for unit in self.units)
        return hashlib.sha256(lines.encode()).hexdigest()
