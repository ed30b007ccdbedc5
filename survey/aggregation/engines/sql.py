"""From the answer of a SQL engine to cells: one table a crossing of dimensions, all from one statement.

Not an engine: what runs a statement is handed in (duckdb_engine.py, spark_engine.py).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from survey.aggregation.engines.cell_table import CellTable, PsuKey, make_table
from survey.aggregation.engines.collapse_request import Dimensions
from survey.aggregation.engines.errors import BadValues, UnreadableFile
from survey.aggregation.engines.responses_view import PSU, STRATUM, ResponsesView, dimension_name
from survey.aggregation.engines.statement import (
    BAD_WEIGHTS,
    MEMBERS,
    ROWS,
    collapse_statement,
    crossings,
    rolled_name,
    sum_names,
)
from survey.aggregation.errors import listed
from survey.aggregation.labels import FloatArray, IntArray, Numbered, number
from survey.aggregation.table import Sums

#: Runs one statement over a view and returns its whole answer.
Execute = Callable[[str], pa.Table]


def collapse_sql(view: ResponsesView, execute: Execute) -> tuple[CellTable, ...]:
    """Sum every response into its cells: one table for each maximal set of dimensions.

    Raises:
        BadValues: weights that are missing, infinite or negative, or labels of strata or PSUs missing.
        UnreadableFile: an engine that read more or fewer rows than the files say they hold.
    """
    answer = execute(collapse_statement(view.request))
    return tuple(_table(view, one, _part(view, one, answer)) for one in crossings(view.request))


def _part(view: ResponsesView, dimensions: Dimensions, answer: pa.Table) -> pa.Table:
    """Take the rows of one crossing: those that add up over the other dimensions and over no other."""
    mask = np.ones(answer.num_rows, dtype=np.bool_)
    for name in view.request.dimensions:
        rolled = _figures(answer, rolled_name(dimension_name(view.request, name)))
        mask &= rolled == (name not in dimensions)
    return answer.filter(pa.array(mask))


def _table(view: ResponsesView, dimensions: Dimensions, answer: pa.Table) -> CellTable:
    rows = _check(view, answer)
    psus, psu = _psus(view, answer)
    numbered = {name: _number(view, answer, dimension_name(view.request, name)) for name in dimensions}
    sums = np.column_stack([_figures(answer, name) for name in sum_names(view.request)])
    return make_table(
        psus,
        psu,
        {name: one.labels for name, one in numbered.items()},
        {name: one.codes for name, one in numbered.items()},
        _figures(answer, MEMBERS),
        rows,
        Sums.of(view.request.layout, sums),
    )


def _check(view: ResponsesView, answer: pa.Table) -> int:
    """Refuse answers over rows that are not those of the files, or with weights that cannot be used."""
    rows = int(_figures(answer, ROWS).sum())
    if rows != view.rows:
        problem = f"{rows} dòng, cần {view.rows} / {rows} rows, {view.rows} expected"
        raise UnreadableFile(file=listed(path.name for path in view.request.files), problem=problem)
    bad = int(_figures(answer, BAD_WEIGHTS).sum())
    if bad:
        problem = "thiếu, vô hạn hoặc âm / missing, infinite or negative"
        raise BadValues(column=view.request.weights, count=bad, problem=problem)
    return rows


def _psus(view: ResponsesView, answer: pa.Table) -> tuple[list[PsuKey], IntArray]:
    """Number the PSUs of the whole sample by stratum and label, neither of which a response may lack."""
    one_stratum = Numbered(("",), np.zeros(answer.num_rows, dtype=np.intp))
    stratum = _number(view, answer, STRATUM) if STRATUM in view.labels else one_stratum
    psu = _number(view, answer, PSU)
    for column, numbered in ((view.request.stratum, stratum), (view.request.psu, psu)):
        missing = int(_figures(answer, ROWS)[numbered.codes < 0].sum())
        if missing:
            raise BadValues(column=column, count=missing, problem="thiếu / missing")
    keys, place = np.unique(stratum.codes * len(psu.labels) + psu.codes, return_inverse=True)
    pairs = (divmod(key, len(psu.labels)) for key in keys.tolist())
    return [(stratum.labels[h], psu.labels[i]) for h, i in pairs], place.astype(np.intp, copy=False)


def _number(view: ResponsesView, answer: pa.Table, name: str) -> Numbered:
    """Number the labels of a column, in the type that the files hold them in."""
    encoded = pc.dictionary_encode(answer.column(name).cast(view.labels[name])).combine_chunks()
    distinct = number(encoded.dictionary.to_pylist())
    codes = np.append(distinct.codes, -1)
    indices: IntArray = pc.fill_null(encoded.indices.cast(pa.int64()), len(distinct.codes)).to_numpy()
    return Numbered(distinct.labels, codes[indices])


def _figures(answer: pa.Table, name: str) -> FloatArray:
    return np.asarray(answer.column(name).to_numpy(), dtype=np.float64)


def first_line(error: object) -> str:
    """Return the first line of what an engine says, without its full stop."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
