"""Cronbach's alpha, weighted, with its design-based standard error.

Not omega (omega.py), which needs no equal loadings.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.answers import Answers, item_block
from survey.aggregation.design import SampleDesign
from survey.aggregation.estimates import Estimate
from survey.aggregation.intervals import check_level
from survey.aggregation.labels import FloatArray
from survey.aggregation.reliability.cases import Cases, complete_cases
from survey.aggregation.reliability.errors import TooFewItems
from survey.aggregation.reliability.influence import estimates
from survey.aggregation.reliability.phrases import ALPHA


def cronbach_alpha(
    design: SampleDesign, answers: Answers, *, domain: NDArray[Any] | None = None, level: float = 0.95
) -> Estimate:
    """Estimate alpha = k/(k-1) (1 - Σ s²_i / s²_total) from weighted variances of complete cases.

    The formula is Cronbach's (1951) as R's `svycralpha` computes it. Standard error by linearisation
    over PSUs; the interval is taken on log(1 - alpha) (Bonett 2002).

    Raises:
        TooFewItems, TooFewCases, ConstantItem, NotADomain, BadAnswers, DifferentLengths, BadRequest.
    """
    check_level(level)
    cases = scale_cases(design, answers, domain, least=2)
    value, influence = alpha_of(cases.centred, cases.weight)
    return estimates(design, cases, [(ALPHA, value, influence)], scale="log", level=level)[0]


def alpha_influence(
    design: SampleDesign, answers: Answers, *, domain: NDArray[Any] | None = None
) -> FloatArray:
    """Return what each response adds to alpha (rows,): alpha's variance is that of the total Σ w u.

    Zero for responses that are not complete cases of the domain.

    Raises:
        As `cronbach_alpha`.
    """
    cases = scale_cases(design, answers, domain, least=2)
    return np.nan_to_num(cases.spread(alpha_of(cases.centred, cases.weight)[1]))


def scale_cases(design: SampleDesign, answers: Answers, domain: NDArray[Any] | None, *, least: int) -> Cases:
    """Take the complete cases of a scale of at least so many items.

    Raises:
        TooFewItems, and as `complete_cases`.
    """
    found = len(item_block(answers).items)
    if found < least:
        raise TooFewItems(needed=least, found=found)
    return complete_cases(design, answers, domain)


def alpha_of(centred: FloatArray, weight: FloatArray) -> tuple[float, FloatArray]:
    """Return alpha of centred columns (n, k), and its linearised values (n,).

    With q = Σ_i d_i², t = Σ_i d_i, Q and T their weighted means of squares, alpha = c (1 - Q/T) and
    u = -c (q/T - Q t²/T²) / Σ w, c = k/(k-1). NaN where the total does not vary.
    """
    k = centred.shape[1]
    own, total = np.sum(np.square(centred), axis=1), np.square(np.sum(centred, axis=1))
    weights = float(weight.sum())
    q, t = float(weight @ own) / weights, float(weight @ total) / weights
    if t <= 1e-12 * q:
        return np.nan, np.full(weight.size, np.nan)
    share = k / (k - 1)
    return share * (1 - q / t), -share * (own / t - q * total / t**2) / weights
