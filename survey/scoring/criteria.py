"""What a criteria set is: a tree of maxima and rules, its other cuts, its status and its sources.

Not the scoring of a unit against it (score.py), nor the reading or checking of a file
(loading.py, checking.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from survey.scoring.bands import BandScale
from survey.scoring.rules import Rule
from survey.scoring.set_settings import (
    Block,
    BonusLimits,
    Edition,
    ExemptionGround,
    Framework,
    RankingSettings,
    Rounding,
    SurveySheet,
)

#: A text by language; "vi" is always there.
Text: TypeAlias = Mapping[str, str]

#: How points reach a leaf.
METHODS = (
    "appraisal",
    "leaders_survey",
    "delegates_survey",
    "leaders_and_delegates_survey",
    "sipas",
    "impact",
    "composite",
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value was read; `url` is empty for what was never on a page."""

    id: str
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision that issued an official set."""

    number: str
    date: date
    issuer: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One node of the tree: an area, a criterion or, without children, a leaf.

    Attributes:
        maximum: points that can be had; None where the official value was not found.
        confidence: of the maximum: seen, inferred, not_found, illustration, or delegated, where a
            lower authority fills it within the maximum above.
        method, rule: of a leaf: how its points come, and from what they are computed.
        parts: ids of the parts, in the set's other cuts, to which a leaf belongs.
        exemptible: whether a unit may be exempted from it, or its survey not held.
        outside_base: bonus and penalty, added to the total but no part of the base.
    """

    id: str
    name: Text
    maximum: float | None
    confidence: str
    note: Text | None = None
    sources: tuple[str, ...] = ()
    children: tuple[Criterion, ...] = ()
    method: str | None = None
    rule: Rule | None = None
    parts: tuple[str, ...] = ()
    exemptible: bool = False
    outside_base: bool = False

    @property
    def is_leaf(self) -> bool:
        return not self.children

    def walk(self) -> Iterator[Criterion]:
        """Give the node and all below it, parents first, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.walk()

    def leaves(self) -> Iterator[Criterion]:
        """Give the leaves below, or the node itself when it is one."""
        return (node for node in self.walk() if node.is_leaf)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of another cut of the same points, such as an area across the three blocks."""

    id: str
    name: Text
    maximum: float | None
    confidence: str
    note: Text | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """Another way to divide the points; `is_complete` when every leaf is in one of its parts."""

    id: str
    name: Text
    is_complete: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """A criteria set (bộ tiêu chí), as one file says it.

    Attributes:
        status: official or illustration. An illustration says so wherever it is printed.
        years: the years it was used for, as far as seen; empty where none is known.
        valid_from, valid_to: in force on these days, both included; None: no end known.
        base: points that make 100 %; also what the inside maxima add up to.
        bounded: whether bonus and penalty leave the total between 0 and the base.
        sha256: of the file, lower-case hex.
        replaces: the set that this one ends on the day before its own first.
        framework: the set whose maxima this one keeps while it divides those left to it.
        bonus_limits: what bonus and penalty together are held between; None: by each leaf's own.
    """

    id: str
    version: str
    title: Text
    status: str
    unit_type: str
    years: tuple[int, ...]
    valid_from: date
    valid_to: date | None
    decision: Decision | None
    base: float
    bounded: bool
    bands: BandScale
    sources: Mapping[str, Source]
    notes: tuple[Text, ...]
    tree: tuple[Criterion, ...]
    cuts: tuple[Cut, ...]
    sha256: str
    replaces: Edition | None = None
    framework: Framework | None = None
    bonus_limits: BonusLimits | None = None
    ranking: RankingSettings = field(default_factory=RankingSettings)
    rounding: Rounding = field(default_factory=Rounding)
    blocks: tuple[Block, ...] = ()
    surveys: Mapping[str, SurveySheet] = field(default_factory=dict)
    exemptions: tuple[ExemptionGround, ...] = ()

    @property
    def is_illustration(self) -> bool:
        return self.status == "illustration"

    def walk(self) -> Iterator[Criterion]:
        """Give every node, parents first, in the order of the file."""
        for node in self.tree:
            yield from node.walk()

    def leaves(self) -> tuple[Criterion, ...]:
        """Give every leaf in the order of the file, those outside the base included."""
        return tuple(node for node in self.walk() if node.is_leaf)

    def confirmed(self) -> tuple[str, ...]:
        """Give the ids of the nodes whose maximum was seen in a source."""
        return tuple(node.id for node in self.walk() if node.confidence == "seen")

    def is_valid_on(self, day: date) -> bool:
        """Say whether the set is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
