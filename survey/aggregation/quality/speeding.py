"""Speeding: a form completed faster than it can be read.

Not judged where no duration is known, as in the database, which keeps the day only.
"""

from __future__ import annotations

import numpy as np

from survey.aggregation.labels import FloatArray, IntArray
from survey.aggregation.quality.rules import Rules
from survey.aggregation.quality.verdicts import Verdict


def speeding(seconds: FloatArray, answered: IntArray, form: IntArray, rules: Rules) -> dict[str, Verdict]:
    """Flag responses below seconds per answered item, or below a fraction of their form's median.

    Args:
        seconds: (rows,) from opening to sending, NaN where unknown.
        answered: (rows,) items answered.
        form: (rows,) number of the form, -1 where unknown; medians are taken within a form.
    """
    known = ~np.isnan(seconds) & (answered > 0)
    fast = known & (seconds < rules.seconds_per_item * answered)
    fast |= known & (seconds < rules.median_fraction * form_median(seconds, form, rules.form_rows))
    names = ("seconds_per_item", "median_fraction", "form_rows")
    return {"speeding": Verdict(rules.chosen(*names), known, fast)}


def form_median(seconds: FloatArray, form: IntArray, least: int) -> FloatArray:
    """Return the median of each row's form (rows,), NaN where fewer than `least` durations are known."""
    median = np.full(seconds.size, np.nan)
    known = ~np.isnan(seconds) & (form >= 0)
    for one in np.unique(form[known]):
        of_form = known & (form == one)
        if of_form.sum() >= least:
            median[of_form] = np.median(seconds[of_form])
    return median
