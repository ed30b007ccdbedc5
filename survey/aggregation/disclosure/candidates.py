"""What a report or the API would like to show: estimates by domain and statistic, and what is known of them.

Not whether it may (apply.py). Candidates are read from an analysis, which is never changed.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from numpy.typing import NDArray

from survey.aggregation.disclosure.errors import BadCell
from survey.aggregation.disclosure.measured import FloatArray, Kind, kind_of
from survey.aggregation.disclosure.relations import weighted_mean
from survey.aggregation.disclosure.rules import Rules
from survey.aggregation.disclosure.tables import Cell, CellId, Relation, Standing
from survey.aggregation.domains import Domain
from survey.aggregation.estimates import Estimate

COUNT_METHOD: Final = "number of respondents"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One figure that somebody wants to show.

    Attributes:
        domain, statistic: its name, and its cell's id.
        estimate: the figure.
        psus: primary sampling units with respondents; None where only df is known.
        count: respondents at this level, for a cell of a distribution.
        kind: None follows the estimate's unit.
        bounds: ends of the scale of a mean or index (1, 5); proportions have theirs.
        standing: "kept" for a total that should stay if anything else protects its parts.
        cost: what withholding it loses.
        rules: its own rules, such as SENSITIVE, instead of those of the whole publication.
    """

    domain: Hashable
    statistic: str
    estimate: Estimate
    psus: int | None = None
    count: int | None = None
    kind: Kind | None = None
    bounds: tuple[float, float] | None = None
    standing: Standing = "free"
    cost: float = 1.0
    rules: Rules | None = None

    @classmethod
    def of_count(
        cls,
        domain: Hashable,
        statistic: str,
        count: int,
        *,
        psus: int | None = None,
        standing: Standing = "free",
        cost: float = 1.0,
    ) -> Candidate:
        """Make a candidate of a number of respondents, such as n itself or a level's frequency."""
        figure = Estimate(
            value=float(count),
            se=None,
            ci_low=None,
            ci_high=None,
            level=0.95,
            n=count,
            n_eff=None,
            deff=None,
            df=0,
            method=COUNT_METHOD,
            unit="count",
        )
        return cls(domain, statistic, figure, psus, count, "count", standing=standing, cost=cost)

    @property
    def id(self) -> CellId:
        """Return the id of its cell."""
        return (self.domain, self.statistic)

    @property
    def is_empty(self) -> bool:
        """Say whether there is no figure to show."""
        return self.estimate.value is None or (self.estimate.n == 0 and self.estimate.unit != "count")

    def cell(self, standing: Standing) -> Cell:
        """Return its cell: bounds that anybody knows, and what one respondent adds to it.

        Raises:
            BadCell: no value.
        """
        one, kind = self.estimate, kind_of(self.estimate.unit, self.kind)
        if one.value is None:
            raise BadCell(cells=str(self.id), problem="no value")
        if kind == "count":
            return Cell(self.id, one.value, standing=standing, cost=self.cost, integral=True)
        lower, upper = self._bounds(kind)
        span = upper - lower if math.isfinite(upper - lower) else max(abs(one.value), 1.0)
        grain = span / max(one.n, 1)
        value = min(max(one.value, lower), upper) if kind == "proportion" else one.value
        return Cell(self.id, value, lower, upper, standing, self.cost, grain)

    def _bounds(self, kind: Kind) -> tuple[float, float]:
        if kind == "proportion":
            return (0.0, 100.0 if self.estimate.unit == "percent" else 1.0)
        return self.bounds or (-math.inf, math.inf)


class AnalysisLike(Protocol):
    """What is read of an analysis: `survey.aggregation.Analysis`, or the result of an engine."""

    @property
    def weight(self) -> FloatArray: ...

    def rows(self) -> Iterator[tuple[Domain, str, Estimate]]: ...

    def psus(self, domain: Domain, *, with_members: bool = False) -> NDArray[Any]: ...

    def place(self, domain: Domain, statistic: str) -> tuple[int, int]: ...


def candidates_of(
    analysis: AnalysisLike,
    *,
    statistics: Collection[str] | None = None,
    domains: Collection[Domain] | None = None,
    kinds: Mapping[str, Kind] | None = None,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    kept: Collection[Domain] = (),
) -> tuple[Candidate, ...]:
    """Read candidates from an analysis, all or those asked for.

    Args:
        kinds, bounds: by statistic, where they do not follow from the unit.
        kept: domains, such as the whole province, whose figures go only where nothing else protects.
    """
    found: list[Candidate] = []
    psus: dict[Domain, int] = {}
    for domain, statistic, estimate in analysis.rows():
        if (statistics is not None and statistic not in statistics) or (
            domains is not None and domain not in domains
        ):
            continue
        if domain not in psus:
            psus[domain] = int(analysis.psus(domain, with_members=True).size)
        found.append(
            Candidate(
                domain,
                statistic,
                estimate,
                psus=psus[domain],
                kind=(kinds or {}).get(statistic),
                bounds=(bounds or {}).get(statistic),
                standing="kept" if domain in kept else "free",
            )
        )
    return tuple(found)


def roll_up(analysis: AnalysisLike, parent: Domain, children: Collection[Domain], statistic: str) -> Relation:
    """Bind a domain's mean or share of one item to those of its parts, by the weights of who answered.

    Not for indices, whose items have weights of their own: bind those by `index_terms`.
    """
    weights: dict[CellId, float] = {}
    for child in children:
        row, column = analysis.place(child, statistic)
        if float(analysis.weight[row, column]) > 0:
            weights[(child, statistic)] = float(analysis.weight[row, column])
    return weighted_mean((parent, statistic), weights, name=f"{statistic}: {parent}")
