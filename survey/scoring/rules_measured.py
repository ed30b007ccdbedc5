"""Rules on what a survey measured: they carry its standard error into points.

Not the estimate itself (the aggregation room), nor rules on counted inputs (rules_counted.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from survey.scoring.inputs import LeafInput, Measured, MeasuredGroups
from survey.scoring.problems import Problem, problem
from survey.scoring.rules_counted import Earned, Terms
from survey.scoring.uncertainty import Deviation


@dataclass(frozen=True, slots=True)
class ExternalIndex:
    """An index of its own, converted linearly: value / scale × maximum (SIPAS 83.94 % of 10 → 8.394)."""

    index: str
    scale: float = 100.0
    kind: ClassVar[str] = "external_index"
    accepts: ClassVar[tuple[type, ...]] = (Measured,)

    def refuse(self, given: LeafInput, terms: Terms) -> Problem | None:
        assert isinstance(given, Measured)
        return refuse_measured(given, terms, self.scale)

    def earn(self, given: LeafInput, terms: Terms) -> Earned:
        assert isinstance(given, Measured)
        if terms.maximum is None:
            return Earned(None)
        points = given.value * terms.maximum / self.scale
        return Earned(min(points, terms.maximum), (deviation(terms.leaf, given, terms.maximum / self.scale),))


@dataclass(frozen=True, slots=True)
class SurveyMean:
    """The share of satisfied (0-1) × maximum, of one group or of several.

    Groups are joined by their weights, or, when ballots are pooled, by their ballots n. `survey` is
    the survey of the set that it draws on, `items` those of its items that it is the mean of.
    """

    groups: Mapping[str, float | None]
    pooled: bool
    names: Mapping[str, Mapping[str, str]]
    survey: str = ""
    items: tuple[str, ...] = ()
    kind: ClassVar[str] = "survey"
    accepts: ClassVar[tuple[type, ...]] = (Measured, MeasuredGroups)

    def refuse(self, given: LeafInput, terms: Terms) -> Problem | None:
        if isinstance(given, Measured) and len(self.groups) > 1:
            return problem(terms.leaf, "wrong_input", rule=self.kind, got="Measured")
        for name, measured in self.measured(given).items():
            refused = self._refuse_group(name, measured, terms)
            if refused:
                return refused
        return None

    def _refuse_group(self, name: str, measured: Measured, terms: Terms) -> Problem | None:
        if name not in self.groups:
            return problem(terms.leaf, "unknown_group", id=name)
        if self.pooled and len(self.groups) > 1 and not measured.n:
            return problem(terms.leaf, "sample_size_missing", id=name)
        return refuse_measured(measured, terms, 1.0)

    def measured(self, given: LeafInput) -> Mapping[str, Measured]:
        """Read a single estimate as that of the only group."""
        if isinstance(given, MeasuredGroups):
            return given.groups
        assert isinstance(given, Measured)
        return {next(iter(self.groups)): given}

    def earn(self, given: LeafInput, terms: Terms) -> Earned:
        measured = self.measured(given)
        if terms.maximum is None or set(measured) != set(self.groups):
            return Earned(None)  # a group that did not answer is unknown, never 0 and never left out
        factors = {name: terms.maximum * weight for name, weight in self.weights(measured).items()}
        points = sum(factors[name] * group.value for name, group in measured.items())
        return Earned(
            min(points, terms.maximum),
            tuple(deviation(terms.leaf, group, factors[name]) for name, group in measured.items()),
        )

    def weights(self, measured: Mapping[str, Measured]) -> dict[str, float]:
        """Give the weight of each group, adding up to 1."""
        if len(measured) == 1:
            return dict.fromkeys(measured, 1.0)
        if self.pooled:
            total = sum(group.n or 0 for group in measured.values())
            return {name: (group.n or 0) / total for name, group in measured.items()}
        return {name: weight or 0.0 for name, weight in self.groups.items()}


def deviation(leaf: str, given: Measured, factor: float) -> Deviation:
    return Deviation(leaf, given.survey, given.se, given.df).scaled(factor)


def refuse_measured(given: Measured, terms: Terms, scale: float) -> Problem | None:
    """Refuse an estimate off its scale, or a negative error, df or number of ballots."""
    if not 0 <= given.value <= scale:
        return problem(terms.leaf, "outside_scale", got=given.value, expected=scale)
    low = min(given.se or 0, given.df or 0, given.n or 0)
    return problem(terms.leaf, "negative_input", got=low) if low < 0 else None
