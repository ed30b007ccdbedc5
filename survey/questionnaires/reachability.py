"""Can a rule ever be true? Decided exactly, by trying every path that differs for it.

Answers that no rule tells apart are tried once, and items are answered in their order, hidden
ones not at all and required ones always; so a rule that needs the answer to a question nobody
is shown is found dead. The search is bounded and says so when it gives up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from survey.questionnaires.outline import ItemPlace, Outline
from survey.questionnaires.routing import AllOf, AnyOf, Not, OneOf, Rule

MOST_STEPS = 20_000

Choice = str | tuple[str, ...]


class TooComplex(Exception):
    """The search would take too long."""


class Paths:
    """Answer questions about the paths through one outline whose rules look backward."""

    def __init__(self, outline: Outline, rules: Mapping[str, Rule]) -> None:
        """Take the sound rules by the path of the section or item that they show."""
        self._outline = outline
        self._rules = rules

    def can_hold(self, rule: Rule) -> bool:
        """Tell whether some complete answering makes the rule true.

        Raises:
            TooComplex: more than MOST_STEPS partial answers would have to be tried.
        """
        items = self._involved(rule)
        atoms = list(_atoms(rule))
        for item in items:
            atoms += _atoms(self.condition(item))
        return _Search(rule, [self._step(item, atoms) for item in items]).succeeds()

    def condition(self, item: ItemPlace) -> Rule:
        """Give what must hold for an item to be shown: its section's rule and its own."""
        owners = (item.section.path, item.place.path)
        return AllOf(tuple(self._rules[owner] for owner in owners if owner in self._rules))

    def _involved(self, rule: Rule) -> list[ItemPlace]:
        """Collect the items a rule rests on, through the rules that show them, in order."""
        found: dict[str, ItemPlace] = {}
        waiting = list(rule.items())
        while waiting:
            name = waiting.pop()
            if name not in found and name in self._outline.item_by_id:
                found[name] = self._outline.item_by_id[name]
                waiting.extend(self.condition(found[name]).items())
        return sorted(found.values(), key=lambda item: item.position)

    def _step(self, item: ItemPlace, atoms: list[OneOf]) -> _Step:
        scale = self._outline.scale_of(item)
        options = [option.word("id") or "" for option in scale.each("options")] if scale else []
        groups = [atom.options for atom in atoms if atom.item == item.id]
        distinct = {tuple(option in group for group in groups): option for option in options}
        choices = list(_choices(item, list(distinct.values())))
        return _Step(item.id or "", self.condition(item), choices, item.required)


@dataclass(frozen=True, slots=True)
class _Step:
    """One item on the way: when it is shown, and the answers worth trying."""

    item: str
    shown: Rule
    choices: list[Choice]
    required: bool


def _choices(item: ItemPlace, options: list[str]) -> Iterator[Choice]:
    if item.kind == "text":
        yield "text"
    elif item.kind == "multiple":
        most = item.place.whole("max_choices") or len(options)
        for size in range(1, min(most, len(options)) + 1):
            yield from combinations(options, size)
    else:
        yield from options


def _atoms(rule: Rule) -> Iterator[OneOf]:
    match rule:
        case OneOf():
            yield rule
        case AllOf(rules) | AnyOf(rules):
            for part in rules:
                yield from _atoms(part)
        case Not(inner):
            yield from _atoms(inner)


class _Search:
    """Walk the steps depth first until the goal holds."""

    def __init__(self, goal: Rule, steps: list[_Step]) -> None:
        self._goal = goal
        self._steps = steps
        self._tried = 0

    def succeeds(self) -> bool:
        return self._from(0, {})

    def _from(self, position: int, answers: dict[str, Choice]) -> bool:
        self._tried += 1
        if self._tried > MOST_STEPS:
            raise TooComplex
        if position == len(self._steps):
            return self._goal.holds(answers)
        step = self._steps[position]
        return any(self._from(position + 1, after) for after in _after(step, answers))


def _after(step: _Step, answers: dict[str, Choice]) -> Iterator[dict[str, Choice]]:
    shown = step.shown.holds(answers)
    if not shown or not step.required:
        yield answers
    if shown:
        for choice in step.choices:
            yield {**answers, step.item: choice}
