"""Estimates by request, without a database: `survey estimate REQUEST.json`.

It reads, asks survey.aggregation, and prints or writes only when everything is computed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import click

from survey.aggregation.request import (
    Answer,
    CannotWrite,
    EstimateRequest,
    answer_request,
    answer_text,
    read_request,
)
from survey.cli.estimate_snapshot import is_snapshot, snapshot_table
from survey.cli.words import say
from survey.errors import SurveyError
from survey.reports.estimates_csv import estimates_csv
from survey.reports.estimates_table import estimates_text
from survey.reports.estimates_workbook import write_estimates_workbook
from survey.reports.targets import whole_file

#: Exit status of whatever is wrong with a request or its data.
BAD_INPUT = 2


@click.command("estimate")
@click.argument("request_file", metavar="REQUEST.json", type=click.Path(path_type=Path))
@click.option(
    "--output",
    "form",
    type=click.Choice(["json", "table", "csv", "xlsx"]),
    default="json",
    show_default=True,
    help="Form of the answer.",
)
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; standard output if left out.",
)
def estimate(request_file: Path, form: str, target: Path | None) -> None:
    """Estimate what a request asks of a CSV or Parquet file, under its sample design.

    docs/estimate.md explains the request. Whatever is wrong with it or its data ends with status 2, a
    message that names the place, and no output.
    """
    try:
        answer = _answered(read_request(request_file), request_file.parent)
        _hand_out(_FORMS[form](answer), form, target)
    except SurveyError as error:
        click.echo(f"{error.code}: {error.text(say.language())}", err=True)
        if error.detail:
            click.echo(f"  {error.detail}", err=True)
        sys.exit(BAD_INPUT)


def _answered(request: EstimateRequest, folder: Path) -> Answer:
    if is_snapshot(request.data, folder):
        return answer_request(request, folder=folder, table=snapshot_table(request.data, folder))
    return answer_request(request, folder=folder)


def _json(answer: Answer) -> bytes:
    return answer_text(answer).encode()


def _table(answer: Answer) -> bytes:
    return estimates_text(answer, say.language()).encode()


def _csv(answer: Answer) -> bytes:
    return estimates_csv(answer).encode()


def _workbook(answer: Answer) -> bytes:
    made = BytesIO()
    write_estimates_workbook(answer, made, made_at=datetime.now(UTC), language=say.language())
    return made.getvalue()


_FORMS: dict[str, Callable[[Answer], bytes]] = {
    "json": _json,
    "table": _table,
    "csv": _csv,
    "xlsx": _workbook,
}


def _hand_out(made: bytes, form: str, target: Path | None) -> None:
    """Write what is complete, to a file in one step or to standard output.

    Raises:
        CannotWrite: the file cannot be written, or a workbook would go to a screen.
    """
    if target is not None:
        _replace(made, target)
        return
    if form == "xlsx" and sys.stdout.isatty():
        raise CannotWrite(name="xlsx", problem="màn hình / a screen; --to FILE.xlsx")
    click.echo(made, nl=False)


def _replace(made: bytes, target: Path) -> None:
    try:
        with whole_file(target) as work:
            work.write_bytes(made)
    except OSError as error:
        raise CannotWrite(name=target.name, problem=error.strerror or "I/O") from error
