"""The other units of a ranking, standing still, and the place of one total among them.

Not the ranking of all units (ranking.py) nor the joint simulation of their ranks: here one unit
moves and every other keeps its total and its standard error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from survey.rounding import round_half_up
from survey.scoring.result import Score
from survey.scoring.set_settings import RankingSettings

Floats = NDArray[np.float64]

METHOD = (
    "place by rounded totals; interval from the numbers of units that may stand "
    "above: independent normal totals, Poisson-binomial given the unit's own total (its normal limit from "
    "300 units in doubt), averaged over it"
)
AS_USUAL = RankingSettings()
#: Draws of the unit's own total, at evenly spaced probabilities.
FEW, MANY = 400, 100
#: From so many units in doubt on, their number is taken as normal.
IN_DOUBT = 300


@dataclass(frozen=True, slots=True, eq=False)
class Rivals:
    """The other units that are ranked with one.

    Attributes:
        percents: (units,) totals in percent of the base, as they are ranked.
        ses: (units,) standard errors; NaN where one is not known: that total counts as it is.
    """

    units: tuple[str, ...]
    percents: Floats
    ses: Floats

    @classmethod
    def of(cls, totals: Mapping[str, tuple[float, float | None]]) -> Rivals:
        """Take totals and standard errors by unit."""
        ses = [float("nan") if se is None else se for _, se in totals.values()]
        percents = [percent for percent, _ in totals.values()]
        return cls(tuple(totals), np.array(percents, float), np.array(ses, float))

    @classmethod
    def from_scores(cls, scores: Mapping[str, Score], unit: str) -> Rivals:
        """Take the complete scores of every unit but one; an incomplete one is not ranked."""
        return cls.of(
            {
                name: (made.percent, made.percent_se)
                for name, made in scores.items()
                if name != unit and made.percent is not None
            }
        )

    @classmethod
    def from_arrays(cls, units: Sequence[str], percents: Floats, ses: Floats, unit: str) -> Rivals:
        """Take the totals of many units scored at once, NaN where not known, and leave one unit out."""
        kept = [at for at, name in enumerate(units) if name != unit and not np.isnan(percents[at])]
        return cls(tuple(units[at] for at in kept), percents[kept], ses[kept])

    @property
    def unknown_errors(self) -> int:
        """Count the totals whose error is not known."""
        return int(np.isnan(self.ses).sum())

    def rounded(self, places: int = 2) -> Floats:
        """Give the totals (units,) as they are ranked: rounded half up."""
        return rounded_totals(self, places)

    def above(self, percent: float, ranking: RankingSettings = AS_USUAL) -> int:
        """Count the places above a total: units, or, where ties are dense, different totals."""
        others = self.rounded(ranking.places)
        higher = others[others > round_half_up(percent, ranking.places)]
        return len(np.unique(higher)) if ranking.tie == "dense" else len(higher)

    def least_for(self, place: int, ranking: RankingSettings = AS_USUAL) -> float | None:
        """Give the least percent with which `place` is reached; None where any percent is enough.

        A total equal to the unit's that stands at the place shares it, as in 1, 2, 2, 4.
        """
        others = self.rounded(ranking.places)
        order = np.unique(others) if ranking.tie == "dense" else np.sort(others)
        if place > len(order):
            return None
        shown = float(order[-place])
        half = 0.5 * 10.0**-ranking.places
        return round_half_up(shown - half, ranking.places + 1) if shown > 0 else shown


@lru_cache(maxsize=8)
def rounded_totals(rivals: Rivals, places: int) -> Floats:
    """Round the totals of rivals, known again as the same object: each is asked for many times."""
    return np.array([round_half_up(percent, places) for percent in rivals.percents], float)


@dataclass(frozen=True, slots=True)
class PlaceAmong:
    """The place of one total among rivals that stand still.

    Attributes:
        place, tied, of: by the rounded totals and the set's tie rule; `of` counts the unit itself.
        low, high: the best and worst place of the interval; None where the unit's own error is unknown.
        expected: mean of the place over both errors; None likewise.
        unknown_errors: rivals whose error is not known, taken as they are: the interval is too narrow.
    """

    place: int
    tied: int
    of: int
    low: int | None
    high: int | None
    expected: float | None
    level: float
    unknown_errors: int
    method: str = METHOD


def place_among(
    percent: float,
    se: float | None,
    rivals: Rivals,
    *,
    level: float = 0.95,
    ranking: RankingSettings = AS_USUAL,
) -> PlaceAmong:
    """Place a total, in percent of the base with its standard error, among its rivals.

    A tie-break by nodes cannot be seen in totals: units that it would part share their place here.
    """
    shown = round_half_up(percent, ranking.places)
    chances = None if se is None else above_chances(percent, se, rivals, ranking)
    return PlaceAmong(
        place=1 + rivals.above(percent, ranking),
        tied=int((rivals.rounded(ranking.places) == shown).sum()),
        of=1 + len(rivals.units),
        low=None if chances is None else quantile(chances, (1 - level) / 2),
        high=None if chances is None else quantile(chances, (1 + level) / 2),
        expected=None if chances is None else 1 + float(chances @ np.arange(len(chances))),
        level=level,
        unknown_errors=rivals.unknown_errors,
    )


def above_chances(percent: float, se: float, rivals: Rivals, ranking: RankingSettings) -> Floats:
    """Give the probability (units + 1,) that 0, 1, 2 … rivals stand above the unit."""
    moving = np.nan_to_num(rivals.ses) > 0
    draws = own_draws(percent, se, int(moving.sum()))
    if se == 0:
        still = Rivals((), rivals.percents[~moving], rivals.ses[~moving])
        fixed = np.array([still.above(percent, ranking)])
    else:
        fixed = (rivals.percents[~moving] > draws[:, None]).sum(axis=1)
    gaps = (rivals.percents[moving] - draws[:, None]) / rivals.ses[moving]
    counts = poisson_binomial(ndtr(gaps))
    found = np.zeros(len(rivals.units) + 1)
    for shift, chances in zip(fixed, counts, strict=True):
        found[shift : shift + len(chances)] += chances / len(draws)
    return found


def quantile(chances: Floats, reached: float) -> int:
    """Give the place that is reached with a probability, from those of 0, 1, 2 … rivals above."""
    return 1 + min(int((np.cumsum(chances) < reached - 1e-12).sum()), len(chances) - 1)


def own_draws(percent: float, se: float, moving: int) -> Floats:
    """Give evenly likely totals of the unit itself; one where it has no error."""
    if se == 0:
        return np.array([percent])
    size = FEW if moving <= 200 else MANY
    return np.asarray(percent + se * ndtri((np.arange(size) + 0.5) / size), float)


def poisson_binomial(chances: Floats) -> Floats:
    """Give the distribution (draws, counts) of how many of independent events (draws, events) happen."""
    certain = (chances > 1 - 1e-9).all(axis=0)
    open_ = chances[:, ~certain & ~(chances < 1e-9).all(axis=0)]
    counts = normal_counts(open_) if open_.shape[1] >= IN_DOUBT else exact_counts(open_)
    return np.pad(counts, ((0, 0), (int(certain.sum()), 0)))


def exact_counts(chances: Floats) -> Floats:
    """Add one event after another."""
    counts = np.zeros((len(chances), chances.shape[1] + 1))
    counts[:, 0] = 1.0
    for number, chance in enumerate(chances.T, 1):
        came = counts[:, :number] * chance[:, None]
        counts[:, :number] -= came
        counts[:, 1 : number + 1] += came
    return counts


def normal_counts(chances: Floats) -> Floats:
    """Take the number as normal, with its own mean and variance and half a unit for continuity."""
    mean = chances.sum(axis=1, keepdims=True)
    sd = np.sqrt(np.maximum((chances * (1 - chances)).sum(axis=1, keepdims=True), 1e-12))
    upto = ndtr((np.arange(chances.shape[1]) + 0.5 - mean) / sd)
    whole = np.ones((len(chances), 1))
    return np.asarray(np.diff(np.hstack([upto, whole]), axis=1, prepend=0.0), float)


def chance_ahead(percent: float, se: float | None, other: float, other_se: float | None) -> float | None:
    """Give the probability that one total is truly above another; None where an error is unknown."""
    if se is None or other_se is None or np.isnan(other_se):
        return None
    return float(chances_ahead(percent, se, Rivals.of({"": (other, other_se)}))[0])


def chances_ahead(percent: float, se: float, rivals: Rivals) -> Floats:
    """Give the probability (units,) that a total is truly above each rival's; NaN where not known."""
    gaps, spread = percent - rivals.percents, np.hypot(se, rivals.ses)
    certain = 0.5 + 0.5 * np.sign(gaps)
    return np.where(spread == 0, certain, ndtr(gaps / np.where(spread == 0, 1.0, spread)))
