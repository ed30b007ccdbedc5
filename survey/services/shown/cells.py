"""The figures that results pages and sheets print, as cells, and every sum that binds them.

Not which of them are withheld (shown/figures.py) nor what was handed out before (shown/before.py). The
cells are those of all formulas at once, so that what one formula hides another does not give away.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from survey.aggregation.disclosure import Relation, distribution, index_terms
from survey.questionnaires import Formula, FormulaNode, Questionnaire, flatten
from survey.services.indices import WHOLE, Kind
from survey.services.shown.answer_sums import AnswerSums, Levels, Sums, scaled_items

CellId = tuple[str, str]
#: What hiding a level of a distribution loses, against a unit's figure at 1 for each respondent.
LEVEL_COST = 0.1


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed figure and what protects or betrays it.

    Attributes:
        weight: the sum of weights behind it; None for an index, which has no single one.
        n, psus: its respondents and their primary sampling units.
        count: respondents at this level, for a level of a distribution.
        bounds: the ends of its scale.
        cost: what withholding it loses.
    """

    value: float
    weight: float | None
    n: int
    psus: int
    count: int | None
    bounds: tuple[float, float]
    cost: float


@dataclass(frozen=True, slots=True)
class Printed:
    """The figures of one snapshot, and the sums between them.

    Attributes:
        terms: the items that each index is made of.
    """

    figures: Mapping[CellId, Figure]
    relations: tuple[Relation, ...]
    terms: Mapping[CellId, frozenset[CellId]]


def statistic_of(formula: Formula, kind: Kind, statistic: str) -> str:
    """Name the statistic of a result line, alike for formulas that measure an item alike."""
    if kind == "index":
        return f"index {formula.id} {statistic}"
    return measured(statistic, formula.levels if kind == "share" else None)


def measured(item: str, levels: Levels | None) -> str:
    """Name an item's share at some levels, or its mean where there are none."""
    return f"mean {item}" if levels is None else f"share {','.join(map(str, levels))} {item}"


def level_of(item: str, value: int) -> str:
    """Name one level of an item's distribution."""
    return f"level {value} {item}"


def is_index(statistic: str) -> bool:
    """Say whether a statistic is an index and not an item or a level."""
    return statistic.startswith("index ")


def is_level(statistic: str) -> bool:
    """Say whether a statistic is a level of a distribution."""
    return statistic.startswith("level ")


def item_of(statistic: str) -> str:
    """Return the item that a share, a mean or a level is of."""
    return statistic.rpartition(" ")[2]


def by_item(cells: Printed) -> dict[str, Printed]:
    """Take items and their levels apart: without the indices, no sum binds two items."""
    figures: dict[str, dict[CellId, Figure]] = {}
    for id, figure in cells.figures.items():
        if not is_index(id[1]):
            figures.setdefault(item_of(id[1]), {})[id] = figure
    relations: dict[str, list[Relation]] = {item: [] for item in figures}
    for relation in cells.relations:
        statistics = [str(id[1]) for id in relation.coefficients if isinstance(id, tuple)]
        if not any(map(is_index, statistics)):
            relations[item_of(statistics[0])].append(relation)
    return {item: Printed(own, tuple(relations[item]), {}) for item, own in figures.items()}


def printed(sums: AnswerSums, questionnaire: Questionnaire, units: Collection[str]) -> Printed:
    """Make the cells of the whole and of some units, with every sum between them.

    The units left out stand in the sums as the published constants they are.
    """
    making = _Making(sums, questionnaire)
    for domain in (WHOLE, *units):
        making.add_items(domain)
        making.add_indices(domain)
    making.relations += making.rolled_up(units)
    making.add_levels()
    return Printed(making.figures, tuple(making.relations), making.terms)


class _Making:
    """The cells and relations so far."""

    def __init__(self, sums: AnswerSums, questionnaire: Questionnaire) -> None:
        self.sums = sums
        self.formulas = questionnaire.formulas
        items = scaled_items(questionnaire)
        self.ends = {
            id: _ends(item.scale.values.values() if item.scale else ()) for id, item in items.items()
        }
        self.measures = _measures(questionnaire)
        self.figures: dict[CellId, Figure] = {}
        self.relations: list[Relation] = []
        self.terms: dict[CellId, frozenset[CellId]] = {}

    def add_items(self, domain: str) -> None:
        for item, levels in self.measures:
            own = self.sums.of(domain, item)
            if own is not None:
                bounds = self.ends[item] if levels is None else (0.0, 1.0)
                value = min(max(_value(own, levels), bounds[0]), bounds[1])
                self.figures[domain, measured(item, levels)] = Figure(
                    value, own.weight, own.n, own.psus, None, bounds, own.n
                )

    def add_indices(self, domain: str) -> None:
        for formula in self.formulas:
            for node in formula.nodes():
                self._add_index(domain, formula, node)

    def _add_index(self, domain: str, formula: Formula, node: FormulaNode) -> None:
        """Add an index with its terms; one with a term that nobody answered is not printed."""
        levels = None if formula.measure == "mean" else formula.levels
        terms: dict[CellId, float] = {}
        for term in flatten(node):
            behind = {item: own.weight for item in term.items if (own := self.sums.of(domain, item))}
            if not behind:
                return
            for item, weight in behind.items():
                cell = (domain, measured(item, levels))
                terms[cell] = terms.get(cell, 0.0) + term.weight * weight / sum(behind.values())
        parts = [self.figures[cell] for cell in terms]
        n, psus = max(one.n for one in parts), max(one.psus for one in parts)
        bounds = min(one.bounds[0] for one in parts), max(one.bounds[1] for one in parts)
        value = sum(a * self.figures[cell].value for cell, a in terms.items())
        id = (domain, statistic_of(formula, "index", node.id))
        self.figures[id] = Figure(value, None, n, psus, None, bounds, n)
        self.relations.append(index_terms(id, cast(Mapping[Hashable, float], terms)))
        self.terms[id] = frozenset(terms)

    def rolled_up(self, units: Collection[str]) -> Iterator[Relation]:
        """Bind the whole to its units, each by the weights of who answered."""
        for item, levels in self.measures:
            whole = self.sums.of(WHOLE, item)
            if whole is None:
                continue
            name, known = measured(item, levels), 0.0
            terms: dict[Hashable, float] = {(WHOLE, name): -1.0}
            for unit in self.sums.units:
                own = self.sums.of(unit, item)
                if own is not None and unit in units:
                    terms[unit, name] = own.weight / whole.weight
                elif own is not None:
                    known += own.weight / whole.weight * _value(own, levels)
            yield Relation(f"{name}: units", terms, constant=-known)

    def add_levels(self) -> None:
        """Add each item's distribution over its levels: it makes up 1, the item's shares and its mean."""
        for item in self.ends:
            own = self.sums.of(WHOLE, item)
            if own is None:
                continue
            cells = {level: (WHOLE, level_of(item, level)) for level in own.at}
            for level, (count, weight) in own.at.items():
                share = weight / own.weight
                figure = Figure(share, own.weight, own.n, own.psus, count, (0.0, 1.0), LEVEL_COST)
                self.figures[cells[level]] = figure
            self.relations.append(distribution(cells.values()))
            for levels in [levels for asked, levels in self.measures if asked == item]:
                counted = {level: _counted(level, levels) for level in cells}
                terms: dict[Hashable, float] = {cells[level]: a for level, a in counted.items() if a}
                self.relations.append(index_terms((WHOLE, measured(item, levels)), terms))


def _counted(level: int, levels: Levels | None) -> float:
    return float(level) if levels is None else float(level in levels)


def _ends(values: Collection[int]) -> tuple[float, float]:
    return (float(min(values)), float(max(values))) if values else (0.0, 0.0)


def _value(own: Sums, levels: Levels | None) -> float:
    return own.mean if levels is None else own.share(levels)


def _measures(questionnaire: Questionnaire) -> tuple[tuple[str, Levels | None], ...]:
    """List the items of all formulas with what is printed of them: shares at levels, and None, the mean."""
    found: dict[tuple[str, Levels | None], None] = {}
    for formula in questionnaire.formulas:
        for item in (item for term in flatten(formula.root) for item in term.items):
            if formula.measure != "mean":
                found[item, formula.levels] = None
            found[item, None] = None
    return tuple(found)
