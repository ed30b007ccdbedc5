"""Rules on counted or appraised inputs: they have no sampling error.

Not the rules on survey results (rules_measured.py), nor the reading of rules from a file
(rules.py). `earn` takes an input of the kinds in `accepts`, already checked by `refuse`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from survey.scoring.inputs import ChosenOption, Count, LeafInput, Points, Rate
from survey.scoring.problems import Problem, problem
from survey.scoring.spans import Span
from survey.scoring.uncertainty import Deviation


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule needs besides the input: whose leaf, out of how many points, and the best unit."""

    leaf: str
    maximum: float | None
    best: float | None = None

    def share(self, share: float) -> Earned:
        """Earn a share of the maximum, held between nothing and everything."""
        return Earned(None if self.maximum is None else self.maximum * min(max(share, 0.0), 1.0))


@dataclass(frozen=True, slots=True)
class Earned:
    """Points of one leaf, None while they cannot be known, and the survey errors in them."""

    points: float | None
    deviations: tuple[Deviation, ...] = ()


@dataclass(frozen=True, slots=True)
class Direct:
    """Points as appraised or published."""

    kind: ClassVar[str] = "direct"
    accepts: ClassVar[tuple[type, ...]] = (Points,)

    def refuse(self, given: LeafInput, terms: Terms) -> Problem | None:
        assert isinstance(given, Points)
        if given.points < 0:
            return problem(terms.leaf, "negative_input", got=given.points)
        if terms.maximum is not None and given.points > terms.maximum + 1e-9:
            return problem(terms.leaf, "above_maximum", got=given.points, expected=terms.maximum)
        return None

    def earn(self, given: LeafInput, terms: Terms) -> Earned:
        assert isinstance(given, Points)
        return Earned(given.points)


@dataclass(frozen=True, slots=True)
class Choice:
    """Points by option, such as on time 1, late 0.5, not issued 0."""

    options: Mapping[str, float]
    names: Mapping[str, Mapping[str, str]]
    kind: ClassVar[str] = "choice"
    accepts: ClassVar[tuple[type, ...]] = (ChosenOption,)

    def refuse(self, given: LeafInput, terms: Terms) -> Problem | None:
        assert isinstance(given, ChosenOption)
        return (
            None if given.option in self.options else problem(terms.leaf, "unknown_option", id=given.option)
        )

    def earn(self, given: LeafInput, terms: Terms) -> Earned:
        assert isinstance(given, ChosenOption)
        return Earned(self.options[given.option])


@dataclass(frozen=True, slots=True)
class Counted:
    """Base of the rules on a rate or a count: both are read as one number."""

    accepts: ClassVar[tuple[type, ...]] = (Rate, Count)

    def refuse(self, given: LeafInput, terms: Terms) -> Problem | None:
        return refuse_number(given, terms)


@dataclass(frozen=True, slots=True)
class Steps(Counted):
    """Points by the span in which the percent (of a rate) or the count falls."""

    of: str
    steps: tuple[tuple[Span, float], ...]
    kind: ClassVar[str] = "steps"

    def refuse(self, given: LeafInput, terms: Terms) -> Problem | None:
        if isinstance(given, Rate) != (self.of == "percent"):
            return problem(terms.leaf, "wrong_input", rule=f"steps/{self.of}", got=type(given).__name__)
        return refuse_number(given, terms)

    def earn(self, given: LeafInput, terms: Terms) -> Earned:
        value = number(given)
        return Earned(next(points for span, points in self.steps if span.contains(value)))


@dataclass(frozen=True, slots=True)
class Linear(Counted):
    """Percent × maximum; `full_at` percent earns everything."""

    full_at: float = 100.0
    kind: ClassVar[str] = "linear"
    accepts: ClassVar[tuple[type, ...]] = (Rate,)

    def earn(self, given: LeafInput, terms: Terms) -> Earned:
        return terms.share(number(given) / self.full_at)


@dataclass(frozen=True, slots=True)
class ThresholdLinear(Counted):
    """Nothing below the threshold; at it and above, percent × maximum."""

    threshold: float
    full_at: float = 100.0
    kind: ClassVar[str] = "threshold_linear"
    accepts: ClassVar[tuple[type, ...]] = (Rate,)

    def earn(self, given: LeafInput, terms: Terms) -> Earned:
        percent = number(given)
        return terms.share(percent / self.full_at if percent >= self.threshold else 0.0)


@dataclass(frozen=True, slots=True)
class PerCount(Counted):
    """So many points each, up to the maximum."""

    each: float
    kind: ClassVar[str] = "count"
    accepts: ClassVar[tuple[type, ...]] = (Count,)

    def earn(self, given: LeafInput, terms: Terms) -> Earned:
        points = self.each * number(given)
        return Earned(points if terms.maximum is None else min(points, terms.maximum))


@dataclass(frozen=True, slots=True)
class Normalised(Counted):
    """The value against a target, or against the best unit, × maximum."""

    target: float | None
    higher_is_better: bool = True
    kind: ClassVar[str] = "normalised"

    @property
    def is_to_best(self) -> bool:
        return self.target is None

    def earn(self, given: LeafInput, terms: Terms) -> Earned:
        against = terms.best if self.target is None else self.target
        if against is None:
            return Earned(None)
        return terms.share(self.ratio(number(given), against))

    def ratio(self, value: float, against: float) -> float:
        """Compare so that 1 is as good as the target; zero against zero is as good."""
        part, whole = (value, against) if self.higher_is_better else (against, value)
        return part / whole if whole > 0 else 1.0


@dataclass(frozen=True, slots=True)
class BonusPenalty:
    """Points outside the base: so many each, or as decided, between a lowest and a highest."""

    each: float
    lowest: float
    highest: float
    kind: ClassVar[str] = "bonus_penalty"
    accepts: ClassVar[tuple[type, ...]] = (Count, Points)

    def refuse(self, given: LeafInput, terms: Terms) -> Problem | None:
        if not isinstance(given, Points):
            return refuse_number(given, terms)
        if given.points > self.highest:
            return problem(terms.leaf, "above_maximum", got=given.points, expected=self.highest)
        if given.points < self.lowest:
            return problem(terms.leaf, "below_lowest", got=given.points, expected=self.lowest)
        return None

    def earn(self, given: LeafInput, terms: Terms) -> Earned:
        points = given.points if isinstance(given, Points) else self.each * number(given)
        return Earned(min(max(points, self.lowest), self.highest))


def number(given: LeafInput) -> float:
    """Read a rate as its percent and a count as itself."""
    if isinstance(given, Rate):
        return given.percent
    assert isinstance(given, Count)
    return given.value


def refuse_number(given: LeafInput, terms: Terms) -> Problem | None:
    """Refuse negative numbers and a rate of nothing."""
    if isinstance(given, Rate):
        if given.denominator == 0:
            return problem(terms.leaf, "zero_denominator")
        low = min(given.numerator, given.denominator)
    else:
        low = number(given)
    return problem(terms.leaf, "negative_input", got=low) if low < 0 else None
