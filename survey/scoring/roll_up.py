"""The scoring of one unit: from inputs by leaf to points, percent and band, with the error kept.

Not the ranking of units (ranking.py), nor what a score holds (result.py). Many units are scored at once
in batch/, which must give the same figures.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey.scoring.criteria import CriteriaSet, Criterion, Cut, Part
from survey.scoring.errors import RefusedInputs
from survey.scoring.inputs import LeafInput, NotApplicable, is_simulated
from survey.scoring.refusals import Inputs, refusals, refuse_value
from survey.scoring.result import NodeScore, Score
from survey.scoring.rules_counted import BonusPenalty, Earned, Normalised, Terms, number
from survey.scoring.tally import Frame, Leaf, held, share, tally
from survey.scoring.uncertainty import Correlations, Spread, interval


def score(
    criteria_set: CriteriaSet,
    inputs: Inputs,
    *,
    best: Mapping[str, float] | None = None,
    correlations: Correlations | None = None,
    level: float = 0.95,
) -> Score:
    """Score one unit.

    Args:
        inputs: by leaf id; NotApplicable also by the id of a whole area or block. A leaf left out
            is unknown: the totals above it are then incomplete, with a known subtotal.
        best: the best unit's value by leaf id, for leaves normalised to the best (see `best_of`).
        correlations: of the estimates of two leaves of one survey; left out, 1 (never understates).
        level: of the intervals.

    Raises:
        RefusedInputs: with one problem for every input that the set does not take.
    """
    problems = refusals(criteria_set, inputs, best or {})
    if problems:
        raise RefusedInputs(problems)
    return Unit(criteria_set, inputs, best or {}, correlations or {}, level).score()


def best_of(criteria_set: CriteriaSet, inputs: Collection[Inputs]) -> dict[str, float]:
    """Find the best value of each leaf that is normalised to the best unit."""
    best: dict[str, float] = {}
    for leaf in criteria_set.leaves():
        if isinstance(leaf.rule, Normalised) and leaf.rule.is_to_best:
            values = [number(given) for given in usable(leaf, inputs)]
            if values:
                best[leaf.id] = max(values) if leaf.rule.higher_is_better else min(values)
    return best


def usable(leaf: Criterion, inputs: Iterable[Inputs]) -> list[LeafInput]:
    given = (unit[leaf.id] for unit in inputs if leaf.id in unit)
    return [one for one in given if not isinstance(one, NotApplicable) and not refuse_value(leaf, one)]


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit being scored: the criteria set and everything given for it."""

    criteria_set: CriteriaSet
    inputs: Inputs
    best: Mapping[str, float]
    correlations: Correlations
    level: float

    def score(self) -> Score:
        """Put the parts of the score together."""
        kept = self.criteria_set
        leaves = {leaf.node.id: leaf for top in kept.tree for leaf in self.leaves(top, exempt=False)}
        nodes = {node.id: self.node(node, depth, leaves) for node, depth in levels(kept.tree, 1)}
        inside = [node for node in kept.tree if not node.outside_base]
        outside = [nodes[node.id] for node in kept.tree if node.outside_base]
        total = self.total(inside, leaves)
        bonus = self.limited(summed([node.points for node in outside]))
        rescaled = self.with_bonus(total.rescaled, bonus)
        spread, bounds = self.percent_spread(total, rescaled)
        percent = None if rescaled is None else 100 * rescaled / kept.base
        return Score(
            criteria_set=kept.id,
            version=kept.version,
            sha256=kept.sha256,
            is_illustration=kept.is_illustration,
            base=kept.base,
            total=total,
            bonus=bonus,
            points=self.with_bonus(total.points, bonus),
            rescaled=rescaled,
            percent=percent,
            percent_se=spread.se,
            percent_ci=bounds,
            band=None if percent is None else kept.bands.band(percent),
            nodes=nodes,
            parts={part.id: self.part(part, cut, leaves) for cut in kept.cuts for part in cut.parts},
            cuts={cut.id: tuple(part.id for part in cut.parts) for cut in kept.cuts},
            missing=tuple(
                leaf.node.id for leaf in leaves.values() if not leaf.exempt and leaf.points is None
            ),
            exempt=self.reasons(),
            simulated=any(leaf.simulated for leaf in leaves.values()),
            level=self.level,
        )

    def leaves(self, node: Criterion, *, exempt: bool) -> Iterable[Leaf]:
        """Score every leaf below a node, or say that it is exempted with something above it."""
        given = self.inputs.get(node.id)
        exempt = exempt or isinstance(given, NotApplicable)
        for child in node.children:
            yield from self.leaves(child, exempt=exempt)
        if node.is_leaf:
            earned = None if exempt or given is None else self.earned(node, given)
            yield Leaf(node, earned, exempt, given is not None and is_simulated(given))

    def earned(self, node: Criterion, given: LeafInput) -> Earned:
        assert node.rule is not None
        return node.rule.earn(given, Terms(node.id, node.maximum, self.best.get(node.id)))

    def node(self, node: Criterion, depth: int, leaves: Mapping[str, Leaf]) -> NodeScore:
        below = [leaves[leaf.id] for leaf in node.leaves()]
        exempted = None if node.outside_base else self.exempted([node])
        lowest = node.rule.lowest if isinstance(node.rule, BonusPenalty) else 0.0
        frame = Frame(
            node.id, node.name, depth, node.is_leaf, node.maximum, exempted, covered=True, lowest=lowest
        )
        return tally(frame, below, self.correlations, self.level)

    def total(self, inside: Sequence[Criterion], leaves: Mapping[str, Leaf]) -> NodeScore:
        below = [leaves[leaf.id] for node in inside for leaf in node.leaves()]
        title = self.criteria_set.title
        frame = Frame("", title, 0, False, self.criteria_set.base, self.exempted(inside))
        return tally(frame, below, self.correlations, self.level)

    def part(self, part: Part, cut: Cut, leaves: Mapping[str, Leaf]) -> NodeScore:
        """Score a part of another cut; its leaves may be only some of its points."""
        below = [leaf for leaf in leaves.values() if part.id in leaf.node.parts]
        exempted = summed([leaf.node.maximum for leaf in below if leaf.exempt])
        tagged = summed([leaf.node.maximum for leaf in below])
        covered = part.maximum is not None and tagged is not None and math.isclose(tagged, part.maximum)
        frame = Frame(part.id, part.name, 1, False, part.maximum, exempted, covered)
        return tally(frame, below, self.correlations, self.level)

    def exempted(self, nodes: Iterable[Criterion]) -> float | None:
        """Add up the maxima of what is exempted, each counted where it was exempted."""
        return summed([self.exempted_of(node) for node in nodes])

    def exempted_of(self, node: Criterion) -> float | None:
        if isinstance(self.inputs.get(node.id), NotApplicable):
            return node.maximum
        return self.exempted(node.children)

    def limited(self, bonus: float | None) -> float | None:
        """Hold all bonus and penalty together within the limits that the set gives."""
        limits = self.criteria_set.bonus_limits
        return bonus if bonus is None or limits is None else min(max(bonus, limits.lowest), limits.highest)

    def with_bonus(self, points: float | None, bonus: float | None) -> float | None:
        """Add bonus and penalty, and keep the sum within the base where the set says so."""
        if points is None or bonus is None:
            return None
        together = points + bonus
        return min(max(together, 0.0), self.criteria_set.base) if self.criteria_set.bounded else together

    def percent_spread(
        self, total: NodeScore, rescaled: float | None
    ) -> tuple[Spread, tuple[float, float] | None]:
        """Carry the error of the raw points to the percent of the base, around the value with bonus."""
        se = share(total.se, total.applicable, 100.0)
        if rescaled is None:
            return Spread(None, None), None
        spread = Spread(se, total.df)
        bounds = interval(100 * rescaled / self.criteria_set.base, spread, self.level)
        return spread, held(bounds, 100.0) if self.criteria_set.bounded else bounds

    def reasons(self) -> dict[str, str]:
        return {name: given.reason for name, given in self.inputs.items() if isinstance(given, NotApplicable)}


def levels(nodes: Iterable[Criterion], depth: int) -> Iterable[tuple[Criterion, int]]:
    """Give every node with its depth, parents first."""
    for node in nodes:
        yield node, depth
        yield from levels(node.children, depth + 1)


def summed(figures: Sequence[float | None]) -> float | None:
    """Add up, or say None where one of them is not known."""
    known = [figure for figure in figures if figure is not None]
    return math.fsum(known) if len(known) == len(figures) else None
