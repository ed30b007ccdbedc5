"""How the units of a sample were selected: stages, strata, PSUs, and what an omitted unit would change.

Not the responses (design.py): a selection knows units only, always all of them, so that no standard
error forgets one. Variances sum over stages (Särndal, Swensson & Wretman 1992, §4.3; Bellhouse 1985).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from survey.aggregation.errors import BadPopulation, LonelyPsu, listed
from survey.aggregation.labels import BoolArray, FloatArray, IntArray

#: fail: refuse. remove, certainty: the stratum adds nothing. adjust: its distance from the mean of the
#: domain's PSUs. average: the mean of the other strata (R `survey.lonely.psu`; Lumley 2010). collapse:
#: it varies together with its neighbour in the order of labels (Rust & Kalton 1987).
LonelyRule = Literal["fail", "remove", "certainty", "adjust", "average", "collapse"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of selection: U units in H strata; at the second stage the strata are the PSUs.

    Attributes:
        stratum: (U,) number of the unit's stratum.
        sampled: (H,) units in the sample, n_h, counted on the whole sample.
        population: (H,) units in the population, N_h; infinite without a finite population correction.
        passed_on: (H,) product of the sampling fractions of the stages before (1 at the first).
        labels: (H,) the strata in words.
    """

    stratum: IntArray
    sampled: IntArray
    population: FloatArray
    passed_on: FloatArray
    labels: tuple[Hashable, ...]

    @property
    def unsampled(self) -> FloatArray:
        """Return 1 - n_h / N_h (H,)."""
        rest: FloatArray = 1 - self.sampled / self.population
        return rest

    @property
    def lone(self) -> BoolArray:
        """Say which strata (H,) have one unit and were not taken whole."""
        alone: BoolArray = (self.sampled == 1) & (self.population > 1)
        return alone

    def scale(self, lonely: LonelyRule) -> FloatArray:
        """Return (1 - n/N) n / (n - 1) times what was passed on (H,); of a lone unit, what its rule says."""
        several = self.sampled > 1
        factor = np.where(several, self.unsampled * self.sampled / np.maximum(self.sampled - 1, 1), 0.0)
        if lonely == "adjust":
            factor = np.where(several, factor, self.unsampled)
        scaled: FloatArray = factor * self.passed_on
        return scaled


@dataclass(frozen=True, slots=True)
class Selection:
    """The stages of a sample.

    Attributes:
        first: strata and PSUs.
        second: PSUs and their second-stage units, where that stage adds to the variance; else None.
        unit_psu: (units,) PSU of each unit of the last stage kept.
        lonely: rule for strata with one PSU.
        lonely_domains: whether the rule also holds for strata of which a domain has one PSU only.
        psu_labels: (psus,) a (stratum, PSU) label each; empty when each response is its own PSU.
        collapsed: whether lone strata were merged with their neighbours.
    """

    first: Stage
    second: Stage | None
    unit_psu: IntArray
    lonely: LonelyRule
    lonely_domains: bool
    psu_labels: tuple[tuple[Hashable, Hashable], ...]
    collapsed: bool = False

    @property
    def psus(self) -> int:
        """Count the PSUs of the sample."""
        return self.first.stratum.size

    @property
    def strata(self) -> int:
        """Count the strata of the sample."""
        return self.first.sampled.size

    @property
    def has_fpc(self) -> bool:
        """Say whether any stratum has a finite population correction."""
        return bool(np.isfinite(self.first.population).any())


def select(
    first: Stage,
    second: Stage | None,
    unit_psu: IntArray,
    *,
    lonely: LonelyRule,
    lonely_domains: bool,
    psu_labels: tuple[tuple[Hashable, Hashable], ...] = (),
) -> Selection:
    """Set the stages together under a rule for lone units.

    Raises:
        LonelyPsu: naming the strata, under the rule "fail", or where there is nothing to collapse with.
        BadPopulation: fewer units in a population than in the sample.
    """
    for stage in (first, second):
        if stage is not None:
            check_population(stage)
    collapsed = lonely == "collapse" and bool(first.lone.any())
    if collapsed:
        first = collapse_lone(first)
    alone = first.lone
    if lonely in ("fail", "collapse") and alone.any():
        raise LonelyPsu(strata=listed(first.labels[h] for h in np.flatnonzero(alone)))
    if second is not None and lonely == "fail" and second.lone.any():
        raise LonelyPsu(strata=listed(second.labels[h] for h in np.flatnonzero(second.lone)))
    return Selection(first, second, unit_psu, lonely, lonely_domains, psu_labels, collapsed)


def check_population(stage: Stage) -> None:
    """Refuse sizes that are missing, not positive or smaller than the sample.

    Raises:
        BadPopulation: naming the strata.
    """
    for bad, problem in (
        (np.isnan(stage.population), "thiếu / missing"),
        (stage.population < stage.sampled, "nhỏ hơn mẫu / smaller than the sample"),
    ):
        if bad.any():
            names = listed(stage.labels[h] for h in np.flatnonzero(bad))
            raise BadPopulation(problem=problem, strata=names)


def collapse_lone(stage: Stage) -> Stage:
    """Let each lone stratum vary together with the next one, the last with the one before."""
    groups = neighbours(stage.lone, np.zeros(stage.sampled.size, dtype=np.intp))
    count = int(groups[-1]) + 1
    together: list[list[str]] = [[] for _ in range(count)]
    for label, group in zip(stage.labels, groups, strict=True):
        together[group].append(str(label))
    population = np.zeros(count)
    np.add.at(population, groups, stage.population)
    return replace(
        stage,
        stratum=groups[stage.stratum],
        sampled=np.bincount(groups, weights=stage.sampled, minlength=count).astype(np.intp),
        population=population,
        passed_on=np.ones(count),
        labels=tuple(" + ".join(labels) for labels in together),
    )


def neighbours(lone: BoolArray, block: IntArray) -> IntArray:
    """Number groups of adjacent places so that no lone place stands alone if its block has another.

    A lone place joins the one after it, the last of a block the one before it.
    """
    same = np.zeros(lone.size, dtype=np.bool_)  # whether a place is in the group of the one before
    for place in np.flatnonzero(lone).tolist():
        if same[place]:
            continue
        if place + 1 < lone.size and block[place + 1] == block[place]:
            same[place + 1] = True
        elif place > 0 and block[place - 1] == block[place]:
            same[place] = True
    groups: IntArray = np.cumsum(~same) - 1
    return groups
