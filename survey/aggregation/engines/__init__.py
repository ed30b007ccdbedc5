"""Engines that collapse Parquet files to cells: local, streaming row groups, and SQL beyond that.

request = CollapseRequest(files, items, Measure("top_share", (4, 5)), "w", psu="psu", sets=(("unit",),))
tables = collapse_files(request)
analysis = analyse_cells(tables, request, selection_of(tables[0]))
Not for responses already in memory: `survey.aggregation.analyse` takes those.
"""

from survey.aggregation.engines.cell_analysis import analyse_cells, cells_of, selection_of
from survey.aggregation.engines.cell_store import collapse_batches
from survey.aggregation.engines.cell_table import CellTable, PsuKey, add_up, make_table
from survey.aggregation.engines.collapse_request import CollapseRequest, Dimensions, maximal
from survey.aggregation.engines.duckdb_engine import collapse_with_duckdb
from survey.aggregation.engines.errors import (
    BadValues,
    ChangedColumns,
    EngineFailed,
    EngineMissing,
    UnreadableFile,
)
from survey.aggregation.engines.local import collapse_files
from survey.aggregation.engines.spark_engine import collapse_with_spark

__all__ = [
    "BadValues",
    "CellTable",
    "ChangedColumns",
    "CollapseRequest",
    "Dimensions",
    "EngineFailed",
    "EngineMissing",
    "PsuKey",
    "UnreadableFile",
    "add_up",
    "analyse_cells",
    "cells_of",
    "collapse_batches",
    "collapse_files",
    "collapse_with_duckdb",
    "collapse_with_spark",
    "make_table",
    "maximal",
    "selection_of",
]
