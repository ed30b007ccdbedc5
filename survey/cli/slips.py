"""Slips by command: make a sheet of one-time codes, list the batches of a round."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click

from survey.cli.context import CLOCK, actor, settings, store
from survey.cli.words import echo_table, say
from survey.reports import date_text
from survey.services.errors import NoSuchRound
from survey.services.rounds import list_rounds
from survey.services.slips.batches import FEWEST_TOLD, MOST_AT_ONCE, NewBatch, batches_for, make_batch
from survey.services.slips.errors import SlipFileTaken
from survey.services.slips.sheets import print_batch
from survey.units import load_units


@click.group("slip")
def slip_group() -> None:
    """Make and list slips with one-time codes."""


@slip_group.command("make")
@click.argument("code")
@click.option("--unit", "unit_id", required=True, help="Id of a unit that the round judges.")
@click.option("--group", required=True, help="Procedure group, in words.")
@click.option("--month", type=click.DateTime(["%Y-%m"]), required=True, help="Month of the procedures.")
@click.option("--count", type=click.IntRange(1, MOST_AT_ONCE), required=True)
@click.option("--pdf", type=click.Path(path_type=Path), required=True, help="New file for the sheet.")
def make(code: str, unit_id: str, group: str, month: datetime, count: int, pdf: Path) -> None:
    """Make codes and print them to a new PDF; the codes are kept nowhere else."""
    new = NewBatch(code, unit_id, group, month.date(), count)
    # Opened before any code is made: codes that could not be written down would be lost for good.
    with _new_file(pdf) as file:
        try:
            made = make_batch(store=store(), clock=CLOCK, actor=actor(), new=new)
            file.write(print_batch(made, settings().public_base_url))
        except BaseException:
            pdf.unlink()
            raise
    until = date_text(made.expires_on)
    click.echo(
        say(
            f"Đã tạo {count} phiếu, lô {made.number}, dùng đến hết ngày {until}: {pdf}",
            f"{count} slips made, batch {made.number}, valid through {until}: {pdf}",
        )
    )


@slip_group.command("list")
@click.argument("code")
def list_batches(code: str) -> None:
    """List the batches of a round, and how many codes of each were used (never fewer than five)."""
    opened = store()
    round_ = next((one for one in list_rounds(store=opened) if one.code == code), None)
    if round_ is None:
        raise NoSuchRound(code)
    few = say(f"dưới {FEWEST_TOLD}", f"under {FEWEST_TOLD}")
    rows = [
        [
            str(line.number),
            load_units().get(line.unit_id).full_name,
            line.procedure_group,
            f"{line.month:%m/%Y}",
            str(line.size),
            str(line.used) if line.used is not None else (few if line.countable else "–"),
            date_text(line.expires_on),
        ]
        for line in batches_for(store=opened, round_=round_)
    ]
    head = [
        say("lô", "batch"),
        say("nơi phục vụ", "unit"),
        say("lĩnh vực", "group"),
        say("tháng", "month"),
        say("số phiếu", "slips"),
        say("đã dùng", "used"),
        say("đến hết ngày", "valid through"),
    ]
    echo_table(head, rows, numeric=(0, 4, 5))


def _new_file(path: Path) -> BinaryIO:
    """Open a file that only its owner may read; one that is there already keeps what it holds."""
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except FileExistsError as error:
        raise SlipFileTaken(path=path) from error
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from error
