"""A simulator of people: plausible answers from a seed, said to be simulated wherever they go.

Not a model of anybody: it makes responses that differ by unit, cluster and person, some of them
with gaps, so that every room downstream has real work.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from survey.questionnaires import Item, Questionnaire, Scale, on_path

BLANK_RATE = 0.03
OUTSIDE_RATE = 0.04
COMMENTS = (
    "(mô phỏng) Cán bộ hướng dẫn nhiệt tình.",
    "(mô phỏng) Chờ hơi lâu, cần thêm ghế ngồi.",
    "(mô phỏng) Giấy tờ yêu cầu còn nhiều.",
)


@dataclass(frozen=True, slots=True)
class Mood:
    """How content people are: 0 is the middle of a scale, 1 clearly above it."""

    base: float
    unit_spread: float = 0.35
    cluster_spread: float = 0.25
    person_spread: float = 0.6
    item_spread: float = 0.25

    def of_unit(self, seed: str) -> float:
        return self.base + random.Random(f"unit {seed}").gauss(0, self.unit_spread)

    def of_cluster(self, unit_mood: float, seed: str) -> float:
        return unit_mood + random.Random(f"cluster {seed}").gauss(0, self.cluster_spread)


class Simulator:
    """Answers one questionnaire for many made-up people; the same seed gives the same answers."""

    def __init__(self, questionnaire: Questionnaire, mood: Mood, seed: str) -> None:
        self._questionnaire = questionnaire
        self._mood = mood
        chance = random.Random(f"{seed} items")
        self._lift = {item.id: chance.gauss(0, mood.item_spread) for item in questionnaire.items}

    def answers(self, cluster_mood: float, seed: str) -> Mapping[str, object]:
        """Answer the whole questionnaire as one person; skipped branches are left out."""
        chance = random.Random(f"person {seed}")
        feeling = cluster_mood + chance.gauss(0, self._mood.person_spread)
        given: dict[str, object] = {}
        for item in self._questionnaire.items:
            answer = self._answer(item, feeling, chance)
            if answer is not None:
                given[item.id] = answer
        return on_path(self._questionnaire, given)  # type: ignore[arg-type]  # texts and lists of texts only

    def _answer(self, item: Item, feeling: float, chance: random.Random) -> object:
        if item.scale is None:
            return chance.choice(COMMENTS) if chance.random() < 0.1 else None
        if not item.required and chance.random() < BLANK_RATE:
            return None
        if item.kind == "multiple":
            return _several(item, item.scale, chance)
        if item.scale.kind == "nominal":
            return chance.choice(item.scale.options).id
        return _level(item.scale, feeling + self._lift[item.id], chance)


def simulated_id(seed: str) -> UUID:
    """Make the same 128-bit id from the same seed."""
    return UUID(int=random.Random(f"id {seed}").getrandbits(128))


def _several(item: Item, scale: Scale, chance: random.Random) -> list[str] | None:
    options = [option.id for option in scale.options if not option.excluded]
    most = min(item.max_choices or len(options), 3)
    count = chance.randint(0, most)
    chosen = set(chance.sample(options, count))
    return [option for option in options if option in chosen] or None


def _level(scale: Scale, feeling: float, chance: random.Random) -> str:
    outside = [option.id for option in scale.options if option.excluded]
    if outside and chance.random() < OUTSIDE_RATE:
        return chance.choice(outside)
    levels = sorted((option for option in scale.options if option.value is not None), key=_value)
    # A feeling of 0 with its noise falls in the middle of the scale; ±2 reach its ends.
    place = 1 / (1 + math.exp(-(feeling + chance.gauss(0, 0.7))))
    return levels[min(int(place * len(levels)), len(levels) - 1)].id


def _value(option: object) -> int:
    return int(getattr(option, "value", 0))
