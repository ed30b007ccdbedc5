"""The weighted distribution of an item in each domain, and its inverse.

Not its uncertainty (quantiles.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.aggregation.domains import DomainSet
from survey.aggregation.labels import FloatArray

#: A share this close is attained: what rounding adds to a sum of ten million weights, and less than
#: one person's part of it.
ATTAINED = 1e-9


@dataclass(frozen=True, slots=True)
class Distribution:
    """The respondents of one domain.

    Attributes:
        values: (n,) their answers in order.
        share: (n,) weighted share of them up to here, F.
    """

    values: FloatArray
    share: FloatArray

    def inverse(self, shares: FloatArray) -> FloatArray:
        """Return the smallest answer with F >= each share; NaN outside [0, 1] or without respondents."""
        if not self.values.size:
            return np.full(shares.shape, np.nan)
        place = np.searchsorted(self.share, shares - ATTAINED)
        found = self.values[np.minimum(place, self.values.size - 1)]
        return np.where((shares >= 0) & (shares <= 1), found, np.nan)


def distributions(column: FloatArray, weights: FloatArray, dimension: DomainSet) -> list[Distribution]:
    """Return the distribution of each domain, over its respondents of positive weight (NaN: no answer)."""
    kept = np.flatnonzero(~np.isnan(column) & (weights > 0))
    order = kept[np.lexsort((column[kept], dimension.codes[kept]))]
    ends = np.searchsorted(dimension.codes[order], np.arange(len(dimension.domains) + 1))
    return [_distribution(column[part], weights[part]) for part in np.split(order, ends)[1:-1]]


def _distribution(values: FloatArray, weights: FloatArray) -> Distribution:
    reached = np.cumsum(weights)
    return Distribution(values, reached / reached[-1] if reached.size else reached)
