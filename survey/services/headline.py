"""The overall index beside itself without suspected responses (K11): both are published, one is official.

Not the rules that make a response suspected (review/plausibility.py, review/suspected.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from survey.aggregation import Estimate
from survey.aggregation.quality import NothingLeft, without_flagged
from survey.services.review.suspected import suspected_rows
from survey.services.shown.figures import ShownFigures
from survey.services.shown.rules import FEWEST
from survey.services.snapshot_sample import SnapshotSample, design_of, read_sample
from survey.storage.snapshots import read_snapshot


@dataclass(frozen=True, slots=True)
class WithoutSuspected:
    """The overall index as a share, without suspected responses.

    Attributes:
        suspected: how many there are; None where fewer than FEWEST, which are not told apart.
        estimate: None where nothing is left, or where it would tell of too few people.
    """

    suspected: int | None
    estimate: Estimate | None


def headline_without(shown: ShownFigures) -> WithoutSuspected | None:
    """Give the headline of what may be printed without suspected responses; None where none is suspected.

    Few suspected, few others, or a withheld headline: then the difference would tell of few people.
    """
    snapshot = shown.snapshot
    suspected = int(snapshot.manifest.get("integrity", {}).get("suspected", 0))
    if not suspected:
        return None
    if shown.is_whole_withheld or min(suspected, snapshot.rows - suspected) < FEWEST:
        return WithoutSuspected(suspected if suspected >= FEWEST else None, None)
    sha256 = str(snapshot.manifest["integrity"]["marks"]["sha256"])
    return WithoutSuspected(suspected, _computed(snapshot.folder, sha256, shown.indices.formula.id))


def overall_without(sample: SnapshotSample) -> tuple[int, Estimate | None]:
    """Count a sample's suspected responses and give its overall index as a share without them."""
    suspected = suspected_rows(sample.snapshot)
    found = int(np.count_nonzero(suspected))
    if not found:
        return 0, None
    try:
        weights = without_flagged(sample.design.weights, suspected)
    except NothingLeft:
        return found, None
    analysis = sample.analysis(design_of(sample.snapshot, weights), by_unit=False)
    return found, sample.as_share(analysis.estimate("", sample.root))


@lru_cache(maxsize=16)
def _computed(folder: Path, _marks_sha256: str, formula: str) -> Estimate | None:
    """Compute once for a snapshot, whose files never change; pages ask again and again."""
    return overall_without(read_sample(read_snapshot(folder), formula_id=formula))[1]
