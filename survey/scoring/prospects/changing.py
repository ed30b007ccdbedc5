"""What can be changed in a what-if, and the inputs that are left after it.

Not what the change does to the score (what_if.py). A change that does not fit is refused with the
path to it: leaf/group/item/option.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from survey.scoring.criteria import CriteriaSet, Criterion
from survey.scoring.errors import RefusedInputs
from survey.scoring.inputs import LeafInput, Measured, MeasuredGroups
from survey.scoring.problems import Problem, problem
from survey.scoring.prospects.shares import Items, ItemShares, mean_of
from survey.scoring.rules import Rule
from survey.scoring.rules_measured import ExternalIndex, SurveyMean


@dataclass(frozen=True, slots=True)
class NewInput:
    """Give a leaf, or an exempted node, another input; None takes its input away."""

    leaf: str
    given: LeafInput | None


@dataclass(frozen=True, slots=True)
class NewGroupMean:
    """Move the mean of one group of a survey leaf; group "" where the leaf has one estimate."""

    leaf: str
    value: float
    group: str = ""


@dataclass(frozen=True, slots=True)
class NewShare:
    """Move the share of one option of one item; `taken_from` gives way, else all others in proportion.

    Other leaves that draw on the same item of the same survey of the set move with it.
    """

    leaf: str
    item: str
    option: str
    share: float
    group: str = ""
    taken_from: str | None = None

    @property
    def path(self) -> str:
        return "/".join(word for word in (self.leaf, self.group, self.item, self.option) if word)


Change: TypeAlias = NewInput | NewGroupMean | NewShare
Inputs: TypeAlias = Mapping[str, LeafInput]


def changed_inputs(
    criteria_set: CriteriaSet, inputs: Inputs, changes: Iterable[Change], items: Items
) -> dict[str, LeafInput]:
    """Apply changes in their order.

    Raises:
        RefusedInputs: with every change that fits no leaf, group, item or option.
    """
    desk = Desk({node.id: node for node in criteria_set.walk()}, dict(inputs), dict(items), [])
    for change in changes:
        desk.apply(change)
    if desk.problems:
        raise RefusedInputs(desk.problems)
    return desk.inputs


@dataclass(slots=True)
class Desk:
    """The inputs and items as changed so far, and what was refused."""

    nodes: Mapping[str, Criterion]
    inputs: dict[str, LeafInput]
    items: dict[tuple[str, str], Sequence[ItemShares]]
    problems: list[Problem]

    def apply(self, change: Change) -> None:
        if change.leaf not in self.nodes:
            self.problems.append(problem(change.leaf, "unknown_leaf", id=change.leaf))
        elif isinstance(change, NewInput):
            self.set(change)
        elif isinstance(change, NewGroupMean):
            self.move(change.leaf, change.group, change.value)
        else:
            self.share(change)

    def set(self, change: NewInput) -> None:
        if change.given is None:
            self.inputs.pop(change.leaf, None)
        else:
            self.inputs[change.leaf] = change.given

    def move(self, leaf: str, group: str, value: float) -> None:
        given = self.inputs.get(leaf)
        if isinstance(given, Measured) and not group:
            self.inputs[leaf] = replace(given, value=value)
        elif isinstance(given, MeasuredGroups) and group in given.groups:
            moved = {**given.groups, group: replace(given.groups[group], value=value)}
            self.inputs[leaf] = replace(given, groups=moved)
        else:
            self.problems.append(problem(f"{leaf}/{group}".rstrip("/"), "unknown_group", id=group))

    def share(self, change: NewShare) -> None:
        """Move a share in the leaf named and in every other leaf that draws on the same item."""
        before = len(self.problems)
        self.share_in(change)
        for leaf in self.sharing(change) if len(self.problems) == before else ():
            self.share_in(replace(change, leaf=leaf))

    def sharing(self, change: NewShare) -> list[str]:
        """Find the other leaves that take the item from the same survey of the set."""
        rule = self.nodes[change.leaf].rule
        if not isinstance(rule, SurveyMean) or not rule.survey:
            return []
        return [
            leaf
            for leaf, group in self.items
            if leaf != change.leaf
            and group == change.group
            and leaf in self.nodes
            and draws_on(self.nodes[leaf].rule, rule.survey)
            and any(item.id == change.item for item in self.items[leaf, group])
        ]

    def share_in(self, change: NewShare) -> None:
        items = self.items.get((change.leaf, change.group), ())
        item = next((one for one in items if one.id == change.item), None)
        if item is None:
            self.problems.append(problem(change.path, "unknown_item", id=change.item))
            return
        refused = item.refuse(change.path, change.option, change.share, change.taken_from)
        if refused:
            self.problems.append(refused)
            return
        moved = item.with_share(change.option, change.share, change.taken_from)
        after = [moved if one is item else one for one in items]
        self.shift(change, mean_of(items), mean_of(after))
        self.items[change.leaf, change.group] = after

    def shift(self, change: NewShare, before: float | None, after: float | None) -> None:
        """Move the group's mean by what the items' mean moves, within its scale."""
        value = self.value(change.leaf, change.group)
        if value is None:
            self.problems.append(problem(change.path, "unknown_group", id=change.group))
        elif before is None or after is None:
            self.problems.append(problem(change.path, "no_share_left"))
        else:
            scale = self.scale(change.leaf)
            self.move(change.leaf, change.group, min(max(value + scale * (after - before), 0.0), scale))

    def value(self, leaf: str, group: str) -> float | None:
        given = self.inputs.get(leaf)
        if isinstance(given, MeasuredGroups):
            return given.groups[group].value if group in given.groups else None
        return given.value if isinstance(given, Measured) and not group else None

    def scale(self, leaf: str) -> float:
        rule = self.nodes[leaf].rule
        return rule.scale if isinstance(rule, ExternalIndex) else 1.0


def draws_on(rule: Rule | None, survey: str) -> bool:
    return isinstance(rule, SurveyMean) and rule.survey == survey
