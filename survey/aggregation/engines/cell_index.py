"""Find the cell of each row by its labels, while rows arrive in pieces and labels are still being met.

Not the sums (local.py). A dense table from crossed label numbers to cells answers in one look-up a row;
it is made anew when labels outgrow it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from survey.aggregation.errors import BadRequest
from survey.aggregation.labels import IntArray

#: The largest table: more crossed labels than this need the SQL engine.
LARGEST = 1 << 27


class CellIndex:
    """Cells met so far, numbered in the order they were met."""

    def __init__(self, dimensions: int) -> None:
        self._sizes = [1] * dimensions
        self._place = np.full(1, -1, dtype=np.int32)
        self._codes = np.empty((0, dimensions), dtype=np.intp)

    @property
    def codes(self) -> IntArray:
        """Return the label number of each cell in each dimension (cells, dimensions); -1 is missing."""
        return self._codes

    @property
    def cells(self) -> int:
        """Count the cells."""
        return len(self._codes)

    def locate(self, codes: Sequence[IntArray], sizes: Sequence[int]) -> IntArray:
        """Return the cell of each row, of which `codes` has a label number a dimension.

        Args:
            sizes: labels met so far in each dimension.

        Raises:
            BadRequest: a crossing too fine for this engine.
        """
        self._grow([size + 1 for size in sizes])
        key = codes[0] + 1
        for one, size in zip(codes[1:], self._sizes[1:], strict=True):
            key = key * size
            key += one
            key += 1
        found = self._place[key]
        if found.size and found.min() < 0:
            self._add(self._distinct(key[found < 0]))
            found = self._place[key]
        return found.astype(np.intp)

    def _grow(self, sizes: Sequence[int]) -> None:
        if all(size <= have for size, have in zip(sizes, self._sizes, strict=True)):
            return
        self._sizes = [
            have if size <= have else 1 << (size - 1).bit_length()
            for size, have in zip(sizes, self._sizes, strict=True)
        ]
        room = int(np.prod(self._sizes, dtype=np.float64))
        if room > LARGEST:
            problem = f"{room} ô giao nhau, nhiều nhất {LARGEST} / crossed cells, at most {LARGEST}; use SQL"
            raise BadRequest(problem=problem)
        self._place = np.full(room, -1, dtype=np.int32)
        self._place[self._keys(self._codes)] = np.arange(self.cells)

    def _distinct(self, keys: IntArray) -> IntArray:
        """Sort keys and keep each once: by marking them where that is cheaper than sorting."""
        if self._place.size > 8 * keys.size:
            return np.unique(keys)
        seen = np.zeros(self._place.size, dtype=np.bool_)
        seen[keys] = True
        return np.flatnonzero(seen)

    def _keys(self, codes: IntArray) -> IntArray:
        key = np.zeros(len(codes), dtype=np.intp)
        for column, size in zip(codes.T, self._sizes, strict=True):
            key = key * size + column + 1
        return key

    def _add(self, keys: IntArray) -> None:
        columns, rest = [], keys
        for size in reversed(self._sizes):
            columns.append(rest % size - 1)
            rest = rest // size
        self._place[keys] = np.arange(self.cells, self.cells + keys.size)
        self._codes = np.concatenate([self._codes, np.stack(columns[::-1], axis=1)])
