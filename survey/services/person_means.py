"""Each respondent's own mean over the items of an index, on one scale from 0 to 1.

Not an index: an index is of units and is estimated from items (indices/). This is what enumerator
effects and derived importance look at, person by person.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from survey.services.snapshot_sample import SnapshotSample

FloatArray = NDArray[np.float64]
#: A person's mean over other items counts where at least this share of them is answered.
ANSWERED = 0.5


def scaled_answers(sample: SnapshotSample) -> FloatArray:
    """Give the answers (rows, items) that the formula counts, 0 the worst and 1 the best of each scale.

    NaN where there is no answer on the scale.
    """
    scaled = np.full((sample.snapshot.rows, len(sample.answers.items)), np.nan)
    for at, (item, values) in enumerate(zip(sample.answers.items, sample.answers.columns, strict=True)):
        scale = sample.questionnaire.item(item).scale
        if scale is not None:
            low, high = scale.range
            scaled[:, at] = np.where(values < 0, np.nan, (values - low) / (high - low))
    return scaled


def person_means(sample: SnapshotSample) -> FloatArray:
    """Give each respondent's mean (rows,) over the items they answered, NaN where there is none."""
    return _mean(scaled_answers(sample), least=1)


def means_of_others(scaled: FloatArray, at: int) -> FloatArray:
    """Give each respondent's mean (rows,) over the items but one; NaN below ANSWERED of them."""
    others = np.delete(scaled, at, axis=1)
    return _mean(others, least=max(1, int(np.ceil(ANSWERED * others.shape[1]))))


def _mean(scaled: FloatArray, *, least: int) -> FloatArray:
    answered = ~np.isnan(scaled)
    count = answered.sum(axis=1)
    total = np.where(answered, scaled, 0.0).sum(axis=1)
    mean: FloatArray = np.where(count >= least, total / np.maximum(count, 1), np.nan)
    return mean
