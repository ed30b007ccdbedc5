"""Administrative units by command: look one up as of a day."""

from __future__ import annotations

from datetime import datetime

import click

from survey.cli.context import CLOCK
from survey.cli.words import echo_table, say
from survey.services.clock import day_in_vietnam
from survey.units import load_units


@click.group()
def unit() -> None:
    """Look up administrative units."""


@unit.command("find")
@click.argument("name")
@click.option(
    "--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="Day, YYYY-MM-DD; today if left out."
)
@click.option("--level", type=click.Choice(["province", "commune", "agency"]))
def find(name: str, as_of: datetime | None, level: str | None) -> None:
    """Show a unit as it stood on a day, and what it became or came from."""
    tree = load_units()
    day = as_of.date() if as_of else day_in_vietnam(CLOCK.now())
    found = tree.find(name, as_of=day, level=level)  # type: ignore[arg-type]  # click checked the choice
    rows = [
        ["id", found.id],
        [say("Tên", "Name"), found.full_name],
        [say("Mã", "Code"), found.code or "–"],
        [say("Vùng", "Region"), found.region or say("chưa xác nhận", "not confirmed")],
        [say("Có hiệu lực", "Valid"), f"{found.valid_from:%d/%m/%Y} – {_day(found.valid_to)}"],
        *[
            [say("Trở thành", "Became"), f"{tree.get(link.to_id).full_name} ({link.on:%d/%m/%Y}, {link.act})"]
            for link in tree.successors(found.id)
        ],
        *[
            [say("Từ", "From"), f"{tree.get(link.from_id).full_name} ({link.on:%d/%m/%Y}, {link.act})"]
            for link in tree.predecessors(found.id)
        ],
        [say("Nguồn", "Source"), found.source],
    ]
    echo_table([say("Mục", "Field"), say("Giá trị", "Value")], rows)


def _day(day: object) -> str:
    return f"{day:%d/%m/%Y}" if day else say("nay", "now")
