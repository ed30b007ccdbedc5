"""The declared thresholds of the review, where each comes from, and the blocks of items it looks at.

Not their application (straight_lining.py, speeding.py, duplicates.py, bursts.py, nonresponse.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from survey.aggregation.quality.errors import BadRules

HOUSE_RULE = "house rule"


@dataclass(frozen=True, slots=True)
class Rules:
    """Thresholds of a review; `SOURCES` says where each default comes from.

    Attributes:
        block_answers: answers in a block, at least, for straight-lining to be judged.
        identical_share: flag when the commonest answer makes at least this share of a block.
        run_share: flag when the longest run of one answer makes at least this share of a block's items.
        variability: flag when the respondent's standard deviation within a block is at most this.
        seconds_per_item: flag when seconds per answered item are below this.
        median_fraction: flag when seconds are below this fraction of the median of the same form.
        form_rows: known durations of a form, at least, for its median to be used.
        duplicate_items: answers, at least, for a response to be compared with others.
        uniform_share: a response whose commonest answer makes more than this share is not compared
            with others: it matches its like by chance, and straight-lining is what judges it.
        match_share: flag when another response of the group gives at least this share of the same answers.
        burst_responses, burst_minutes: flag when one device sent more than so many in so many minutes.
        day_responses: flag when one device sent more than so many in one day.
        unanswered_share: flag when more than this share of the items asked has no answer.

    Raises:
        BadRules: a threshold outside its range.
    """

    block_answers: int = 5
    identical_share: float = 1.0
    run_share: float = 0.8
    variability: float = 0.25
    seconds_per_item: float = 2.0
    median_fraction: float = 0.5
    form_rows: int = 20
    duplicate_items: int = 20
    uniform_share: float = 0.8
    match_share: float = 0.85
    burst_responses: int = 10
    burst_minutes: float = 10.0
    day_responses: int = 120
    unanswered_share: float = 0.5

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            low, high = _RANGES.get(one.name, _SHARE if one.name.endswith("_share") else (0.0, math.inf))
            if not low <= value <= high or not math.isfinite(value):
                raise BadRules(problem=f"{one.name}={value!r}")

    def chosen(self, *names: str) -> tuple[tuple[str, float], ...]:
        """Return some thresholds with their names."""
        return tuple((name, getattr(self, name)) for name in names)


_SHARE = (0.0, 1.0)
_RANGES: dict[str, tuple[float, float]] = {
    "block_answers": (2, math.inf),
    "median_fraction": _SHARE,
    "form_rows": (1, math.inf),
    "duplicate_items": (1, math.inf),
    "burst_responses": (1, math.inf),
    "day_responses": (1, math.inf),
}

#: Where each default comes from; "house rule" where no source fixes it for a satisfaction survey.
SOURCES: dict[str, str] = {
    "block_answers": HOUSE_RULE,
    "identical_share": "simple nondifferentiation: Kim, Dykema, Stevenson, Black & Moberg 2019",
    "run_share": f"{HOUSE_RULE}; Curran 2016 proposes half of a mixed scale, too strict for one polarity",
    "variability": f"{HOUSE_RULE}; the measure is that of Dunn, Heggestad, Shanock & Theilgard 2018",
    "seconds_per_item": "Huang, Curran, Keeney, Poposki & DeShon 2012",
    "median_fraction": "50 % faster than the median: Greszki, Meyer & Schoen 2015",
    "form_rows": HOUSE_RULE,
    "duplicate_items": f"{HOUSE_RULE}; short forms match by chance: Simmons et al. 2016",
    "uniform_share": HOUSE_RULE,
    "match_share": "Kuriakose & Robbins 2016",
    "burst_responses": HOUSE_RULE,
    "burst_minutes": HOUSE_RULE,
    "day_responses": HOUSE_RULE,
    "unanswered_share": "break-off below half of the applicable items: AAPOR Standard Definitions",
}


@dataclass(frozen=True, slots=True)
class Block:
    """Items that stand together on one scale, in the order they are asked.

    Attributes:
        name: what to call it.
        items: item ids, two or more.
        reversed: those worded in the opposite direction.
        scale: lowest and highest level; needed when items are reversed.
        recoded: whether the answers to reversed items were already turned round (low + high - answer);
            straight-lining looks at answers as they were given, so they are turned back.

    Raises:
        BadRules.
    """

    name: str
    items: tuple[str, ...]
    reversed: tuple[str, ...] = ()
    scale: tuple[float, float] | None = None
    recoded: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(self.items))
        object.__setattr__(self, "reversed", tuple(self.reversed))
        problem = self._problem()
        if problem:
            raise BadRules(problem=f"{self.name}: {problem}")

    def _problem(self) -> str:
        if len(set(self.items)) != len(self.items) or len(self.items) < 2:
            return "cần từ hai tiêu chí khác nhau / two different items are needed"
        if not set(self.reversed) <= set(self.items):
            return "tiêu chí đảo chiều không thuộc nhóm / a reversed item is not of the block"
        if self.reversed and (self.scale is None or not self.scale[0] < self.scale[1]):
            return "thiếu thang đo / the scale is missing"
        return ""
