"""Small readings of a document: one value or a list, a domain, a label as one canonical value.

Not the request's own parts (building.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey.aggregation.request.document import Json, nfc
from survey.aggregation.request.request import Label, Where


def many(told: Json) -> tuple[Any, ...]:
    """Return a list as a tuple, a single value as a tuple of one, nothing as an empty one."""
    if told is None:
        return ()
    return tuple(told) if isinstance(told, list | tuple) else (told,)


def where_of(told: Mapping[str, Json]) -> Where:
    """Return the values that belong, column by column."""
    return {column: tuple(canonical(one) for one in many(values)) for column, values in told.items()}


def compare_id(place: int, told: Json) -> str:
    """Return the id of a comparison, made from its place where it has none."""
    return str(told.get("id", f"compare_{place + 1}"))


def canonical(value: Label) -> Label:
    """Return a label in its one form: whole numbers as integers, true and false as text, text in NFC.

    Data files write 2, 2.0 and "2" for one and the same code, and true as "true".
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return nfc(value) if isinstance(value, str) else value


def key_of(value: Label) -> str:
    """Return the text by which labels are compared: 2, 2.0 and "2" are one."""
    return str(canonical(value))
