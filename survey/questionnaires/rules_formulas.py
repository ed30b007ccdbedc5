"""Pass 2, formulas: trees whose every leaf can be computed and is counted once.

What an index is worth is computed by `aggregation`; here only whether it is well defined.
"""

from __future__ import annotations

from collections.abc import Iterator

from survey.questionnaires.outline import ItemPlace, Outline, levels_of
from survey.questionnaires.places import Place, whole_number
from survey.questionnaires.problems import Problem, problem
from survey.questionnaires.rules_weights import check_weights


def check_formulas(outline: Outline) -> Iterator[Problem]:
    """Report formulas that name, weigh or count their parts wrongly."""
    named = outline.document.word("default_formula")
    known = {formula.word("id") for formula in outline.formulas}
    if named is not None and outline.formulas and named not in known:
        yield problem("unknown-formula", "default_formula", id=named)
    for formula in outline.formulas:
        for node in outline.nodes(formula):
            yield from _parts(node)
            yield from check_weights(node)
        yield from _leaves(outline, formula)
        yield from _levels(outline, formula)


def _parts(node: Place) -> Iterator[Problem]:
    if not node.data.get("children") and not node.data.get("items"):
        yield problem("empty-node", node.path)


def _leaves(outline: Outline, formula: Place) -> Iterator[Problem]:
    seen: set[str] = set()
    for node in outline.nodes(formula):
        for path, name in node.words("items"):
            item = outline.item_by_id.get(name)
            if item is None:
                yield problem("unknown-item", path, id=name)
            elif name in seen:
                yield problem("item-counted-twice", path, item=name)
            elif not _is_ordinal(outline, item):
                yield problem("item-not-ordinal", path, item=name)
            seen.add(name)


def _is_ordinal(outline: Outline, item: ItemPlace) -> bool:
    scale = outline.scale_of(item)
    if scale is None:  # reported where the item stands, if it should have one
        return item.kind != "text"
    return item.kind == "single" and scale.word("kind") == "ordinal"


def _scales(outline: Outline, formula: Place) -> dict[str, set[int]]:
    """Collect the levels of every scale that a formula's leaves use."""
    found: dict[str, set[int]] = {}
    for node in outline.nodes(formula):
        for _, name in node.words("items"):
            item = outline.item_by_id.get(name)
            scale = outline.scale_of(item) if item else None
            if scale is not None and scale.word("kind") == "ordinal":
                found[scale.word("id") or ""] = levels_of(scale)
    return {id: levels for id, levels in found.items() if levels}


def _levels(outline: Outline, formula: Place) -> Iterator[Problem]:
    measure, given = formula.word("measure"), "levels" in formula.data
    scales = _scales(outline, formula)
    if measure == "mean":
        if given:
            yield problem("levels-unexpected", formula.at("levels"))
        if len({(min(levels), max(levels)) for levels in scales.values()}) > 1:
            yield problem("mixed-scales", formula.at("tree"))
    elif measure == "top_share" and given:
        for scale, levels in scales.items():
            yield from _top(formula, scale, levels)
    elif measure == "top_share":
        yield problem("levels-missing", formula.at("levels"))


def _top(formula: Place, scale: str, levels: set[int]) -> Iterator[Problem]:
    given = ((path, whole_number(level)) for path, level in formula.values("levels"))
    named = [(path, level) for path, level in given if level is not None]
    for path, level in named:
        if level not in levels:
            yield problem("level-outside-scale", path, level=level, scale=scale)
    top = {level for _, level in named if level in levels}
    if top and (top == levels or min(top) < max(levels - top)):
        yield problem("levels-not-top", formula.at("levels"), scale=scale)
