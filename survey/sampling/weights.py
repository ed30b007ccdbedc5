"""Base weights: how many of the frame one drawn unit, or one person in it, stands for.

Only the design's part. Not for non-response or calibration, which change weights afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.sampling.draws import Draw
from survey.sampling.errors import InvalidSecondStage


@dataclass(frozen=True, slots=True)
class SecondStage:
    """In a drawn unit: people on the list (M_i), and people taken from it at random (m_i)."""

    listed: int
    taken: int


@dataclass(frozen=True, slots=True)
class BaseWeight:
    """The base weight of a PSU's respondents, and the factors of its two stages (each ≥ 1)."""

    id: str
    stratum: str
    first_stage: float
    second_stage: float

    @property
    def weight(self) -> float:
        """Give N_h/n_h · M_i/m_i."""
        return self.first_stage * self.second_stage


def base_weights(draw: Draw, second_stage: Mapping[str, SecondStage] | None = None) -> tuple[BaseWeight, ...]:
    """Weigh each drawn unit by N_h/n_h · M_i/m_i; without a second stage the last factor is 1.

    Without a second stage the weights sum to the units of the strata drawn from; with one, the
    weights of all people taken estimate the people of the frame without bias (Horvitz and Thompson 1952).

    Raises:
        InvalidSecondStage: a drawn unit is missing, or not 1 ≤ taken ≤ listed.
    """
    first = {one.stratum: one.population / one.drawn for one in draw.strata if one.drawn}
    return tuple(
        BaseWeight(unit.id, unit.stratum, first[unit.stratum], _factor(unit.id, second_stage))
        for unit in draw.units
    )


def _factor(id_: str, second_stage: Mapping[str, SecondStage] | None) -> float:
    if second_stage is None:
        return 1.0
    stage = second_stage.get(id_, SecondStage(listed=0, taken=0))
    if not 1 <= stage.taken <= stage.listed:
        raise InvalidSecondStage(id=id_, taken=stage.taken, listed=stage.listed)
    return stage.listed / stage.taken
