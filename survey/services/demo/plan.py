"""The demonstration's plan: which rounds, how many people, which units. Data, read from plan.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from survey.units import Unit, load_units

#: What the responses of a demonstration are about: the day its units stand.
_PLAN = Path(__file__).with_name("plan.json")


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole demonstration."""

    province: Unit
    year: int
    opens_on: date
    closes_on: date
    seed: str
    rounds: tuple[Mapping[str, Any], ...]
    score: Mapping[str, Any]

    def judged(self, which: str) -> tuple[Unit, ...]:
        """List the units a round judges: the province, its communes or its agencies."""
        if which == "province":
            return (self.province,)
        level = {"communes": "commune", "agencies": "agency"}[which]
        below = load_units().children(self.province.id, self.opens_on)
        return tuple(unit for unit in below if unit.level == level)


@cache
def read_plan() -> Plan:
    """Read the plan that ships with the code."""
    raw = json.loads(_PLAN.read_text())
    opens_on = date.fromisoformat(raw["opens_on"])
    return Plan(
        province=load_units().find(raw["province"], as_of=opens_on, level="province"),
        year=raw["year"],
        opens_on=opens_on,
        closes_on=date.fromisoformat(raw["closes_on"]),
        seed=raw["seed"],
        rounds=tuple(raw["rounds"]),
        score=raw["score"],
    )
