"""Places by value, with the tie rule and the rounding as settings.

Not rank intervals nor the probability of a rank; those need the values' covariance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from survey.rounding import round_half_up
from survey.scoring.errors import TooCoarse

Tie = Literal["competition", "dense", "range"]


@dataclass(frozen=True, slots=True)
class Rank:
    """A place among the units whose value is known.

    Attributes:
        place: the place; of tied units the first, as in 1, 2, 2, 4 (dense: 1, 2, 2, 3).
        last: under the tie rule `range` the last place of the tied units (2-3); else `place`.
        tied: how many other units have the same value.
        of: how many units were ranked.
    """

    place: int
    last: int
    tied: int
    of: int

    def __str__(self) -> str:
        return str(self.place) if self.last == self.place else f"{self.place}-{self.last}"


def rank(
    values: Mapping[str, float | None], *, tie: Tie = "competition", places: int = 2
) -> dict[str, Rank | None]:
    """Rank units from high to low, on values rounded half up to `places` decimals.

    Quảng Ninh 90.10 stood before Hải Phòng 90.09 in 2022, so two decimals are the least. The
    ministry's tie rule was not found; competition ranking is this project's default.

    Returns:
        a Rank for each unit in the order given; None where the value is not known.

    Raises:
        TooCoarse: fewer than two decimals were asked for.
    """
    if places < 2:
        raise TooCoarse(places=places)
    known = {unit: round_half_up(value, places) for unit, value in values.items() if value is not None}
    order = sorted(known.values(), reverse=True)
    same = Counter(order)
    first = {value: place for place, value in reversed(list(enumerate(order, 1)))}
    dense = {value: place for place, value in enumerate(sorted(same, reverse=True), 1)}
    ranks: dict[str, Rank | None] = dict.fromkeys(values)
    for unit, value in known.items():
        place = dense[value] if tie == "dense" else first[value]
        last = place + same[value] - 1 if tie == "range" else place
        ranks[unit] = Rank(place, last, same[value] - 1, len(order))
    return ranks
