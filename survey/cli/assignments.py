"""Enumerators' work by command: assignments made from a file, listed, withdrawn; exported queues taken in."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from survey.cli.context import CLOCK, actor, store
from survey.cli.words import echo_table, say
from survey.reports import date_text
from survey.services.errors import NoSuchRound
from survey.services.rounds import judged_units, list_rounds
from survey.services.tablets.assignment_lists import read_assignments
from survey.services.tablets.assignments import assignments_of_round, enumerators, make_assignments, withdraw
from survey.services.tablets.errors import BadQueueFile, NoSuchAssignment
from survey.services.tablets.queue_files import FILE_LIMIT, import_queue

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def assignment() -> None:
    """Give enumerators their work, and see how far they are."""


@assignment.command("make")
@click.argument("code")
@click.argument("file", type=_FILE)
def make(code: str, file: Path) -> None:
    """Make the assignments of FILE (xlsx or CSV) in the round CODE, all or none."""
    opened = store()
    people = {one.login for one in enumerators(store=opened)}
    units = {unit.id for unit in judged_units(store=opened, code=code)}
    new = read_assignments(file.read_bytes(), name=file.name, people=people, units=units)
    make_assignments(store=opened, clock=CLOCK, actor=actor(), round_code=code, new=new)
    click.echo(say(f"Đã giao {len(new)} việc.", f"{len(new)} assignments made."))


@assignment.command("list")
@click.argument("code")
def list_all(code: str) -> None:
    """List the assignments of the round CODE with forms done and wanted."""
    opened = store()
    round_ = next((one for one in list_rounds(store=opened) if one.code == code), None)
    if round_ is None:
        raise NoSuchRound(code)
    rows = [
        [
            line.id.hex,
            line.login,
            line.unit_name,
            line.place,
            f"{line.done}/{line.wanted}",
            date_text(line.due_on) if line.due_on else "–",
            line.status,
        ]
        for line in assignments_of_round(store=opened, round_=round_)
    ]
    head = [
        say("mã", "id"),
        say("điều tra viên", "enumerator"),
        say("đơn vị", "unit"),
        say("địa điểm", "place"),
        say("đã làm", "done"),
        say("hạn", "due"),
        say("tình trạng", "status"),
    ]
    echo_table(head, rows)


@assignment.command("withdraw")
@click.argument("code")
@click.argument("assignment_id")
def take_back(code: str, assignment_id: str) -> None:
    """Withdraw an assignment; what was collected before is still taken in."""
    try:
        found = UUID(hex=assignment_id)
    except ValueError as error:
        raise NoSuchAssignment(assignment_id) from error
    withdraw(store=store(), clock=CLOCK, actor=actor(), round_code=code, assignment_id=found)
    click.echo(say("Đã thu hồi việc được giao.", "The assignment is withdrawn."))


@click.group()
def queue() -> None:
    """Take in what tablets could not send."""


@queue.command("import")
@click.argument("file", type=_FILE)
def take(file: Path) -> None:
    """Take in a tablet's exported queue; doing it again changes nothing."""
    if file.stat().st_size > FILE_LIMIT:
        raise BadQueueFile(f"more than {FILE_LIMIT} bytes")
    told = import_queue(store=store(), clock=CLOCK, actor=actor(), raw=file.read_bytes())
    click.echo(
        say(
            f"Phiếu mới {told.kept}, đã có {told.replayed}, khác nội dung {told.aside}, "
            f"chờ xem xét {told.quarantined}, không mở được {told.unread}.",
            f"New {told.kept}, known {told.replayed}, other answers {told.aside}, "
            f"in quarantine {told.quarantined}, unreadable {told.unread}.",
        )
    )
