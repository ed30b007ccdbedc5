"""The review of a snapshot's quality: what each rule flags, and what the index is without it.

Not an exclusion: flags go to a person, and published figures hold every counted response (indices/).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from survey.aggregation import Analysis, Domain
from survey.aggregation.quality import (
    WORDS,
    EnumeratorEffect,
    Matches,
    NothingLeft,
    QualityReport,
    Rules,
    bit_of,
    enumerator_effect,
    review,
    with_and_without,
    without_flagged,
)
from survey.services.answer_codes import asked_items, batteries, given_answers, scale_answers
from survey.services.headline import overall_without
from survey.services.person_means import person_means
from survey.services.quality_result import DataQuality, FlaggedRow, IndexChange, RuleLine
from survey.services.quality_texts import NEEDS
from survey.services.snapshot_sample import SnapshotSample, design_of

#: Rules that look at blocks of rating items; the others look at every answer of the form.
BLOCK_WORDS = ("identical_answers", "long_run", "low_variability", "contradictory_answers")
#: A column that a snapshot does not have today; where one has it, it is used.
ENUMERATOR, DEVICE = "enumerator", "device"


def data_quality(
    sample: SnapshotSample, *, rules: Rules | None = None, most_pairs: float = np.inf
) -> DataQuality:
    """Review a snapshot by every rule that has data, and compute its index with and without what is flagged.

    Near duplicates are looked for among the responses about one unit; not at all where the pairs to
    compare are more than `most_pairs`. Flagged responses keep their place in the design, with weight zero.

    Raises:
        BadRules.
    """
    thresholds = rules or Rules()
    report = _reviewed(sample, thresholds, near=_pairs(sample) <= most_pairs)
    complete = sample.analysis()
    changes = _changes(sample, complete, report.flagged)
    suspected, without_suspected = overall_without(sample)
    return DataQuality(
        snapshot=sample.snapshot.code,
        data_sha256=sample.snapshot.manifest["data"]["sha256"],
        simulated=bool(sample.snapshot.manifest["simulated"]),
        formula=sample.formula,
        rows=sample.snapshot.rows,
        thresholds=thresholds,
        rules=tuple(_line(sample, report, word, _pairs(sample) <= most_pairs) for word in WORDS),
        overall=sample.as_share(complete.estimate("", sample.root)),
        whole=next((one for one in changes if not one.unit), None),
        units=tuple(sorted((one for one in changes if one.unit), key=_largest_first)),
        enumerators=_enumerators(sample),
        flagged=_flagged_rows(sample, report),
        suspected=suspected,
        without_suspected=without_suspected,
    )


def _reviewed(sample: SnapshotSample, rules: Rules, *, near: bool) -> QualityReport:
    """Review blocks by their values and whole forms by every answer, as one report."""
    snapshot, asked = sample.snapshot, sample.questionnaire
    devices = optional_labels(sample, DEVICE)
    whole = review(
        given_answers(snapshot, asked),
        rules=rules,
        asked=asked_items(snapshot, asked),
        groups={"unit": sample.units} if near else None,
        devices=devices,
        days=None if devices is None else snapshot.table.column("day").to_pylist(),
    )
    blocks = batteries(asked)
    if not blocks:
        return whole
    return _joined(whole, review(scale_answers(snapshot, blocks), rules=rules, blocks=blocks))


def _joined(whole: QualityReport, blocks: QualityReport) -> QualityReport:
    """Take the rules on blocks from one report and all others from the other."""
    of_blocks = np.uint32(sum(bit_of(word) for word in BLOCK_WORDS))
    found = {one.word: one for one in whole.findings}
    found.update({one.word: one for one in blocks.findings if one.word in BLOCK_WORDS})
    return QualityReport(
        whole.rules,
        tuple(found[word] for word in WORDS if word in found),
        (whole.bits & ~of_blocks) | (blocks.bits & of_blocks),
        whole.matches,
    )


def optional_labels(sample: SnapshotSample, column: str) -> list[str | None] | None:
    """Give a column of labels that a snapshot may have; None where it has not."""
    table = sample.snapshot.table
    return table.column(column).to_pylist() if column in table.column_names else None


def _pairs(sample: SnapshotSample) -> float:
    """Count the answers to compare for near duplicates: pairs about one unit, times items."""
    _, sizes = np.unique(np.asarray(sample.units), return_counts=True)
    return float(np.square(sizes, dtype=np.float64).sum()) * len(sample.questionnaire.items)


def _line(sample: SnapshotSample, report: QualityReport, word: str, near: bool) -> RuleLine:
    finding = report.finding(word)
    if finding is None or not finding.judged:
        missing = "not_looked_for" if word == "near_duplicate" and not near else NEEDS[word]
        return RuleLine(word, None, missing, None)
    if not finding.count:
        return RuleLine(word, finding, None, None)
    reviewed = _without(sample, report.flagged_by(word))
    if reviewed is None:
        return RuleLine(word, finding, "nothing_left", None)
    return RuleLine(word, finding, None, sample.as_share(reviewed.estimate("", sample.root)))


def _without(sample: SnapshotSample, flagged: NDArray[np.bool_], *, by_unit: bool = False) -> Analysis | None:
    """Analyse with the flagged at weight zero; None where nothing is left."""
    try:
        weights = without_flagged(sample.design.weights, flagged)
    except NothingLeft:
        return None
    return sample.analysis(design_of(sample.snapshot, weights), by_unit=by_unit)


def _changes(
    sample: SnapshotSample, complete: Analysis, flagged: NDArray[np.bool_]
) -> tuple[IndexChange, ...]:
    reviewed = _without(sample, flagged, by_unit=True)
    if reviewed is None:
        return ()
    found = with_and_without(complete, reviewed)
    low, width = sample.formula.scale_range[0], sample.width

    def change(domain: Domain) -> IndexChange:
        one = found.change(domain, sample.root)
        shares = [None if v is None else (v - low) / width for v in (one.with_flagged, one.without_flagged)]
        spread = [None if se is None else se / width for se in (one.se_with, one.se_without)]
        return IndexChange(domain.value, one.n_with, one.n_lost, shares[0], spread[0], shares[1], spread[1])

    return tuple(change(domain) for domain in found.domains)


def _largest_first(change: IndexChange) -> tuple[bool, float, str]:
    difference = change.difference
    return difference is None, -abs(difference or 0.0), change.unit


def _enumerators(sample: SnapshotSample) -> EnumeratorEffect | None:
    people = optional_labels(sample, ENUMERATOR)
    if people is None:
        return None
    return enumerator_effect(person_means(sample), people, weights=sample.design.weights)


def _flagged_rows(sample: SnapshotSample, report: QualityReport) -> tuple[FlaggedRow, ...]:
    return tuple(
        FlaggedRow(row + 1, sample.units[row], report.words(row), *_nearest(report.matches, report, row))
        for row in np.flatnonzero(report.flagged).tolist()
    )


def _nearest(matches: Matches | None, report: QualityReport, row: int) -> tuple[int | None, float | None]:
    if matches is None or "near_duplicate" not in report.words(row):
        return None, None
    return int(matches.partner[row]) + 1, float(matches.share[row])
