"""Criteria sets by command: check a file, list what ships."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from survey.cli.words import echo_table, say
from survey.scoring import check, load_file, load_shipped, shipped


@click.group()
def criteria() -> None:
    """Check and list criteria sets."""


@criteria.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check_file(file: Path) -> None:
    """Report every problem of a criteria-set file, each with its path; exit 1 when there is any."""
    if not file.is_file():
        load_file(file)
    problems = check(file.read_bytes())
    language = say.language()
    for problem in problems:
        click.echo(f"{problem.path or '.'}: [{problem.code}] {problem.message[language]}")
    if problems:
        click.echo(say(f"{len(problems)} lỗi trong {file}", f"{len(problems)} problems in {file}"), err=True)
        sys.exit(1)
    found = load_file(file)
    click.echo(say(f"{file}: đúng ({found.id})", f"{file}: sound ({found.id})"))


@criteria.command("list")
def list_shipped() -> None:
    """List the criteria sets that ship."""
    language = say.language()
    rows = [[one.id, f"{one.base:g}", one.title[language]] for one in map(load_shipped, shipped())]
    echo_table(["id", say("thang", "base"), say("tên", "title")], rows, numeric=(1,))
