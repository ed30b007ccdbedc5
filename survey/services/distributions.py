"""How the answers to each item spread over its levels: counts, and weighted shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.questionnaires import Item, Questionnaire, Scale
from survey.storage.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Distribution:
    """One item's answers by level, the lowest first.

    Attributes:
        n: respondents on the scale; None where withheld.
        counts: respondents at each level, unweighted; None where withheld (shown/figures.py).
        shares: weighted shares of the answers on the scale, 0 to 1; None when there is none.
    """

    item: Item
    n: int | None
    counts: tuple[int | None, ...]
    shares: tuple[float | None, ...]


def levels_of(scale: Scale) -> tuple[tuple[int, str], ...]:
    """Give the values of an ordinal scale with their option's id, the lowest first."""
    return tuple(sorted((value, option) for option, value in scale.values.items()))


def distributions(snapshot: Snapshot, questionnaire: Questionnaire) -> tuple[Distribution, ...]:
    """Count every item that is answered on an ordinal scale, in the questionnaire's order."""
    weights = snapshot.weights()
    return tuple(
        _distribution(snapshot, item, item.scale, weights)
        for item in questionnaire.items
        if item.kind == "single" and item.scale is not None and item.scale.kind == "ordinal"
    )


def _distribution(snapshot: Snapshot, item: Item, scale: Scale, weights: np.ndarray) -> Distribution:
    values = snapshot.scale_values(item.id)
    levels = [value for value, _option in levels_of(scale)]
    at = [values == value for value in levels]
    weighted = [float(weights[mask].sum()) for mask in at]
    total = sum(weighted)
    shares = tuple(part / total if total else None for part in weighted)
    counts = tuple(int(mask.sum()) for mask in at)
    return Distribution(item, sum(counts), counts, shares)
