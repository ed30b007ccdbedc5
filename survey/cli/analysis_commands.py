"""Analysts' commands on a frozen round: ranks, quality, small areas, drivers, change (docs/analyst.md).

Each takes a snapshot's code, or its folder on a machine without a database, and writes nothing there.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from survey.cli.analysis_answers import print_drivers, print_quality
from survey.cli.analysis_changes import print_changes
from survey.cli.analysis_output import Words, hand_out, one_line_errors, with_output, write_csv
from survey.cli.analysis_tables import print_areas, print_ranks
from survey.cli.context import settings
from survey.services.analysis_records import areas_document, changes_document, ranks_document
from survey.services.data_quality import data_quality
from survey.services.quality_records import drivers_document, flags_document, quality_document
from survey.services.rank_result import Quantiles
from survey.services.reliability_drivers import reliability_drivers
from survey.services.round_changes import round_changes
from survey.services.small_areas import small_areas
from survey.services.snapshot_sample import SnapshotSample, open_anywhere, read_sample
from survey.services.unit_ranks import DRAWS, SEED, unit_ranks

_snapshot = click.argument("code", metavar="SNAPSHOT")
_formula = click.option("--formula", help="Id of the formula; the questionnaire's own default if left out.")


def _sample(code: str, formula: str | None) -> SnapshotSample:
    return read_sample(open_anywhere(settings=settings(), code_or_folder=code), formula_id=formula)


@click.command()
@_snapshot
@_formula
@click.option("--draws", type=click.IntRange(100, 1_000_000), default=DRAWS, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=SEED, show_default=True)
@click.option(
    "--quantiles",
    type=click.Choice(["t", "normal"]),
    default="t",
    show_default=True,
    help="normal: as Klein, Wright & Wieczorek print it, for units with many clusters each.",
)
@click.option("--together", is_flag=True, help="Rank all units in one list, whatever their kind.")
@with_output
def ranks(
    code: str,
    formula: str | None,
    draws: int,
    seed: int,
    quantiles: str,
    together: bool,
    language: str | None,
    output: str,
) -> None:
    """Rank units with the ranks that each can have: joint 95 % intervals, and chances by simulation.

    Units with few respondents or without an interval are shown apart.
    """
    words = Words(language)
    with one_line_errors(words):
        result = unit_ranks(
            _sample(code, formula),
            quantiles=cast(Quantiles, quantiles),
            draws=draws,
            seed=seed,
            together=together,
        )
        hand_out(ranks_document(result), output, lambda: print_ranks(result, words))


@click.command()
@_snapshot
@_formula
@click.option(
    "--flags",
    "flags_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="CSV file to write the flagged responses to, by their row in the snapshot.",
)
@with_output
def quality(
    code: str, formula: str | None, flags_file: Path | None, language: str | None, output: str
) -> None:
    """Review the quality of responses, and show the index with and without those flagged.

    Nothing is excluded: a flag asks a person to look.
    """
    words = Words(language)
    with one_line_errors(words):
        result = data_quality(_sample(code, formula))
        if flags_file is not None:
            write_csv(flags_document(result, words.language), flags_file)
        hand_out(quality_document(result), output, lambda: print_quality(result, words))


@click.command("small-areas")
@_snapshot
@_formula
@with_output
def small_areas_command(code: str, formula: str | None, language: str | None, output: str) -> None:
    """Estimate each unit's index by a model (Fay-Herriot), beside the direct estimate.

    Model-based estimates borrow from other units; they are named so and are not for ranking.
    """
    words = Words(language)
    with one_line_errors(words):
        result = small_areas(_sample(code, formula))
        hand_out(areas_document(result), output, lambda: print_areas(result, words))


@click.command()
@_snapshot
@_formula
@click.option("--overall", help="Id of the item that asks for satisfaction overall.")
@with_output
def drivers(code: str, formula: str | None, overall: str | None, language: str | None, output: str) -> None:
    """Show how well each factor measures one thing, and which items go with satisfaction."""
    words = Words(language)
    with one_line_errors(words):
        sample = _sample(code, formula)
        result = reliability_drivers(sample, overall=overall)
        hand_out(drivers_document(result), output, lambda: print_drivers(result, sample.questionnaire, words))


@click.command()
@click.argument("earlier_code", metavar="EARLIER")
@click.argument("later_code", metavar="LATER")
@_formula
@click.option("--everything", is_flag=True, help="Every index and item of each unit too, in one family.")
@click.option("--independent", is_flag=True, help="Take clusters of the same label for different ones.")
@with_output
def change(
    earlier_code: str,
    later_code: str,
    formula: str | None,
    everything: bool,
    independent: bool,
    language: str | None,
    output: str,
) -> None:
    """Show what changed between two snapshots, with tests held together as one family."""
    words = Words(language)
    with one_line_errors(words):
        later = _sample(later_code, formula)
        earlier = _sample(earlier_code, later.formula.id)
        result = round_changes(earlier, later, everything=everything, independent=independent)
        hand_out(changes_document(result), output, lambda: print_changes(result, later.questionnaire, words))
