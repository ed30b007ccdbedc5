"""Questionnaires by command: check a file, list what ships."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from survey.cli.words import echo_table, say
from survey.questionnaires import check, load_file, load_shipped, shipped


@click.group()
def questionnaire() -> None:
    """Check and list questionnaires."""


@questionnaire.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check_file(file: Path) -> None:
    """Report every problem of a questionnaire file, each with its path; exit 1 when there is any."""
    if not file.is_file():
        load_file(file)
    problems = check(file.read_bytes())
    for problem in problems:
        click.echo(f"{problem.path or '.'}: [{problem.code}] {problem.message.in_(say.language())}")
    if problems:
        click.echo(say(f"{len(problems)} lỗi trong {file}", f"{len(problems)} problems in {file}"), err=True)
        sys.exit(1)
    found = load_file(file)
    click.echo(
        say(
            f"{file}: đúng ({found.id} {found.version}, {len(found.items)} câu hỏi, SHA-256 {found.sha256})",
            f"{file}: sound ({found.id} {found.version}, {len(found.items)} items, SHA-256 {found.sha256})",
        )
    )


@questionnaire.command("list")
def list_shipped() -> None:
    """List the questionnaires that ship, with how official each is."""
    language = say.language()
    rows = [
        [one.id, one.version, str(len(one.items)), one.status.note.in_(language)]
        for one in map(load_shipped, shipped())
    ]
    echo_table(
        ["id", say("bản", "version"), say("câu", "items"), say("tình trạng", "status")], rows, numeric=(2,)
    )
