"""Which (unit, domain) cells there are, and how cells of one grid roll up to another.

Not the sums in the cells (table.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.aggregation.domains import WHOLE, Domain
from survey.aggregation.labels import FloatArray, IntArray
from survey.aggregation.sums import number_pairs, sum_by


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one set of domains, ordered by domain and then by unit.

    Attributes:
        domains: the domains; the group after the last one takes the cells in none.
        unit, domain: (cells,) the cell's unit and group.
        members: (cells,) rows with a weight other than 0.
    """

    domains: tuple[Domain, ...]
    unit: IntArray
    domain: IntArray
    members: FloatArray

    @property
    def groups(self) -> int:
        """Count the groups of cells: the domains, and the cells in none."""
        return len(self.domains) + 1

    @property
    def cells(self) -> int:
        """Count the cells."""
        return self.unit.size


def pair_up(units: int, unit: IntArray, codes: IntArray, groups: int) -> tuple[IntArray, IntArray, IntArray]:
    """Number the (unit, group) pairs that occur: their units, their groups, and each row's pair."""
    keys, place = number_pairs(codes * units + unit, groups * units)
    return keys % units, keys // units, place


def roll_up(
    units: int, unit: IntArray, members: FloatArray, codes: IntArray, domains: tuple[Domain, ...]
) -> tuple[Grid, IntArray]:
    """Make the grid of some domains from finer cells, and give each of those its place in it.

    Args:
        unit, members: (fine,) of each fine cell.
        codes: (fine,) its domain, or len(domains) for none.
    """
    of_pair, group, place = pair_up(units, unit, codes, len(domains) + 1)
    return Grid(domains, of_pair, group, sum_by(place, members, of_pair.size)), place


def whole_codes(cells: int) -> IntArray:
    """Put every cell in the whole."""
    return np.zeros(cells, dtype=np.intp)


#: The one domain of the whole sample.
WHOLE_ONLY: tuple[Domain, ...] = (WHOLE,)
