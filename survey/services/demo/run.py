"""The whole road in one call: reference data, simulated rounds, snapshots, indices, the score, Excel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey.questionnaires import load_shipped
from survey.services.clock import Clock
from survey.services.demo.fill import ACTOR, Progress, fill_round
from survey.services.demo.plan import Plan, read_plan
from survey.services.devices.board import devices_for
from survey.services.devices.enrolment import EnrolmentCode, enrolment_code
from survey.services.devices.registry import make_device
from survey.services.indices import Indices, recompute
from survey.services.links.invitations import Invitee, Link, invite
from survey.services.reference import prepare_database
from survey.services.scores import UnitScore, record_points, score_unit
from survey.services.settings import Settings
from survey.services.snapshots import freeze_snapshot, is_current
from survey.services.summaries import export_summary
from survey.storage import results, rounds
from survey.storage.store import Store


@dataclass(frozen=True, slots=True)
class DemoLink:
    """A personal link to try, with the round it opens."""

    round_code: str
    link: Link


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demonstration made, for the table that the command prints.

    Attributes:
        indices: the results of each round, by its code.
        workbooks: the files written.
        kiosk: round and unit of a kiosk to try.
        enrolment: code that makes a browser this kiosk, for ten minutes.
    """

    plan: Plan
    indices: Mapping[str, Indices]
    score: UnitScore
    workbooks: tuple[Path, ...]
    links: tuple[DemoLink, ...]
    kiosk: tuple[str, str]
    enrolment: EnrolmentCode


def run_demo(*, settings: Settings, clock: Clock, progress: Progress) -> tuple[Store, DemoResult]:
    """Run the demonstration; running it again adds nothing but personal links and a code to try."""
    progress("database", 0, 1)
    store, _loaded = prepare_database(url=settings.database_url, folder=settings.instance)
    progress("database", 1, 1)
    plan = read_plan()
    indices: dict[str, Indices] = {}
    for wanted in plan.rounds:
        questionnaire = load_shipped(wanted["questionnaire"])
        fill_round(
            store=store, clock=clock, plan=plan, wanted=wanted, questionnaire=questionnaire, progress=progress
        )
        progress("indices", len(indices), len(plan.rounds))
        indices[wanted["code"]] = _computed(store, clock, wanted["code"])
    progress("indices", len(indices), len(plan.rounds))
    score = _scored(store, clock, plan)
    workbooks = _exported(store, clock, plan, settings.exports, progress)
    links = tuple(_links(store, clock, plan))
    counter = next(wanted for wanted in plan.rounds if wanted["entry"] == "counter")
    kiosk = (counter["code"], plan.judged(counter["judged"])[0].id)
    enrolment = _enrolment(store, clock, *kiosk)
    return store, DemoResult(plan, indices, score, workbooks, links, kiosk, enrolment)


def _enrolment(store: Store, clock: Clock, code: str, unit: str) -> EnrolmentCode:
    """Make a kiosk to enrol, unless there is one, and a code for it."""
    listed = devices_for(store=store, clock=clock, account=None)
    known = [one for one in listed if (one.unit_id, one.kind) == (unit, "kiosk") and one.status != "revoked"]
    device_id = known[0].id if known else None
    if device_id is None:
        stand = "Sảnh tầng 1 (dùng thử)"
        made = make_device(
            store=store, clock=clock, actor=ACTOR, kind="kiosk", unit_id=unit, stand=stand, round_code=code
        )
        device_id = made.id
    return enrolment_code(store=store, clock=clock, actor=ACTOR, device_id=device_id)


def _computed(store: Store, clock: Clock, code: str) -> Indices:
    """Freeze and compute, unless the newest snapshot still holds everything there is."""
    with store.reading() as session:
        round_ = rounds.round_by_code(session, code)
        assert round_ is not None, "the round was just filled"
        newest = next(iter(results.snapshots_of(session, round_.id)), None)
    if newest is None or not is_current(store=store, code=newest.code):
        snapshot = freeze_snapshot(store=store, clock=clock, round_code=code, actor=ACTOR).code
    else:
        snapshot = newest.code
    return recompute(store=store, clock=clock, snapshot_code=snapshot, actor=ACTOR)


def _scored(store: Store, clock: Clock, plan: Plan) -> UnitScore:
    wanted = plan.score
    record_points(
        store=store,
        clock=clock,
        unit_id=plan.province.id,
        year=plan.year,
        criteria_set=wanted["criteria_set"],
        leaf=wanted["appraised"]["leaf"],
        points=wanted["appraised"]["points"],
        source="mô phỏng",
        simulated=True,
        actor=ACTOR,
    )
    return score_unit(
        store=store,
        clock=clock,
        unit_id=plan.province.id,
        year=plan.year,
        criteria_set=wanted["criteria_set"],
        feeds=wanted["feeds"],
        actor=ACTOR,
    )


def _exported(store: Store, clock: Clock, plan: Plan, folder: Path, progress: Progress) -> tuple[Path, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, wanted in enumerate(plan.rounds):
        progress("excel", number, len(plan.rounds))
        path = folder / f"tong-hop-{wanted['code']}.xlsx"
        export_summary(store=store, clock=clock, code=wanted["code"], target=path)
        written.append(path)
    progress("excel", len(plan.rounds), len(plan.rounds))
    return tuple(written)


def _links(store: Store, clock: Clock, plan: Plan) -> list[DemoLink]:
    made: list[DemoLink] = []
    for wanted in plan.rounds:
        invitees = [_invitee(plan, wanted, number) for number in range(wanted["links"])]
        links = invite(store=store, clock=clock, round_code=wanted["code"], invitees=invitees, actor=ACTOR)
        made.extend(DemoLink(wanted["code"], link) for link in links)
    return made


def _invitee(plan: Plan, wanted: Mapping[str, Any], number: int) -> Invitee:
    """Make somebody to try a link; all of a round share one place, so that none stands out."""
    unit = plan.judged(wanted["judged"])[0]
    groups = list(wanted["sample"].get("groups", {})) or [unit.id]
    return Invitee(person_ref=f"Người dùng thử {number + 1}", judges=unit.id, stratum=groups[0])
