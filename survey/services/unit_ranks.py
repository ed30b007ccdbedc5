"""Units in order of their index with what a rank is worth: joint intervals and the chances of each rank.

Not the plain order of results pages and sheets (ranked_units.py), whose places these are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from survey.aggregation import Analysis, BadRequest, Estimate
from survey.aggregation.ranking import JointRanks, RankProbabilities, joint_ranks, rank_probabilities
from survey.scoring import Rank, rank
from survey.services.rank_result import (
    Quantiles,
    RankChances,
    RankedBlock,
    UnitApart,
    UnitRank,
    UnitRanks,
)
from survey.services.ranked_units import FEW
from survey.services.review.suspected import disturbed_units
from survey.services.snapshot_sample import LEVEL, SnapshotSample
from survey.services.unit_names import alphabetical, kind_name
from survey.units import vietnamese_sort_key

DRAWS, SEED = 10_000, 1
#: How many places make "among the first" and "among the last".
TOP = 3
#: The simulated ranks between which a unit lies with probability 0.9.
TAIL = 0.05


def unit_ranks(
    sample: SnapshotSample,
    *,
    quantiles: Quantiles = "t",
    draws: int = DRAWS,
    seed: int = SEED,
    together: bool = False,
) -> UnitRanks:
    """Rank the units of a snapshot, each kind in its own list or all together.

    Places are those of results pages: on values rounded as published, of units with FEW respondents and
    an interval; the others stand apart. Joint intervals hold for all units of a list at LEVEL (Klein,
    Wright & Wieczorek 2020); chances are simulated from the full covariance.

    Raises:
        BadRequest: no draw, or a negative seed.
    """
    if draws < 1 or seed < 0:
        raise BadRequest(problem=f"draws={draws!r}, seed={seed!r}")
    analysis = sample.analysis()
    return UnitRanks(
        snapshot=sample.snapshot.code,
        data_sha256=sample.snapshot.manifest["data"]["sha256"],
        simulated=bool(sample.snapshot.manifest["simulated"]),
        formula=sample.formula,
        rows=sample.snapshot.rows,
        level=LEVEL,
        quantiles=quantiles,
        draws=draws,
        seed=seed,
        blocks=tuple(
            _block(sample, analysis, block, units, _Asked(quantiles, draws, seed))
            for block, units in _blocks(analysis, together=together).items()
        ),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    quantiles: Quantiles
    draws: int
    seed: int


def _blocks(analysis: Analysis, *, together: bool) -> dict[str, list[str]]:
    """Part the units by their kind, each list in alphabetical order."""
    blocks: dict[str, list[str]] = {}
    for unit in alphabetical(domain.value for domain in analysis.domains if domain.value):
        blocks.setdefault("" if together else kind_name(unit), []).append(unit)
    return {block: blocks[block] for block in sorted(blocks, key=vietnamese_sort_key)}


def _block(
    sample: SnapshotSample, analysis: Analysis, block: str, units: Sequence[str], asked: _Asked
) -> RankedBlock:
    estimates = {unit: analysis.estimate(unit, sample.root) for unit in units}
    disturbed = disturbed_units(sample.snapshot)
    why = {unit: _why_apart(one, disturbed=unit in disturbed) for unit, one in estimates.items()}
    apart = tuple(UnitApart(unit, sample.as_share(estimates[unit]), why[unit]) for unit in units if why[unit])
    named = [unit for unit in units if not why[unit]]
    if not named:
        return RankedBlock(block, 0, (), apart, 0, "", "", None)
    shares = {unit: sample.as_share(estimates[unit]) for unit in named}
    joint, drawn = _joint(shares, asked.quantiles), _drawn(sample, analysis, shares, asked)
    places = rank({unit: (share.value or 0.0) * 100 for unit, share in shares.items()})
    m = min(TOP, len(drawn.names) if drawn else 0)
    ranked = [_ranked(unit, shares[unit], joint, drawn, places[unit], m) for unit in named]
    return RankedBlock(
        block=block,
        m=m,
        ranked=tuple(sorted(ranked, key=lambda one: one.rank)),
        apart=apart,
        drawn=len(drawn.names) if drawn else 0,
        method=joint.method,
        chances_method=drawn.method if drawn else "",
        typical_df=median(one.df for one in shares.values()),
    )


def _ranked(
    unit: str,
    share: Estimate,
    joint: JointRanks,
    drawn: RankProbabilities | None,
    place: Rank | None,
    m: int,
) -> UnitRank:
    rank_alone, low, high = joint.of(unit)
    published = rank_alone if place is None else place.place
    chances = _chances(drawn, unit, m) if drawn and unit in drawn.names else None
    return UnitRank(unit, share, published, min(low, published), high, chances)


def _why_apart(estimate: Estimate, *, disturbed: bool) -> tuple[str, ...]:
    return tuple(
        word
        for word, holds in (
            ("few_respondents", estimate.n < FEW),
            ("no_interval", estimate.value is None or estimate.ci_low is None),
            ("disturbed", disturbed),
        )
        if holds
    )


def _joint(shares: Mapping[str, Estimate], quantiles: Quantiles) -> JointRanks:
    every = list(shares.values())
    return joint_ranks(
        _column([one.value for one in every]),
        _column([one.se for one in every]),
        names=list(shares),
        df=[one.df for one in every] if quantiles == "t" else None,
        n=[one.n for one in every],
        level=LEVEL,
    )


def _drawn(
    sample: SnapshotSample, analysis: Analysis, shares: Mapping[str, Estimate], asked: _Asked
) -> RankProbabilities | None:
    """Simulate the ranks of the units that have a standard error."""
    named = [unit for unit, one in shares.items() if one.se is not None]
    if not named:
        return None
    return rank_probabilities(
        _column([shares[unit].value for unit in named]),
        analysis.covariance([(unit, sample.root) for unit in named]) / sample.width**2,
        names=named,
        n=[shares[unit].n for unit in named],
        draws=asked.draws,
        seed=asked.seed,
    )


def _chances(drawn: RankProbabilities, unit: str, m: int) -> RankChances:
    at = drawn.names.index(unit)
    by_rank = drawn.probability[at]
    reached = np.cumsum(by_rank)
    return RankChances(
        mean_rank=float(drawn.mean_rank[at]),
        mean_rank_se=float(drawn.mean_rank_se[at]),
        first=float(by_rank[0]),
        top=float(drawn.top(m).probability[at]),
        bottom=min(float(by_rank[-m:].sum()), 1.0),
        last=float(by_rank[-1]),
        likely_low=int(np.searchsorted(reached, TAIL, side="right")) + 1,
        likely_high=int(np.searchsorted(reached, 1 - TAIL, side="left")) + 1,
    )


def _column(figures: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if figure is None else figure for figure in figures])
