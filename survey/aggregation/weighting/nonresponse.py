"""Weighting-class adjustment: respondents of a cell carry the weight of its nonrespondents.

Not calibration to a population (calibration.py). Little 1986; Valliant, Dever & Kreuter 2018, §13.5.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from survey.aggregation.errors import BadAnswers, DifferentLengths
from survey.aggregation.labels import BoolArray, FloatArray, IntArray, Labels
from survey.aggregation.sums import sum_by
from survey.aggregation.weighting.inputs import read_base_weights, read_labels
from survey.aggregation.weighting.merging import CellRule, Merge, ResponseCell, collapse_cells


@dataclass(frozen=True, slots=True)
class NonresponseAdjustment:
    """Weights of respondents after the adjustment, and how cells were merged for it.

    Attributes:
        weights: (rows,) base weight x the factor of the cell for respondents, 0 for all others.
        base_weights: (rows,) weights before.
        cells: the cells used, with their counts, weights and factors.
        row_cell: (rows,) place of each row's cell in `cells`; -1 in rows without weight.
        merges: every merge in the order made, with its reason.
    """

    weights: FloatArray
    base_weights: FloatArray
    cells: tuple[ResponseCell, ...]
    row_cell: IntArray
    merges: tuple[Merge, ...]


def adjust_for_nonresponse(
    weights: ArrayLike,
    cells: Labels,
    responded: ArrayLike,
    *,
    least: int,
    most: float,
    order: Sequence[Hashable] | None = None,
    parents: Mapping[Hashable, Hashable] | None = None,
) -> NonresponseAdjustment:
    """Adjust base weights (rows,) of sampled persons for nonresponse within cells (rows,).

    The factor of a cell is Σ base weights of all / Σ base weights of respondents, so the sum of weights
    stays. A cell with fewer than `least` respondents or a factor above `most` is merged until it passes:
    along `order` with the next cell (the last with the one before), or by `parents` with all cells under
    its parent, then its parent's parent.

    Args:
        responded: (rows,) whether the person responded: true or false, or 1 or 0.

    Raises:
        EmptySample, BadWeights, DifferentLengths, MissingLabels.
        BadAnswers: a response flag that is neither 0 nor 1.
        BadCollapse: both or impossible rules, or a cell that the rule does not know.
        TooFewRespondents: a cell that fails when nothing is left to merge it with, or that fails
            without a rule.
    """
    rule = CellRule(least, most, None if order is None else tuple(order), parents)
    base = read_base_weights(weights)
    live = base > 0
    numbered = read_labels("cells", cells, live)
    answered = _read_flags(responded, base.size) & live
    codes = np.where(live, numbered.codes, -1)
    used = np.flatnonzero(np.bincount(codes[live], minlength=len(numbered.labels)))
    place = np.full(len(numbered.labels) + 1, -1, dtype=np.intp)
    place[used] = np.arange(used.size)
    labels = tuple(numbered.labels[at] for at in used)
    cells_of, merges, into = collapse_cells(_counted(labels, place[codes], base, answered), rule)
    row_cell = np.append(into, -1)[place[codes]]
    factors = np.array([*(cell.factor for cell in cells_of), 0.0])
    adjusted = np.where(answered, base * factors[row_cell], 0.0)
    return NonresponseAdjustment(adjusted, base, cells_of, row_cell, merges)


def _counted(
    labels: tuple[Hashable, ...], codes: IntArray, weights: FloatArray, answered: BoolArray
) -> list[ResponseCell]:
    """Count each cell; codes (rows,) are -1 in rows without weight."""

    def by_cell(values: NDArray[np.generic]) -> FloatArray:
        return sum_by(codes + 1, values, len(labels) + 1)[1:]

    figures = zip(
        by_cell(weights > 0), by_cell(answered), by_cell(weights), by_cell(weights * answered), strict=True
    )
    return [
        ResponseCell((label,), int(sampled), int(respondents), float(weight), float(responding))
        for label, (sampled, respondents, weight, responding) in zip(labels, figures, strict=True)
    ]


def _read_flags(responded: ArrayLike, rows: int) -> BoolArray:
    read = np.array(responded).reshape(-1)
    if read.size != rows:
        raise DifferentLengths(column="responded", found=read.size, expected=rows)
    if read.dtype.kind not in "biuf" or not np.isin(read, (0, 1)).all():
        raise BadAnswers(item="responded", problem="phải là 0 hoặc 1 / must be 0 or 1")
    return read.astype(np.bool_)
