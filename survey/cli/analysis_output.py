"""How analysts' commands hand out a result: a table for people, JSON or CSV for programs, one way for errors.

Not the tables themselves (analysis_tables.py, analysis_answers.py).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from os.path import commonprefix
from pathlib import Path
from typing import Any, TypeVar

import click

from survey.aggregation import Estimate
from survey.cli.words import say
from survey.errors import SurveyError
from survey.questionnaires import Formula, Questionnaire
from survey.reports import number_text
from survey.reports.targets import whole_file
from survey.services.analysis_document import AnalysisDocument, as_csv, as_json

#: Exit status of whatever is wrong with a snapshot, a request or the data.
BAD_INPUT = 2
#: Letters of an item's title in a table.
TITLE_WIDTH = 72
Command = TypeVar("Command", bound=Callable[..., Any])


class Words:
    """Chooses between Vietnamese and English, and writes figures as that language does."""

    def __init__(self, language: str | None) -> None:
        self.language = language or say.language()

    def __call__(self, vi: str, en: str) -> str:
        return en if self.language == "en" else vi

    def percent(self, share: float | None, places: int = 2) -> str:
        """Write a share as percent, without the sign; a dash where there is none."""
        return self.number(None if share is None else share * 100, places)

    def number(self, value: float | None, places: int = 2) -> str:
        """Write a number with a minus that no interval's dash is taken for."""
        return number_text(value, places, self.language).replace("-", "−")

    def signed(self, share: float | None) -> str:
        """Write a difference of shares in percentage points, with its sign."""
        return ("+" if share is not None and share > 0 else "") + self.percent(share)

    def interval(self, low: float | None, high: float | None) -> str:
        """Write the interval of a share as percent."""
        return self.percent(None) if low is None else f"{self.percent(low)} – {self.percent(high)}"

    def of(self, estimate: Estimate) -> list[str]:
        """Write a share: value, standard error, interval, respondents."""
        return [
            self.percent(estimate.value),
            self.percent(estimate.se, 3),
            self.interval(estimate.ci_low, estimate.ci_high),
            str(estimate.n),
        ]


def with_output(command: Command) -> Command:
    """Give a command the options that every analyst's command has."""
    for option in (
        click.option(
            "--language",
            type=click.Choice(["vi", "en"]),
            help="Language of the table; SURVEY_LANG if left out.",
        ),
        click.option(
            "--output",
            type=click.Choice(["table", "json", "csv"]),
            default="table",
            show_default=True,
            help="json, csv: every digit, shares from 0 to 1.",
        ),
    ):
        command = option(command)
    return command


@contextmanager
def one_line_errors(words: Words) -> Iterator[None]:
    """Tell whatever is wrong in one line with its code, and end with BAD_INPUT."""
    try:
        yield
    except SurveyError as error:
        click.echo(f"{error.code}: {error.text(words.language)}", err=True)
        if error.detail:
            click.echo(f"  {error.detail}", err=True)
        sys.exit(BAD_INPUT)


def hand_out(document: AnalysisDocument, output: str, table: Callable[[], None]) -> None:
    """Print a result in the form asked for, when all of it is computed."""
    if output == "table":
        table()
    else:
        click.echo(as_json(document) if output == "json" else as_csv(document), nl=False)


def write_csv(document: AnalysisDocument, target: Path) -> None:
    """Write a document as a CSV file that Excel opens with its accents, whole or not at all.

    Raises:
        BadParameter: the file cannot be written there.
    """
    try:
        with whole_file(target) as work:
            work.write_bytes(as_csv(document).encode("utf-8-sig"))
    except OSError as error:
        raise click.BadParameter(f"{target}: {error.strerror}") from error


def item_titles(questionnaire: Questionnaire, items: Sequence[str], language: str) -> dict[str, str]:
    """Give items their ids and words for a narrow column, without the beginning that all words share."""
    texts = {item: questionnaire.item(item).text.in_(language) for item in items}
    shared = commonprefix(list(texts.values())) if len(texts) > 1 else ""
    cut = shared.rfind(" ") + 1
    return {item: f"{item} {'… ' if cut else ''}{text[cut:]}"[:TITLE_WIDTH] for item, text in texts.items()}


def heading(words: Words, snapshot: str, formula: Formula, *, simulated: bool) -> None:
    """Print what a table is about, and say aloud when its data are simulated."""
    if simulated:
        click.secho(words("DỮ LIỆU MÔ PHỎNG", "SIMULATED DATA"), bold=True)
    click.echo(f"{snapshot} · {formula.title.in_(words.language)}")
