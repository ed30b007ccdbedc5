"""What may enter a score: points that the set can take, surveys of the same unit and year, no illustration."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from survey.errors import SurveyError
from survey.questionnaires import load_shipped
from survey.scoring import RefusedInputs
from survey.services.errors import BadPoints, NotYetComputed, UnfitFeed
from survey.services.scores import latest_score, record_points, score_unit
from survey.storage.models import AuditEventRow, LeafInputRow, ScoreRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.household_rounds import fill, household_round
from tests.rounds import COMMUNES, PROVINCE, freeze_and_compute, make_round

HEADLINE, ILLUSTRATION = "par-876-blocks", "par-illustration"


def _record(store: Store, clock: SetClock, **changes: Any) -> None:
    values = {
        "unit_id": PROVINCE,
        "year": 2026,
        "criteria_set": HEADLINE,
        "leaf": "appraisal",
        "points": 60.5,
        "source": "biên bản thử",
        "simulated": False,
        "actor": "tests",
        **changes,
    }
    record_points(store=store, clock=clock, **values)


def _score(store: Store, clock: SetClock, criteria_set: str = HEADLINE, **feeds: str) -> Any:
    return score_unit(
        store=store,
        clock=clock,
        unit_id=PROVINCE,
        year=2026,
        criteria_set=criteria_set,
        feeds=feeds,
        actor="tests",
    )


def _computed(store: Store, clock: SetClock, code: str) -> str:
    freeze_and_compute(store, clock, code)
    return code


def _kept(store: Store, kind: type) -> list[Any]:
    with store.reading() as session:
        return list(session.scalars(select(kind)))


@both_databases
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"leaf": "nowhere"}, RefusedInputs),
        ({"leaf": "sipas"}, RefusedInputs),
        ({"criteria_set": ILLUSTRATION, "leaf": "1.1.1", "points": 0.5}, RefusedInputs),
        ({"criteria_set": ILLUSTRATION, "leaf": "1", "points": 0.5}, RefusedInputs),
        ({"points": 68.01}, RefusedInputs),
        ({"points": -0.01}, RefusedInputs),
        ({"points": math.nan}, RefusedInputs),
        ({"points": math.inf}, RefusedInputs),
        ({"source": " "}, BadPoints),
        ({"source": "x" * 301}, BadPoints),
        ({"year": 1999}, BadPoints),
        ({"year": 2101}, BadPoints),
    ],
)
def test_points_that_the_set_cannot_take_are_refused_and_nothing_is_written(
    store: Store, clock: SetClock, changes: dict[str, Any], refusal: type[SurveyError]
) -> None:
    """876/QĐ-BNV: appraisal has 68 points at most; SIPAS comes from a survey alone."""
    with pytest.raises(refusal):
        _record(store, clock, **changes)
    assert not _kept(store, LeafInputRow)
    assert not _kept(store, AuditEventRow)


@both_databases
@pytest.mark.parametrize(
    "changes", [{"points": 0.0}, {"points": 68.0}, {"source": "x" * 300}, {"year": 2000}, {"year": 2100}]
)
def test_points_at_the_very_bounds_are_kept(store: Store, clock: SetClock, changes: dict[str, Any]) -> None:
    _record(store, clock, **changes)
    (row,) = _kept(store, LeafInputRow)
    assert row.value == {"points": changes.get("points", 60.5)}


@both_databases
@pytest.mark.parametrize(
    ("group", "round_"),
    [
        ("sipas", {"unit_id": "p34-01", "units": ("p34-01",)}),
        ("sipas", {"opens_on": date(2025, 1, 1)}),
        ("leaders", {}),
        ("nobody", {}),
    ],
)
def test_a_survey_of_another_unit_year_or_population_feeds_no_score(
    store: Store, clock: SetClock, group: str, round_: dict[str, Any]
) -> None:
    code = household_round(store, clock, **round_)
    with pytest.raises(UnfitFeed) as refused:
        _score(store, clock, **{group: code})
    assert code in refused.value.text("vi")
    assert not _kept(store, ScoreRow)


@both_databases
def test_delegates_do_not_speak_for_leaders(store: Store, clock: SetClock) -> None:
    asked = load_shipped("delegates-assessment")
    code = make_round(
        store,
        clock,
        code="dai-bieu",
        questionnaire=asked,
        population="delegates",
        entry="personal",
        counted_grades="A",
        units=COMMUNES,
    )
    fill(store, clock, code, 12, asked)
    _computed(store, clock, code)
    with pytest.raises(UnfitFeed):
        _score(store, clock, leaders=code)
    assert _score(store, clock, delegates=code).sha256


@both_databases
def test_an_illustration_never_replaces_the_headline(store: Store, clock: SetClock) -> None:
    code = household_round(store, clock)
    fill(store, clock, code)
    _computed(store, clock, code)
    where: dict[str, Any] = {"store": store, "unit_id": PROVINCE, "year": 2026}
    with pytest.raises(NotYetComputed):
        latest_score(**where)
    drawn = _score(store, clock, ILLUSTRATION, sipas=code)
    assert latest_score(**where)["sha256"] == drawn.sha256
    headline = _score(store, clock, sipas=code)
    assert latest_score(**where)["sha256"] == headline.sha256
    _record(store, clock, criteria_set=ILLUSTRATION, leaf="4.1", points=2.0)
    again = _score(store, clock, ILLUSTRATION, sipas=code)
    assert latest_score(**where)["sha256"] == headline.sha256
    assert latest_score(**where, criteria_set=ILLUSTRATION)["sha256"] == again.sha256 != drawn.sha256
    with pytest.raises(NotYetComputed):
        latest_score(**where, criteria_set="par-2948-areas")


@both_databases
def test_scores_by_two_sets_in_turn_are_each_kept_once(store: Store, clock: SetClock) -> None:
    for _ in range(2):
        for one in (HEADLINE, ILLUSTRATION):
            _score(store, clock, one)
    assert [row.criteria_set for row in _kept(store, ScoreRow)] == [HEADLINE, ILLUSTRATION]


@both_databases
def test_the_newest_headline_stands(store: Store, clock: SetClock) -> None:
    _score(store, clock)
    _record(store, clock)
    newest = _score(store, clock)
    assert latest_score(store=store, unit_id=PROVINCE, year=2026)["sha256"] == newest.sha256
