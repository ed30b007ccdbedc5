"""Building the frozen questionnaire from a document that the checker found sound.

It assumes soundness and checks nothing; only `loading` calls it.
"""

from __future__ import annotations

from collections.abc import Mapping

from survey.questionnaires.formulas import Formula, FormulaNode, leaf_items
from survey.questionnaires.places import Json
from survey.questionnaires.questionnaire import (
    Item,
    Option,
    Questionnaire,
    Scale,
    Section,
    Source,
    Status,
)
from survey.questionnaires.routing import parse_rule
from survey.questionnaires.texts import Text

DEFAULT_MAX_LENGTH = 1000

Data = dict[str, Json]


def build(document: Data, *, raw: bytes, sha256: str) -> Questionnaire:
    """Make the questionnaire of a sound document."""
    scales = {scale.id: scale for scale in map(_scale, document["scales"])}
    sections = tuple(_section(data, scales) for data in document["sections"])
    items = {item.id: item for section in sections for item in section.items}
    return Questionnaire(
        schema_version=int(document["schema_version"]),
        id=document["id"],
        version=document["version"],
        sha256=sha256,
        populations=tuple(document["populations"]),
        languages=tuple(document["languages"]),
        title=Text.of(document["title"]),
        intro=Text.of(document["intro"]),
        status=_status(document["status"]),
        sources=tuple(map(_source, document["sources"])),
        scales=tuple(scales.values()),
        sections=sections,
        formulas=tuple(_formula(data, items) for data in document["formulas"]),
        default_formula=document["default_formula"],
        raw=raw,
    )


def _text(data: Data, key: str) -> Text | None:
    return Text.of(data[key]) if key in data else None


def _status(data: Data) -> Status:
    return Status(data["official"], Text.of(data["note"]), data.get("decision"))


def _source(data: Data) -> Source:
    return Source(data["title"], data.get("url"), Text.of(data["used_for"]))


def _scale(data: Data) -> Scale:
    return Scale(data["id"], data["kind"], data.get("direction"), tuple(map(_option, data["options"])))


def _option(data: Data) -> Option:
    value = int(data["value"]) if "value" in data else None
    return Option(data["id"], value, Text.of(data["label"]), data.get("face"), data.get("excluded") is True)


def _section(data: Data, scales: Mapping[str, Scale]) -> Section:
    return Section(
        id=data["id"],
        title=Text.of(data["title"]),
        intro=_text(data, "intro"),
        items=tuple(_item(item, scales) for item in data["items"]),
        show_if=parse_rule(data.get("show_if")),
    )


def _item(data: Data, scales: Mapping[str, Scale]) -> Item:
    length = int(data.get("max_length", DEFAULT_MAX_LENGTH)) if data["kind"] == "text" else None
    return Item(
        id=data["id"],
        kind=data["kind"],
        text=Text.of(data["text"]),
        hint=_text(data, "hint"),
        scale=scales[data["scale"]] if "scale" in data else None,
        required=data.get("required") is True,
        show_if=parse_rule(data.get("show_if")),
        max_length=length,
        max_choices=int(data["max_choices"]) if "max_choices" in data else None,
        role=data["role"],
    )


def _formula(data: Data, items: Mapping[str, Item]) -> Formula:
    root = _node(data["tree"])
    return Formula(
        id=data["id"],
        title=Text.of(data["title"]),
        measure=data["measure"],
        levels=tuple(sorted(map(int, data.get("levels", ())))),
        status=Text.of(data["status"]),
        root=root,
        scale_range=(0.0, 1.0) if data["measure"] == "top_share" else _scale_range(root, items),
    )


def _scale_range(root: FormulaNode, items: Mapping[str, Item]) -> tuple[float, float]:
    scales = [scale for id in leaf_items(root) if (scale := items[id].scale) is not None]
    low, high = scales[0].range
    return float(low), float(high)


def _node(data: Data) -> FormulaNode:
    children = tuple(map(_node, data.get("children", ())))
    items = tuple(data.get("items", ()))
    weights = data.get("weights", {})
    return FormulaNode(
        id=data["id"],
        title=Text.of(data["title"]),
        combine=data["combine"],
        children=children,
        items=items,
        weights=tuple(float(weights[id]) for id in (*(child.id for child in children), *items) if weights),
    )
