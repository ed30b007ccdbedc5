"""What pages and sheets withhold, attacked by a reader who subtracts everything that is printed."""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook
from scipy.optimize import linprog
from sqlalchemy import select

from survey.questionnaires import flatten, load_shipped
from survey.reports import UnitRow
from survey.services.errors import FiguresExposed
from survey.services.indices import WHOLE, Indices, Kind, latest_indices, recompute
from survey.services.rounds import JudgedUnit, board
from survey.services.shown.answer_sums import answer_sums
from survey.services.shown.cells import measured, printed, statistic_of
from survey.services.shown.figures import figures_to_show
from survey.services.shown.rules import Decided, decide
from survey.services.snapshots import open_snapshot
from survey.services.summaries import export_summary, summary_report
from survey.storage.models import AuditEventRow
from survey.storage.store import Store
from survey.units import load_units
from tests.conftest import SetClock, both_databases
from tests.filled_forms import FilledForm, add_forms
from tests.integration.journeys import Person
from tests.integration.office_fixture import official, press, token
from tests.rounds import freeze_and_compute, make_round

CODE = "it-phieu"
THREE, ONE_PSU = "c34-25084", "c34-25054"
#: Forms of each unit, and the PSUs they fall in.
UNITS = {
    THREE: (3, 3),
    ONE_PSU: (8, 1),
    "c34-24820": (40, 5),
    "c34-24829": (35, 5),
    "c34-24781": (31, 4),
    "c34-24787": (12, 4),
    "c34-24841": (60, 6),
}
ASKED = load_shipped("service-counter")
RATINGS = ("very_satisfied", "satisfied", "satisfied", "neutral", "dissatisfied")


def _new_round(store: Store, clock: SetClock, units: Mapping[str, tuple[int, int]]) -> None:
    make_round(
        store,
        clock,
        code=CODE,
        title=("Đợt ít phiếu", "A round of few forms"),
        questionnaire=ASKED,
        counted_grades="AB",
        units=[JudgedUnit(unit, "Xã", 50) for unit in units],
        simulated=True,
    )


def _answer(store: Store, units: Mapping[str, tuple[int, int]], seed: str = "a") -> None:
    """Add forms to units; weights differ by unit, so that no sum is one of plain counts."""
    chance = random.Random(seed)
    forms = (
        FilledForm(
            unit,
            f"{unit}:{number % psus}",
            {"rating": chance.choice(RATINGS)},
            base_weight=1.0 + place / 7,
        )
        for place, (unit, (forms, psus)) in enumerate(sorted(units.items()))
        for number in range(forms)
    )
    add_forms(store, CODE, ASKED, forms, chance)


def _of_many(store: Store, clock: SetClock) -> Mapping[str, tuple[int, int]]:
    """Make a round of which every unit has many forms; give its units."""
    units = {unit: told for unit, told in UNITS.items() if told[0] > 30}
    _new_round(store, clock, units)
    _answer(store, units)
    return units


def _computed(store: Store, clock: SetClock) -> Indices:
    return freeze_and_compute(store, clock, CODE)[1]


@pytest.fixture
def small(store: Store, clock: SetClock) -> Store:
    """A round with a unit of three respondents and one of eight from a single PSU, computed."""
    _new_round(store, clock, UNITS)
    _answer(store, UNITS)
    _computed(store, clock)
    return store


def _data(target: Path | BytesIO) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Read the tidy sheet back: (unit, statistic, kind) to its cells."""
    rows = list(load_workbook(target)["Dữ liệu"].iter_rows(min_row=3, values_only=True))
    found: list[dict[str, Any]] = [
        {str(name): cell for name, cell in zip(rows[0], row, strict=True)} for row in rows[1:]
    ]
    return {(str(one["unit_id"] or ""), str(one["statistic_id"]), str(one["kind"])): one for one in found}


def _unit_rows(target: Path | BytesIO) -> dict[str, tuple[object, ...]]:
    return {
        str(row[1]): row for row in load_workbook(target)["Tổng hợp"].iter_rows(values_only=True) if row[1]
    }


def _written(store: Store, clock: SetClock) -> BytesIO:
    target = BytesIO()
    export_summary(store=store, clock=clock, code=CODE, target=target)
    target.seek(0)
    return target


@both_databases
def test_units_of_too_few_people_or_one_psu_are_printed_without_any_number(
    store: Store, clock: SetClock
) -> None:
    _new_round(store, clock, UNITS)
    _answer(store, UNITS)
    _computed(store, clock)
    target = _written(store, clock)
    for unit in (THREE, ONE_PSU):
        mine = [row for (domain, *_), row in _data(target).items() if domain == unit]
        assert mine
        for line in mine:
            assert line["flags"] == "suppressed"
            numbers = ("value", "se", "ci_low", "ci_high", "n", "n_eff", "deff", "df")
            assert [line[name] for name in numbers] == [None] * 8
    report = summary_report(store=store, clock=clock, code=CODE)
    hidden = [row for row in report.rows if "suppressed" in row.overall.flags]
    assert len(hidden) >= 2
    printed_rows = _unit_rows(target)
    for row in hidden:
        cells = printed_rows[row.name]
        assert (cells[2], *cells[3:9]) == (50, "–", "–", "–", "–", "–", "–")
        assert "ẩn số liệu" in cells
        assert "ít mẫu" not in str(cells)
        assert row.rank is None
    ranks = sorted(row.rank for row in report.rows if row.rank is not None)
    assert ranks == list(range(1, len(ranks) + 1))
    assert any("bảo vệ người trả lời" in note for note in report.notes)


def test_a_reader_of_every_printed_number_cannot_bound_a_hidden_one(small: Store, clock: SetClock) -> None:
    """An independent linear program over the tidy sheet: hidden cells free, sums by the true weights."""
    data = _data(_written(small, clock))
    indices = latest_indices(store=small, round_id=board(store=small, code=CODE).round.id)
    sums = answer_sums(open_snapshot(store=small, code_or_folder=indices.snapshot), ASKED)
    kind = indices.lines[0].kind
    for item in ("rating",):
        for measure in {kind, "mean"}:
            high, low = (1.0, 0.0) if measure == "share" else (5.0, 1.0)
            hidden = [unit for unit in UNITS if data[unit, item, measure]["value"] is None]
            weights = {unit: sums.items[unit][item].weight for unit in UNITS}
            assert data[WHOLE, item, measure]["value"] is not None
            left = sum(weights.values()) * data[WHOLE, item, measure]["value"] - sum(
                weights[unit] * data[unit, item, measure]["value"] for unit in UNITS if unit not in hidden
            )
            for place, unit in enumerate(hidden):
                cost = np.eye(len(hidden))[place]
                ends = [
                    linprog(
                        sign * cost,
                        A_eq=[[weights[one] for one in hidden]],
                        b_eq=[left],
                        bounds=[(low, high)] * len(hidden),
                    )
                    for sign in (1, -1)
                ]
                # Two respondents' worth, at least (experience.md D2).
                worth = min(2 / sums.items[unit][item].n, 1.0) * (high - low)
                assert -(float(ends[0].fun or 0) + float(ends[1].fun or 0)) >= worth - 1e-6, (unit, measure)


def test_an_index_goes_with_every_hidden_item_and_stays_with_none(small: Store) -> None:
    shown = figures_to_show(store=small, round_id=board(store=small, code=CODE).round.id)
    formula = shown.indices.formula
    for line in shown.indices.lines:
        if line.kind == "index":
            below = {item for term in flatten(formula.node(line.statistic)) for item in term.items}
            main: Kind = "mean" if formula.measure == "mean" else "share"
            gone = any((line.unit, statistic_of(formula, main, item)) in shown.cells for item in below)
            assert ("suppressed" in line.estimate.flags) == gone


def test_the_sums_of_answers_are_the_estimates_of_the_analysis(small: Store) -> None:
    indices = latest_indices(store=small, round_id=board(store=small, code=CODE).round.id)
    sums = answer_sums(open_snapshot(store=small, code_or_folder=indices.snapshot), ASKED)
    cells = printed(sums, ASKED, sums.units)
    for line in indices.lines:
        own = cells.figures[line.unit, statistic_of(indices.formula, line.kind, line.statistic)]
        assert own.value == pytest.approx(line.estimate.value, rel=1e-12)
        assert own.n == line.estimate.n


def test_every_sum_between_printed_figures_holds(small: Store) -> None:
    indices = latest_indices(store=small, round_id=board(store=small, code=CODE).round.id)
    sums = answer_sums(open_snapshot(store=small, code_or_folder=indices.snapshot), ASKED)
    for units in ((), sums.units[:2], sums.units):
        cells = printed(sums, ASKED, units)
        values: dict[Hashable, float] = {id: figure.value for id, figure in cells.figures.items()}
        for one in cells.relations:
            total = sum(a * values[id] for id, a in one.coefficients.items())
            assert total == pytest.approx(one.constant, abs=1e-9), one.name


def test_the_kept_result_is_not_touched(small: Store, clock: SetClock) -> None:
    before = latest_indices(store=small, round_id=board(store=small, code=CODE).round.id)
    _written(small, clock)
    after = latest_indices(store=small, round_id=board(store=small, code=CODE).round.id)
    assert after == before
    assert after.line("mean", "rating", THREE).n == 3
    again = recompute(store=small, clock=clock, snapshot_code=after.snapshot, actor="tests")
    assert again.result_sha256 == before.result_sha256


def test_a_level_that_one_to_four_people_chose_is_hidden_with_enough_others(
    store: Store, clock: SetClock
) -> None:
    units = {"c34-24820": (40, 5), "c34-24829": (35, 5), "c34-24781": (31, 4)}
    _new_round(store, clock, units)
    _answer(store, units)
    lowest = FilledForm("c34-24820", "c34-24820:1", {"rating": "very_dissatisfied"})
    add_forms(store, CODE, ASKED, [lowest, lowest], random.Random("two of the lowest"))
    _computed(store, clock)
    shown = figures_to_show(store=store, round_id=board(store=store, code=CODE).round.id)
    spread = next(one for one in shown.distributions if one.item.id == "rating")
    assert (spread.counts[0], spread.shares[0]) == (None, None)
    assert sum(count is None for count in spread.counts) >= 2
    assert [count is None for count in spread.counts] == [share is None for share in spread.shares]
    assert not shown.is_whole_withheld
    target = _written(store, clock)
    rows = list(load_workbook(target)["Theo tiêu chí"].iter_rows(values_only=True))
    rating = next(row for row in rows if row[0] == "rating")
    assert rating[3:5] == ("–", "–")


def test_nothing_is_withheld_where_everybody_is_many(store: Store, clock: SetClock) -> None:
    _of_many(store, clock)
    indices = _computed(store, clock)
    shown = figures_to_show(store=store, round_id=board(store=store, code=CODE).round.id)
    assert shown.indices == indices
    assert shown.cells == frozenset()
    report = summary_report(store=store, clock=clock, code=CODE)
    assert not any("bảo vệ người trả lời" in note for note in report.notes)


def test_three_more_forms_alone_change_nothing_that_is_handed_out(store: Store, clock: SetClock) -> None:
    _of_many(store, clock)
    first = _computed(store, clock)
    _written(store, clock)
    _answer(store, {"c34-24820": (3, 3)}, seed="later")
    second = _computed(store, clock)
    assert second.overall != first.overall
    shown = figures_to_show(store=store, round_id=board(store=store, code=CODE).round.id)
    assert shown.held_back
    assert shown.indices == first
    report = summary_report(store=store, clock=clock, code=CODE)
    assert report.provenance.result_sha256 == first.result_sha256
    assert any("quá ít để công bố số liệu mới" in note for note in report.notes)


def test_three_more_forms_of_one_unit_cannot_be_subtracted_from_two_summaries(
    store: Store, clock: SetClock
) -> None:
    """Many came elsewhere, three in one unit: that unit waits, and one more guards it."""
    units = _of_many(store, clock)
    _computed(store, clock)
    before = _data(_written(store, clock))
    grown = {"c34-24820": (3, 3), "c34-24829": (20, 4), "c34-24781": (25, 5)}
    _answer(store, grown, seed="later")
    indices = _computed(store, clock)
    after = _data(_written(store, clock))
    assert after[WHOLE, "rating", "mean"]["value"] is not None
    assert after["c34-24820", "rating", "mean"]["value"] is None
    hidden = {unit for unit in units if after[unit, "rating", "mean"]["value"] is None}
    # A unit without new answers is known from the first summary, and guards nobody.
    assert "c34-24820" in hidden
    assert hidden & {"c34-24829", "c34-24781"}
    assert before["c34-24820", "rating", "mean"]["value"] is not None
    new = indices.line("mean", "rating", "c34-24820")
    assert new.n == 43


def test_two_summaries_would_give_the_three_away_if_the_first_were_forgotten(
    store: Store, clock: SetClock
) -> None:
    _of_many(store, clock)
    _computed(store, clock)
    _answer(store, {"c34-24820": (3, 3), "c34-24829": (20, 4)}, seed="later")
    indices = _computed(store, clock)
    snapshot = open_snapshot(store=store, code_or_folder=indices.snapshot)
    assert decide(answer_sums(snapshot, ASKED), ASKED).withheld == frozenset()


def test_a_hidden_figure_that_the_audit_finds_exposed_stops_the_export(
    small: Store, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Decided, "exposed", 1)
    target = tmp_path / "bảng.xlsx"
    with pytest.raises(FiguresExposed) as refused:
        export_summary(store=small, clock=clock, code=CODE, target=target)
    assert refused.value.code == "SVY-422-195"
    assert list(tmp_path.glob("*.xlsx")) == []
    assert not list(small.folder.glob("results/shown-*.json"))


def _office(store: Store, clock: SetClock, person: Callable[[], Person]) -> Person:
    return official(store, clock, person())


def test_the_page_says_why_in_both_languages_and_prints_no_hidden_number(
    small: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    page = _office(small, clock, person).open(f"/office/rounds/{CODE}/results")
    assert "không công bố để bảo vệ người trả lời" in page.text
    report = summary_report(store=small, clock=clock, code=CODE)
    kept = latest_indices(store=small, round_id=board(store=small, code=CODE).round.id)
    root = kept.formula.root.id
    for row in (one for one in report.rows if "suppressed" in one.overall.flags):
        assert f"không công bố {row.name} – – –" in page.text
        _assert_absent(row, kept, root, page.text)
    english = official(small, clock, person(), role="analyst")
    press(english, "/language", language="en")
    text = english.open(f"/office/rounds/{CODE}/results").text
    assert "withheld to protect respondents" in text


def _assert_absent(row: UnitRow, kept: Indices, root: str, text: str) -> None:
    unit = next(one.unit for one in kept.lines if one.unit and _name(one.unit) == row.name)
    true = kept.as_share(kept.line("index", root, unit)).scaled(100, "percent")
    assert true.value is not None
    assert f"{row.name} {true.value:.2f}".replace(".", ",") not in text
    if true.ci_low is not None and true.ci_high is not None:
        assert f"{true.ci_low:.2f} – {true.ci_high:.2f}".replace(".", ",") not in text


def _name(unit: str) -> str:
    return load_units().get(unit).full_name


def test_the_log_counts_what_was_withheld_and_holds_no_figure(
    small: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    somebody = _office(small, clock, person)
    somebody.open(f"/office/rounds/{CODE}/results")
    with somebody.client.post(
        f"/office/rounds/{CODE}/export", data={"csrf_token": token(somebody)}
    ) as answer:
        assert load_workbook(BytesIO(answer.data)).sheetnames
    with small.reading() as session:
        events = session.scalars(
            select(AuditEventRow).where(AuditEventRow.action == "summary exported")
        ).all()
        told = events[-1].details
    assert set(told) == {"formula", "snapshot", "result_sha256", "language", "withheld", "held_back"}
    assert told["withheld"] > 0
    record = next(iter(small.folder.glob("results/shown-*.json"))).read_text(encoding="utf-8")
    assert measured("rating", None) in record
    assert "value" not in record
