"""The province's review by command: alarms raised every night, numbers of transactions, what is left out.

Who reviews, excludes or restores does it on the pages, where a second person decides.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from survey.cli.context import CLOCK, actor, store
from survey.cli.words import say
from survey.services.review.alarms import raise_alarms
from survey.services.rounds import open_rounds
from survey.services.transactions import record_transactions

_DAY = click.DateTime(["%Y-%m-%d"])
_SILENT = {
    "no_transactions": (
        "chưa có số giao dịch của mọi đơn vị: không so được số phiếu với số giao dịch",
        "not every unit has told its transactions: responses are not held against them",
    ),
    "no_minutes": (
        "không còn số đếm theo phút: không xét được phiếu dồn dập và phiếu ngoài giờ",
        "counts by minute are gone: bursts and hours are not looked at",
    ),
    "personal_links": (
        "đợt trả lời bằng đường dẫn riêng không có báo động theo ngày",
        "a round by personal link has no alarms by day",
    ),
}


@click.group("review")
def review_group() -> None:
    """Raise alarms and record numbers of transactions for the province's review."""


@review_group.command("raise")
@click.argument("round_code", metavar="ROUND", required=False)
@click.option("--day", "days", type=_DAY, multiple=True, help="Day to look at; else yesterday and today.")
def raise_(round_code: str | None, days: tuple[datetime, ...]) -> None:
    """Look for what is implausible and raise alarms; raising again changes nothing.

    Without ROUND every open round is looked at. Run it every night: counts by minute are kept for two days.
    """
    opened = store()
    codes = [round_code] if round_code else [one.code for one in open_rounds(store=opened, clock=CLOCK)]
    asked = [day.date() for day in days] or None
    for code in codes:
        raised = raise_alarms(store=opened, clock=CLOCK, code=code, actor=actor(), days=asked)
        click.echo(say(f"{code}: {raised.new} báo động mới", f"{code}: {raised.new} new alarms"))
        for word in raised.silent:
            click.echo(f"  {say(*_SILENT[word])}")


@review_group.command("transactions")
@click.argument("round_code", metavar="ROUND")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def transactions(round_code: str, file: Path) -> None:
    """Record numbers of transactions from a CSV: unit's id, day, number; a number told again replaces."""
    text = file.read_bytes().decode("utf-8-sig", "replace")
    told = record_transactions(store=store(), clock=CLOCK, code=round_code, text=text, actor=actor())
    click.echo(
        say(
            f"Đã ghi {told.numbers} số, từ {told.first} đến {told.last}.",
            f"{told.numbers} numbers recorded, from {told.first} to {told.last}.",
        )
    )
