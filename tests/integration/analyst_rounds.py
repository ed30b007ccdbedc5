"""Rounds for the analysts' commands and pages: units that differ, clusters, and responses to look at.

Not the demonstration: seven agencies, of which one has too few forms and one a single cluster, so no
interval; one commune-sized questionnaire of 22 items; five people who say the best of everything, and one
form copied.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date

from survey.questionnaires import Questionnaire, load_shipped
from survey.services.clock import Clock
from survey.services.rounds import JudgedUnit
from survey.services.snapshots import Frozen, freeze_snapshot
from survey.storage.store import Store
from tests.filled_forms import FilledForm, add_forms
from tests.rounds import make_round

#: Agencies with how content their people are.
UNITS: Mapping[str, float] = {
    "a68-noi-vu": 1.3,
    "a68-tai-chinh": 0.9,
    "a68-tu-phap": 0.6,
    "a68-xay-dung": 0.3,
    "a68-cong-thuong": 0.0,
    "a68-y-te": -0.4,
    "a68-thanh-tra": -0.6,
}
#: Fewer than 30 forms; one cluster only.
FEW, ONE_CLUSTER = "a68-y-te", "a68-thanh-tra"
CLUSTERS, PEOPLE = 6, 8
#: How many people, in the first unit, say the best of everything.
CONTENT = 5
#: A unit whose last form is a copy of the one before it.
COPIED = "a68-xay-dung"
USERS = load_shipped("sipas-service-users-2017")


def freeze_round(
    store: Store,
    clock: Clock,
    code: str,
    *,
    units: Mapping[str, float] = UNITS,
    questionnaire: Questionnaire = USERS,
    population: str = "organisations",
    year: int = 2026,
    shift: float = 0.0,
    seed: str = "",
) -> Frozen:
    """Make a simulated round, fill it, the same every time for a seed, and freeze it."""
    make_round(
        store,
        clock,
        code=code,
        title=("Đợt phân tích (mô phỏng)", "A round to analyse (simulated)"),
        questionnaire=questionnaire,
        population=population,
        entry="open",
        counted_grades="A",
        units=[JudgedUnit(unit, "Cơ quan", 60) for unit in units],
        opens_on=date(year, 1, 1),
        closes_on=date(year, 12, 31),
        simulated=True,
    )
    chance = random.Random(seed or code)
    forms = (
        FilledForm(unit, f"{unit}/{cluster}", raw, base_weight=1.0 + cluster % 3)
        for unit, mood in units.items()
        for cluster, raw in _forms(questionnaire, chance, unit, mood + shift)
    )
    day = date(year, 3, 2)
    add_forms(store, code, questionnaire, forms, chance, channel="tablet", evidence="A", day=day)
    return freeze_snapshot(store=store, clock=clock, round_code=code, actor="tests")


def _forms(
    questionnaire: Questionnaire, chance: random.Random, unit: str, mood: float
) -> Iterator[tuple[int, dict[str, str]]]:
    clusters = 1 if unit == ONE_CLUSTER else CLUSTERS
    people = {FEW: 3, ONE_CLUSTER: CLUSTERS * PEOPLE}.get(unit, PEOPLE)
    form: dict[str, str] = {}
    for cluster in range(clusters):
        of_cluster = mood + chance.gauss(0, 0.2)
        for person in range(people):
            best = unit == next(iter(UNITS)) and cluster == 0 and person < CONTENT
            last = unit == COPIED and cluster == clusters - 1 and person == people - 1
            form = form if last else _answers(questionnaire, chance, of_cluster + chance.gauss(0, 0.5), best)
            yield cluster, form


def _answers(questionnaire: Questionnaire, chance: random.Random, mood: float, best: bool) -> dict[str, str]:
    raw = {}
    for item in questionnaire.items:
        if item.kind != "single" or item.scale is None or item.show_if is not None:
            continue
        if item.scale.kind == "nominal":
            raw[item.id] = chance.choice(item.scale.options).id
        elif best or item.required or chance.random() > 0.04:
            low, high = item.scale.range
            middle = (low + high) / 2 + mood + chance.gauss(0, 0.8)
            value = high if best else min(max(round(middle), low), high)
            raw[item.id] = next(option for option, one in item.scale.values.items() if one == value)
    return raw
