"""The cheapest gains that add up to what is needed: an exact mixed-integer programme.

Not what can be gained (gains.py) nor the plan in words and inputs (cheapest.py). Solved by HiGHS
(scipy.optimize.milp) without a gap; what the solver leaves to its tolerances is then settled
exactly: the choice of leaves and steps is kept and the amounts are filled up from the cheapest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from survey.scoring.errors import UnsolvedPlan
from survey.scoring.prospects.bonus_room import BonusRoom
from survey.scoring.prospects.gains import Gains

Floats: TypeAlias = NDArray[np.float64]

#: HiGHS works to about 1e-6 of a row and of the objective; both are scaled up. On some tiny programmes
#: it stops with a fault of its own ("Solve error", scipy 1.17); another scale, or no presolve, then helps.
ATTEMPTS = ((100.0, True), (10.0, True), (100.0, False), (30.0, False), (1.0, False))
#: Percent that sums of floats may miss; round_half_up does not see it.
MISS = 1e-11
#: Percent added where there is room, so that a rounded total is reached whatever the last bits are.
MARGIN = 1e-10
CUTS = 200
OPTIMAL, OUT_OF_TIME, INFEASIBLE = 0, 1, 2


class SolverFault(Exception):
    """HiGHS stopped without an answer, for reasons of its own; never leaves this module."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What changing a leaf costs: once, and by the point gained."""

    start: float
    per_point: float

    def of(self, gain: float) -> float:
        return self.start + self.per_point * gain if gain > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Offer:
    """One leaf's gains with their cost, and the cost that decides among plans equally cheap."""

    gains: Gains
    cost: Cost
    then: Cost


def cheapest_gains(
    offers: Sequence[Offer], need: float, room: BonusRoom, seconds: float
) -> tuple[float, ...] | None:
    """Find the cheapest gains in points (one for each offer) that make `need` percent.

    Args:
        room: what limits on bonus and penalty leave of gains outside the base.

    Returns:
        the gains, 0 where a leaf stays as it is; None where even everything is not enough.

    Raises:
        UnsolvedPlan: one run of the solver took more than `seconds`, or it stopped with a fault.
    """
    if need <= 0:
        return (0.0,) * len(offers)
    whole = Programme(offers, need, room, seconds, None)
    if whole.made([offer.gains.high for offer in offers]) < need - MISS:
        return None
    first = attempted(whole)
    if first is None:
        return None
    spent = math.fsum(offer.cost.of(gain) for offer, gain in zip(offers, first, strict=True))
    return attempted(replace(whole, at_most=spent + 1e-9 * max(1.0, spent))) or first


def attempted(programme: Programme) -> tuple[float, ...] | None:
    """Solve a programme, again in another way where the solver stops with a fault."""
    for scale, presolve in ATTEMPTS:
        try:
            return replace(programme, scale=scale, presolve=presolve).solve()
        except SolverFault:
            continue
    raise UnsolvedPlan("the solver stopped in every way tried", seconds=programme.seconds)


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme.

    Its variables, for n offers: n "changed", n gains, then one for every step, then the points of bonus
    that count and whether any does. `at_most` bounds the first cost once it is known; the second is
    then made least.
    """

    offers: Sequence[Offer]
    need: float
    room: BonusRoom
    seconds: float
    at_most: float | None
    scale: float = 1.0
    presolve: bool = True

    @property
    def steps(self) -> list[tuple[int, float]]:
        """Give every step of every leaf that has steps: the leaf's number and its gain."""
        return [
            (number, step) for number, offer in enumerate(self.offers) for step in offer.gains.steps or ()
        ]

    @property
    def factor_outside(self) -> float:
        """Give the percent that a counting point of bonus makes."""
        outside = [offer.gains.factor for offer in self.offers if offer.gains.leaf.outside_base]
        return outside[0] if outside else 0.0

    def solve(self) -> tuple[float, ...] | None:
        """Solve, and settle the amounts; a choice that only tolerances allowed is cut off."""
        rows = [*self.rows()]
        for _ in range(CUTS):
            found = self.choose(rows)
            if found is None and self.at_most is None:
                raise SolverFault("everything together is enough, so some choice is")
            if found is None:
                return None
            settled = self.settle(found)
            if settled is not None:
                return settled
            rows.append(self.cut(found))
        raise UnsolvedPlan("only choices within the tolerance were found", seconds=self.seconds)

    def choose(self, rows: Sequence[LinearConstraint]) -> Floats | None:
        """Let HiGHS choose; give its variables, the whole ones rounded."""
        size, steps = len(self.offers), len(self.steps)
        high = [offer.gains.high for offer in self.offers]
        most = min(self.room.room, math.fsum(high))
        whole = np.concatenate([np.ones(size), np.zeros(size), np.ones(steps), [0.0, 1.0]])
        made = milp(
            self.objective() * self.scale,
            integrality=whole,
            bounds=Bounds(0.0, np.concatenate([np.ones(size), high, np.ones(steps), [most, 1.0]])),
            constraints=list(rows),
            options={"mip_rel_gap": 0.0, "time_limit": self.seconds, "presolve": self.presolve},
        )
        if made.status == INFEASIBLE:
            return None
        if made.status == OUT_OF_TIME:
            raise UnsolvedPlan(str(made.message), seconds=self.seconds)
        if made.status != OPTIMAL or made.x is None:
            raise SolverFault(str(made.message))
        found = np.asarray(made.x, float)
        return np.where(whole > 0, np.round(found), found)

    def objective(self) -> Floats:
        costs = [offer.cost if self.at_most is None else offer.then for offer in self.offers]
        return self.priced(costs)

    def priced(self, costs: Sequence[Cost]) -> Floats:
        """Put costs on the variables: the start on "changed", the rest on the gain."""
        starts, rates = [cost.start for cost in costs], [cost.per_point for cost in costs]
        return np.concatenate([starts, rates, np.zeros(len(self.steps) + 2)])

    def rows(self) -> list[LinearConstraint]:
        size, steps = len(self.offers), len(self.steps)
        is_outside = np.array([offer.gains.leaf.outside_base for offer in self.offers], bool)
        factors = np.array([offer.gains.factor for offer in self.offers]) * ~is_outside
        enough = np.concatenate([np.zeros(size), factors, np.zeros(steps), [self.factor_outside, 0.0]])
        found = [LinearConstraint(enough * self.scale, lb=self.need * self.scale)]
        if self.at_most is not None:
            spent = self.priced([offer.cost for offer in self.offers])
            found.append(LinearConstraint(spent * self.scale, ub=self.at_most * self.scale))
        counted = np.concatenate([np.zeros(size), -1.0 * is_outside, np.zeros(steps), [1.0, self.room.idle]])
        found.append(LinearConstraint(counted, ub=0.0))
        most = np.zeros(len(counted))
        most[-2:] = 1.0, -min(self.room.room, math.fsum(offer.gains.high for offer in self.offers))
        found.append(LinearConstraint(most, ub=0.0))
        return found + [row for number in range(size) for row in self.leaf_rows(number)]

    def leaf_rows(self, number: int) -> list[LinearConstraint]:
        """Tie a leaf's gain to whether it is changed, and to its steps where it has some."""
        size, steps = len(self.offers), self.steps
        gains = self.offers[number].gains
        width = 2 * size + len(steps) + 2
        least, most = np.zeros(width), np.zeros(width)
        if gains.steps is None:
            least[number], least[size + number] = -gains.low, 1.0
            most[number], most[size + number] = -gains.high, 1.0
            return [LinearConstraint(least, lb=0.0), LinearConstraint(most, ub=0.0)]
        for column, (owner, step) in enumerate(steps, 2 * size):
            if owner == number:
                least[column], most[column] = 1.0, step
        least[number], most[size + number] = -1.0, -1.0
        return [LinearConstraint(least, lb=0.0, ub=0.0), LinearConstraint(most, lb=0.0, ub=0.0)]

    def settle(self, found: Floats) -> tuple[float, ...] | None:
        """Fill the chosen leaves up to the need, cheapest first; None where they are not enough."""
        settled = [0.0] * len(self.offers)
        for (number, step), taken in zip(self.steps, found[2 * len(settled) :], strict=False):
            settled[number] += step * float(taken)
        open_ = [
            number
            for number, offer in enumerate(self.offers)
            if offer.gains.steps is None and found[number] > 0
        ]
        for number in open_:
            settled[number] = self.begin(number, float(found[len(settled) + number]))
        for number in sorted(open_, key=self.price):
            gains = self.offers[number].gains
            settled[number] += min(self.lacking(number, settled), gains.high - settled[number])
        return tuple(settled) if self.made(settled) >= self.need - MISS else None

    def begin(self, number: int, chosen: float) -> float:
        """Give the gain from which a leaf is filled: its least, or as chosen where bonus lies idle."""
        gains = self.offers[number].gains
        if gains.leaf.outside_base and self.room.idle > 0:
            return min(max(chosen, gains.low), gains.high)
        return gains.low

    def lacking(self, number: int, settled: Sequence[float]) -> float:
        """Give the points of a leaf that would make what is lacking, as far as its points count."""
        gains = self.offers[number].gains
        points = max(self.need + MARGIN - self.made(settled), 0.0) / gains.factor
        if not gains.leaf.outside_base or points == 0:
            return points
        raw = self.outside(settled)
        room = self.room.room - self.room.counted(raw)
        return 0.0 if room <= 0 else max(self.room.idle - raw, 0.0) + min(points, room)

    def price(self, number: int) -> tuple[float, float]:
        """Price one percent of a leaf by both costs."""
        offer = self.offers[number]
        return offer.cost.per_point / offer.gains.factor, offer.then.per_point / offer.gains.factor

    def outside(self, settled: Sequence[float]) -> float:
        pairs = zip(self.offers, settled, strict=True)
        return math.fsum(gain for offer, gain in pairs if offer.gains.leaf.outside_base)

    def made(self, settled: Sequence[float]) -> float:
        """Give the percent that gains make."""
        pairs = zip(self.offers, settled, strict=True)
        inside = [offer.gains.factor * gain for offer, gain in pairs if not offer.gains.leaf.outside_base]
        return math.fsum([*inside, self.factor_outside * self.room.counted(self.outside(settled))])

    def cut(self, found: Floats) -> LinearConstraint:
        """Exclude one choice of leaves and steps."""
        size = len(self.offers)
        row = np.where(found > 0, -1.0, 1.0)
        row[size : 2 * size] = 0.0
        row[-2:] = 0.0
        return LinearConstraint(row, lb=1.0 - float((row < 0).sum()))
