"""Straight-lining: the same answer down a block of items.

Not what a content respondent may not do: many honest citizens are satisfied with everything, so the
flags ask for a look. Reversed items tell the two apart: the same answer to opposite statements.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from survey.aggregation.labels import BoolArray, FloatArray, IntArray
from survey.aggregation.quality.columns import commonest, longest_run, quotient
from survey.aggregation.quality.errors import BadRules
from survey.aggregation.quality.rules import Block, Rules
from survey.aggregation.quality.verdicts import Verdict


def straight_lining(
    items: tuple[str, ...], matrix: FloatArray, blocks: Sequence[Block], rules: Rules
) -> dict[str, Verdict]:
    """Judge every block; a response is flagged when any block of it is.

    Share of the commonest answer (Kim et al. 2019), longest run (Curran 2016), intra-individual
    response variability (Dunn et al. 2018), and one answer off the middle to both wordings.

    Raises:
        BadRules: a block names an item that is not there.
    """
    verdicts: dict[str, Verdict] = {}
    for block in blocks:
        for word, verdict in _judge(block, as_given(items, matrix, block), rules).items():
            verdicts[word] = verdicts[word].either(verdict) if word in verdicts else verdict
    return verdicts


def as_given(items: tuple[str, ...], matrix: FloatArray, block: Block) -> FloatArray:
    """Return the answers to a block (rows, items) as they were given on the form.

    Raises:
        BadRules: the block names an item that is not there.
    """
    absent = set(block.items) - set(items)
    if absent:
        raise BadRules(problem=f"{block.name}: {', '.join(sorted(absent))}")
    given = matrix[:, [items.index(item) for item in block.items]]
    if block.recoded and block.scale is not None:
        turned = [block.items.index(item) for item in block.reversed]
        given[:, turned] = sum(block.scale) - given[:, turned]
    return given


def variability(matrix: FloatArray) -> FloatArray:
    """Return each row's standard deviation (rows,) over its answers, NaN below two (Dunn et al. 2018)."""
    answered = ~np.isnan(matrix)
    count = answered.sum(axis=1)
    mean = quotient(np.nansum(matrix, axis=1), count)
    squares = np.nansum(np.square(matrix - mean[:, None]), axis=1)
    return np.sqrt(quotient(squares, count - 1))


def _judge(block: Block, given: FloatArray, rules: Rules) -> dict[str, Verdict]:
    count: IntArray = (~np.isnan(given)).sum(axis=1)
    judged = count >= rules.block_answers
    least = rules.chosen("block_answers")
    verdicts = {
        "identical_answers": Verdict(
            rules.chosen("identical_share") + least,
            judged,
            judged & (commonest(given) >= _at_least(rules.identical_share * count.astype(np.float64))),
        ),
        "long_run": Verdict(
            rules.chosen("run_share") + least,
            judged,
            judged
            & (
                longest_run(given)
                >= _at_least(rules.run_share * np.full(count.size, float(len(block.items))))
            ),
        ),
        "low_variability": Verdict(
            rules.chosen("variability") + least, judged, judged & (variability(given) <= rules.variability)
        ),
    }
    if block.reversed and block.scale is not None:
        verdicts["contradictory_answers"] = _opposite(block, given, judged, least)
    return verdicts


def _at_least(bound: FloatArray) -> FloatArray:
    """Return the least whole number not below a bound, whatever rounding did to it."""
    return np.ceil(bound - 1e-9)


def _opposite(
    block: Block, given: FloatArray, judged: BoolArray, least: tuple[tuple[str, float], ...]
) -> Verdict:
    turned = np.array([item in block.reversed for item in block.items], dtype=np.bool_)
    answered = ~np.isnan(given)
    both = judged & answered[:, turned].any(axis=1) & answered[:, ~turned].any(axis=1)
    same = np.zeros(both.size, dtype=np.bool_)
    if both.any():
        low, high = np.nanmin(given[both], axis=1), np.nanmax(given[both], axis=1)
        middle = sum(block.scale or ()) / 2
        same[both] = (low == high) & (low != middle)
    return Verdict(least, both, same)
