"""Bursts: more responses from one device than people can give, in minutes or in a day.

Not a count by place: a busy one-stop office has several devices.
"""

from __future__ import annotations

import numpy as np

from survey.aggregation.labels import BoolArray, FloatArray, IntArray
from survey.aggregation.quality.rules import Rules
from survey.aggregation.quality.verdicts import Verdict

SECONDS = 60.0


def device_bursts(device: IntArray, seconds: FloatArray, rules: Rules) -> dict[str, Verdict]:
    """Flag all responses of any window with more than `burst_responses` from one device.

    Args:
        device: (rows,) number of the device, -1 where unknown.
        seconds: (rows,) when the response came, NaN where unknown.
    """
    judged = (device >= 0) & ~np.isnan(seconds)
    rows = np.flatnonzero(judged)
    rows = rows[np.lexsort((seconds[rows], device[rows]))]
    flagged = np.zeros(device.size, dtype=np.bool_)
    flagged[rows] = crowded(device[rows], seconds[rows], rules.burst_responses, rules.burst_minutes * SECONDS)
    return {"device_burst": Verdict(rules.chosen("burst_responses", "burst_minutes"), judged, flagged)}


def crowded(device: IntArray, seconds: FloatArray, most: int, window: float) -> BoolArray:
    """Say which rows, sorted by device and time, lie in a closed window with more than `most` rows."""
    if device.size <= most:
        return np.zeros(device.size, dtype=np.bool_)
    first = np.flatnonzero((device[most:] == device[:-most]) & (seconds[most:] - seconds[:-most] <= window))
    edges = np.zeros(device.size + 1, dtype=np.intp)
    np.add.at(edges, first, 1)
    np.add.at(edges, first + most + 1, -1)
    return np.cumsum(edges[:-1]) > 0


def device_days(device: IntArray, day: IntArray, rules: Rules) -> dict[str, Verdict]:
    """Flag all responses of a device on a day with more than `day_responses`.

    Args:
        device, day: (rows,) numbers, -1 where unknown.
    """
    judged = (device >= 0) & (day >= 0)
    flagged = np.zeros(device.size, dtype=np.bool_)
    pairs = device[judged] * (day.max(initial=0) + 1) + day[judged]
    _, place, count = np.unique(pairs, return_inverse=True, return_counts=True)
    flagged[judged] = count[place] > rules.day_responses
    return {"device_day": Verdict(rules.chosen("day_responses"), judged, flagged)}
