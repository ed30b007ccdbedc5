"""Primary suppression: which figures are too thin or too imprecise to be published on their own account.

Not which others must go so that these cannot be worked out (complementary.py), and never a change to
an estimate. The order of the checks is the order of the reasons, worst first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey.aggregation.disclosure.decisions import PUBLISHED, Decision, Finding
from survey.aggregation.disclosure.measured import BoolArray, FloatArray, Measured
from survey.aggregation.disclosure.reasons import Reason, Verdict
from survey.aggregation.disclosure.rules import PUBLICATION, Rules
from survey.aggregation.estimates import Estimate
from survey.aggregation.intervals import korn_graubard_interval


@dataclass(frozen=True, slots=True)
class _Check:
    """One rule over all cells: where it strikes, what was measured there, and against which limit."""

    reason: Reason
    verdict: Verdict
    strikes: BoolArray
    measured: FloatArray
    limit: float | None


def judge(measured: Measured, rules: Rules = PUBLICATION) -> tuple[Decision, ...]:
    """Decide each cell by itself: publish, review or suppress, with every reason that applies.

    Returns:
        one decision a cell, in their order. A review or a footnote is moot once a cell is suppressed
        (Parker et al. 2017), so those reasons are left out then.
    """
    empty = measured.n == 0
    checks = [_Check("no_respondents", "suppress", empty, measured.n, None)]
    checks += [*_confidentiality(measured, rules), *_sample(measured, rules), *_precision(measured, rules)]
    found: dict[int, list[_Check]] = {}
    for check in checks:
        held = check.strikes if check.reason == "no_respondents" else check.strikes & ~empty
        for place in np.flatnonzero(held).tolist():
            found.setdefault(place, []).append(check)
    return tuple(_decide(place, found.get(place, ())) for place in range(len(measured)))


def judge_estimates(estimates: Sequence[Estimate], rules: Rules = PUBLICATION) -> tuple[Decision, ...]:
    """Decide estimates as they come from an analysis; PSUs are then known through df alone."""
    return judge(Measured.of_estimates(estimates), rules)


def _decide(place: int, checks: Sequence[_Check]) -> Decision:
    if not checks:
        return PUBLISHED
    severity: tuple[Verdict, ...] = ("suppress", "review", "publish")
    verdict = min((check.verdict for check in checks), key=severity.index)
    return Decision(
        verdict,
        tuple(_finding(check, place) for check in checks if check.verdict == verdict),
    )


def _finding(check: _Check, place: int) -> Finding:
    figure = float(check.measured[place])
    return Finding(check.reason, None if np.isnan(figure) else figure, check.limit)


def _confidentiality(cells: Measured, rules: Rules) -> list[_Check]:
    checks = []
    if rules.k is not None:
        small = (cells.count >= 1) & (cells.count < rules.k)
        rest = cells.n - cells.count
        few_rest = (rest >= 1) & (rest < rules.k) & rules.k_complement
        few = (cells.n < rules.k) & ~cells.counted
        checks.append(_Check("below_k", "suppress", few, cells.n, rules.k))
        checks.append(_Check("small_level", "suppress", small, cells.count, rules.k))
        checks.append(_Check("small_complement", "suppress", few_rest, rest, rules.k))
    if rules.min_psus is not None:
        psus = _psus(cells)
        thin = (psus < rules.min_psus) & ~cells.counted
        thin |= (cells.psus < rules.min_psus) & cells.counted & (cells.count > 0)
        checks.append(_Check("few_psus", "suppress", thin, psus, rules.min_psus))
    return checks


def _psus(cells: Measured) -> FloatArray:
    """Return PSUs, at least df + 1 where they are not given; 0 where nothing is known of them."""
    implied = np.where(cells.df >= 1, cells.df + 1, 0.0)
    return np.where(np.isnan(cells.psus), implied, cells.psus)


def _sample(cells: Measured, rules: Rules) -> list[_Check]:
    checks = []
    judged = ~cells.counted
    if rules.min_n is not None:
        few = judged & (cells.n < rules.min_n)
        checks.append(_Check("few_respondents", rules.low_n, few, cells.n, rules.min_n))
    if rules.min_n_eff is not None:
        n_eff = np.where(_at_end(cells), cells.n, cells.n_eff)
        few = judged & (n_eff < rules.min_n_eff)
        checks.append(_Check("few_effective", rules.low_n, few, n_eff, rules.min_n_eff))
    return checks


def _at_end(cells: Measured) -> BoolArray:
    at_end: BoolArray = cells.proportion & ((cells.value == 0) | (cells.value == 1))
    return at_end


def _precision(cells: Measured, rules: Rules) -> list[_Check]:
    """Check widths, the relative error of other scales, then what a statistician reviews."""
    width = _width(cells, rules)
    spread = np.abs(cells.se) / np.where(cells.value == 0, np.nan, np.abs(cells.value))
    scale = ~cells.proportion & ~cells.counted
    checks = _widths(cells, rules, width)
    if rules.max_relative_error is not None:
        high = scale & ((spread > rules.max_relative_error) | ((cells.value == 0) & (cells.se > 0)))
        checks.append(_Check("high_relative_error", "suppress", high, spread, rules.max_relative_error))
    unknown = np.where(cells.proportion, np.isnan(width), ~(cells.se > 0)) & ~cells.counted
    checks.append(_Check("no_interval", "review", unknown, np.full_like(width, np.nan), None))
    if rules.review_at_ends:
        checks.append(_Check("at_an_end", "review", _at_end(cells), cells.value, None))
    if rules.min_df is not None:
        low = ~cells.counted & (cells.df < rules.min_df)
        checks.append(_Check("low_df", "review", low, cells.df, rules.min_df))
    return checks


def _width(cells: Measured, rules: Rules) -> FloatArray:
    share = np.where(cells.proportion, np.clip(cells.value, 0, 1), np.nan)
    df = np.where(np.isnan(cells.df), np.inf, cells.df)
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = korn_graubard_interval(share, cells.se, cells.n, df, rules.level)
    return high - low


def _widths(cells: Measured, rules: Rules, width: FloatArray) -> list[_Check]:
    checks = []
    if rules.max_width is not None:
        checks.append(_Check("wide_interval", "suppress", width >= rules.max_width, width, rules.max_width))
    if rules.max_relative_width is None:
        return checks
    limit = rules.max_relative_width
    relative = width / np.where(cells.value > 0, cells.value, np.nan)
    of_rest = width / np.where(cells.value < 1, 1 - cells.value, np.nan)
    broad = width > rules.narrow_width
    checks.append(_Check("relatively_wide", "suppress", broad & (relative > limit), relative, limit))
    if rules.complement != "ignored":
        verdict: Verdict = "suppress" if rules.complement == "shown" else "publish"
        strikes = broad & (of_rest > limit)
        checks.append(_Check("complement_relatively_wide", verdict, strikes, of_rest, limit))
    return checks
