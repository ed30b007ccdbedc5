"""Item nonresponse: how many of the questions asked a respondent left blank.

Not unit nonresponse, which weights answer for.
"""

from __future__ import annotations

import numpy as np

from survey.aggregation.labels import BoolArray, FloatArray
from survey.aggregation.quality.columns import quotient
from survey.aggregation.quality.rules import Rules
from survey.aggregation.quality.verdicts import Verdict


def unanswered_share(matrix: FloatArray, asked: BoolArray) -> FloatArray:
    """Return each row's share (rows,) of asked items without an answer, NaN where none was asked."""
    count = asked.sum(axis=1)
    blank = (asked & np.isnan(matrix)).sum(axis=1)
    return quotient(blank, count)


def item_nonresponse(matrix: FloatArray, asked: BoolArray, rules: Rules) -> dict[str, Verdict]:
    """Flag responses that leave more than `unanswered_share` of the items asked without an answer."""
    share = unanswered_share(matrix, asked)
    verdict = Verdict(rules.chosen("unanswered_share"), ~np.isnan(share), share > rules.unanswered_share)
    return {"item_nonresponse": verdict}
