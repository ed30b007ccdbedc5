"""The review of responses in one call: every rule that has data to work on.

Not enumerator effects, which are of people, not of responses (enumerators.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from survey.aggregation.answers import Answers, item_block
from survey.aggregation.labels import FloatArray, Labels
from survey.aggregation.quality.bursts import device_bursts, device_days
from survey.aggregation.quality.columns import (
    answer_matrix,
    flag_column,
    label_codes,
    real_column,
    seconds_column,
)
from survey.aggregation.quality.duplicates import duplicates
from survey.aggregation.quality.nonresponse import item_nonresponse
from survey.aggregation.quality.report import QualityReport, report_of
from survey.aggregation.quality.rules import Block, Rules
from survey.aggregation.quality.speeding import speeding
from survey.aggregation.quality.straight_lining import straight_lining
from survey.aggregation.quality.verdicts import Verdict


def review(
    answers: Answers,
    *,
    rules: Rules | None = None,
    blocks: Sequence[Block] = (),
    asked: NDArray[np.bool_] | None = None,
    durations: ArrayLike | None = None,
    forms: Labels | None = None,
    groups: Mapping[str, Labels] | None = None,
    devices: Labels | None = None,
    times: ArrayLike | None = None,
    days: Labels | None = None,
) -> QualityReport:
    """Flag responses for a person to review, by declared rules; nothing is excluded by it.

    A rule without its data is not in the report, so that "none found" is never "not looked for".

    Args:
        answers: a column an item, a row a response, as given on the form.
        rules: the thresholds; `Rules()` when none are given.
        blocks: blocks of items for straight-lining.
        asked: (rows, items) whether routing led to the item; all items when not given.
        durations: (rows,) seconds from opening to sending, NaN where unknown.
        forms: (rows,) label of the form, for the median duration; one form when not given.
        groups: groupings (PSU, unit, device, ...) within which near duplicates are looked for.
        devices: (rows,) label of the device, missing where there is none.
        times: (rows,) when each came: numpy datetimes or numbers of seconds, for bursts in minutes.
        days: (rows,) label of the day each came, for bursts in a day.

    Raises:
        BadAnswers, DifferentLengths, BadRules, UnusableColumn.
    """
    rules, block = rules or Rules(), item_block(answers)
    matrix = answer_matrix(block)
    rows = len(matrix)
    groupings = {name: label_codes(labels, name, rows) for name, labels in (groups or {}).items()}
    copies, matches = duplicates(matrix, groupings, rules)
    seen = (
        np.ones(matrix.shape, dtype=np.bool_) if asked is None else flag_column(asked, "asked", matrix.shape)
    )
    verdicts = {
        **straight_lining(block.items, matrix, blocks, rules),
        **_speed(matrix, durations, forms, rules),
        **copies,
        **_bursts(rows, devices, times, days, rules),
        **item_nonresponse(matrix, seen, rules),
    }
    return report_of(rules, verdicts, matches if groupings else None, rows)


def _speed(
    matrix: FloatArray, durations: ArrayLike | None, forms: Labels | None, rules: Rules
) -> dict[str, Verdict]:
    if durations is None:
        return {}
    rows = len(matrix)
    form = np.zeros(rows, dtype=np.intp) if forms is None else label_codes(forms, "forms", rows)
    answered: NDArray[Any] = (~np.isnan(matrix)).sum(axis=1)
    return speeding(real_column(durations, "durations", rows), answered, form, rules)


def _bursts(
    rows: int, devices: Labels | None, times: ArrayLike | None, days: Labels | None, rules: Rules
) -> dict[str, Verdict]:
    if devices is None:
        return {}
    device = label_codes(devices, "devices", rows)
    verdicts: dict[str, Verdict] = {}
    if times is not None:
        verdicts.update(device_bursts(device, seconds_column(times, "times", rows), rules))
    if days is not None:
        verdicts.update(device_days(device, label_codes(days, "days", rows), rules))
    return verdicts
