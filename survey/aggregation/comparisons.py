"""Compare estimates of one sample on their linearised PSU vectors.

Not rankings, and not two samples (rounds): later work. Vectors subtract, so one function covers
domain against domain, part against whole and any linear combination, with the covariance that
shared PSUs bring taking its own sign (Kish 1965, §12.4; Berger & Priam 2016).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from survey.aggregation import uncertainty
from survey.aggregation.estimates import Estimate, known, warnings_of
from survey.aggregation.intervals import t_interval
from survey.aggregation.labels import BoolArray, FloatArray
from survey.aggregation.methods import ROUNDING, IntervalKind

if TYPE_CHECKING:
    from survey.aggregation.analysis import Analysis, DomainName


def covariance_of(analysis: Analysis, estimates: Sequence[tuple[DomainName, str]]) -> FloatArray:
    """Return the covariance matrix (m, m) of m estimates, each a (domain, statistic)."""
    vectors = np.stack([analysis.vector(domain, statistic) for domain, statistic in estimates], axis=1)
    present = _present(analysis, [domain for domain, _ in estimates])
    return uncertainty.covariance_of(analysis.design, vectors, present)


def contrast(
    analysis: Analysis, weights: Mapping[tuple[DomainName, str], float], formula: str = "contrast"
) -> Estimate:
    """Return Σ weight × estimate, with the t interval and the df of the union of its domains.

    n is that of the estimate with the fewest respondents; a contrast has no design effect.
    """
    places = [analysis.place(domain, statistic) for domain, statistic in weights]
    value = float(
        sum(weight * analysis.value[at] for weight, at in zip(weights.values(), places, strict=True))
    )
    se, df = _uncertainty(analysis, weights, float(np.max([abs(analysis.value[at]) for at in places])))
    low, high = t_interval(value, se, df, analysis.level)
    kind = IntervalKind.NONE if np.isnan(low) else IntervalKind.T
    return _estimate(analysis, places, value, se, df, (float(low), float(high)), formula, kind)


def difference(analysis: Analysis, statistic: str, domain: DomainName, other: DomainName) -> Estimate:
    """Return a statistic's value in a domain less that in another, or in the whole."""
    weights = {(domain, statistic): 1.0, (other, statistic): -1.0}
    if len(weights) == 1:
        weights = {(domain, statistic): 0.0}
    return contrast(analysis, weights, "difference of two domains")


def _uncertainty(
    analysis: Analysis, weights: Mapping[tuple[DomainName, str], float], scale: float
) -> tuple[float, int]:
    vector = sum(weight * analysis.vector(*name) for name, weight in weights.items())
    domains = [domain for domain, _ in weights]
    together = np.asarray(vector)[:, None]
    variance = uncertainty.covariance_of(analysis.design, together, _present(analysis, domains))[0, 0]
    df = union_df(analysis, domains)
    se = float(np.sqrt(variance))
    return (se if df >= 1 and se > ROUNDING * scale else np.nan), df


def union_df(analysis: Analysis, domains: Sequence[DomainName]) -> int:
    """Count PSUs with members in any of the domains, less their strata; at most what replicates have."""
    psus = np.unique(np.concatenate([analysis.psus(domain, with_members=True) for domain in domains]))
    df = int(psus.size - np.unique(analysis.design.psu_stratum[psus]).size)
    replicates = analysis.design.replicates
    if replicates is None:
        return df
    return min(df, replicates.count - 1) if replicates.df is None else replicates.df


def _present(analysis: Analysis, domains: Sequence[DomainName]) -> BoolArray:
    present = np.zeros(analysis.design.selection.unit_psu.size, dtype=np.bool_)
    for domain in domains:
        present[analysis.units(domain)] = True
    return present


def _estimate(
    analysis: Analysis,
    places: Sequence[tuple[int, int]],
    value: float,
    se: float,
    df: int,
    interval: tuple[float, float],
    formula: str,
    kind: IntervalKind,
) -> Estimate:
    n = int(min(analysis.n[at] for at in places))
    incomplete = any(bool(analysis.incomplete[at]) for at in places)
    return Estimate(
        value=known(value),
        se=known(se),
        ci_low=known(interval[0]),
        ci_high=known(interval[1]),
        level=analysis.level,
        n=n,
        n_eff=None,
        deff=None,
        df=df,
        method=analysis.method(formula, kind),
        unit=analysis.unit,
        flags=warnings_of(n=n, has_interval=not np.isnan(interval[0]), items_missing=incomplete),
    )
