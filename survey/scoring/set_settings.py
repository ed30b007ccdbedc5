"""What a criteria set settles besides its points: ties, rounding, blocks, surveys, exemptions.

Not the tree (criteria.py), nor what follows from the settings (in_force.py, block_ranking.py,
exempting.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.scoring.ranking import Tie

Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a criteria set, named by another."""

    id: str
    version: str


@dataclass(frozen=True, slots=True)
class Framework:
    """The set of a higher authority that fixes the maxima within which this one divides its own."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class BonusLimits:
    """What all bonus and penalty points of a unit together are held between."""

    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class RankingSettings:
    """How units are placed.

    Attributes:
        tie: competition (1, 2, 2, 4), dense (1, 2, 2, 3) or range (1, 2-3, 2-3, 4).
        places: decimals of the percent on which places are decided.
        tie_break: ids of nodes or parts; equal units are compared by their percent in each, in turn.
    """

    tie: Tie = "competition"
    places: int = 2
    tie_break: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rounding:
    """Decimals that are printed; nothing is computed on rounded values."""

    points: int = 2
    percent: int = 2


@dataclass(frozen=True, slots=True)
class Block:
    """Units that are placed among themselves: sở; phường; xã and đặc khu.

    Attributes:
        kinds: of units, in the words of the units room; `units` are ids named one by one.
        ranked: False for bodies that are scored and have no place.
    """

    id: str
    name: Text
    kinds: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    ranked: bool = True


@dataclass(frozen=True, slots=True)
class SurveySheet:
    """A survey that leaves draw on: its groups with their weights, and its items.

    Attributes:
        groups: weight by group id; None when ballots are pooled.
        items: name by item id.
    """

    id: str
    name: Text
    pooled: bool
    groups: Mapping[str, float | None]
    group_names: Mapping[str, Text]
    items: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class ExemptionGround:
    """A reason for which nodes do not apply: to single units, or to all when a survey is not held."""

    id: str
    name: Text
    for_all: bool
    nodes: tuple[str, ...]
    sources: tuple[str, ...] = ()
