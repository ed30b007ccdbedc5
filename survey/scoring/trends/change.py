"""The change of a unit between two years: every node, what each area gave to it, and the breaks.

Not a trend over more years (series.py), nor what was published of it (standings.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from survey.rounding import round_half_up
from survey.scoring.criteria import CriteriaSet, Criterion, Text
from survey.scoring.result import NodeScore, Score
from survey.scoring.trends.breaks import Break, mark
from survey.scoring.trends.matches import Matched, NodeMatches, match_nodes, named

#: Below this a difference is float noise.
NOISE = 1e-9
#: The id of the line that a base which holds bonus and penalty leaves.
HELD = "#held"
HELD_NAME: Text = {"vi": "Phần bị giới hạn bởi thang điểm", "en": "What the base holds back"}


@dataclass(frozen=True, slots=True)
class Year:
    """A unit's score in one year.

    Attributes:
        places: its place by node id, "" for the total; a node left out has no known place.
        population: ids of the units that were ranked.
    """

    year: int
    criteria_set: CriteriaSet
    score: Score
    places: Mapping[str, int] = field(default_factory=dict)
    population: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NodeChange:
    """One node in two years, or in one of them.

    Attributes:
        before, after: None where the node is in one of the sets only.
        points, percent: change in points, and in percentage points of the node; None where not known.
        places: places gained; None where a place is not known or the units ranked are others.
        contribution: percent of the total's change that came from it; None where not known, and of parts.
        like_for_like: matched, with the same maximum and the same rules below (parts: the same maximum).
    """

    name: Text
    before: NodeScore | None
    after: NodeScore | None
    points: float | None
    percent: float | None
    places: int | None
    contribution: float | None
    like_for_like: bool


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one area gave to the change of the total, in percent of the base."""

    id: str
    name: Text
    percent: float


@dataclass(frozen=True, slots=True)
class YearChange:
    """The change of a unit from one year to another.

    Attributes:
        percent: of the total; None where either is not known.
        places: places gained; None likewise, and where the units ranked are others.
        nodes: those matched, in the order of the later set; `dropped` and `added` stand apart.
        parts: parts of other cuts (blocks) that both sets have, by id.
        contributions: of the areas of both years, adding up to `percent`; empty while it is not known.
        breaks: why the two years are not like for like; empty where they are.
    """

    before: Year
    after: Year
    percent: float | None
    places: int | None
    nodes: tuple[NodeChange, ...]
    parts: tuple[NodeChange, ...]
    dropped: tuple[NodeChange, ...]
    added: tuple[NodeChange, ...]
    contributions: tuple[Contribution, ...]
    breaks: tuple[Break, ...]

    @property
    def like_for_like(self) -> bool:
        """Say whether nothing broke between the two years."""
        return not self.breaks

    def printed_contributions(self, places: int = 2) -> dict[str, float]:
        """Round the contributions so that they add up to the change of the totals as printed.

        86.60 − 85.42 is 1.18 whatever the unrounded difference is; the last digits that are over or
        short go to the contributions that rounding moved most.
        """
        before, after = self.before.score.percent, self.after.score.percent
        if before is None or after is None:
            return {}
        change = round_half_up(after, places) - round_half_up(before, places)
        return apportioned({one.id: one.percent for one in self.contributions}, change, places)


def change_between(before: Year, after: Year, matches: NodeMatches | None = None) -> YearChange:
    """Compare two years of a unit.

    Raises:
        RefusedMatches: the mapping does not fit the two sets.
    """
    matched = match_nodes(before.criteria_set, after.criteria_set, matches)
    pair = Pair(before, after)
    percent = less(after.score.percent, before.score.percent)
    return YearChange(
        before=before,
        after=after,
        percent=percent,
        places=pair.places("", ""),
        nodes=tuple(pair.node(old, new) for old, new in matched.pairs),
        parts=tuple(pair.parts()),
        dropped=tuple(pair.node(old, None) for old in matched.dropped),
        added=tuple(pair.node(None, new) for new in matched.added),
        contributions=() if percent is None else tuple(pair.contributions(matched, percent)),
        breaks=tuple(pair.breaks(matched)),
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """Two years side by side."""

    before: Year
    after: Year

    def node(self, old: Criterion | None, new: Criterion | None) -> NodeChange:
        was = self.before.score.nodes[old.id] if old else None
        now = self.after.score.nodes[new.id] if new else None
        worth = less(self.worth(self.after, new), self.worth(self.before, old))
        return self.moved(was, now, worth, bool(old and new and not any(differences(old, new))))

    def parts(self) -> Iterator[NodeChange]:
        """Compare the parts of other cuts, whose leaves need not be the same ones."""
        for name, now in self.after.score.parts.items():
            was = self.before.score.parts.get(name)
            if was is not None:
                yield self.moved(was, now, None, was.maximum == now.maximum)

    def moved(
        self, was: NodeScore | None, now: NodeScore | None, worth: float | None, like_for_like: bool
    ) -> NodeChange:
        known = [one for one in (now, was) if one is not None]
        return NodeChange(
            name=known[0].name,
            before=was,
            after=now,
            points=less(now.points, was.points) if was and now else None,
            percent=less(now.percent, was.percent) if was and now else None,
            places=self.places(was.id, now.id) if was and now else None,
            contribution=worth,
            like_for_like=like_for_like,
        )

    def places(self, old: str, new: str) -> int | None:
        was, now = self.before.places.get(old), self.after.places.get(new)
        same = self.before.population == self.after.population
        return was - now if same and was is not None and now is not None else None

    def worth(self, year: Year, node: Criterion | None) -> float | None:
        """Give the percent of the base that a node makes: rescaled like the total, a bonus as it is."""
        if node is None:
            return 0.0
        made = year.score
        points, exempt = made.nodes[node.id].points, made.nodes[node.id].exempt
        whole = made.base if node.outside_base else made.total.applicable
        if points is None or not whole:
            return 0.0 if exempt else None
        return 100 * points / whole

    def contributions(self, matched: Matched, percent: float) -> Iterator[Contribution]:
        """Give the areas of the later year, then those that are gone, then what the base holds back."""
        tops = {node.id: node for node in self.before.criteria_set.tree}
        origin = {new.id: old for old, new in matched.pairs if old.id in tops}
        listed = [self.contribution(origin.get(new.id), new) for new in self.after.criteria_set.tree]
        kept = {origin[new.id].id for new in self.after.criteria_set.tree if new.id in origin}
        listed += [self.contribution(old, None) for name, old in tops.items() if name not in kept]
        yield from listed
        rest = percent - math.fsum(one.percent for one in listed)
        if abs(rest) > NOISE:
            yield Contribution(HELD, HELD_NAME, rest)

    def contribution(self, old: Criterion | None, new: Criterion | None) -> Contribution:
        node = new or old
        assert node is not None
        gap = less(self.worth(self.after, new), self.worth(self.before, old))
        return Contribution(node.id, node.name, gap or 0.0)

    def breaks(self, matched: Matched) -> Iterator[Break]:
        """Find every reason why the two years are not like for like."""
        changed = [*self.set_breaks(matched)]
        if changed:
            yield mark(
                "set_changed", before=named(self.before.criteria_set), after=named(self.after.criteria_set)
            )
            yield from changed
        if self.before.population != self.after.population:
            sizes = len(self.before.population), len(self.after.population)
            yield mark("population_changed", before=sizes[0], after=sizes[1])

    def set_breaks(self, matched: Matched) -> Iterator[Break]:
        bases = self.before.criteria_set.base, self.after.criteria_set.base
        if bases[0] != bases[1]:
            yield mark("base_changed", before=bases[0], after=bases[1])
        for old, new in matched.pairs:
            if old.maximum != new.maximum:
                yield mark("maximum_changed", id=new.id, before=told(old.maximum), after=told(new.maximum))
            elif old.is_leaf and old.rule != new.rule:
                yield mark("rule_changed", id=new.id)
        yield from (mark("node_dropped", id=node.id) for node in matched.dropped)
        yield from (mark("node_added", id=node.id) for node in matched.added)


def differences(old: Criterion, new: Criterion) -> Iterator[str]:
    """Name how two nodes differ, those below included; a leaf may have been renumbered."""
    if old.maximum != new.maximum:
        yield "maximum"
    if old.rule != new.rule:
        yield "rule"
    if len(old.children) != len(new.children):
        yield "children"
        return
    for one, other in zip(old.children, new.children, strict=True):
        yield from differences(one, other)


def told(maximum: float | None) -> object:
    return "?" if maximum is None else maximum


def less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def apportioned(parts: Mapping[str, float], whole: float, places: int) -> dict[str, float]:
    """Round parts to `places` so that they add up to `whole` exactly (largest remainders)."""
    scale = 10**places
    counted = {name: round(round_half_up(part, places) * scale) for name, part in parts.items()}
    over = round(whole * scale) - sum(counted.values())
    way = 1 if over > 0 else -1
    order: Sequence[str] = sorted(parts, key=lambda name: way * (counted[name] - parts[name] * scale))
    for turn in range(abs(over) if parts else 0):
        counted[order[turn % len(order)]] += way
    return {name: count / scale for name, count in counted.items()}
