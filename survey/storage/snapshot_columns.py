"""How a response is written as typed columns: the design, and one column or a few an item.

Not the files that hold the columns (batches.py). Free text and response ids have no column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from survey.questionnaires import Item, Questionnaire

_LABEL = pa.dictionary(pa.int32(), pa.string())
_DESIGN = {
    "unit": _LABEL,
    "stratum": _LABEL,
    "psu": pa.string(),
    "base_weight": pa.float64(),
    "channel": _LABEL,
    "evidence": _LABEL,
    "day": pa.date32(),
}


@dataclass(frozen=True, slots=True)
class ItemColumns:
    """How the answers to one item are written: which columns, and which code for which option."""

    item: str
    kind: str
    codes: Mapping[str, int] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        if self.kind == "multiple":
            return tuple(f"{self.item}/{option}" for option in self.codes)
        return (self.item,)


def columns_of(questionnaire: Questionnaire) -> tuple[ItemColumns, ...]:
    """Say how each item that is not free text is written."""
    return tuple(_item_columns(item) for item in questionnaire.items if item.kind != "text")


def columns_told(told: Mapping[str, Mapping[str, Any]]) -> tuple[ItemColumns, ...]:
    """Read the columns back from a manifest.

    Raises:
        KeyError, TypeError, AttributeError: the manifest does not say them.
    """
    return tuple(ItemColumns(item, one["kind"], dict(one["codes"])) for item, one in told.items())


def schema_of(columns: Sequence[ItemColumns]) -> pa.Schema:
    """Give the schema of every batch of a snapshot."""
    return pa.schema([*_DESIGN.items(), *(one for column in columns for one in _fields(column))])


def table_of(columns: Sequence[ItemColumns], rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Write responses as columns.

    Args:
        rows: one mapping a response: the design columns and `answers` (item → option ids).
    """
    arrays: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in _DESIGN}
    answers = [row["answers"] for row in rows]
    for column in columns:
        given = [one.get(column.item) for one in answers]
        if column.kind == "multiple":
            for option in column.codes:
                arrays[f"{column.item}/{option}"] = [None if g is None else option in g for g in given]
        else:
            arrays[column.item] = [None if g is None else column.codes[g] for g in given]
    return pa.table(arrays, schema=schema_of(columns))


def _item_columns(item: Item) -> ItemColumns:
    if item.scale is None:
        raise ValueError(f"{item.id} has no scale")
    if item.kind == "multiple":
        return ItemColumns(item.id, "multiple", {option.id: 1 for option in item.scale.options})
    if item.scale.kind == "nominal":
        return ItemColumns(item.id, "nominal", {option.id: n for n, option in enumerate(item.scale.options)})
    outside = iter(range(-1, -128, -1))
    return ItemColumns(
        item.id,
        "ordinal",
        {option.id: next(outside) if option.value is None else option.value for option in item.scale.options},
    )


def _fields(column: ItemColumns) -> Iterator[tuple[str, pa.DataType]]:
    for name in column.names:
        yield name, pa.bool_() if column.kind == "multiple" else pa.int8()
