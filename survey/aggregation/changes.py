"""Changes between two rounds on the linearised PSU vectors of both, PSUs that were kept counting once.

Not two domains of one sample (comparisons.py). Vectors of the later round less those of the earlier one,
over the union of the samples: the covariance that shared PSUs bring takes its own sign (Kish 1965,
§12.4; Berger & Priam 2016).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from survey.aggregation.analysis import Analysis, DomainName
from survey.aggregation.design import SampleDesign
from survey.aggregation.domains import WHOLE, Domain
from survey.aggregation.errors import BadRequest, UnknownResult
from survey.aggregation.estimates import Estimate, known, warnings_of
from survey.aggregation.grid import WHOLE_ONLY, Grid
from survey.aggregation.intervals import t_interval
from survey.aggregation.labels import BoolArray, FloatArray, IntArray
from survey.aggregation.methods import INTERVAL_PHRASES, ROUNDING, IntervalKind, variance_phrases
from survey.aggregation.multiplicity import Adjustment, Family, adjust_family, two_sided_p
from survey.aggregation.stacked import Stacked, stack
from survey.aggregation.succession import Links, successors
from survey.aggregation.sums import grouped_sum
from survey.aggregation.variance import variance

FORMULA = "change between two rounds"


@dataclass(frozen=True, slots=True)
class Change:
    """One statistic's change in one domain.

    Attributes:
        domain, statistic: of what.
        earlier, later: the estimates of the rounds.
        estimate: later less earlier; n is the smaller of the two, df that of the union of their PSUs.
        p: of "nothing changed", two-sided; None without a standard error.
        q: p adjusted within the family of all changes asked for; None where p is.
    """

    domain: Domain
    statistic: str
    earlier: Estimate
    later: Estimate
    estimate: Estimate
    p: float | None
    q: float | None


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of one family.

    Attributes:
        rows: domain by domain.
        family: how p was adjusted, and how many tests there were.
        only_earlier, only_later: domains that the other round has not, so that they have no change.
        shared_psus: PSUs that are in both rounds.
    """

    rows: tuple[Change, ...]
    family: Family
    only_earlier: tuple[Domain, ...]
    only_later: tuple[Domain, ...]
    shared_psus: int


def change(
    earlier: Analysis,
    later: Analysis,
    statistic: str,
    domain: DomainName = WHOLE,
    *,
    succession: Links | None = None,
) -> Estimate:
    """Estimate a statistic's change in a domain, later less earlier, with the t interval.

    Args:
        succession: which strata and PSUs of the earlier round became which. The domains of the earlier
            analysis must be in the later round's units already: `succeed` its labels before analysing.

    Raises:
        UnknownResult: a domain or statistic that is not in both rounds.
        BadRequest, BadPopulation, SplitUnit, LonelyPsu: rounds that cannot be compared (`stack`), or a
            domain whose area changed.
    """
    rounds = _compared(earlier, later, succession)
    return _changes_of(rounds, rounds.domain(domain), (statistic,))[0]


def changes(
    earlier: Analysis,
    later: Analysis,
    statistics: Sequence[str] | None = None,
    *,
    domains: Sequence[DomainName] | None = None,
    succession: Links | None = None,
    family: str = FORMULA,
    adjustment: Adjustment = "bh",
    level: float = 0.05,
) -> Changes:
    """Estimate the changes of some statistics (all that both rounds have) in domains, as one family.

    Args:
        domains: by default every domain that is in both rounds, the whole sample included.
        succession: see `change`.
        family, adjustment, level: see `adjust_family`.

    Raises:
        See `change`.
    """
    rounds = _compared(earlier, later, succession)
    common = [one for one in later.domains if one in earlier.domain_places]
    asked = [rounds.domain(one) for one in (common if domains is None else domains)]
    chosen = rounds.statistics() if statistics is None else tuple(statistics)
    keys = [(domain, statistic) for domain in asked for statistic in chosen]
    found = [one for domain in asked for one in _changes_of(rounds, domain, chosen)]
    p = two_sided_p(
        _figures([one.value for one in found]), _figures([one.se for one in found]), [one.df for one in found]
    )
    adjusted = adjust_family(p, name=family, adjustment=adjustment, level=level)
    return Changes(
        rows=tuple(
            Change(*key, earlier.estimate(*key), later.estimate(*key), one, known(p_of), known(q_of))
            for key, one, p_of, q_of in zip(keys, found, p.tolist(), adjusted.q.tolist(), strict=True)
        ),
        family=adjusted,
        only_earlier=tuple(one for one in earlier.domains if one not in later.domain_places),
        only_later=tuple(one for one in later.domains if one not in earlier.domain_places),
        shared_psus=rounds.stacked.shared,
    )


def _figures(values: Sequence[float | None]) -> FloatArray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Rounds:
    """Two rounds that can be compared.

    Attributes:
        stale: domains of which the earlier analysis still has a part under an old name, and that part.
    """

    earlier: Analysis
    later: Analysis
    stacked: Stacked
    stale: dict[Domain, Domain]

    def statistics(self) -> tuple[str, ...]:
        """Return what both rounds have."""
        return tuple(one for one in self.later.statistics if one in self.earlier.statistic_places)

    def domain(self, name: DomainName) -> Domain:
        """Find a domain that is one area in both rounds.

        Raises:
            UnknownResult, BadRequest.
        """
        domain = self.later.domains[self.later.place(name, self.later.statistics[0])[0]]
        if domain in self.stale:
            problem = (
                f"{domain}: đợt trước còn nhãn cũ {self.stale[domain].value}, cần succeed trước / "
                "the earlier round still has an old label: succeed its labels before analysing"
            )
            raise BadRequest(problem=problem)
        if domain not in self.earlier.domain_places:
            raise UnknownResult(name=f"{domain} (đợt trước / the earlier round)")
        return domain

    def columns(self, statistics: Sequence[str]) -> tuple[list[int], list[int]]:
        """Find statistics in both rounds.

        Raises:
            UnknownResult; BadRequest: a statistic that is not the same one in both.
        """
        for one in statistics:
            for analysis in (self.earlier, self.later):
                analysis.place(WHOLE, one)
        before, after = (
            [analysis.statistic_places[one] for one in statistics] for analysis in (self.earlier, self.later)
        )
        for old, new in zip(before, after, strict=True):
            formulas = self.earlier.described[old].formula, self.later.described[new].formula
            if formulas[0] != formulas[1]:
                raise BadRequest(problem=f"{self.later.described[new].id}: {formulas[0]} / {formulas[1]}")
        return before, after


def _compared(earlier: Analysis, later: Analysis, links: Links | None) -> _Rounds:
    for name in ("level", "unit", "cases"):
        values = getattr(earlier, name), getattr(later, name)
        if values[0] != values[1]:
            problem = f"hai đợt khác nhau / the rounds differ: {name}={values[0]!r}, {values[1]!r}"
            raise BadRequest(problem=problem)
    after = None if links is None else successors(links)
    stacked = stack(earlier.design, later.design, after)
    return _Rounds(earlier, later, stacked, _stale(earlier.domains, after or {}))


def _stale(domains: Sequence[Domain], after: Mapping[Hashable, Hashable]) -> dict[Domain, Domain]:
    """Find domains whose name was a unit's only before: those, and what they became, are not one area."""
    renamed = {str(old): str(new) for old, new in after.items()}
    gone = renamed.keys() - set(renamed.values())
    parts = {Domain(one.by, renamed[one.value]): one for one in domains if one.value in gone}
    return parts | {one: one for one in domains if one.value in gone}


def _changes_of(rounds: _Rounds, domain: Domain, statistics: Sequence[str]) -> list[Estimate]:
    earlier, later, stacked = rounds.earlier, rounds.later, rounds.stacked
    before, after = rounds.columns(statistics)
    psus = stacked.selection.psus
    vectors = grouped_sum(later.vectors(domain)[:, after], stacked.later, psus)
    vectors -= grouped_sum(earlier.vectors(domain)[:, before], stacked.earlier, psus)
    present = np.zeros(psus, dtype=np.bool_)
    for analysis, place in ((earlier, stacked.earlier), (later, stacked.later)):
        present[place[_present(analysis, domain)]] = True
    units = np.flatnonzero(present)
    grid = Grid(WHOLE_ONLY, units, np.zeros_like(units), np.ones(units.size))
    variances = variance(stacked.selection, grid, vectors[units])[0]
    df = _union_df(rounds, domain)
    found = []
    for old, new, squared in zip(before, after, variances.tolist(), strict=True):
        at = (earlier.domain_places[domain], old), (later.domain_places[domain], new)
        se = float(np.sqrt(squared))
        scale = np.maximum(abs(earlier.value[at[0]]), abs(later.value[at[1]]))
        found.append(_estimate(rounds, at, se if df >= 1 and se > ROUNDING * scale else np.nan, df))
    return found


def _present(analysis: Analysis, domain: Domain) -> IntArray | BoolArray:
    """Return the PSUs that a domain's residuals are in: after calibration, all of them."""
    if analysis.design.calibration is not None:
        return np.ones(analysis.design.selection.psus, dtype=np.bool_)
    return analysis.psus(domain)


def _union_df(rounds: _Rounds, domain: Domain) -> int:
    """Count PSUs with members of the domain in either round, less their strata."""
    stacked = rounds.stacked
    psus = np.union1d(
        stacked.earlier[rounds.earlier.psus(domain, with_members=True)],
        stacked.later[rounds.later.psus(domain, with_members=True)],
    )
    return int(psus.size - np.unique(stacked.selection.first.stratum[psus]).size)


def _estimate(rounds: _Rounds, at: tuple[tuple[int, int], tuple[int, int]], se: float, df: int) -> Estimate:
    earlier, later = rounds.earlier, rounds.later
    value = float(later.value[at[1]] - earlier.value[at[0]])
    low, high = (float(bound) for bound in t_interval(value, se, df, later.level))
    n = int(min(earlier.n[at[0]], later.n[at[1]]))
    return Estimate(
        value=known(value),
        se=known(se),
        ci_low=known(low),
        ci_high=known(high),
        level=later.level,
        n=n,
        n_eff=None,
        deff=None,
        df=df,
        method=_method(rounds, IntervalKind.NONE if np.isnan(low) else IntervalKind.T),
        unit=later.unit,
        flags=warnings_of(
            n=n,
            has_interval=not np.isnan(low),
            items_missing=bool(earlier.incomplete[at[0]] or later.incomplete[at[1]]),
        ),
    )


def _method(rounds: _Rounds, kind: IntervalKind) -> str:
    nobody = np.zeros(0), np.zeros(0, dtype=np.intp)
    union = variance_phrases(SampleDesign(*nobody, rounds.stacked.selection))
    calibrations = [one.design.calibration for one in (rounds.earlier, rounds.later)]
    phrases = [phrase for one in calibrations if one is not None for phrase in one.phrases]
    return "; ".join((FORMULA, rounds.later.cases, *dict.fromkeys(phrases), *union, INTERVAL_PHRASES[kind]))
