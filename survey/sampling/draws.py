"""Drawing the sample: stratified, simple, random, without replacement, and repeatable by anyone.

The order of chance is the order of SHA-256 digests, so the draw needs no random generator, whose
numbers change between versions. Not for what the draw is worth in an estimate: see `weights`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from survey.sampling.errors import ImpossibleAllocation
from survey.sampling.frame import Frame, FrameUnit

#: The algorithm's name, kept with every draw; another algorithm gets another name.
DRAW_METHOD = "stratified-srswor-sha256-1"


@dataclass(frozen=True, slots=True)
class StratumDraw:
    """How many of a stratum's units were drawn: n_h of N_h."""

    stratum: str
    population: int
    drawn: int

    @property
    def inclusion_probability(self) -> float:
        """Give n_h / N_h, the probability of each of its units (0 to 1)."""
        return self.drawn / self.population


@dataclass(frozen=True, slots=True)
class DrawnUnit:
    """A drawn unit, its place in its stratum's order of chance (from 1), and its probability."""

    id: str
    stratum: str
    place: int
    inclusion_probability: float


@dataclass(frozen=True, slots=True)
class Draw:
    """A sample with all that is needed to draw it again: seed, method and the frame's hash."""

    seed: str
    method: str
    frame_sha256: str
    strata: tuple[StratumDraw, ...]
    units: tuple[DrawnUnit, ...]


def draw(frame: Frame, allocation: Mapping[str, int], seed: str | int) -> Draw:
    """Draw n_h units of each stratum, each set of n_h equally likely over the seeds.

    Within a stratum the units are put in the order of SHA-256(seed ‖ 0x00 ‖ id), seed and id in
    UTF-8 and a whole number as its decimal figures, and the first n_h are taken. The frame's
    order does not matter; the same seed gives the same draw on any machine. Publish the frame's
    hash before the seed is fixed, and nobody can steer the draw.

    Raises:
        ImpossibleAllocation: a stratum that the frame does not have, or more than it has.
    """
    _check(frame.strata, allocation)
    queues: dict[str, list[FrameUnit]] = {stratum: [] for stratum in frame.strata}
    for unit in sorted(frame.units, key=lambda unit: _chance(str(seed), unit.id)):
        queues[unit.stratum].append(unit)
    strata = tuple(StratumDraw(name, size, allocation.get(name, 0)) for name, size in frame.strata.items())
    units = tuple(
        DrawnUnit(unit.id, one.stratum, place, one.inclusion_probability)
        for one in strata
        for place, unit in enumerate(queues[one.stratum][: one.drawn], start=1)
    )
    return Draw(str(seed), DRAW_METHOD, frame.sha256, strata, units)


def _chance(seed: str, id_: str) -> bytes:
    return hashlib.sha256(f"{seed}\0{id_}".encode()).digest()


def _check(strata: Mapping[str, int], allocation: Mapping[str, int]) -> None:
    for name, drawn in allocation.items():
        if not 0 <= drawn <= strata.get(name, 0):
            raise ImpossibleAllocation(f"stratum {name!r}", total=drawn, least=0, most=strata.get(name, 0))
