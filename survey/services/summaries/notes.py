"""The notes under a summary: what was counted, what was left out, what is withheld, and the sources.

Not the words themselves (words.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from survey.questionnaires import Questionnaire
from survey.reports import interval_text, number_text
from survey.services.headline import headline_without
from survey.services.review.suspected import disturbed_units
from survey.services.shown.figures import ShownFigures
from survey.services.summaries.words import WORDS
from survey.services.unit_names import unit_name


def notes_of(shown: ShownFigures, questionnaire: Questionnaire, language: str) -> Iterator[str]:
    """List the notes in the order in which they stand under the summary."""
    words, indices = WORDS[language], shown.indices
    rows = "–" if shown.is_whole_withheld else shown.snapshot.rows
    yield words["snapshot"].format(code=indices.snapshot, rows=rows)
    if shown.withheld:
        yield words["withheld"]
    if shown.held_back:
        yield words["held_back"]
    for exclusion in shown.snapshot.manifest["exclusions"]:
        yield words[exclusion["reason"]].format(count=exclusion["count"])
    yield from _integrity_notes(shown, language)
    if indices.simulated:
        yield words["simulated"]
    for source in questionnaire.sources:
        yield words["source"].format(title=source.title, url=source.url or "–")


def _integrity_notes(shown: ShownFigures, language: str) -> Iterator[str]:
    """Say what the figures stand on: grades, suspected responses, units too disturbed to rank (K11, K12)."""
    words, snapshot = WORDS[language], shown.snapshot
    if not shown.is_whole_withheld:
        codes, grades = snapshot.codes("evidence")
        counted = sorted((grade, int((codes == place).sum())) for place, grade in enumerate(grades))
        yield words["grades"].format(grades="; ".join(f"{grade}: {count}" for grade, count in counted))
    without = headline_without(shown)
    if without is not None and without.suspected is not None and without.estimate is not None:
        one = without.estimate.scaled(100, "percent")
        index = f"{number_text(one.value, 2, language)}%"
        interval = interval_text(one.ci_low, one.ci_high, 2, language)
        yield words["suspected"].format(count=without.suspected, index=index, interval=interval)
    disturbed = sorted(unit_name(unit) for unit in disturbed_units(snapshot))
    if disturbed:
        yield words["disturbed"].format(units=", ".join(disturbed))
