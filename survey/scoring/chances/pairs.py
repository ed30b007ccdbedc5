"""How sure it is that one unit stands above another.

Not places among all units (ranks.py), nor the sentence about two neighbours (sentences.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from survey.scoring.batch.columns import FloatArray
from survey.scoring.chances.totals import TotalDraws


@dataclass(frozen=True, slots=True)
class PairChance:
    """Two units, the first the higher in print (by name where they are equal).

    Attributes:
        gap: measured difference, percentage points of the index.
        above, tied, below: share of draws in which the first is above, equal in print, or below; NaN
            where an error is unknown.
        monte_carlo_se: of `above`.
        is_exact: neither has any survey error.
        without_error: units of the two whose error is not known.
    """

    first: str
    second: str
    value: tuple[float, float]
    gap: float
    above: float
    tied: float
    below: float
    monte_carlo_se: float
    is_exact: bool
    without_error: tuple[str, ...]
    places: int
    draws: int
    seed: int | None
    method: str


def pair_chance(totals: TotalDraws, one: str, other: str, *, places: int = 2) -> PairChance:
    """Say how sure it is that one of two units stands above the other.

    Args:
        places: decimals on which places are decided.

    Raises:
        NotSimulated: either has no total.
    """
    first, second = sorted((one, other), key=lambda unit: (-totals.value[totals.at(unit)], unit))
    a, b = totals.at(first), totals.at(second)
    gap = float(totals.value[a] - totals.value[b])
    both = bool(totals.has_error[a] and totals.has_error[b])
    drawn = totals.only((first, second)).rounded(places)
    ahead = drawn[:, 0] - drawn[:, 1] if a < b else drawn[:, 1] - drawn[:, 0]
    above, tied = (float(np.mean(one)) if both else math.nan for one in (ahead > 0, ahead == 0))
    pair = totals.percent[:, [a, b]]
    return PairChance(
        first,
        second,
        (float(totals.value[a]), float(totals.value[b])),
        gap,
        above,
        tied,
        max(1 - above - tied, 0.0) if both else math.nan,
        math.sqrt(above * (1 - above) / totals.draws) if both else math.nan,
        both and bool(np.all(pair == pair[0])),
        tuple(unit for unit, at in ((first, a), (second, b)) if not totals.has_error[at]),
        places,
        totals.draws,
        totals.seed,
        totals.method,
    )


def neighbour_chances(totals: TotalDraws, *, places: int = 2) -> tuple[PairChance, ...]:
    """Say for every unit and the next below it how sure their order is."""
    order = sorted(totals.units, key=lambda unit: (-totals.value[totals.at(unit)], unit))
    return tuple(
        pair_chance(totals, one, other, places=places) for one, other in zip(order, order[1:], strict=False)
    )


def chances_above(totals: TotalDraws, unit: str, *, places: int = 2) -> FloatArray:
    """Give (K,) the probability that a unit stands above each other; NaN for itself and unknown errors.

    Raises:
        NotSimulated.
    """
    at = totals.at(unit)
    rounded = totals.rounded(places)
    above = np.mean(rounded[:, [at]] > rounded, axis=0)
    is_told = totals.has_error & totals.has_error[at]
    is_told[at] = False
    return np.where(is_told, above, np.nan)
