"""The score and the published standings by command."""

from __future__ import annotations

from datetime import date

import click

from survey.cli.context import CLOCK, actor, store
from survey.cli.words import echo_table, say
from survey.reports import interval_text, number_text, percent_text
from survey.scoring import Known, UnitStanding
from survey.services.scores import record_points, score_unit
from survey.services.standings import published_standing, published_standings
from survey.units import load_units

_YEAR = click.IntRange(2000, 2100)


@click.group()
def score() -> None:
    """Record appraised points and score a unit."""


@score.command("record")
@click.argument("unit_name", metavar="UNIT")
@click.argument("year", type=_YEAR)
@click.argument("leaf")
@click.argument("points", type=float)
@click.option("--criteria-set", default="par-876-blocks", show_default=True)
@click.option("--source", required=True, help="Where the points come from: minutes, decision.")
def record(unit_name: str, year: int, leaf: str, points: float, criteria_set: str, source: str) -> None:
    """Keep the appraised points of one leaf that is scored directly."""
    record_points(
        store=store(),
        clock=CLOCK,
        unit_id=_unit(unit_name, year),
        year=year,
        criteria_set=criteria_set,
        leaf=leaf,
        points=points,
        source=source,
        simulated=False,
        actor=actor(),
    )
    click.echo(say(f"Đã ghi {leaf}: {points:g} điểm.", f"Recorded {leaf}: {points:g} points."))


@score.command("compute")
@click.argument("unit_name", metavar="UNIT")
@click.argument("year", type=_YEAR)
@click.option("--criteria-set", default="par-876-blocks", show_default=True)
@click.option("--sipas", help="Round that gives SIPAS.")
@click.option("--leaders", help="Round of leaders and managers.")
@click.option("--delegates", help="Round of delegates.")
def compute(
    unit_name: str,
    year: int,
    criteria_set: str,
    sipas: str | None,
    leaders: str | None,
    delegates: str | None,
) -> None:
    """Score a unit from its appraised points and its rounds' newest indices."""
    feeds = {"sipas": sipas, "leaders": leaders, "delegates": delegates}
    made = score_unit(
        store=store(),
        clock=CLOCK,
        unit_id=_unit(unit_name, year),
        year=year,
        criteria_set=criteria_set,
        feeds={group: code for group, code in feeds.items() if code},
        actor=actor(),
    )
    language = say.language()
    if made.score.simulated:
        click.secho(say("DỮ LIỆU MÔ PHỎNG", "SIMULATED DATA"), bold=True)
    if made.score.is_illustration:
        click.secho(say("MINH HỌA", "ILLUSTRATION"), bold=True)
    rows = [
        [
            "  " * (node.depth - 1) + node.name[language],
            number_text(node.maximum, 2, language),
            number_text(node.points, 2, language),
            interval_text(*node.ci, 2, language) if node.ci and node.se else "–",
            percent_text(node.percent, 2, language),
        ]
        for node in made.score.nodes.values()
    ]
    head = [say("Nội dung", "Node"), say("tối đa", "maximum"), say("điểm", "points")]
    echo_table([*head, say("khoảng 95 %", "95 % interval"), "%"], rows, numeric=(1, 2, 3, 4))
    total = percent_text(made.score.percent, 2, language)
    click.echo(f"{say('Tổng', 'Total')}: {total}  SHA-256 {made.sha256}")
    if made.score.missing:
        click.echo(say("Còn thiếu: ", "Missing: ") + ", ".join(made.score.missing))


@click.command()
@click.option("--year", type=int, required=True)
@click.option("--unit", "unit_name", help="One province; all that are known if left out.")
def standings(year: int, unit_name: str | None) -> None:
    """Show published PAR INDEX standings, with sources; what is not known is said so."""
    if unit_name:
        _print_one(published_standing(unit_name, year))
        return
    found = published_standings(year)
    rows = [
        [
            _figure(one.rank),
            one.unit,
            _figure(one.value, percent=True),
            _figure(one.band),
            one.value.confidence if isinstance(one.value, Known) else "–",
        ]
        for one in found.units
    ]
    head = [
        say("hạng", "rank"),
        say("tỉnh", "province"),
        "%",
        say("nhóm", "band"),
        say("độ tin", "confidence"),
    ]
    echo_table(head, rows, numeric=(0, 2))
    known, of, mean = found.known_values, _figure(found.of), _figure(found.mean, percent=True)
    click.echo(
        say(
            f"Biết {known} giá trị trên {of} tỉnh; bình quân {mean}.",
            f"{known} values known of {of} provinces; mean {mean}.",
        )
    )


def _print_one(one: UnitStanding) -> None:
    first = one.region_first
    leader = (
        f"{first.value.unit} ({_figure(first.value.value, percent=True)})"
        if isinstance(first, Known)
        else _figure(first)
    )
    told: list[tuple[str, object, str]] = [
        (say("Chỉ số CCHC", "PAR INDEX"), one.value, _figure(one.value, percent=True)),
        (say("Nhóm", "Band"), one.band, _figure(one.band)),
        (say("Xếp hạng", "Rank"), one.rank, f"{_figure(one.rank)}/{_figure(one.of)}"),
        (
            say("So với năm trước (điểm)", "Against last year (points)"),
            one.change_points,
            _signed(one.change_points, 2),
        ),
        (
            say("So với năm trước (bậc)", "Against last year (places)"),
            one.change_places,
            _signed(one.change_places, 0),
        ),
        (say("Vùng", "Region"), one.region, _figure(one.region)),
        (
            say("Hạng trong vùng", "Rank in the region"),
            one.region_rank,
            f"{_figure(one.region_rank)}/{_figure(one.region_of)}",
        ),
        (say("Đứng đầu vùng", "First in the region"), first, leader),
        (
            say("Khảo sát lãnh đạo, đại biểu", "Leaders' and delegates' survey"),
            one.survey_rank,
            _figure(one.survey_rank),
        ),
        (
            say("Khảo sát: so với năm trước (bậc)", "Survey: against last year (places)"),
            one.survey_change_places,
            _signed(one.survey_change_places, 0),
        ),
    ]
    click.secho(f"{one.unit} {one.year}", bold=True)
    echo_table(
        [say("Mục", "Figure"), say("Giá trị", "Value"), say("Độ tin", "Confidence"), say("Nguồn", "Source")],
        [
            [label, text, getattr(figure, "confidence", "–"), getattr(figure, "source", "–")]
            for label, figure, text in told
        ],
    )
    for other in getattr(one.value, "conflicts", ()):
        click.echo(
            say("Nguồn khác in: ", "Printed elsewhere: ") + f"{_figure(other, percent=True)} ({other.source})"
        )


def _figure(figure: object, *, percent: bool = False) -> str:
    if isinstance(figure, Known):
        return percent_text(figure.value, 2, say.language()) if percent else str(figure.value)
    return figure.text(say.language()) if hasattr(figure, "text") else "–"


def _signed(figure: object, places: int) -> str:
    if not isinstance(figure, Known):
        return _figure(figure)
    sign = "+" if figure.value > 0 else "−" if figure.value < 0 else ""
    return sign + number_text(abs(figure.value), places, say.language())


def _unit(name: str, year: int) -> str:
    return load_units().find(name, as_of=date(year, 12, 31), level="province").id
