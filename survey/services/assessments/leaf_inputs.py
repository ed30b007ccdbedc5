"""Inputs of leaves as plain data and back, so that an entry keeps exactly what was scored.

Not whether an input fits its rule (scoring says so).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from survey.scoring import (
    ChosenOption,
    Count,
    LeafInput,
    Measured,
    MeasuredGroups,
    NotApplicable,
    Points,
    Rate,
)

_KINDS: Mapping[str, type[Any]] = {
    "option": ChosenOption,
    "rate": Rate,
    "count": Count,
    "points": Points,
    "measured": Measured,
    "groups": MeasuredGroups,
    "not_applicable": NotApplicable,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def input_document(given: LeafInput) -> dict[str, Any]:
    """Write an input as plain data."""
    values = {field.name: getattr(given, field.name) for field in fields(given)}
    if isinstance(given, MeasuredGroups):
        values["groups"] = {name: input_document(group) for name, group in given.groups.items()}
    return {"kind": _NAMES[type(given)], **values}


def input_of(document: Mapping[str, Any]) -> LeafInput:
    """Read what `input_document` wrote."""
    values = {name: value for name, value in document.items() if name != "kind"}
    if document["kind"] == "groups":
        values["groups"] = {name: input_of(group) for name, group in values["groups"].items()}
    made: LeafInput = _KINDS[document["kind"]](**values)
    return made
