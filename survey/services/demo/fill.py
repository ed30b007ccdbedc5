"""Filling a round with simulated responses, drawn by the sampling room and checked like any other."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from survey.questionnaires import Questionnaire, answers_sha256, read_answers
from survey.sampling import Frame, FrameUnit, SecondStage, base_weights, draw
from survey.services.clock import Clock, day_in_vietnam
from survey.services.demo.plan import Plan
from survey.services.demo.simulator import Mood, Simulator, simulated_id
from survey.services.rounds import JudgedUnit, NewRound, create_round, set_status
from survey.storage import responses, rounds
from survey.storage.store import Store
from survey.units import KIND_NAMES, Unit

#: Called with what is being done, how much is done and how much there is.
Progress = Callable[[str, int, int], None]
ACTOR = "survey demo"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Place:
    """One simulated person's place in the design."""

    seed: str
    unit_id: str
    stratum: str
    psu: str
    base_weight: float


def fill_round(
    *,
    store: Store,
    clock: Clock,
    plan: Plan,
    wanted: Mapping[str, Any],
    questionnaire: Questionnaire,
    progress: Progress,
) -> int:
    """Make one round of the plan and fill it; a round that is there already is left as it is.

    Returns:
        how many responses were added.
    """
    with store.reading() as session:
        if rounds.round_by_code(session, wanted["code"]) is not None:
            return 0
    units = plan.judged(wanted["judged"])
    places = tuple(_places(plan, wanted, units))
    create_round(store=store, clock=clock, new=_new_round(plan, wanted, questionnaire, units), actor=ACTOR)
    set_status(store=store, clock=clock, code=wanted["code"], status="open", actor=ACTOR)
    simulator = Simulator(questionnaire, Mood(wanted["mood"]), f"{plan.seed} {wanted['code']}")
    moods = _Moods(Mood(wanted["mood"]), plan.seed)
    with store.reading() as session:
        round_ = rounds.round_by_code(session, wanted["code"])
    assert round_ is not None, "the round was just made"
    day = day_in_vietnam(clock.now())
    for start in range(0, len(places), _BATCH):
        batch = places[start : start + _BATCH]
        rows = [
            _row(
                round_.id,
                questionnaire,
                wanted["sample"],
                place,
                simulator.answers(moods.of(place), place.seed),
            )
            | {"day_received": day}
            for place in batch
        ]
        with store.transaction() as session:
            responses.add_responses(session, rows)
        progress(wanted["title"]["vi"], start + len(batch), len(places))
    return len(places)


class _Moods:
    """The mood of each place's cluster, made once."""

    def __init__(self, mood: Mood, seed: str) -> None:
        self._mood, self._seed = mood, seed
        self._of: dict[tuple[str, str], float] = {}

    def of(self, place: Place) -> float:
        key = (place.stratum, place.psu)
        if key not in self._of:
            unit = self._mood.of_unit(f"{self._seed} {place.unit_id}")
            self._of[key] = self._mood.of_cluster(unit, f"{self._seed} {place.stratum} {place.psu}")
        return self._of[key]


def _places(plan: Plan, wanted: Mapping[str, Any], units: tuple[Unit, ...]) -> Iterator[Place]:
    sample = wanted["sample"]
    if "groups" in sample:
        yield from _ballots(plan, wanted, units[0])
        return
    frame, listed = _frame(plan, wanted, units)
    drawn = draw(frame, {unit.id: sample["clusters"] for unit in units}, f"{plan.seed} {wanted['code']}")
    second = {unit.id: SecondStage(listed[unit.id], sample["people"]) for unit in drawn.units}
    for cluster in base_weights(drawn, second):
        for person in range(sample["people"]):
            seed = f"{plan.seed} {wanted['code']} {cluster.id} {person}"
            yield Place(seed, cluster.stratum, cluster.stratum, cluster.id, cluster.weight)


def _frame(plan: Plan, wanted: Mapping[str, Any], units: tuple[Unit, ...]) -> tuple[Frame, dict[str, int]]:
    """Make up a frame of clusters (thôn, dossiers, days): simulated, as the plan's note says."""
    least, most = wanted["sample"]["frame_clusters"]
    people = wanted["sample"]["people"]
    made, listed = [], {}
    for unit in units:
        chance = random.Random(f"frame {plan.seed} {wanted['code']} {unit.id}")
        for number in range(1, chance.randint(least, most) + 1):
            cluster = f"{unit.id}/{number:03d}"
            made.append(FrameUnit(cluster, unit.id))
            listed[cluster] = people if people == 1 else chance.randint(people * 4, people * 30)
    return Frame(tuple(made)), listed


def _ballots(plan: Plan, wanted: Mapping[str, Any], unit: Unit) -> Iterator[Place]:
    """Give a ballot to everybody of each group who answers: a census with nonresponse."""
    sample = wanted["sample"]
    chance = random.Random(f"ballots {plan.seed} {wanted['code']}")
    for group, invited in sample["groups"].items():
        answering = [number for number in range(invited) if chance.random() < sample["answer_rate"]]
        for number in answering:
            seed = f"{plan.seed} {wanted['code']} {group} {number}"
            yield Place(seed, unit.id, group, f"{group}/{number:03d}", invited / len(answering))


def _new_round(
    plan: Plan,
    wanted: Mapping[str, Any],
    questionnaire: Questionnaire,
    units: tuple[Unit, ...],
) -> NewRound:
    sample = wanted["sample"]
    total = sum(sample["groups"].values()) if "groups" in sample else None
    each = None if wanted["entry"] == "counter" else total or sample["clusters"] * sample["people"]
    return NewRound(
        code=wanted["code"],
        title_vi=wanted["title"]["vi"],
        title_en=wanted["title"]["en"],
        population=wanted["population"],
        questionnaire=questionnaire,
        unit_id=plan.province.id,
        year=plan.year,
        entry=wanted["entry"],
        counted_grades=wanted["counted_grades"],
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
        units=[JudgedUnit(unit.id, KIND_NAMES[unit.kind]["vi"], each) for unit in units],
        simulated=True,
    )


def _row(
    round_id: int,
    questionnaire: Questionnaire,
    sample: Mapping[str, Any],
    place: Place,
    raw: Mapping[str, object],
) -> dict[str, Any]:
    answers = read_answers(questionnaire, raw)
    return {
        "round_id": round_id,
        "response_id": simulated_id(place.seed),
        "questionnaire_sha256": questionnaire.sha256,
        "unit_id": place.unit_id,
        "channel": sample["channel"],
        "evidence": sample["evidence"],
        "stratum": place.stratum,
        "psu": place.psu,
        "base_weight": place.base_weight,
        "answers": {
            item: list(given) if isinstance(given, tuple) else given for item, given in answers.items()
        },
        "payload_sha256": answers_sha256(questionnaire, answers),
        "simulated": True,
    }
