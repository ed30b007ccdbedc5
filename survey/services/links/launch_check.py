"""Whether the place in the design would tell who answered: people alike must be at least three.

Not who is invited (links/invitations.py). Reference: experience.md §4.4, docs/decisions/0012.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from survey.storage.invitations import Invited

#: People who must share a place in the design, or the place names one of them.
FEWEST_ALIKE = 3

#: Unit, stratum, PSU, weight, and the day of the invitation: whoever is invited later cannot have answered
#: before, so a later day tells people apart.
Cell = tuple[str, str, str, float, date | None]


@dataclass(frozen=True, slots=True)
class SmallCell:
    """Fewer than three people alike.

    Attributes:
        places: what they share, in words that a list of people uses: unit, stratum, PSU, weight.
        people: how many they are.
    """

    places: tuple[str, ...]
    people: int

    def __str__(self) -> str:
        return " · ".join(self.places)


def small_cells(invited: Iterable[Invited], touched: Collection[UUID] | None = None) -> tuple[SmallCell, ...]:
    """List the places in the design that fewer than three invited people share.

    A person who is a PSU of their own has one label on all their answers, so all the units that they judge
    together must be those of two others at least, or the set of units on the answers names them.

    Args:
        touched: invitations to look at; None for all.
    """
    cells: Counter[Cell] = Counter()
    profiles: Counter[frozenset[Cell]] = Counter()
    looked_at: dict[Cell, None] = {}
    looked_at_profiles: dict[frozenset[Cell], None] = {}
    for person, judgements in invited:
        mine = [(one.judges, one.group, one.cluster, one.design_weight, person.sent_on) for one in judgements]
        cells.update(mine)
        own = frozenset(mine) if any(not one.cluster for one in judgements) else None
        if own:
            profiles[own] += 1
        if touched is None or person.id in touched:
            looked_at.update(dict.fromkeys(mine))
            if own:
                looked_at_profiles[own] = None
    small = [SmallCell(_words(cell), cells[cell]) for cell in looked_at if cells[cell] < FEWEST_ALIKE]
    small.extend(
        SmallCell(_joint_words(profile), profiles[profile])
        for profile in looked_at_profiles
        if profiles[profile] < FEWEST_ALIKE and all(cells[cell] >= FEWEST_ALIKE for cell in profile)
    )
    return tuple(sorted(small, key=str))


def people_alike(invited: Iterable[Invited]) -> tuple[tuple[UUID, ...], ...]:
    """Put people together whom nothing but their answers tells apart: same units and places, same letters."""
    alike: defaultdict[tuple[object, ...], list[UUID]] = defaultdict(list)
    for person, judgements in invited:
        places = frozenset((one.judges, one.group, one.cluster, one.design_weight) for one in judgements)
        alike[places, person.sent_on, person.reminders].append(person.id)
    return tuple(tuple(ids) for ids in alike.values())


def _words(cell: Cell) -> tuple[str, ...]:
    unit, stratum, psu, weight, _day = cell
    return unit, stratum, psu, f"{weight:g}"


def _joint_words(profile: frozenset[Cell]) -> tuple[str, ...]:
    units = sorted(cell[0] for cell in profile)
    strata = sorted({cell[1] for cell in profile})
    listed = ", ".join(units[:3]) + (f" … (+{len(units) - 3})" if len(units) > 3 else "")
    return listed, ", ".join(strata)
