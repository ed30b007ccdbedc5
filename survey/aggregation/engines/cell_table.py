"""Cells of a sample by (stratum, PSU) and dimensions, from any engine: what crosses machines and is kept.

Not responses, and not estimates (cell_analysis.py). Cells of parts of a sample add up to those of the whole.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from survey.aggregation.labels import FloatArray, IntArray
from survey.aggregation.sums import sum_by
from survey.aggregation.table import Sums

#: The key of a PSU: the label of its stratum ("" without strata) and its own.
PsuKey = tuple[Hashable, Hashable]


@dataclass(frozen=True, slots=True)
class CellTable:
    """Sums of every cell that has a response.

    Attributes:
        psus: (P,) keys of the PSUs, sorted; each has a cell, so that none is forgotten.
        psu: (cells,) the cell's PSU.
        labels: the labels of each dimension, sorted; the crossing has these dimensions in order.
        codes: for each dimension (cells,) the cell's label, or -1 where it is missing.
        members: (cells,) responses of a positive weight.
        rows: responses in all.
        sums: the sums.
    """

    psus: tuple[PsuKey, ...]
    psu: IntArray
    labels: Mapping[str, tuple[Hashable, ...]]
    codes: Mapping[str, IntArray]
    members: FloatArray
    rows: int
    sums: Sums

    @property
    def cells(self) -> int:
        """Count the cells."""
        return self.psu.size


def make_table(
    psu_keys: Sequence[PsuKey],
    psu: IntArray,
    labels: Mapping[str, Sequence[Hashable]],
    codes: Mapping[str, IntArray],
    members: FloatArray,
    rows: int,
    sums: Sums,
) -> CellTable:
    """Order PSUs, labels and cells of a table made in any order, adding up cells of one key."""
    psu_order, new_psu = _sorted(psu_keys)
    ordered = {name: _sorted(labels[name]) for name in labels}
    new_codes = {name: np.append(place, -1)[codes[name]] for name, (_, place) in ordered.items()}
    units = new_psu[psu] if psu.size else psu
    key = units
    for name, (kept, _) in ordered.items():
        key = key * (len(kept) + 1) + new_codes[name] + 1
    _keys, first, place = np.unique(key, return_index=True, return_inverse=True)
    place = place.astype(np.intp, copy=False)
    return CellTable(
        psus=tuple(psu_keys[at] for at in psu_order),
        psu=units[first],
        labels={name: tuple(labels[name][at] for at in kept) for name, (kept, _) in ordered.items()},
        codes={name: codes_of[first] for name, codes_of in new_codes.items()},
        members=sum_by(place, members, first.size),
        rows=rows,
        sums=sums.taken(first) if first.size == psu.size else sums.by(place, first.size),
    )


def add_up(tables: Sequence[CellTable]) -> CellTable:
    """Add up the cells of parts of one sample, which share dimensions and layout."""
    if len(tables) == 1:
        return tables[0]
    keys = {key: at for at, key in enumerate(dict.fromkeys(key for one in tables for key in one.psus))}
    names = tuple(tables[0].labels)
    places = {
        name: {
            label: at for at, label in enumerate(dict.fromkeys(x for one in tables for x in one.labels[name]))
        }
        for name in names
    }
    return make_table(
        tuple(keys),
        np.concatenate([_renumber([keys[key] for key in one.psus], one.psu) for one in tables]),
        {name: tuple(places[name]) for name in names},
        {
            name: np.concatenate(
                [_renumber([places[name][x] for x in one.labels[name]], one.codes[name]) for one in tables]
            )
            for name in names
        },
        np.concatenate([one.members for one in tables]),
        sum(one.rows for one in tables),
        Sums.of(tables[0].sums.layout, np.concatenate([one.sums.table for one in tables])),
    )


def _renumber(new: Sequence[int], codes: IntArray) -> IntArray:
    if not new:
        return codes
    return np.where(codes < 0, -1, np.asarray(new, dtype=np.intp)[np.maximum(codes, 0)])


def _sorted(labels: Sequence[Hashable]) -> tuple[list[int], IntArray]:
    """Return the order that sorts labels, and the new number of each old one."""
    every: Sequence[Any] = labels
    try:
        order = sorted(range(len(every)), key=lambda at: every[at])
    except TypeError:  # labels of several kinds
        order = sorted(range(len(every)), key=lambda at: _sort_key(every[at]))
    place = np.empty(len(labels), dtype=np.intp)
    place[order] = np.arange(len(labels))
    return order, place


def _sort_key(label: Hashable) -> tuple[object, ...]:
    if isinstance(label, tuple):
        return tuple(_sort_key(part) for part in label)
    if isinstance(label, int | float):
        return ("", float(label), "")
    return (type(label).__name__, 0.0, str(label))
