"""The probability of each rank, by seeded simulation from the full covariance.

Not rank intervals (joint.py), which need no random numbers and hold for all units together.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.errors import BadRequest
from survey.aggregation.labels import FloatArray, IntArray
from survey.aggregation.ranking.covariances import covariance_matrix, root_of
from survey.aggregation.ranking.ranked import Names, counts, named_estimates, refuse

#: Simulated values held at a time: 8 MB of them, whatever the number of draws.
VALUES_AT_A_TIME = 1 << 20


@dataclass(frozen=True, slots=True)
class TopProbabilities:
    """The probability (K,) that each unit is among the first m, with its Monte-Carlo standard error."""

    names: Names
    m: int
    probability: FloatArray
    monte_carlo_se: FloatArray
    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class RankProbabilities:
    """How often each unit takes each rank when the estimates vary as they would from sample to sample.

    Attributes:
        names: (K,) the units.
        probability: (K, K) share of draws in which the unit of the row has rank column + 1.
        monte_carlo_se: (K, K) standard error of that share, √(p(1-p)/draws). Where no draw fell it is 0
            and the probability is below 3/draws with 95 % confidence.
        mean_rank: (K,) average rank over the draws.
        mean_rank_se: (K,) its Monte-Carlo standard error.
        draws, seed: how many draws, and the seed of PCG64 that gives the same again.
        method: how, in fixed English words (`intervals.PHRASES` has the Vietnamese).
        n: (K,) respondents behind each estimate, where given.
    """

    names: Names
    probability: FloatArray
    monte_carlo_se: FloatArray
    mean_rank: FloatArray
    mean_rank_se: FloatArray
    draws: int
    seed: int
    method: str
    n: tuple[int, ...] | None

    def top(self, m: int) -> TopProbabilities:
        """Return each unit's probability to be among the first m.

        Raises:
            BadRequest: m outside 1..K.
        """
        if not 1 <= m <= len(self.names):
            raise BadRequest(problem=f"m={m!r}")
        share = np.minimum(self.probability[:, :m].sum(axis=1), 1.0)
        return TopProbabilities(self.names, m, share, _share_se(share, self.draws), self.draws, self.seed)


def rank_probabilities(
    estimates: ArrayLike,
    covariance: ArrayLike,
    *,
    seed: int,
    draws: int = 10_000,
    names: Sequence[Hashable] | None = None,
    n: Sequence[int] | None = None,
    largest_first: bool = True,
) -> RankProbabilities:
    """Return the probability of each rank of K units, by draws from the normal with covariance V.

    Marshall & Spiegelhalter 1998, with the covariances kept. The units are drawn in the order of their
    names, so the order in which they are given changes nothing. Equal values in one draw, which need a
    difference without variance, go by name.

    Args:
        estimates: (K,).
        covariance: (K, K), positive semidefinite; a singular one is drawn from as it is.
        seed: not negative.

    Raises:
        BadEstimates: no unit, an estimate or a variance that is not a number, a repeated name.
        BadCovariance: not (K, K), not symmetric, not positive semidefinite.
        BadRequest: no draw, a negative seed.
        DifferentLengths.
    """
    if draws < 1 or seed < 0:
        raise BadRequest(problem=f"draws={draws!r}, seed={seed!r}")
    values, named = named_estimates(estimates, names)
    matrix = covariance_matrix(covariance, values.size)
    refuse(np.isnan(matrix).sum(axis=1) > 0, named, "không có phương sai / without variance")
    order = np.array(sorted(range(values.size), key=lambda at: str(named[at])), dtype=np.intp)
    root = root_of(matrix[np.ix_(order, order)])
    hits = np.empty((values.size, values.size))
    hits[order] = _hits(values[order], root, draws, seed, largest_first)
    which = "largest" if largest_first else "smallest"
    method = f"rank probabilities by simulation from the full covariance; rank 1 is the {which}"
    return _summarised(named, hits / draws, draws, seed, method, counts("n", n, values.size))


def _hits(values: FloatArray, root: FloatArray, draws: int, seed: int, largest_first: bool) -> FloatArray:
    """Count (K, K) the draws in which each unit has each rank."""
    size = values.size
    hits = np.zeros(size * size, dtype=np.int64)
    for drawn in _blocks(values, root, draws, seed):
        unit_at_rank = np.argsort(-drawn if largest_first else drawn, axis=1, kind="stable")
        hits += np.bincount((unit_at_rank * size + np.arange(size)).ravel(), minlength=size * size)
    return hits.reshape(size, size).astype(np.float64)


def _blocks(values: FloatArray, root: FloatArray, draws: int, seed: int) -> Iterator[FloatArray]:
    generator = np.random.Generator(np.random.PCG64(seed))
    at_a_time = max(1, VALUES_AT_A_TIME // values.size)
    for start in range(0, draws, at_a_time):
        normal = generator.standard_normal((min(at_a_time, draws - start), values.size))
        yield values + normal @ root.T


def _summarised(
    names: Names, probability: FloatArray, draws: int, seed: int, method: str, n: tuple[int, ...] | None
) -> RankProbabilities:
    ranks: IntArray = np.arange(1, len(names) + 1)
    mean = probability @ ranks
    spread = np.square(ranks - mean[:, None])
    mean_se = np.sqrt((probability * spread).sum(axis=1) / draws)
    arrays = (probability, _share_se(probability, draws), mean, mean_se)
    for array in arrays:
        array.setflags(write=False)
    return RankProbabilities(names, *arrays, draws=draws, seed=seed, method=method, n=n)


def _share_se(share: FloatArray, draws: int) -> FloatArray:
    return np.sqrt(share * (1 - share) / draws)
