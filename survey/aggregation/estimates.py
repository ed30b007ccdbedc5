"""What an estimate is: a value with its uncertainty, its sample size and its method.

Not how one is computed (linearise.py, intervals.py) nor how one is printed (presenters and reports).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

#: Below this many respondents an estimate is flagged.
FEW_RESPONDENTS = 30


@dataclass(frozen=True, slots=True)
class Estimate:
    """A survey estimate that can be defended.

    Attributes:
        value: the estimate, in `unit`; None where nobody answered.
        se: design-based standard error, in the same unit; None where it cannot be estimated.
        ci_low, ci_high: bounds of the interval at `level`; None where there is none (df = 0).
        level: confidence level, 0.95 for 95 %.
        n: respondents who entered the statistic, unweighted.
        n_eff: effective sample size, n / deff.
        deff: design effect, against simple random sampling with replacement.
        df: degrees of freedom of the domain: PSUs with members less strata with members.
        method: formula, variance and interval, as words for a notes sheet.
        unit: "share" (0-1), "percent" (0-100), "score" (the scale's own units), "score²" or "points".
        flags: stable words such as "few_respondents", "no_interval", "items_missing".
    """

    value: float | None
    se: float | None
    ci_low: float | None
    ci_high: float | None
    level: float
    n: int
    n_eff: float | None
    deff: float | None
    df: int
    method: str
    unit: str
    flags: tuple[str, ...] = ()

    def scaled(self, factor: float, unit: str) -> Estimate:
        """Return the same estimate in another unit, such as a share as percent (factor 100)."""

        def times(figure: float | None) -> float | None:
            return None if figure is None else figure * factor

        return replace(
            self,
            value=times(self.value),
            se=times(self.se),
            ci_low=times(self.ci_low),
            ci_high=times(self.ci_high),
            unit=unit,
        )


def known(figure: float) -> float | None:
    """Return a number, or None for NaN."""
    return None if math.isnan(figure) else float(figure)


def warnings_of(*, n: int, has_interval: bool, items_missing: bool) -> tuple[str, ...]:
    """Return the stable words that warn of an estimate, worst first."""
    return tuple(
        word
        for word, holds in (
            ("no_respondents", n == 0),
            ("few_respondents", 0 < n < FEW_RESPONDENTS),
            ("items_missing", items_missing),
            ("no_interval", not has_interval),
        )
        if holds
    )
