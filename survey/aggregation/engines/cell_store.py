"""Cells kept from one refresh to the next: only files that came since are collapsed again.

Not the collapse (local.py) nor the file of kept cells (cell_files.py). What is kept is found by the hashes
of the files and by the request, and proven by its own hash: a folder of it may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from survey.aggregation.engines.cell_files import read_tables, write_tables
from survey.aggregation.engines.cell_table import CellTable, add_up, make_table
from survey.aggregation.engines.collapse_request import CollapseRequest, Dimensions, maximal
from survey.aggregation.engines.columns import check_files
from survey.aggregation.engines.local import collapse_files
from survey.aggregation.errors import BadRequest

#: Changes whenever the same responses would give other cells, or the file of them another form.
FORMAT = 1
#: A sum over files is kept when its parts have this many times its cells, and so take longer to read.
WORTH_KEEPING = 2
#: Sums over files that are kept; older ones are deleted.
MOST_SUMS = 3

#: The tables of some files: between them they have all sets of dimensions.
Tables = tuple[CellTable, ...]


def collapse_batches(request: CollapseRequest, hashes: Sequence[str], folder: Path) -> Tables:
    """Sum every response into its cells as collapse_files does, reading only files not collapsed before.

    Args:
        hashes: SHA-256 of each file, which the caller has proven (a snapshot's are, when it is opened).
        folder: where cells are kept; one folder a round, so that each keeps its own sums.

    Raises:
        UnreadableFile, ChangedColumns, BadValues; BadRequest: not one hash a file.
    """
    if len(hashes) != len(request.files):
        raise BadRequest(problem=f"{len(request.files)} files, {len(hashes)} hashes")
    if not check_files(request):
        return collapse_files(request)
    files = [one for one in zip(request.files, hashes, strict=True) if pq.read_metadata(one[0]).num_rows]
    shelf = _Shelf(request, folder)
    known, parts = shelf.longest_sum([sha256 for _, sha256 in files])
    parts += [shelf.of_file(path, sha256) for path, sha256 in files[known:]]
    tables = _added(parts)
    if _cells(parts) > WORTH_KEEPING * _cells([tables]):
        shelf.keep_sum([sha256 for _, sha256 in files], tables)
    return tables


class _Shelf:
    """The kept cells of one request."""

    def __init__(self, request: CollapseRequest, folder: Path) -> None:
        self._request, self._layout, self._folder = request, request.layout, folder
        told = {
            "format": FORMAT,
            "items": request.items,
            "measure": [request.measure.kind, request.measure.levels],
            "columns": [request.weights, request.stratum, request.psu],
            "sets": maximal(request.sets),
            "sums": self._layout.widths(),
            "unions": self._layout.unions,
        }
        self._name = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]

    def of_file(self, path: Path, sha256: str) -> Tables:
        """Give the cells of one file, collapsing it if they are not kept."""
        place = self._place("file", [sha256])
        tables = read_tables(place, self._layout)
        if tables is None:
            tables = collapse_files(replace(self._request, files=(path,)))
            write_tables(place, tables)
        return tables

    def longest_sum(self, hashes: Sequence[str]) -> tuple[int, list[Tables]]:
        """Give the kept sum over most of the first files, and over how many; none is kept of one file."""
        for count in range(len(hashes), 1, -1):
            tables = read_tables(self._place("sum", hashes[:count]), self._layout)
            if tables is not None:
                return count, [tables]
        return 0, []

    def keep_sum(self, hashes: Sequence[str], tables: Tables) -> None:
        """Keep a sum over files, in place of the oldest."""
        write_tables(self._place("sum", hashes), tables)
        kept = sorted(self._folder.glob(f"sum-{self._name}-*"), key=lambda path: path.stat().st_mtime_ns)
        for path in kept[:-MOST_SUMS]:
            path.unlink(missing_ok=True)

    def _place(self, kind: str, hashes: Sequence[str]) -> Path:
        of_files = hashlib.sha256(json.dumps(list(hashes)).encode()).hexdigest()
        return self._folder / f"{kind}-{self._name}-{of_files[:32]}.cells"


def _added(parts: Sequence[Tables]) -> Tables:
    """Add up tables that may be crossed differently: by the finest crossings that all of them have."""
    if len(parts) == 1:
        return parts[0]
    common = maximal([tuple(one.labels) for one in parts[0]])
    for tables in parts[1:]:
        meets = {tuple(sorted(set(ours) & set(one.labels))) for ours in common for one in tables}
        common = maximal(sorted(meets))
    return tuple(add_up([_rolled(tables, dimensions) for tables in parts]) for dimensions in common)


def _cells(parts: Sequence[Tables]) -> int:
    return sum(table.cells for tables in parts for table in tables)


def _rolled(tables: Tables, dimensions: Dimensions) -> CellTable:
    """Roll the smallest table that has some dimensions up to them."""
    able = [one for one in tables if set(dimensions) <= set(one.labels)]
    table = min(able, key=lambda one: one.cells)
    if len(table.labels) == len(dimensions):
        return table
    return make_table(
        table.psus,
        table.psu,
        {name: table.labels[name] for name in dimensions},
        {name: table.codes[name] for name in dimensions},
        table.members,
        table.rows,
        table.sums,
    )
