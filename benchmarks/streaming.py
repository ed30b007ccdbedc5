"""`python -m benchmarks.streaming FILE`: estimate from one Parquet file and print what it took, as JSON.

A process of its own, so that its memory is that of the work alone.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.populations import SETS, TOP, index_of
from survey.aggregation.engines import CollapseRequest, analyse_cells, collapse_files, selection_of
from survey.aggregation.engines.columns import key_columns
from survey.aggregation.engines.local import BATCH_ROWS


def main(path: Path) -> None:
    """Decode once without doing anything, then collapse and estimate."""
    items = tuple(name for name in pq.read_schema(path).names if name.startswith("b"))
    request = CollapseRequest(
        files=(path,),
        items=items,
        measure=TOP,
        weights="weight",
        stratum="stratum",
        psu="psu",
        sets=SETS,
        indices=(index_of(items),),
    )
    times = [time.process_time()]
    with pq.ParquetFile(path) as file:
        for _batch in file.iter_batches(BATCH_ROWS, columns=[*key_columns(request), *items]):
            pass
    times.append(time.process_time())
    began = time.perf_counter()
    tables = collapse_files(request)
    times.append(time.process_time())
    analysis = analyse_cells(tables, request, selection_of(tables[0]), deff=False)
    times.append(time.process_time())
    decode, collapse, analyse = (after - before for before, after in zip(times[:-1], times[1:], strict=True))
    found = {
        "decode": decode,
        "collapse": collapse,
        "analyse": analyse,
        "wall": time.perf_counter() - began,
        "cells": [one.cells for one in tables],
        "estimates": analysis.value.size,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
