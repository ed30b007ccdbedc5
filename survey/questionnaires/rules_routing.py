"""Pass 2, routing: rules that are well formed, look backward only, and can come true.

Reachability is decided exactly, by `reachability`; this module finds what to ask it.
"""

from __future__ import annotations

from collections.abc import Iterator

from survey.questionnaires.outline import ItemPlace, Outline
from survey.questionnaires.places import Place
from survey.questionnaires.problems import Problem, problem
from survey.questionnaires.reachability import Paths, TooComplex
from survey.questionnaires.routing import Rule, parse_rule


def check_routing(outline: Outline) -> Iterator[Problem]:
    """Report rules that are malformed, name what is not there, look ahead or never hold."""
    rules: dict[str, Rule] = {}
    for place, first in _ruled(outline):
        for data in place.inside("show_if"):
            found = [*_malformed(data), *_references(outline, data, first)]
            yield from found
            rule = parse_rule(data.data)
            if rule is not None and not found:
                rules[place.path] = rule
    yield from _unreachable(outline, rules)


def _ruled(outline: Outline) -> Iterator[tuple[Place, int]]:
    """Give each section and item with the position its rule must look behind."""
    position = 0
    for section in outline.sections:
        yield section, position
        position += len(list(section.each("items")))
    for item in outline.items:
        yield item.place, item.position


def _malformed(rule: Place) -> Iterator[Problem]:
    parts = list(_parts(rule))
    if parts and len(rule.data) == 1:
        for part in parts:
            yield from _malformed(part)
    elif parse_rule(rule.data) is None:
        yield problem("bad-rule", rule.path)


def _parts(rule: Place) -> Iterator[Place]:
    yield from rule.each("all")
    yield from rule.each("any")
    yield from rule.inside("not")


def _references(outline: Outline, rule: Place, first: int) -> Iterator[Problem]:
    for key in ("item", "answered"):
        name = rule.word(key)
        if name is not None:
            yield from _reference(outline, rule, key, name, first)
    for part in _parts(rule):
        yield from _references(outline, part, first)


def _reference(outline: Outline, rule: Place, key: str, name: str, first: int) -> Iterator[Problem]:
    item = outline.item_by_id.get(name)
    if item is None:
        yield problem("unknown-item", rule.at(key), id=name)
        return
    if item.position >= first:
        yield problem("forward-rule", rule.at(key), item=name)
    if key == "item":
        yield from _options(outline, rule, item)


def _options(outline: Outline, rule: Place, item: ItemPlace) -> Iterator[Problem]:
    if item.kind == "text":
        yield problem("not-a-choice", rule.at("item"), item=item.id)
    scale = outline.scale_of(item)
    if scale is None:
        return
    known = {option.word("id") for option in scale.each("options")}
    for path, name in rule.words("in"):
        if name not in known:
            yield problem("unknown-option", path, item=item.id, id=name)


def _unreachable(outline: Outline, rules: dict[str, Rule]) -> Iterator[Problem]:
    """Ask of each sound rule whether it can hold; broken ones count as always true."""
    paths = Paths(outline, rules)
    dead: set[str] = set()
    for section in outline.sections:
        rule = rules.get(section.path)
        if rule is not None and (code := _verdict(paths, rule, "unreachable-section")):
            dead.add(section.path)
            yield problem(code, section.at("show_if"))
    for item in outline.items:
        if item.place.path in rules and item.section.path not in dead:
            code = _verdict(paths, paths.condition(item), "unreachable-item")
            if code:
                yield problem(code, item.place.at("show_if"))


def _verdict(paths: Paths, rule: Rule, code: str) -> str | None:
    try:
        return None if paths.can_hold(rule) else code
    except TooComplex:
        return "routing-too-complex"
