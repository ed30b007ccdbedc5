"""The rows as one pandas frame, each column filled in place: what the SPSS and Stata writer asks for.

Not the files (statistical_files.py). Eight bytes a cell and the texts; pandas is loaded only here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from survey.reports.microdata.labels import cut_bytes
from survey.reports.microdata.values import Microdata, Variable

Convert = Callable[[Variable, Any], NDArray[Any]]


def frame_of(microdata: Microdata, convert: Convert) -> Any:
    """Build the frame; `convert` gives a batch's column as float64 or objects.

    Raises:
        RowsMissing.
    """
    # It takes half a second, so only where a frame is made.
    import pandas as pd  # type: ignore[import-untyped]  # pandas ships no types

    columns: dict[str, NDArray[Any]] = {}
    begin = 0
    for batch in microdata.checked():
        for variable in microdata.variables:
            part = convert(variable, batch.column(variable.name))
            if variable.name not in columns:
                columns[variable.name] = np.empty(microdata.about.rows, part.dtype)
            columns[variable.name][begin : begin + batch.num_rows] = part
        begin += batch.num_rows
    return pd.DataFrame(columns, copy=False)


def numbers(column: Any) -> NDArray[np.float64]:
    """Give a column of numbers as float64, NaN where there is none."""
    found: NDArray[np.float64] = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return found


def texts(column: Any, limit: int) -> NDArray[Any]:
    """Give texts as objects, each on one line of at most `limit` bytes, "" where there is none."""
    coded = column.fill_null("").dictionary_encode()
    cleaned = np.array([cut_bytes(text, limit) for text in coded.dictionary.to_pylist()], dtype=object)
    found: NDArray[Any] = cleaned[coded.indices.to_numpy(zero_copy_only=False)]
    return found


def days_since(column: Any, first: int) -> NDArray[np.float64]:
    """Give dates as days since a day that is itself `first` days from 1970-01-01."""
    return numbers(column.cast(pa.int32())) - first
