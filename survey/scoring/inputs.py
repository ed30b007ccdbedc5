"""What one leaf is scored on: a chosen option, a rate, a count, points, or a survey's estimate.

Not the leaf's rule (rules_*.py), and not a self-assessment form: who entered it and when is kept
by the storage room. A `Measured` is scoring's own word for an estimate; services translate.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What every input may say of itself: where it comes from, and whether it was simulated."""

    source: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class ChosenOption(Given):
    """The id of the option that applies, for a `choice` rule."""

    option: str


@dataclass(frozen=True, slots=True)
class Rate(Given):
    """A part of a whole, such as dossiers on time of all dossiers; the percent is derived."""

    numerator: float
    denominator: float

    @property
    def percent(self) -> float:
        return 100 * self.numerator / self.denominator


@dataclass(frozen=True, slots=True)
class Count(Given):
    """A number of things or an amount, in the unit that the leaf names."""

    value: float


@dataclass(frozen=True, slots=True)
class Points(Given):
    """Points given directly, by appraisal or as published."""

    points: float


@dataclass(frozen=True, slots=True)
class Measured(Given):
    """A survey's estimate.

    Attributes:
        value: on the rule's scale: a share 0-1 for `survey`, 0-100 for `external_index`.
        se: standard error in the same unit; None where it is not known, 0 for a complete count.
        df: degrees of freedom of the error; None for a normal interval; 0 means no interval.
        n: number of ballots; pooling groups weighs by it.
        survey: the survey it comes from. Leaves of one survey are not independent of each other.
    """

    value: float
    se: float | None = None
    df: int | None = None
    n: int | None = None
    survey: str = ""


@dataclass(frozen=True, slots=True)
class MeasuredGroups(Given):
    """One estimate for each group of respondents, by group id, for a `survey` rule."""

    groups: Mapping[str, Measured]


@dataclass(frozen=True, slots=True)
class NotApplicable(Given):
    """The node does not apply to this unit, or its survey was not held: the base shrinks."""

    reason: str


LeafInput: TypeAlias = ChosenOption | Rate | Count | Points | Measured | MeasuredGroups | NotApplicable


def is_simulated(given: LeafInput) -> bool:
    """Say whether an input, or any group in it, was simulated."""
    if isinstance(given, MeasuredGroups):
        return given.simulated or any(group.simulated for group in given.groups.values())
    return given.simulated


def is_finite(given: LeafInput) -> bool:
    """Say whether every number of an input is a real, finite one."""
    return all(math.isfinite(number) for number in numbers(given))


def numbers(given: LeafInput) -> Iterator[float]:
    if isinstance(given, MeasuredGroups):
        for group in given.groups.values():
            yield from numbers(group)
    elif isinstance(given, Measured):
        yield given.value
        yield from (figure for figure in (given.se, given.df, given.n) if figure is not None)
    elif isinstance(given, Rate):
        yield from (given.numerator, given.denominator)
    elif isinstance(given, Count):
        yield given.value
    elif isinstance(given, Points):
        yield given.points
