"""What the answers of a snapshot add up to, item by item and unit by unit: the sums readers could undo.

Not estimates with errors (indices/): here only the terms by which printed figures hang together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from survey.questionnaires import Item, Questionnaire, leaf_items
from survey.services.indices import WHOLE
from survey.storage.snapshots import Snapshot

Levels = tuple[int, ...]
#: The PSU of whoever comes to a counter or an open address (places.py): a day, no village or household.
_DAY = r":\d{4}-\d{2}-\d{2}$"


@dataclass(frozen=True, slots=True)
class Sums:
    """The answers to one item of one unit, or of the whole.

    Attributes:
        n, psus: respondents on the scale, and the primary sampling units they come from.
        weight: their sum of weights.
        at: by value of the scale, respondents and their sum of weights.
    """

    n: int
    psus: int
    weight: float
    at: Mapping[int, tuple[int, float]]

    def share(self, levels: Levels) -> float:
        """Return the weighted share at some levels, 0 to 1."""
        return sum(self.at[level][1] for level in levels if level in self.at) / self.weight

    @property
    def mean(self) -> float:
        """Return the weighted mean of the values."""
        return sum(value * weight for value, (_count, weight) in self.at.items()) / self.weight


@dataclass(frozen=True, slots=True)
class AnswerSums:
    """The sums of a snapshot, by unit ("" is the whole) and item; who has no answer is left out.

    Attributes:
        sizes: responses of each unit.
    """

    sizes: Mapping[str, int]
    items: Mapping[str, Mapping[str, Sums]]

    @property
    def units(self) -> tuple[str, ...]:
        """List the units, the whole left out."""
        return tuple(unit for unit in self.sizes if unit != WHOLE)

    def of(self, unit: str, item: str) -> Sums | None:
        """Return the sums of one item in one unit, None where nobody answered."""
        return self.items.get(unit, {}).get(item)


def scaled_items(questionnaire: Questionnaire) -> dict[str, Item]:
    """List the items whose answers are printed: those of an ordinal scale, and those of any formula."""
    counted = {item for formula in questionnaire.formulas for item in leaf_items(formula.root)}
    return {
        item.id: item
        for item in questionnaire.items
        if item.scale is not None
        and (item.id in counted or (item.kind == "single" and item.scale.kind == "ordinal"))
    }


def answer_sums(snapshot: Snapshot, questionnaire: Questionnaire) -> AnswerSums:
    """Add up every scaled item of a snapshot."""
    codes, units = snapshot.codes("unit")
    strata, _names = snapshot.codes("stratum")
    psu = _groups(snapshot, strata)
    weights, whole = snapshot.weights(), np.zeros(codes.size, dtype=np.int64)
    found: dict[str, dict[str, Sums]] = {unit: {} for unit in (WHOLE, *units)}
    for item, asked in scaled_items(questionnaire).items():
        values = snapshot.scale_values(item)
        levels = sorted(set(asked.scale.values.values())) if asked.scale else []
        for names, domain in (((WHOLE,), whole), (units, codes)):
            for name, sums in _by_domain(names, domain, values, weights, psu, levels):
                found[name][item] = sums
    counted = np.bincount(codes, minlength=len(units))
    sizes = {WHOLE: snapshot.rows} | {unit: int(counted[place]) for place, unit in enumerate(units)}
    return AnswerSums(sizes, found)


def _groups(snapshot: Snapshot, strata: NDArray[np.integer]) -> NDArray[np.integer]:
    """Number the PSUs that are groups of people: who came on a day at a counter is a group of one."""
    labels = pc.dictionary_encode(snapshot.table.column("psu").combine_chunks())
    psu: NDArray[np.integer] = np.unique(
        np.stack([strata, labels.indices.to_numpy()]), axis=1, return_inverse=True
    )[1].reshape(-1)
    days = pc.match_substring_regex(labels.dictionary, _DAY).to_numpy(zero_copy_only=False)
    of_day = days[labels.indices.to_numpy()]
    return np.where(of_day, psu.size + np.arange(psu.size), psu)


def _by_domain(
    names: tuple[str, ...],
    domain: NDArray[np.integer],
    values: NDArray[np.int8],
    weights: NDArray[np.float64],
    psu: NDArray[np.integer],
    levels: list[int],
) -> Iterator[tuple[str, Sums]]:
    on = np.isin(values, levels)
    here, size = domain[on].astype(np.int64), len(names)
    place = here * len(levels) + np.searchsorted(levels, values[on])
    shape = (size, len(levels))
    counts = np.bincount(place, minlength=size * len(levels)).reshape(shape)
    weighted = np.bincount(place, weights[on], minlength=size * len(levels)).reshape(shape)
    pairs = np.unique(here * (int(psu.max(initial=0)) + 1) + psu[on])
    psus = np.bincount(pairs // (int(psu.max(initial=0)) + 1), minlength=size)
    for row in np.flatnonzero(weighted.sum(axis=1) > 0).tolist():
        at = {
            level: (int(counts[row, column]), float(weighted[row, column]))
            for column, level in enumerate(levels)
        }
        total = float(weighted[row].sum())
        yield names[row], Sums(int(counts[row].sum()), int(psus[row]), total, at)
