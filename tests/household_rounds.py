"""Rounds of households, asked at home in two strata of four clusters each.

Not the people of the demonstration: answers are drawn without a thought, with gaps.
"""

from __future__ import annotations

import random
from typing import Any

from survey.questionnaires import load_shipped, on_path
from survey.services.clock import Clock
from survey.storage.store import Store
from tests.rounds import COMMUNES, answer, make_round, somebody

HOUSEHOLDS = load_shipped("sipas-households-2024")


def fill(store: Store, clock: Clock, code: str, count: int = 24, questionnaire: Any = HOUSEHOLDS) -> None:
    """Send forms in two strata of four clusters each, with gaps."""
    chance = random.Random(code)
    for number in range(count):
        raw = {}
        for item in questionnaire.items:
            if item.kind == "single" and item.scale and (item.required or chance.random() < 0.8):
                raw[item.id] = chance.choice(item.scale.options).id
        unit = COMMUNES[number % 2]
        who = somebody(
            code,
            unit_id=unit,
            channel="tablet",
            evidence="A",
            stratum=unit,
            psu=str(number // 2 % 4),
            base_weight=1.0 + number % 3,
        )
        answer(store, clock, code, dict(on_path(questionnaire, raw)), who)


def household_round(store: Store, clock: Clock, **changes: Any) -> str:
    """Make a round of households asked at home, and give its code."""
    return make_round(
        store,
        clock,
        **{"code": "sipas", "questionnaire": HOUSEHOLDS, "entry": "open", "counted_grades": "A", **changes},
    )
