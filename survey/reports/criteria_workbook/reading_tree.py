"""The tree and its rules, from their two sheets.

Not the other lists (reading_lists.py). Children stand in the order of their rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from survey.reports.criteria_workbook.draft import Draft
from survey.reports.criteria_workbook.layout import LINES, PARAMETERS, RULE_TABLE, TREE_TABLE
from survey.reports.criteria_workbook.lines import Line
from survey.reports.criteria_workbook.values import is_blank, shown, value_of
from survey.reports.criteria_workbook.words import RULES
from survey.reports.reading import CellValue, folded

_NODE_KEYS = [one.key for one in TREE_TABLE.columns if not one.is_aside and one.key != "parent"]
_ITEM_KEYS = [
    one.key
    for one in RULE_TABLE.columns
    if not one.is_aside and one.key not in ("leaf", "parameter", "value")
]


#: Deeper than any set may be, so that the checker still says so itself; not deeper than can be written.
DEEPEST_READ = 10


@dataclass(slots=True)
class _Node:
    """A row of the tree with the rows below it."""

    line: Line
    children: list[_Node] = field(default_factory=list)
    path: str = ""
    made: dict[str, Any] = field(default_factory=dict)


def read_tree(draft: Draft, lines: list[Line], rules: list[Line]) -> None:
    """Put the tree into the document, each leaf with its rule."""
    nodes = [_Node(line) for line in lines]
    named: dict[str, _Node] = {}
    for node in nodes:
        named.setdefault(str(node.line.values.get("id")), node)
    top = _hang(draft, nodes, named)
    draft.document["tree"] = [_write(draft, node, f"/tree/{index}") for index, node in enumerate(top)]
    _say_cycles(draft, nodes)
    _read_rules(draft, named, rules)


def _hang(draft: Draft, nodes: list[_Node], named: dict[str, _Node]) -> list[_Node]:
    """Hang each node under the one it names, the nearest above it where an id stands twice."""
    top, above = [], dict[str, _Node]()
    for node in nodes:
        parent = node.line.values.get("parent")
        held = above.get(parent) or named.get(parent) if parent else None
        if held is not None:
            held.children.append(node)
        else:
            top.append(node)
            if parent:
                draft.say(node.line, "parent", "", "unknown_parent", id=shown(parent))
        above[str(node.line.values.get("id"))] = node
    return top


def _write(draft: Draft, node: _Node, path: str, depth: int = 1) -> dict[str, Any]:
    line = node.line
    draft.problems += line.fault("parent", path)
    node.path, node.made = path, draft.made_of(path, line, _NODE_KEYS)
    draft.places[f"{path}/rule"] = draft.places[f"{path}/rule/kind"]
    node.made.setdefault("maximum", None)
    if depth == DEEPEST_READ and node.children:
        draft.say(line, "id", path, "nested_too_far", limit=DEEPEST_READ)
        _pass_over(node)
        return node.made
    below = [
        _write(draft, child, f"{path}/children/{index}", depth + 1)
        for index, child in enumerate(node.children)
    ]
    if below:
        node.made["children"] = below
    return node.made


def _pass_over(node: _Node) -> None:
    """Mark what lies in a node as found, though it is not read."""
    waiting = list(node.children)
    while waiting:
        one = waiting.pop()
        one.path = node.path
        waiting += one.children


def _say_cycles(draft: Draft, nodes: list[_Node]) -> None:
    """Report the nodes that no way from the top reaches: they hold one another."""
    for node in nodes:
        if not node.path:
            draft.say(node.line, "parent", "", "parent_cycle", id=shown(node.line.values.get("id", "")))


def _read_rules(draft: Draft, named: dict[str, _Node], lines: list[Line]) -> None:
    above: str | None = None
    for line in lines:
        above = line.values.get("leaf", above)
        node = None if above is None else named.get(above)
        if above is None:
            draft.say(line, "leaf", "", "row_without_id", column=RULE_TABLE.column("leaf").vi)
        elif node is None:
            draft.say(line, "leaf", "", "unknown_leaf_row", id=shown(above))
        elif node.path:
            draft.problems += line.fault("leaf", f"{node.path}/id")
            _parameter(draft, node, line)
            _item(draft, node, line)


def _parameter(draft: Draft, node: _Node, line: Line) -> None:
    """Read the parameter of a row, if it has one."""
    path = f"{node.path}/rule"
    said, value = line.values.get("parameter"), line.values.get("value")
    key = _parameter_key(said)
    if said is None:
        if value is not None:
            draft.say(line, "value", path, "value_without_parameter")
    elif key is None:
        choices = "; ".join(one.vi for one in PARAMETERS.values())
        draft.say(line, "parameter", path, "not_in_list", got=shown(said), choices=choices)
    elif key in node.made.setdefault("rule", {}):
        first = draft.places[f"{path}/{key}"][1]
        draft.say(line, "parameter", path, "parameter_twice", parameter=PARAMETERS[key].vi, first=first)
    else:
        draft.places[f"{path}/{key}"] = (line.sheet, line.cells["value"])
        if value is not None:
            _value(draft, node, line, key)


def _parameter_key(said: CellValue) -> str | None:
    words = {folded(word): key for key, one in PARAMETERS.items() for word in (one.vi, one.en, key)}
    return words.get(folded(said))


def _value(draft: Draft, node: _Node, line: Line, key: str) -> None:
    read = value_of(line.values["value"], PARAMETERS[key])
    node.made["rule"][key] = read.value
    if read.fault:
        draft.say(line, "value", f"{node.path}/rule/{key}", read.fault, **read.places)


def _item(draft: Draft, node: _Node, line: Line) -> None:
    """Read the option, step or group of a row, if it has one."""
    if all(is_blank(line.values.get(key)) for key in _ITEM_KEYS):
        return
    rule = node.made.setdefault("rule", {})
    kind = rule.get("kind")
    listed = LINES.get(kind)
    if listed is None:
        # without a kind the missing kind is what there is to say
        if kind in RULES:
            key = next(key for key in _ITEM_KEYS if key in line.values)
            draft.say(line, key, f"{node.path}/rule", "line_not_for_rule", rule=RULES[kind][0])
        return
    items = rule.setdefault(listed, [])
    path = f"{node.path}/rule/{listed}"
    used = [key for key in _ITEM_KEYS if key in line.values or key in _always(kind)]
    first = "from" if kind == "steps" else "id"
    used.sort(key=lambda key: key != first)
    draft.places.setdefault(path, (line.sheet, line.cells[first]))
    made = draft.made_of(f"{path}/{len(items)}", line, used)
    if kind == "steps":
        made.setdefault("from", None)
        made.setdefault("to", None)
    items.append(made)


def _always(kind: str) -> tuple[str, ...]:
    """Name the columns that have a place even when they are blank."""
    return {
        "choice": ("id", "name.vi", "name.en", "points"),
        "steps": ("from", "to", "includes", "points"),
        "survey": ("id", "name.vi", "name.en", "weight"),
    }[kind]
