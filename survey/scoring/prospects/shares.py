"""The answers to a survey's items as shares by option, and what moving a share does to a mean.

Not how shares are estimated (the aggregation room), nor the leaf's rule (rules_measured.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from survey.scoring.problems import Problem, problem


@dataclass(frozen=True, slots=True)
class ItemShares:
    """One item of one group of respondents.

    Attributes:
        shares: share (0-1) of the answers by option.
        worths: what an option is worth (0-1); None leaves it out of the denominator ("không biết").
        weight: of the item in the group's mean.
    """

    id: str
    shares: Mapping[str, float]
    worths: Mapping[str, float | None]
    weight: float = 1.0

    @property
    def mean(self) -> float | None:
        """Give the mean worth of the answers that count; None where none does."""
        counted = {option: worth for option, worth in self.worths.items() if worth is not None}
        whole = math.fsum(self.shares.get(option, 0.0) for option in counted)
        if whole <= 0:
            return None
        return math.fsum(self.shares.get(option, 0.0) * worth for option, worth in counted.items()) / whole

    def others(self, option: str, taken_from: str | None) -> Mapping[str, float]:
        """Give the shares that give way when `option` changes."""
        if taken_from is not None:
            return {taken_from: self.shares.get(taken_from, 0.0)}
        return {name: share for name, share in self.shares.items() if name != option}

    def refuse(self, path: str, option: str, share: float, taken_from: str | None) -> Problem | None:
        """Say why a share cannot be moved so."""
        unknown = next((name for name in (option, taken_from) if name and name not in self.worths), None)
        if unknown:
            return problem(path, "unknown_option", id=unknown)
        if not 0 <= share <= 1:
            return problem(path, "share_outside", got=share)
        giving = math.fsum(self.others(option, taken_from).values())
        extra = share - self.shares.get(option, 0.0)
        is_short = option == taken_from or extra > giving + 1e-9
        has_no_key = extra < 0 and giving == 0 and taken_from is None
        return problem(path, "no_share_left") if is_short or has_no_key else None

    def with_share(self, option: str, share: float, taken_from: str | None = None) -> ItemShares:
        """Set an option's share; one option gives way, or all others in proportion to their shares."""
        extra = share - self.shares.get(option, 0.0)
        others = self.others(option, taken_from)
        giving = math.fsum(others.values())
        moved = {
            name: max(old - (extra if taken_from else extra * old / giving), 0.0)
            for name, old in others.items()
            if taken_from or giving > 0
        }
        return replace(self, shares={**self.shares, **moved, option: share})


#: The items behind a survey leaf, by leaf and group ("" for a leaf of one estimate).
Items: TypeAlias = Mapping[tuple[str, str], Sequence[ItemShares]]


def mean_of(items: Sequence[ItemShares]) -> float | None:
    """Join the means of a group's items by their weights; None where one of them has none."""
    means = [(item.weight, item.mean) for item in items]
    known = [(weight, mean) for weight, mean in means if mean is not None]
    total = math.fsum(weight for weight, _ in known)
    if len(known) < len(means) or total <= 0:
        return None
    return math.fsum(weight * mean for weight, mean in known) / total
