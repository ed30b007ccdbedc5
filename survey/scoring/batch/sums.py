"""Sums over leaves, unit by unit, as exact as `math.fsum` but for one rounding in 10¹⁶ or so.

Not what is summed (roll_up.py). With plain addition a total could differ from that of one unit in its
last bits, and so, now and then, in a place or a band.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from survey.scoring.batch.columns import FloatArray


def exact_sum(terms: Iterable[FloatArray], size: int) -> FloatArray:
    """Add up (units,) terms, carrying what each addition rounds off (Knuth's TwoSum)."""
    total, rest = np.zeros(size), np.zeros(size)
    for place, term in enumerate(terms):
        if place == 0:
            total = term
            continue
        summed = total + term
        shadow = summed - total
        rest = rest + ((total - (summed - shadow)) + (term - shadow))
        total = summed
    return total + rest
