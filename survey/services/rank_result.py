"""What a list of ranked units is: each unit's rank, the ranks it can have, and who stands apart.

Not how ranks are computed (unit_ranks.py) nor how they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from survey.aggregation import Estimate
from survey.questionnaires import Formula

#: t: Student's with the unit's own degrees of freedom. normal: as Klein, Wright & Wieczorek (2020) print
#: it, for units with many PSUs each.
Quantiles = Literal["t", "normal"]
#: Below this many degrees of freedom the draws, which are normal, look surer than they are.
FEW_DF = 10


@dataclass(frozen=True, slots=True)
class RankChances:
    """What a unit's rank is when estimates vary as from sample to sample.

    Attributes:
        mean_rank, mean_rank_se: average over the draws, and its Monte-Carlo standard error.
        first, last: probability of the first and of the last rank.
        top, bottom: probability to be among the first m and among the last m.
        likely_low, likely_high: ranks between which 90 % of the draws lie.
    """

    mean_rank: float
    mean_rank_se: float
    first: float
    top: float
    bottom: float
    last: float
    likely_low: int
    likely_high: int


@dataclass(frozen=True, slots=True)
class UnitRank:
    """One ranked unit: its index as a share, its published place, and the ranks it can have.

    `chances` is None for a unit without a standard error, such as one at 100 %: it can have any rank.
    """

    unit: str
    index: Estimate
    rank: int
    low: int
    high: int
    chances: RankChances | None


@dataclass(frozen=True, slots=True)
class UnitApart:
    """One unit that is not ranked, with why: "few_respondents", "no_interval", or both."""

    unit: str
    index: Estimate
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RankedBlock:
    """Units ranked in one list.

    Attributes:
        block: kind of unit, such as "Phường"; "" where all units stand in one list.
        m: how many places `RankChances.top` and `bottom` take: TOP, or fewer in a short list.
        ranked: in order of rank.
        apart: in alphabetical order.
        drawn: units that the chances are among: those with a standard error.
        method, chances_method: how, in fixed English words; "" where nobody is ranked, or none drawn.
        typical_df: median degrees of freedom of the ranked units.
    """

    block: str
    m: int
    ranked: tuple[UnitRank, ...]
    apart: tuple[UnitApart, ...]
    drawn: int
    method: str
    chances_method: str
    typical_df: float | None

    @property
    def told_apart(self) -> int:
        """Count the units whose rank is narrower than the whole list."""
        return sum((one.low, one.high) != (1, len(self.ranked)) for one in self.ranked)

    @property
    def few_df(self) -> bool:
        """Say whether the chances rest on variances of few degrees of freedom."""
        return self.typical_df is not None and self.typical_df < FEW_DF


@dataclass(frozen=True, slots=True)
class UnitRanks:
    """The ranks of a snapshot's units by one formula."""

    snapshot: str
    data_sha256: str
    simulated: bool
    formula: Formula
    rows: int
    level: float
    quantiles: Quantiles
    draws: int
    seed: int
    blocks: tuple[RankedBlock, ...]
