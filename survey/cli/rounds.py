"""Rounds by command: make one, open and close it, list its addresses. Not whom it invites (links.py)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from survey.cli.context import CLOCK, actor, settings, store
from survey.cli.words import echo_table, say
from survey.questionnaires import load_file, load_shipped
from survey.services.places import kiosk_key
from survey.services.rounds import (
    JudgedUnit,
    NewRound,
    create_round,
    judged_units,
    list_rounds,
    set_status,
)
from survey.units import KIND_NAMES, load_units

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("round")
def round_group() -> None:
    """Make, open, close and list survey rounds."""


@round_group.command("add")
@click.argument("code")
@click.option("--title-vi", required=True)
@click.option("--title-en", required=True)
@click.option("--questionnaire", required=True, help="Id of a shipped one, or a file.")
@click.option(
    "--population", type=click.Choice(["citizens", "organisations", "leaders", "delegates"]), required=True
)
@click.option("--unit", "unit_name", required=True, help="The province the round is about.")
@click.option("--judged", type=click.Choice(["self", "communes", "agencies"]), required=True)
@click.option("--entry", type=click.Choice(["open", "counter", "personal"]), required=True)
@click.option("--counted-grades", type=click.Choice(["A", "AB", "ABC"]), default="A", show_default=True)
@click.option("--opens-on", type=_DAY, required=True)
@click.option("--closes-on", type=_DAY, required=True)
def add(
    code: str,
    title_vi: str,
    title_en: str,
    questionnaire: str,
    population: str,
    unit_name: str,
    judged: str,
    entry: str,
    counted_grades: str,
    opens_on: datetime,
    closes_on: datetime,
) -> None:
    """Make a round; it takes answers once it is opened."""
    tree = load_units()
    unit = tree.find(unit_name, as_of=opens_on.date(), level="province")
    levels = {"communes": "commune", "agencies": "agency"}
    units = (
        (unit,)
        if judged == "self"
        else tuple(one for one in tree.children(unit.id, opens_on.date()) if one.level == levels[judged])
    )
    path = Path(questionnaire)
    new = NewRound(
        code=code,
        title_vi=title_vi,
        title_en=title_en,
        population=population,
        questionnaire=load_file(path) if path.suffix == ".json" else load_shipped(questionnaire),
        unit_id=unit.id,
        year=opens_on.year,
        entry=entry,
        counted_grades=counted_grades,
        opens_on=opens_on.date(),
        closes_on=closes_on.date(),
        units=[JudgedUnit(one.id, KIND_NAMES[one.kind]["vi"]) for one in units],
    )
    create_round(store=store(), clock=CLOCK, new=new, actor=actor())
    click.echo(say(f"Đã tạo đợt {code}, {len(units)} đơn vị.", f"Round {code} made, {len(units)} units."))


@round_group.command("open")
@click.argument("code")
def open_round(code: str) -> None:
    """Let a new round take answers; a closed one is opened again by two persons, on its pages."""
    set_status(store=store(), clock=CLOCK, code=code, status="open", actor=actor())
    click.echo(say(f"Đợt {code} đang mở.", f"Round {code} is open."))


@round_group.command("close")
@click.argument("code")
def close_round(code: str) -> None:
    """Stop a round from taking answers."""
    set_status(store=store(), clock=CLOCK, code=code, status="closed", actor=actor())
    click.echo(say(f"Đợt {code} đã đóng.", f"Round {code} is closed."))


@round_group.command("list")
def list_all() -> None:
    """List every round."""
    rows = [
        [one.code, str(one.year), one.population, one.status, one.title(say.language())]
        for one in list_rounds(store=store())
    ]
    head = [
        say("mã", "code"),
        say("năm", "year"),
        say("đối tượng", "population"),
        say("trạng thái", "status"),
    ]
    echo_table([*head, say("tên", "title")], rows)


@round_group.command("addresses")
@click.argument("code")
def addresses(code: str) -> None:
    """List the address of each unit's screen, to try it (grade C), and of its open form.

    A kiosk that counts as one is enrolled: survey device add.
    """
    told = settings()
    rows = []
    for unit in judged_units(store=store(), code=code):
        key = kiosk_key(told.secret_key or "", code, unit.id)
        rows.append(
            [
                load_units().get(unit.id).full_name,
                f"{told.public_base_url}/kiosk/{code}/{unit.id}/{key}/",
                f"{told.public_base_url}/r/{code}/?unit={unit.id}",
            ]
        )
    trial = say("Màn hình tại quầy, chỉ để thử (mức C)", "Counter screen, for trial only (grade C)")
    echo_table([say("Đơn vị", "Unit"), trial, say("Điện thoại", "Phone")], rows)
