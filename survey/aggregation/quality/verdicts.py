"""What one rule says of every response: whether it could be judged, and whether it is flagged.

Not the report over all rules (report.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.aggregation.labels import BoolArray


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule over all rows.

    Attributes:
        thresholds: (name, value) of the thresholds it used.
        judged: (rows,) whether there was enough to judge by.
        flagged: (rows,) whether the response is to be looked at.
    """

    thresholds: tuple[tuple[str, float], ...]
    judged: BoolArray
    flagged: BoolArray

    def either(self, other: Verdict) -> Verdict:
        """Join the verdicts of one rule on two blocks or groupings."""
        return Verdict(self.thresholds, self.judged | other.judged, self.flagged | other.flagged)


def nothing(thresholds: tuple[tuple[str, float], ...], rows: int) -> Verdict:
    """Return the verdict that judges nobody."""
    none = np.zeros(rows, dtype=np.bool_)
    return Verdict(thresholds, none, none)
