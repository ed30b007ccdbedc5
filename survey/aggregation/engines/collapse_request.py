"""What an engine is asked to sum: columns of Parquet files, by which cells, counted how.

Not how it is summed (local.py, sql.py): both engines take this request and give the same CellTable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from survey.aggregation.analyse import estimator_of
from survey.aggregation.answers import Measure
from survey.aggregation.errors import BadRequest
from survey.aggregation.estimators import Estimator
from survey.aggregation.indices import IndexDefinition, check_indices
from survey.aggregation.table import Layout

#: Dimensions whose crossing makes the domains; () is the whole sample.
Dimensions = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CollapseRequest:
    """Sums over the responses of some files by (stratum, PSU) and dimensions.

    Attributes:
        files: Parquet files of one form; together they are the whole sample.
        items: columns of whole numbers; null and negative values leave the denominator.
        measure: how an answer is counted.
        weights: column of weights, or None where every response counts 1.
        stratum, psu: columns, or None for one stratum. PSUs are nested in strata.
        sets: crossings of columns whose values are the domains; () alone is always there.
        indices: composite indices of the items.
    """

    files: tuple[Path, ...]
    items: tuple[str, ...]
    measure: Measure
    weights: str | None = None
    stratum: str | None = None
    psu: str | None = None
    sets: tuple[Dimensions, ...] = ()
    indices: tuple[IndexDefinition, ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.files)) != len(self.files):
            raise BadRequest(problem="một tệp hai lần / a file twice")
        if not self.files or not self.items or len(set(self.items)) != len(self.items):
            raise BadRequest(problem=f"{len(self.files)} files, items {self.items}")
        if self.psu is None:
            raise BadRequest(problem="cần cột đơn vị mẫu / a column of PSUs is needed")
        check_indices(self.indices, self.items)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Return every column named by a set, once."""
        return tuple(dict.fromkeys(name for one in self.sets for name in one))

    @property
    def estimator(self) -> Estimator:
        """Return the statistics asked for."""
        return estimator_of(self.items, self.measure, self.indices)[0]

    @property
    def layout(self) -> Layout:
        """Return the sums of a cell: with squares for means, for design effects; centred at 0.

        Levels are small whole numbers, so that Σ w y² and W m² keep their digits.
        """
        unions = estimator_of(self.items, self.measure, self.indices)[1]
        squares = self.measure.kind == "mean"
        return Layout(self.items, False, squares, False, unions, np.zeros(len(self.items)))


def maximal(sets: Sequence[Dimensions]) -> tuple[Dimensions, ...]:
    """Return the sets that no other contains: from cells crossed by these all others roll up."""
    kept: list[Dimensions] = []
    for one in sorted({tuple(sorted(one)) for one in sets}, key=lambda one: (-len(one), one)):
        if not any(set(one) <= set(other) for other in kept):
            kept.append(one)
    return tuple(kept)
