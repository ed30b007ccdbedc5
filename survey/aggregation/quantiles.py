"""Quantiles with Woodruff's interval: the median and quartiles of waiting times and fees.

Not means and shares (analyse.py). A quantile has no linearised vector of its own: its interval is that
of the share of people at or below it, turned back through the distribution (Woodruff 1952).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from survey.aggregation.analyse import analyse
from survey.aggregation.analysis import Analysis
from survey.aggregation.answers import Answers, Measure
from survey.aggregation.assemble import Domains
from survey.aggregation.design import SampleDesign
from survey.aggregation.dimensions import (
    by_row,
    dimensions,
    domain_labels,
    is_named,
    method_of,
    numbers,
)
from survey.aggregation.distribution import Distribution, distributions
from survey.aggregation.domains import Domain, DomainSet
from survey.aggregation.errors import BadRequest, UnknownResult
from survey.aggregation.estimates import Estimate, known, warnings_of
from survey.aggregation.intervals import (
    Interval,
    arcsine_interval,
    beta_interval,
    check_level,
    logit_interval,
    t_interval,
    t_quantile,
)
from survey.aggregation.labels import FloatArray
from survey.errors import Invalid

#: How the interval of the share is made: R `svyquantile` interval.type.
ShareInterval = Literal["mean", "xlogit", "asin", "beta"]
FORMULA = "quantile of an item"
INTERVAL_WORDS: dict[ShareInterval, str] = {
    "mean": "Woodruff interval, t",
    "xlogit": "Woodruff interval, logit",
    "asin": "Woodruff interval, arcsine",
    "beta": "Woodruff interval, beta",
}


class BadProbability(Invalid):
    """A quantile asked for at 0, at 1 or outside them, or none at all."""

    code = "SVY-422-175"
    texts = {
        "vi": "Mức phân vị phải lớn hơn 0 và nhỏ hơn 1, ví dụ 0,5 cho trung vị; nhận được: {found}.",
        "en": "A quantile needs a probability above 0 and below 1, such as 0.5 for the median; got: {found}.",
    }


@dataclass(frozen=True, slots=True)
class Quantile:
    """One quantile of one item in one domain.

    Attributes:
        probability: 0.5 for the median.
        estimate: in the item's unit. Flag "open_interval": one bound is not known, because the share's
            interval passes 0 or 1.
    """

    domain: Domain
    item: str
    probability: float
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Quantiles, the whole sample first."""

    rows: tuple[Quantile, ...]

    def estimate(self, domain: Domain | str, item: str, probability: float = 0.5) -> Estimate:
        """Return one estimate.

        Raises:
            UnknownResult: a domain, item or probability that is not there, or a value in two dimensions.
        """
        found = [
            one.estimate
            for one in self.rows
            if (one.item, one.probability) == (item, probability) and is_named(one.domain, domain)
        ]
        if len(found) != 1:
            raise UnknownResult(name=f"{item}, p = {probability}, {domain!s} ({len(found)})")
        return found[0]


def quantiles(
    design: SampleDesign,
    answers: Answers,
    probabilities: Sequence[float] = (0.25, 0.5, 0.75),
    *,
    domains: Domains = None,
    level: float = 0.95,
    interval: ShareInterval = "mean",
) -> Quantiles:
    """Estimate quantiles of every item, whole and by domain (R `svyquantile`, qrule "math").

    The quantile q is the smallest answer with F(q) >= p. The interval of F(q), with the design's
    standard error and the domain's df, is turned back by the same rule; a bound of it below 0 or above 1
    leaves that end open. The standard error is the interval's width over 2t (Francisco & Fuller 1991).
    On a scale with few levels the upper bound is at least the next level.
    Each item keeps its own respondents.

    Raises:
        BadProbability, BadAnswers, DifferentLengths, BadRequest.
    """
    _check(probabilities, level, interval)
    columns = numbers(answers, design.rows)
    asked = _Asked(tuple(float(p) for p in probabilities), level, interval)
    return Quantiles(
        tuple(
            one
            for dimension in dimensions(domains, design.rows)
            for item, column in columns.items()
            for one in _of_item(design, item, column, dimension, asked)
        )
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    probabilities: tuple[float, ...]
    level: float
    interval: ShareInterval


def _check(probabilities: Sequence[float], level: float, interval: str) -> None:
    check_level(level)
    if interval not in get_args(ShareInterval):
        raise BadRequest(problem=f"interval={interval!r}")
    wrong = [p for p in probabilities if not 0 < p < 1]
    if wrong or not len(probabilities):
        raise BadProbability(found=", ".join(map(str, wrong)) or "∅")


def _of_item(
    design: SampleDesign, item: str, column: FloatArray, dimension: DomainSet, asked: _Asked
) -> list[Quantile]:
    spread = distributions(column, design.weights, dimension)
    value = _inverted(spread, np.tile(asked.probabilities, (len(spread), 1)))
    shares = _shares_below(design, column, dimension, value, asked.level)
    at = [shares.place(domain, "0")[0] for domain in dimension.domains]
    low, high = (_inverted(spread, end) for end in _share_interval(shares, at, asked.interval))
    return [
        Quantile(domain, item, p, _estimate(shares, domain, value[d, k], (low[d, k], high[d, k]), asked))
        for d, domain in enumerate(dimension.domains)
        for k, p in enumerate(asked.probabilities)
    ]


def _inverted(spread: Sequence[Distribution], shares: FloatArray) -> FloatArray:
    """Turn shares (domains, P) back to values."""
    return np.stack([one.inverse(share) for one, share in zip(spread, shares, strict=True)])


def _shares_below(
    design: SampleDesign, column: FloatArray, dimension: DomainSet, value: FloatArray, level: float
) -> Analysis:
    """Estimate, in each domain, the share of people at or below each of its own quantiles."""
    below = {
        str(k): np.where(np.isnan(column), -1, column <= by_row(of_domain, dimension)).astype(np.int8)
        for k, of_domain in enumerate(value.T)
    }
    labels = domain_labels(dimension)
    return analyse(design, below, domains=labels, measure=Measure("top_share", (1,)), level=level)


def _share_interval(shares: Analysis, at: list[int], kind: ShareInterval) -> Interval:
    share, se, n, df = shares.value[at], shares.se[at], shares.n[at], shares.df[at][:, None]
    if kind == "beta":
        return beta_interval(share, se, n, df, shares.level)
    interval = {"mean": t_interval, "xlogit": logit_interval, "asin": arcsine_interval}[kind]
    return interval(share, se, df, shares.level)


def _estimate(
    shares: Analysis, domain: Domain, value: float, ends: tuple[float, float], asked: _Asked
) -> Estimate:
    share = shares.estimate(domain, "0")
    unknown = int(np.isnan(ends).sum())
    se = (ends[1] - ends[0]) / (2 * float(t_quantile(share.df, asked.level)))
    interval = INTERVAL_WORDS[asked.interval] if unknown < 2 else "no interval"
    return Estimate(
        value=known(value),
        se=known(se),
        ci_low=known(ends[0]),
        ci_high=known(ends[1]),
        level=asked.level,
        n=share.n,
        n_eff=None,
        deff=None,
        df=share.df,
        method=method_of(FORMULA, share.method, interval),
        unit="score",
        flags=_flags(share.n, unknown),
    )


def _flags(n: int, unknown: int) -> tuple[str, ...]:
    flags = warnings_of(n=n, has_interval=unknown < 2, items_missing=False)
    return (*flags, "open_interval") if unknown == 1 else flags
