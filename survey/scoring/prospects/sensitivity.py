"""How the place of a unit hangs on each leaf: places a point, points a place, and whether it is real.

Not a plan (cheapest.py). The other units stand still.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from survey.rounding import round_half_up
from survey.scoring.criteria import CriteriaSet, Criterion, Text
from survey.scoring.errors import IncompleteScore
from survey.scoring.prospects.assumptions import assumed
from survey.scoring.prospects.bonus_room import FREE, BonusRoom
from survey.scoring.prospects.changing import Inputs
from survey.scoring.prospects.gains import UNINFLUENCED, Gains, factor_of, gains
from survey.scoring.prospects.rivals import PlaceAmong, Rivals, chance_ahead, chances_ahead, place_among
from survey.scoring.prospects.what_if import best_with, standing
from survey.scoring.result import Score
from survey.scoring.roll_up import score
from survey.scoring.rules_counted import BonusPenalty
from survey.scoring.set_settings import RankingSettings
from survey.scoring.uncertainty import Correlations

METHOD = (
    "the unit's total moved along, the others standing still; probabilities from the normal difference "
    "of two independent totals with their standard errors"
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The nearest unit that stands above or below, by totals as ranked.

    Attributes:
        gap: percent between the two totals, positive.
        chance: probability that the order of the two is real; None where an error is unknown.
    """

    unit: str
    percent: float
    se: float | None
    gap: float
    chance: float | None


@dataclass(frozen=True, slots=True)
class LeafSensitivity:
    """How the place hangs on one leaf.

    Attributes:
        factor: percent of the base that one point of the leaf makes.
        can_gain, can_lose: points that the leaf can gain by its rule, and those it can lose.
        places_per_point: places that one more point would bring, whether or not the leaf has it left.
        expected_per_point: the same averaged over the errors of all totals; None where unknown.
        points_to_gain: points to gain one place; None for the first, or where limits of bonus forbid it.
        points_to_fall: points to fall one place, to be exceeded; None for the last, or likewise.
        least_gain: the smallest gain possible by its rule that brings a place; None: it cannot alone.
        places_at_most: places gained if the leaf got all it can.
        chance_real: probability that with `least_gain` the unit is truly above the one it passes; None
            where the leaf cannot alone or an error is unknown. Bare equality of totals is a coin toss.
        chance_at_most: the same with all the leaf can gain.
    """

    leaf: str
    name: Text
    factor: float
    can_gain: float
    can_lose: float
    places_per_point: int
    expected_per_point: float | None
    points_to_gain: float | None
    points_to_fall: float | None
    least_gain: float | None
    places_at_most: int
    chance_real: float | None
    chance_at_most: float | None


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The place of a unit, its neighbours, and every leaf in the order of the file."""

    score: Score
    place: PlaceAmong
    above: Neighbour | None
    below: Neighbour | None
    leaves: tuple[LeafSensitivity, ...]
    assumptions: tuple[Text, ...]
    method: str = METHOD


def sensitivity(
    criteria_set: CriteriaSet,
    inputs: Inputs,
    rivals: Rivals,
    *,
    best: Mapping[str, float] | None = None,
    without: Collection[str] = (),
    correlations: Correlations | None = None,
    level: float = 0.95,
) -> Sensitivity:
    """Say for each leaf what a point is worth in places. Surveys, SIPAS and impact are included.

    Args:
        best: the best value among the *other* units, by leaf normalised to the best.
        without: leaves to leave out.

    Raises:
        RefusedInputs: inputs that the set does not take.
        IncompleteScore: the total is not known.
    """
    own_best = best_with(criteria_set, inputs, best or {})
    made = score(criteria_set, inputs, best=own_best, correlations=correlations, level=level)
    if made.percent is None:
        raise IncompleteScore(made.missing)
    also = [leaf.id for leaf in criteria_set.leaves() if leaf.method in UNINFLUENCED]
    open_, _ = gains(criteria_set, inputs, made, own_best, also=also, without=without)
    stand = Stand(made, made.percent, rivals, criteria_set.ranking)
    room = BonusRoom.of(criteria_set, made)
    left = {one.leaf.id: one for one in open_}
    leaves = [
        stand.leaf(leaf, left.get(leaf.id), room if leaf.outside_base else FREE)
        for leaf in criteria_set.leaves()
        if leaf.id not in without and not made.nodes[leaf.id].exempt
    ]
    return Sensitivity(
        score=made,
        place=place_among(made.percent, made.percent_se, rivals, level=level, ranking=criteria_set.ranking),
        above=stand.neighbour(1),
        below=stand.neighbour(-1),
        leaves=tuple(leaves),
        assumptions=assumed([*standing(criteria_set, rivals, best or {}), "errors_as_measured"]),
    )


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a unit stands among its rivals."""

    made: Score
    percent: float
    rivals: Rivals
    ranking: RankingSettings

    @property
    def shown(self) -> float:
        return round_half_up(self.percent, self.ranking.places)

    def leaf(self, leaf: Criterion, left: Gains | None, room: BonusRoom) -> LeafSensitivity:
        factor = factor_of(leaf, self.made)
        up, down = self.to_gain(), self.to_fall()
        to_gain = None if up is None else room.to_gain(up / factor)
        least = None if left is None or to_gain is None else left.least(to_gain)
        most = 0.0 if left is None else left.high
        return LeafSensitivity(
            leaf=leaf.id,
            name=leaf.name,
            factor=factor,
            can_gain=most,
            can_lose=(self.made.nodes[leaf.id].points or 0.0) - lowest(leaf),
            places_per_point=self.places(factor * room.counted(1.0)),
            expected_per_point=self.expected(factor * room.counted(1.0)),
            points_to_gain=to_gain,
            points_to_fall=None if down is None else room.to_lose(down / factor),
            least_gain=least,
            places_at_most=self.places(factor * room.counted(most)),
            chance_real=None if least is None else self.chance(factor * room.counted(least)),
            chance_at_most=None if least is None else self.chance(factor * room.counted(most)),
        )

    def places(self, more: float) -> int:
        """Count the places that so much more percent brings."""
        return self.rivals.above(self.percent, self.ranking) - self.rivals.above(
            self.percent + more, self.ranking
        )

    def expected(self, more: float) -> float | None:
        """Give the places that so much more percent brings on average over all errors."""
        se = self.made.percent_se
        if se is None or self.rivals.unknown_errors:
            return None
        after, before = (chances_ahead(self.percent + step, se, self.rivals) for step in (more, 0.0))
        return float((after - before).sum())

    def to_gain(self) -> float | None:
        """Give the percent to pass the next unit above, or to draw level with it as rounded."""
        place = self.rivals.above(self.percent, self.ranking)
        least = self.rivals.least_for(place, self.ranking) if place > 0 else None
        return None if least is None else max(least - self.percent, 0.0)

    def to_fall(self) -> float | None:
        """Give the percent to fall, as rounded, to below the next unit at or under this one.

        With exactly so much less the two are level; whatever is more makes the place worse.
        """
        others = self.rivals.rounded(self.ranking.places)
        below = others[others <= self.shown]
        if not below.size:
            return None
        level = float(below.max()) - 0.5 * 10.0**-self.ranking.places
        return max(self.percent - round_half_up(level, self.ranking.places + 1), 0.0)

    def chance(self, more: float) -> float | None:
        """Give the probability that, moved up, the unit is truly above the one next above it now."""
        above = self.neighbour(1)
        if above is None:
            return None
        return chance_ahead(self.percent + more, self.made.percent_se, above.percent, above.se)

    def neighbour(self, way: int) -> Neighbour | None:
        """Find the nearest unit ranked above (1) or below (-1)."""
        gaps = (self.rivals.rounded(self.ranking.places) - self.shown) * way
        if not (gaps > 0).any():
            return None
        at = int(np.where(gaps > 0, gaps, np.inf).argmin())
        percent, se = float(self.rivals.percents[at]), float(self.rivals.ses[at])
        known = None if np.isnan(se) else se
        ahead = chance_ahead(self.percent, self.made.percent_se, percent, known)
        return Neighbour(
            unit=self.rivals.units[at],
            percent=percent,
            se=known,
            gap=abs(percent - self.percent),
            chance=ahead if ahead is None or way < 0 else 1 - ahead,
        )


def lowest(leaf: Criterion) -> float:
    """Give the fewest points that a leaf can have."""
    return leaf.rule.lowest if isinstance(leaf.rule, BonusPenalty) else 0.0
