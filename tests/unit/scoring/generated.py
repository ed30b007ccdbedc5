"""Criteria sets of any shape and inputs of any kind, drawn by hypothesis.

Not golden values. Every set passes the checker; inputs may be missing, exempted, extreme or, where
asked for, refused.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from survey.scoring import (
    ChosenOption,
    Count,
    CriteriaSet,
    LeafInput,
    Measured,
    MeasuredGroups,
    NotApplicable,
    Points,
    Rate,
)
from survey.scoring.criteria import Criterion
from survey.scoring.loading import read_set
from survey.scoring.refusals import is_exempt
from tests.unit.scoring import sample

Json = dict[str, Any]
MAXIMA = (0.1, 0.25, 0.35, 0.5, 1.0, 1.5, 2.75, 10.0)
SHARES = (0.0, 0.1, 0.3, 1 / 3, 0.5, 0.7, 0.75, 0.9, 1.0)


def choice(dice: random.Random, maximum: float) -> Json:
    options = [(name, maximum * part) for name, part in (("a", 1.0), ("b", 0.5), ("c", 0.0))]
    return {
        "kind": "choice",
        "options": [{"id": name, "name": sample.text(name), "points": points} for name, points in options],
    }


def steps(dice: random.Random, maximum: float) -> Json:
    boundary = dice.choice(["lower", "upper"])
    ends = [None, 10, 50, 90, None]
    worth = [0.0, maximum / 4, maximum / 2, maximum]
    if dice.random() < 0.3:
        worth.reverse()
    spans = [{"from": ends[at], "to": ends[at + 1], "points": worth[at]} for at in range(4)]
    return {"kind": "steps", "of": dice.choice(["percent", "count"]), "boundary": boundary, "steps": spans}


def normalised(dice: random.Random, maximum: float) -> Json:
    rule: Json = {"kind": "normalised", "better": dice.choice(["higher", "lower"])}
    return rule | (dice.choice([{"to": "best"}, {"to": "target", "target": 40}]))


def survey(dice: random.Random, maximum: float) -> Json:
    names = ["leaders", "delegates", "staff"][: dice.randint(1, 3)]
    if dice.random() < 0.5:
        return {"kind": "survey", "weighting": "pooled", "groups": sample.groups(*names)}
    parts = {1: [1.0], 2: [0.7, 0.3], 3: [0.5, 0.3, 0.2]}[len(names)]
    weights = dict(zip(names, parts, strict=True))
    return {"kind": "survey", "weighting": "weights", "groups": sample.groups(*names, **weights)}


def index(dice: random.Random, maximum: float) -> Json:
    return {"kind": "external_index", "index": "sipas", "scale": dice.choice([100, 5])}


RULES: dict[str, Any] = {
    "direct": lambda dice, maximum: {"kind": "direct"},
    "choice": choice,
    "steps": steps,
    "linear": lambda dice, maximum: {"kind": "linear", "full_at": dice.choice([100, 95])},
    "threshold_linear": lambda dice, maximum: {"kind": "threshold_linear", "threshold": 60},
    "count": lambda dice, maximum: {"kind": "count", "each": 0.3},
    "normalised": normalised,
    "external_index": index,
    "survey": survey,
}
EVERY_KIND = (*RULES, "bonus_penalty")


class Maker:
    """Draws one document: a tree of up to four levels, bonus leaves, and a cut in three parts."""

    def __init__(self, dice: random.Random, *, exemptions: bool, kinds: Sequence[str]) -> None:
        self.dice, self.exemptions, self.kinds = dice, exemptions, kinds
        self.leaves: list[Json] = []

    def leaf(self, name: str) -> Json:
        maximum: float | None = self.dice.choice(MAXIMA)
        made = sample.leaf(
            name,
            maximum,
            RULES[self.dice.choice([kind for kind in self.kinds if kind in RULES])](self.dice, maximum),
        )
        made["exemptible"] = self.exemptions and self.dice.random() < 0.5
        made["parts"] = [f"p{self.dice.randint(0, 2)}"]
        self.leaves.append(made)
        return made

    def node(self, name: str, depth: int) -> Json:
        if depth > 3 or self.dice.random() < 0.35:
            return self.leaf(name)
        children = [self.node(f"{name}.{at}", depth + 1) for at in range(self.dice.randint(1, 3))]
        maximum = math.fsum(child["maximum"] for child in children)
        exemptible = self.exemptions and self.dice.random() < 0.5
        return sample.node(name, maximum, *children, exemptible=exemptible)

    def bonus(self, name: str) -> Json:
        highest = self.dice.choice([0.5, 3.0])
        rule = {
            "kind": "bonus_penalty",
            "each": self.dice.choice([0.5, -0.5]),
            "lowest": -2,
            "highest": highest,
        }
        return sample.leaf(name, highest, rule, outside_base=True, exemptible=self.exemptions)

    def document(self) -> Json:
        tree = [self.node(str(at), 1) for at in range(self.dice.randint(1, 4))]
        if "bonus_penalty" in self.kinds:
            tree += [self.bonus(f"bonus-{at}") for at in range(self.dice.randint(0, 2))]
        base = math.fsum(node["maximum"] for node in tree if not node.get("outside_base"))
        more: Json = {"bounded": self.dice.random() < 0.7, "cuts": [self.cut()]}
        if base < math.fsum(node["maximum"] for node in tree) and self.dice.random() < 0.5:
            more["bonus_limits"] = {"lowest": -1, "highest": 1}
        return sample.document(*tree, base=base, **more)

    def cut(self) -> Json:
        complete = self.dice.random() < 0.6
        parts = []
        for name in ("p0", "p1", "p2"):
            held = math.fsum(leaf["maximum"] for leaf in self.leaves if name in leaf["parts"])
            maximum = held if complete else held + self.dice.choice([0.0, 2.0])
            parts.append(
                {"id": name, "name": sample.text(name), "maximum": maximum, "confidence": "illustration"}
            )
        return {"id": "blocks", "name": sample.text("blocks"), "complete": complete, "parts": parts}


@st.composite
def documents(
    draw: st.DrawFn, *, exemptions: bool = True, kinds: Sequence[str] = EVERY_KIND
) -> dict[str, Any]:
    """Draw the document of a criteria set with some kinds of rules."""
    dice = draw(st.randoms(use_true_random=False))
    return Maker(dice, exemptions=exemptions, kinds=kinds).document()


def criteria_sets(
    *, exemptions: bool = True, kinds: Sequence[str] = EVERY_KIND
) -> st.SearchStrategy[CriteriaSet]:
    """Draw a criteria set; it is not checked again each time, a test holds that all of them pass."""
    return documents(exemptions=exemptions, kinds=kinds).map(lambda made: read_set(made, "generated"))


def an_input(leaf: Criterion, dice: random.Random) -> LeafInput:
    """Draw an input that the leaf's rule takes, at its ends more often than by chance."""
    rule, share = leaf.rule, dice.choice([*SHARES, dice.random()])
    assert rule is not None
    if rule.kind in ("external_index", "survey"):
        return a_survey(rule, dice, share)
    simulated = dice.random() < 0.1
    if rule.kind == "direct":
        return Points((leaf.maximum or 5) * share, simulated=simulated)
    if rule.kind == "choice":
        return ChosenOption(dice.choice("abc"), simulated=simulated)
    if rule.kind == "bonus_penalty" and dice.random() < 0.5:
        return Points(rule.lowest + share * (rule.highest - rule.lowest), simulated=simulated)
    if takes_rate(rule, dice):
        numerator, denominator = dice.choice([(10, 100), (45, 50), (90, 100), (120, 100), (share * 7, 7)])
        return Rate(numerator, denominator, simulated=simulated)
    return Count(dice.choice([0, 1, 10, 50, 90, share * 40]), simulated=simulated)


def takes_rate(rule: Any, dice: random.Random) -> bool:
    if rule.kind == "steps":
        return bool(rule.of == "percent")
    return rule.kind in ("linear", "threshold_linear") or (rule.kind == "normalised" and dice.random() < 0.3)


def a_survey(rule: Any, dice: random.Random, share: float) -> LeafInput:
    """Draw estimates, now and then of not every group."""
    if rule.kind == "external_index":
        return measured(dice, share * rule.scale, rule.scale / 50)
    names = list(rule.groups)
    if len(names) == 1 and dice.random() < 0.5:
        return measured(dice, share, 0.02)
    kept = names if dice.random() < 0.9 else names[1:]
    held = {name: measured(dice, dice.choice(SHARES), 0.02) for name in kept}
    return MeasuredGroups(held, simulated=dice.random() < 0.1)


def measured(dice: random.Random, value: float, se: float) -> Measured:
    return Measured(
        value,
        se=dice.choice([None, 0.0, se, se * dice.random()]) if dice.random() < 0.2 else se,
        df=dice.choice([None, 0, 12, 80]) if dice.random() < 0.3 else 40,
        n=dice.randint(1, 400),
        survey=dice.choice(["", "s1", "s2", "s3"]),
        simulated=dice.random() < 0.05,
    )


def unit_inputs(kept: CriteriaSet, dice: random.Random, *, missing: float = 0.05) -> dict[str, LeafInput]:
    """Draw what one unit gives; some leaves are missing, some nodes exempted."""
    given: dict[str, LeafInput] = {}
    for node in kept.tree:
        fill(node, dice, given, missing)
    if all(is_exempt(node, given) for node in kept.tree if not node.outside_base):
        given = {leaf.id: an_input(leaf, dice) for leaf in kept.leaves()}
    return given


def fill(node: Criterion, dice: random.Random, given: dict[str, LeafInput], missing: float) -> None:
    if node.exemptible and dice.random() < 0.1:
        given[node.id] = NotApplicable("minh họa", simulated=dice.random() < 0.1)
        return
    for child in node.children:
        fill(child, dice, given, missing)
    if node.is_leaf and dice.random() >= missing:
        given[node.id] = an_input(node, dice)
