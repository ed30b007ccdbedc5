"""Rounds of the demonstration's plan, filled by its simulator.

Not the whole demonstration, which also computes, scores and prints (survey/services/demo).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey.questionnaires import load_shipped
from survey.services.clock import Clock
from survey.services.demo.fill import fill_round
from survey.services.demo.plan import Plan
from survey.storage.store import Store


def fill_planned(store: Store, clock: Clock, plan: Plan, wanted: Mapping[str, Any]) -> None:
    """Make one round of a plan with its simulated forms."""
    fill_round(
        store=store,
        clock=clock,
        plan=plan,
        wanted=wanted,
        questionnaire=load_shipped(wanted["questionnaire"]),
        progress=lambda *_: None,
    )
