"""Which questions follow from which answers: rules as data, evaluated in this one place.

A rule is a small frozen tree. It looks at answers given before, never at anything else; whether
it points backward and can ever be true is proved by `rules_routing`, not here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Given = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class OneOf:
    """True when the answer to an item is, or contains, one of these options."""

    item: str
    options: frozenset[str]

    def holds(self, answers: Given) -> bool:
        chosen = answers.get(self.item)
        if chosen is None:
            return False
        return chosen in self.options if isinstance(chosen, str) else not self.options.isdisjoint(chosen)

    def items(self) -> frozenset[str]:
        return frozenset((self.item,))


@dataclass(frozen=True, slots=True)
class Answered:
    """True when an item has any answer, "don't know" included."""

    item: str

    def holds(self, answers: Given) -> bool:
        return self.item in answers

    def items(self) -> frozenset[str]:
        return frozenset((self.item,))


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every part is true."""

    rules: tuple[Rule, ...]

    def holds(self, answers: Given) -> bool:
        return all(rule.holds(answers) for rule in self.rules)

    def items(self) -> frozenset[str]:
        return frozenset[str]().union(*(rule.items() for rule in self.rules))


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one part is true."""

    rules: tuple[Rule, ...]

    def holds(self, answers: Given) -> bool:
        return any(rule.holds(answers) for rule in self.rules)

    def items(self) -> frozenset[str]:
        return frozenset[str]().union(*(rule.items() for rule in self.rules))


@dataclass(frozen=True, slots=True)
class Not:
    """True when its part is not; so also true when the item was not answered."""

    rule: Rule

    def holds(self, answers: Given) -> bool:
        return not self.rule.holds(answers)

    def items(self) -> frozenset[str]:
        return self.rule.items()


Rule = OneOf | Answered | AllOf | AnyOf | Not


def parse_rule(data: object) -> Rule | None:
    """Read a rule from its JSON form; None when it has no such form (`bad-rule`)."""
    if not isinstance(data, dict):
        return None
    match data:
        case {"item": str(item), "in": [*options]} if len(data) == 2:
            known = frozenset(option for option in options if isinstance(option, str))
            return OneOf(item, known) if options and len(known) == len(options) else None
        case {"answered": str(item)} if len(data) == 1:
            return Answered(item)
        case {"not": inner} if len(data) == 1:
            negated = parse_rule(inner)
            return None if negated is None else Not(negated)
        case {"all": [*parts]} | {"any": [*parts]} if len(data) == 1:
            return _parse_group("all" in data, parts)
    return None


def _parse_group(every: bool, parts: Sequence[object]) -> Rule | None:
    rules = tuple(rule for rule in map(parse_rule, parts) if rule is not None)
    if not parts or len(rules) != len(parts):
        return None
    return AllOf(rules) if every else AnyOf(rules)
