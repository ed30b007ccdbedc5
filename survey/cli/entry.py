"""The command's door: its groups, and every error as one line with a stable code."""

from __future__ import annotations

import sys
from typing import Any

import click

from survey import __version__
from survey.cli import (
    accounts,
    analysis_commands,
    assignments,
    criteria,
    criteria_sets,
    devices,
    estimate,
    importing,
    languages,
    links,
    paper,
    questionnaires,
    review,
    scores,
    site,
    slips,
    snapshots,
    units,
)
from survey.cli.words import say
from survey.errors import SurveyError


class _Named(click.Group):
    """A group that tells a person's error in their language, without a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **kwargs)
        except SurveyError as error:
            click.echo(f"{error.code}: {error.text(say.language())}", err=True)
            if error.detail:
                click.echo(f"  {error.detail}", err=True)
            sys.exit(2)


@click.group(cls=_Named, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Citizen-satisfaction surveys, their indices and the reform score.

    Khảo sát sự hài lòng của người dân: thu phiếu, tính chỉ số, tính điểm cải cách hành chính.
    Set SURVEY_LANG=en for English output.
    """


for command in (
    site.init,
    site.demo,
    site.serve,
    site.tidy,
    questionnaires.questionnaire,
    languages.language,
    criteria.criteria,
    units.unit,
    links.round_group,
    importing.import_group,
    review.review_group,
    slips.slip_group,
    paper.paper_group,
    paper.recheck_group,
    assignments.assignment,
    assignments.queue,
    estimate.estimate,
    snapshots.snapshot,
    snapshots.recompute,
    snapshots.verify,
    snapshots.export,
    analysis_commands.ranks,
    analysis_commands.quality,
    analysis_commands.small_areas_command,
    analysis_commands.drivers,
    analysis_commands.change,
    scores.score,
    scores.standings,
    accounts.user,
    devices.device,
):
    main.add_command(command)
scores.score.add_command(criteria_sets.set_group)
