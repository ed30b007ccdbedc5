"""Number the labels of a column: strata, PSUs, units, any dimension.

Not what the labels mean (design.py, domains.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
#: One label a row: a numpy array of numbers or text, or any sequence of hashable values.
Labels = Sequence[Hashable] | NDArray[Any]
#: Whole numbers below this are numbered by looking them up; others by sorting.
LOOKED_UP = 1 << 22


@dataclass(frozen=True, slots=True)
class Numbered:
    """A column of labels as numbers.

    Attributes:
        labels: the distinct labels, in their own order (numbers by size, text by code point).
        codes: (rows,) place of each row's label in `labels`; -1 where it is missing.
    """

    labels: tuple[Hashable, ...]
    codes: IntArray


def number(labels: Labels) -> Numbered:
    """Number a column of labels so that the order of its rows does not matter.

    None, NaN and empty text are missing.
    """
    if isinstance(labels, np.ndarray) and labels.dtype.kind in "bui":
        return _number_whole(labels)
    every = labels.tolist() if isinstance(labels, np.ndarray) else labels
    texts = _as_texts(every)
    return _number_by_first_sight(every) if texts is None else _number_texts(texts)


def _number_whole(labels: NDArray[Any]) -> Numbered:
    if labels.size and labels.dtype.kind != "b" and labels.min() >= 0 and labels.max() < LOOKED_UP:
        seen = np.zeros(int(labels.max()) + 1, dtype=np.bool_)
        seen[labels] = True
        place = np.cumsum(seen) - 1
        return Numbered(tuple(np.flatnonzero(seen).tolist()), place[labels])
    distinct, codes = np.unique(labels, return_inverse=True)
    return Numbered(tuple(distinct.tolist()), codes.astype(np.intp, copy=False))


def _as_texts(labels: Sequence[Hashable]) -> pa.Array | None:
    """Return labels as a column of text, or None where any is of another kind."""
    if labels and not isinstance(labels[0], str | None):
        return None
    try:
        return pa.array(labels, type=pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):
        return None


def _number_texts(texts: pa.Array) -> Numbered:
    encoded = texts.dictionary_encode()
    distinct = encoded.dictionary.to_pylist()
    kept = sorted(label for label in distinct if label)
    place = {label: at for at, label in enumerate(kept)}
    renumber = np.array([*(place.get(label, -1) for label in distinct), -1], dtype=np.intp)
    indices = pc.fill_null(encoded.indices, len(distinct)).to_numpy(zero_copy_only=False)
    return Numbered(tuple(kept), renumber[indices])


def _number_by_first_sight(labels: Sequence[Hashable]) -> Numbered:
    seen: dict[Hashable, int] = {}
    codes = np.fromiter((seen.setdefault(label, len(seen)) for label in labels), np.intp, len(labels))
    kept = sorted((label for label in seen if not _is_missing(label)), key=_order)
    place = {label: at for at, label in enumerate(kept)}
    renumber = np.fromiter((place.get(label, -1) for label in seen), np.intp, len(seen))
    return Numbered(tuple(kept), renumber[codes] if len(seen) else codes)


def _is_missing(label: Hashable) -> bool:
    return label is None or label == "" or label != label


def _order(label: Hashable) -> tuple[str, float, str]:
    if isinstance(label, int | float):
        return ("", float(label), "")
    return (type(label).__name__, 0.0, str(label))
