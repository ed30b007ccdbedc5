"""How sure places are: the interval of every rank, and the probability of each rank and each band.

Not the totals that are ranked (simulating.py), nor sentences about them (sentences.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.scoring.bands import BandScale
from survey.scoring.batch.columns import FloatArray, IntArray, seal
from survey.scoring.batch.points import contains
from survey.scoring.chances.errors import BadDraws, NotSimulated
from survey.scoring.chances.rounding import in_last_decimals
from survey.scoring.chances.totals import TotalDraws
from survey.scoring.errors import TooCoarse
from survey.scoring.ranking import Tie
from survey.scoring.set_settings import RankingSettings

#: The flag of a unit whose error is not known: it can have any place.
NO_ERROR = "no_error"


@dataclass(frozen=True, slots=True)
class UnitChances:
    """What one unit's place is worth.

    Attributes:
        place: by the measured values; ties as the settings say, without their tie-break.
        low, high: the places it has with probability `level`, taken alone.
        joint_low, joint_high: the places it can have, so that all units' hold together.
        bands: probability by band id, best band first; empty without a known scale or a known error.
        flags: stable words.
    """

    unit: str
    value: float
    place: int
    low: int
    high: int
    joint_low: int
    joint_high: int
    bands: Mapping[str, float]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RankChances:
    """How sure the places of K units are.

    Attributes:
        units: (K,).
        value: (K,) percents they are placed by.
        place, low, high, joint_low, joint_high: (K,), see `UnitChances`.
        probability: (K, K) share of draws in which the unit of the row has place column + 1. A unit
            whose error is unknown has no row (NaN), and stands at its measured value for the others.
        monte_carlo_se: (K, K) standard error of that share, √(p(1-p)/draws).
        bands: ids of the bands, best first; empty where their thresholds are not known.
        band_probability: (K, bands).
        settings: tie rule and decimals that decided places; `level` of the intervals.
        joint_quantile: how many standard deviations hold for all units together.
        draws, seed, method: see `TotalDraws`.
    """

    units: tuple[str, ...]
    value: FloatArray
    place: IntArray
    low: IntArray
    high: IntArray
    joint_low: IntArray
    joint_high: IntArray
    probability: FloatArray
    monte_carlo_se: FloatArray
    bands: tuple[str, ...]
    band_probability: FloatArray
    settings: RankingSettings
    level: float
    joint_quantile: float
    draws: int
    seed: int | None
    method: str
    flags: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        seal(self)

    def of(self, unit: str) -> UnitChances:
        """Give what one unit's place is worth.

        Raises:
            NotSimulated.
        """
        if unit not in self.units:
            raise NotSimulated(unit=unit)
        at = self.units.index(unit)
        found = dict(zip(self.bands, self.band_probability[at].tolist(), strict=True))
        return UnitChances(
            unit=unit,
            value=float(self.value[at]),
            place=int(self.place[at]),
            low=int(self.low[at]),
            high=int(self.high[at]),
            joint_low=int(self.joint_low[at]),
            joint_high=int(self.joint_high[at]),
            bands={} if self.flags[at] else found,
            flags=self.flags[at],
        )


def rank_chances(
    totals: TotalDraws,
    *,
    settings: RankingSettings | None = None,
    bands: BandScale | None = None,
    level: float = 0.95,
) -> RankChances:
    """Give the interval of every rank, and the probability of every rank and band.

    In each draw the units are placed as they are in print: rounded half up to the settings' decimals,
    ties by their rule. The interval of a rank taken alone runs between the tails of its draws. Those
    that hold together come from intervals of the percents, value ± c standard deviations, with c such
    that all of them hold in a share `level` of the draws; a place then lies between 1 + the units
    clearly above and K - the units clearly below (Klein, Wright & Wieczorek 2020, with the quantile of
    the draws for Šidák's). A unit without a known error may stand anywhere: it adds one to the high end
    of every other's intervals.

    Args:
        settings: of a criteria set; competition ranking on two decimals when left out.
        bands: of a criteria set.

    Raises:
        BadDraws: no unit, or a level outside (0, 1).
        TooCoarse: places decided on fewer than two decimals.
    """
    kept = settings or RankingSettings()
    if kept.places < 2:
        raise TooCoarse(places=kept.places)
    if not 0 < level < 1 or not totals.units:
        raise BadDraws(problem=f"level={level}, units={len(totals.units)}")
    known = totals.has_error
    rounded = totals.rounded(kept.places)
    probability = shares(places_of(rounded, kept.tie), len(totals.units))
    low, high = marginal(shares(places_of(rounded[:, known], kept.tie), len(totals.units)), level)
    joint = jointly(totals, kept, level)
    probability[~known] = np.nan
    ids, band_probability = band_shares(totals, bands)
    return RankChances(
        units=totals.units,
        value=totals.value,
        place=places_of(in_last_decimals(totals.value, kept.places)[None, :], kept.tie)[0],
        low=widened(low, known, 1, 0),
        high=widened(high, known, len(totals.units), int(np.count_nonzero(~known))),
        joint_low=joint.low,
        joint_high=joint.high,
        probability=probability,
        monte_carlo_se=np.sqrt(probability * (1 - probability) / totals.draws),
        bands=ids,
        band_probability=band_probability,
        settings=kept,
        level=level,
        joint_quantile=joint.quantile,
        draws=totals.draws,
        seed=totals.seed,
        method=totals.method,
        flags=tuple(() if one else (NO_ERROR,) for one in known.tolist()),
    )


def places_of(values: FloatArray, tie: Tie) -> IntArray:
    """Place K values (draws, K) in each draw, 1 the largest; equal ones share the first place of theirs."""
    order = np.argsort(-values, axis=1, kind="stable")
    down = np.take_along_axis(values, order, axis=1)
    is_new = np.ones(values.shape, dtype=np.bool_)
    is_new[:, 1:] = down[:, 1:] != down[:, :-1]
    if tie == "dense":
        ordered = np.cumsum(is_new, axis=1)
    else:
        ordered = np.maximum.accumulate(np.where(is_new, np.arange(1, values.shape[1] + 1), 0), axis=1)
    places = np.empty(values.shape, dtype=np.intp)
    np.put_along_axis(places, order, ordered, axis=1)
    return places


def shares(places: IntArray, size: int) -> FloatArray:
    """Give (units, size) the share of the draws in which each unit has each place."""
    units = places.shape[1]
    hits = np.bincount((places - 1 + np.arange(units) * size).ravel(), minlength=units * size)
    return np.asarray(hits.reshape(units, size) / places.shape[0], dtype=np.float64)


def marginal(probability: FloatArray, level: float) -> tuple[IntArray, IntArray]:
    """Give the tails of each rank: at most (1 - level)/2 of the draws lie beyond each end."""
    upto = np.cumsum(probability, axis=1)
    tail = (1 - level) / 2
    low, high = (np.argmax(upto > at, axis=1) + 1 for at in (tail + 1e-12, 1 - tail - 1e-12))
    return low.astype(np.intp), high.astype(np.intp)


def widened(ends: IntArray, known: NDArray[np.bool_], otherwise: int, more: int) -> IntArray:
    """Put the ends of the units whose error is known among those of all."""
    every = np.full(known.size, otherwise, dtype=np.intp)
    every[known] = ends + more
    return every


@dataclass(frozen=True, slots=True)
class Joint:
    """Intervals that hold together, and the quantile that makes them."""

    low: IntArray
    high: IntArray
    quantile: float


def jointly(totals: TotalDraws, settings: RankingSettings, level: float) -> Joint:
    """Give intervals of the places that hold for all units together."""
    known, value = totals.has_error, totals.value
    off = np.abs(totals.percent - value)
    sd = np.sqrt(np.mean(np.square(off), axis=0))
    varies = sd > 0
    furthest = np.max(off[:, varies] / sd[varies], axis=1, initial=0.0)
    quantile = float(np.quantile(furthest, level, method="higher"))
    half = np.where(known, quantile * sd, np.inf)
    low, high = (in_last_decimals(end, settings.places) for end in (value - half, value + half))
    above = value.size - np.searchsorted(np.sort(low), high, side="right")
    below = np.searchsorted(np.sort(high), low, side="left")
    if settings.tie == "dense":
        above = np.minimum(above, 1)  # those above may all share one place
    return Joint((1 + above).astype(np.intp), (value.size - below).astype(np.intp), quantile)


def band_shares(totals: TotalDraws, scale: BandScale | None) -> tuple[tuple[str, ...], FloatArray]:
    """Give the bands of a scale, and (units, bands) the share of the draws in each."""
    if scale is None or not scale.is_known:
        return (), np.zeros((len(totals.units), 0))
    rounded = totals.rounded(scale.places) / 10.0**scale.places
    inside = [contains(band.span, rounded).mean(axis=0) for band in scale.bands if band.span]
    return tuple(band.id for band in scale.bands), np.where(
        totals.has_error[:, None], np.stack(inside, axis=1), np.nan
    )
