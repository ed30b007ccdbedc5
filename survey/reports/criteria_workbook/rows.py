"""A criteria set's JSON document as the rows of each sheet.

Not how a row looks (writing.py) nor how it is read again (reading*.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from survey.reports.criteria_workbook import layout
from survey.reports.criteria_workbook.layout import LINES, PARAMETERS, Table
from survey.reports.criteria_workbook.values import got

Json = Mapping[str, Any]
#: Column key → JSON value.
RowValues = dict[str, Any]


def rows_of(document: Json) -> dict[str, list[RowValues]]:
    """Give the rows of every table by the name of its sheet."""
    tree = list(_tree(document.get("tree", ()), "", 0))
    return {
        layout.TREE: [row for row, _ in tree],
        layout.RULES: [row for _, node in tree for row in _rule(node)],
        layout.BANDS: list(_bands(document.get("bands"))),
        layout.SURVEYS: [row for one in document.get("surveys", ()) for row in _survey(one)],
        layout.BLOCKS: [_flat(one, layout.BLOCK_TABLE) for one in document.get("blocks", ())],
        layout.EXEMPTIONS: [_flat(one, layout.EXEMPTION_TABLE) for one in document.get("exemptions", ())],
        layout.CUTS: [row for one in document.get("cuts", ()) for row in _cut(one)],
        layout.SOURCES: [_flat(one, layout.SOURCE_TABLE) for one in document.get("sources", ())],
    }


def depths(document: Json) -> list[int]:
    """Give the depth of each row of the tree, 0 at the top."""
    return [row["#depth"] for row, _ in _tree(document.get("tree", ()), "", 0)]


def _flat(one: Json, table: Table) -> RowValues:
    return {column.key: got(one, column.key.split(".")) for column in table.columns if not column.is_aside}


def _tree(nodes: Any, parent: str, depth: int) -> Iterator[tuple[RowValues, Json]]:
    for node in nodes:
        yield {**_flat(node, layout.TREE_TABLE), "parent": parent or None, "#depth": depth}, node
        yield from _tree(node.get("children", ()), node["id"], depth + 1)


def _rule(node: Json) -> Iterator[RowValues]:
    """Give a row for each parameter, then one for each option, step or group."""
    rule = node.get("rule") or {}
    own = {"leaf": node["id"], "#name": node["name"].get("vi")}
    for key in PARAMETERS:
        if key in rule:
            yield {**own, "parameter": key, "value": rule[key]}
    for item in rule.get(LINES.get(rule.get("kind", ""), ""), ()):
        yield {**_flat(item, layout.RULE_TABLE), **own, "parameter": None, "value": None}


def _bands(scale: Any) -> Iterator[RowValues]:
    if isinstance(scale, Mapping):
        for band in scale["bands"]:
            yield {**_flat(band, layout.BAND_TABLE), **_owner(scale, layout.BAND_TABLE, "scale")}


def _survey(sheet: Json) -> Iterator[RowValues]:
    owner = _owner(sheet, layout.SURVEY_TABLE, "sheet")
    for line in ("groups", "items"):
        for one in sheet.get(line, ()):
            yield {**_flat(one, layout.SURVEY_TABLE), **owner, "line": line}


def _cut(cut: Json) -> Iterator[RowValues]:
    for part in cut["parts"]:
        yield {**_flat(part, layout.CUT_TABLE), **_owner(cut, layout.CUT_TABLE, "cut")}


def _owner(one: Json, table: Table, prefix: str) -> RowValues:
    """Give the columns about what a row belongs to, the same on each of its rows."""
    keys = (column.key for column in table.columns if column.key.startswith(f"{prefix}."))
    return {key: got(one, key.split(".")[1:]) for key in keys}
