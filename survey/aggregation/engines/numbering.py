"""Number the labels of a column that arrives in pieces: the same label, the same number, whatever its piece.

Not the numbering of a whole column in order (survey.aggregation.labels).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from survey.aggregation.labels import IntArray

#: Whole numbers between these are looked up in a table; others one by one.
LOOKED_UP = 1 << 22


class Numbering:
    """Labels seen so far, numbered in the order they were seen; missing labels are -1."""

    def __init__(self) -> None:
        self._place: dict[Hashable, int] = {}
        self._small = np.full(256, -1, dtype=np.intp)

    @property
    def labels(self) -> tuple[Hashable, ...]:
        """Return the labels by number."""
        return tuple(self._place)

    def __len__(self) -> int:
        return len(self._place)

    def codes(self, column: pa.ChunkedArray) -> IntArray:
        """Number a piece of the column; null, NaN and empty text are missing."""
        if pa.types.is_integer(column.type):
            whole = column.to_numpy() if not column.null_count else None
            if whole is not None and whole.size and whole.min() >= 0 and whole.max() < LOOKED_UP:
                return self._codes_of_small(whole)
        encoded = column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column)
        return np.concatenate([self._codes_of(chunk) for chunk in encoded.chunks] or [_NONE])

    def _codes_of_small(self, values: np.ndarray[Any, Any]) -> IntArray:
        top = int(values.max())
        if top >= self._small.size:
            grown = np.full(max(top + 1, 2 * self._small.size), -1, dtype=np.intp)
            grown[: self._small.size] = self._small
            self._small = grown
        found: IntArray = self._small[values]
        if found.min() < 0:
            for value in np.unique(values[found < 0]).tolist():
                self._small[value] = self._place.setdefault(value, len(self._place))
            found = self._small[values]
        return found

    def _codes_of(self, chunk: pa.DictionaryArray) -> IntArray:
        labels = chunk.dictionary.to_pylist()
        new = np.array([-1, *(self._number(label) for label in labels)], dtype=np.intp)
        indices = pc.fill_null(chunk.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
        codes: IntArray = new[indices + 1]
        return codes

    def _number(self, label: Hashable) -> int:
        if label is None or label == "" or label != label:
            return -1
        return self._place.setdefault(label, len(self._place))


_NONE = np.empty(0, dtype=np.intp)
