"""The result of an analysis: every statistic of every domain, and what is needed to compare them.

Not how it is computed (analyse.py) nor how it is printed (reports, presenters).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from survey.aggregation import comparisons, design_effects
from survey.aggregation.design import SampleDesign
from survey.aggregation.design_effects import Convention
from survey.aggregation.domains import WHOLE, Domain
from survey.aggregation.errors import UnknownResult
from survey.aggregation.estimates import Estimate, known, warnings_of
from survey.aggregation.grid import Grid
from survey.aggregation.labels import BoolArray, FloatArray, IntArray
from survey.aggregation.methods import INTERVAL_PHRASES, IntervalKind, Statistic, variance_phrases
from survey.aggregation.uncertainty import Uncertainty

#: A domain, or the value of one where that is clear ("" is the whole sample).
DomainName = Domain | str


@dataclass(frozen=True, slots=True)
class Block:
    """One set of domains, its first at place `first`, and how the variances of its statistics are had."""

    grid: Grid
    uncertainty: Uncertainty
    first: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """Estimates of T statistics in D domains, the whole sample first.

    Attributes:
        design: the whole sample.
        level: confidence level of the intervals.
        unit: unit of every estimate: "share" or "score".
        cases: "available cases" or "listwise cases".
        domains, described: the D domains and the T statistics.
        value: (D, T), NaN where nobody answered.
        variance: (D, T) as computed, zero where nothing varies.
        se, ci_low, ci_high: (D, T), NaN where there is none to publish.
        n, weight, weight_squares: (D, T) respondents, their Σ w and Σ w².
        deff, n_eff: (D, T) design effect against simple random sampling with replacement, and n / deff.
        df: (D,) PSUs with members less strata with members.
        incomplete: (D, T) whether an item of an index had no respondent.
        interval: (D, T) IntervalKind.
        blocks: linearised cells by set of domains.
        domain_places, statistic_places: the place of each in the arrays.
    """

    design: SampleDesign
    level: float
    unit: str
    cases: str
    domains: tuple[Domain, ...]
    described: tuple[Statistic, ...]
    value: FloatArray
    variance: FloatArray
    se: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    n: FloatArray
    weight: FloatArray
    weight_squares: FloatArray
    deff: FloatArray
    n_eff: FloatArray
    df: IntArray
    incomplete: BoolArray
    interval: IntArray
    blocks: tuple[Block, ...]
    domain_places: Mapping[Domain, int]
    statistic_places: Mapping[str, int]

    @property
    def statistics(self) -> tuple[str, ...]:
        """Return the ids of the statistics: items first, then indices."""
        return tuple(self.statistic_places)

    def place(self, domain: DomainName, statistic: str) -> tuple[int, int]:
        """Find an estimate in the arrays.

        Raises:
            UnknownResult: a domain or statistic that is not there, or a value in two dimensions.
        """
        row = self.domain_places.get(self._domain(domain))
        column = self.statistic_places.get(statistic)
        if row is None or column is None:
            raise UnknownResult(name=domain if row is None else statistic)
        return row, column

    def _domain(self, name: DomainName) -> Domain:
        if isinstance(name, Domain) or not name:
            return name or WHOLE
        found = [domain for domain in self.domains if domain.value == name]
        if len(found) != 1:
            raise UnknownResult(name=f"{name!r} ({len(found)})")
        return found[0]

    def estimate(self, domain: DomainName, statistic: str) -> Estimate:
        """Return one estimate.

        Raises:
            UnknownResult.
        """
        return self._estimate(*self.place(domain, statistic))

    def rows(self) -> Iterator[tuple[Domain, str, Estimate]]:
        """Walk over every estimate, domain by domain."""
        for row, domain in enumerate(self.domains):
            for column, statistic in enumerate(self.statistic_places):
                yield domain, statistic, self._estimate(row, column)

    def _estimate(self, row: int, column: int) -> Estimate:
        at = (row, column)
        kind = IntervalKind(int(self.interval[at]))
        return Estimate(
            value=known(self.value[at]),
            se=known(self.se[at]),
            ci_low=known(self.ci_low[at]),
            ci_high=known(self.ci_high[at]),
            level=self.level,
            n=int(self.n[at]),
            n_eff=known(self.n_eff[at]),
            deff=known(self.deff[at]),
            df=int(self.df[row]),
            method=self.method(self.described[column].formula, kind),
            unit=self.unit,
            flags=warnings_of(
                n=int(self.n[at]),
                has_interval=kind is not IntervalKind.NONE,
                items_missing=bool(self.incomplete[at]),
            ),
        )

    def method(self, formula: str, kind: IntervalKind) -> str:
        """Name the formula, the cases, the variance and the interval of an estimate."""
        return "; ".join((formula, self.cases, *variance_phrases(self.design), INTERVAL_PHRASES[kind]))

    def vector(self, domain: DomainName, statistic: str) -> FloatArray:
        """Return the linearised vector (units,) of one estimate, zero in units without members.

        With replicates it is the scaled deviations (R,) of the replicate estimates instead.
        """
        vector: FloatArray = self.vectors(domain)[:, self.place(domain, statistic)[1]]
        return vector

    def vectors(self, domain: DomainName) -> FloatArray:
        """Return the linearised vectors (units, T) of all statistics of a domain; see `vector`.

        Raises:
            UnknownResult.
        """
        block, group = self._group(self.place(domain, self.statistics[0])[0])
        return block.uncertainty.vectors(group)

    def units(self, domain: DomainName, *, with_members: bool = False) -> IntArray:
        """Return the units (PSUs, or second-stage units) that have rows of a domain, or of a weight."""
        row = self.place(domain, self.statistics[0])[0]
        block, group = self._group(row)
        at = block.grid.domain == group
        if with_members:
            at &= block.grid.members > 0
        found: IntArray = block.grid.unit[at]
        return found

    def psus(self, domain: DomainName, *, with_members: bool = False) -> IntArray:
        """Return the PSUs that have rows (or rows of positive weight) in a domain."""
        units = self.units(domain, with_members=with_members)
        return np.unique(self.design.selection.unit_psu[units])

    def _group(self, row: int) -> tuple[Block, int]:
        block = next(block for block in reversed(self.blocks) if block.first <= row)
        return block, row - block.first

    def covariance(self, estimates: Sequence[tuple[DomainName, str]]) -> FloatArray:
        """Return the covariance matrix (m, m) of m estimates, each a (domain, statistic).

        Raises:
            UnknownResult.
        """
        return comparisons.covariance_of(self, estimates)

    def contrast(self, weights: Mapping[tuple[DomainName, str], float]) -> Estimate:
        """Return Σ weight × estimate with its standard error, over any domains and statistics.

        Raises:
            UnknownResult.
        """
        return comparisons.contrast(self, weights)

    def difference(self, statistic: str, domain: DomainName, other: DomainName = WHOLE) -> Estimate:
        """Return one statistic's difference, domain less other: two domains, or a part against the whole.

        Raises:
            UnknownResult.
        """
        return comparisons.difference(self, statistic, domain, other)

    def design_effect(self, convention: Convention = "with_replacement") -> FloatArray:
        """Return design effects (D, T) by a named convention."""
        if convention == "kish":
            return design_effects.kish(self.n, self.weight, self.weight_squares)
        if convention == "without_replacement":
            return design_effects.without_replacement(self.deff, self.n, self.weight)
        return self.deff
