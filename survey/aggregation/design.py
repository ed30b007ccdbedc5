"""The sample design: who stood for how many, in which stratum and PSU, by which lonely-PSU rule.

Not the answers (answers.py) nor the domains asked for (domains.py): a design always holds the whole
sample, and nothing here can take rows away from it, so that no standard error forgets a PSU.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from survey.aggregation.errors import (
    BadPopulation,
    BadRequest,
    BadWeights,
    DifferentLengths,
    EmptySample,
    LonelyPsu,
    MissingLabels,
    listed,
)
from survey.aggregation.labels import BoolArray, FloatArray, IntArray, Labels, Numbered, number

#: fail: refuse. remove, certainty: the stratum adds nothing. adjust: its distance from the mean of the
#: domain's PSUs. average: the mean of the other strata (R `survey.lonely.psu`; Lumley 2010).
LonelyRule = Literal["fail", "remove", "certainty", "adjust", "average"]
#: PSUs in the population: one number for all, one a row, or one a stratum label.
Population = float | Sequence[float] | NDArray[Any] | Mapping[Hashable, float]


@dataclass(frozen=True, slots=True)
class SampleDesign:
    """Strata, PSUs and weights of a whole sample (Särndal, Swensson & Wretman 1992, ch. 4).

    Attributes:
        weights: (rows,) weight of each response; zero keeps the row in the design and out of estimates.
        row_psu: (rows,) number of the row's PSU; PSUs are numbered stratum by stratum.
        psu_stratum: (psus,) number of the PSU's stratum.
        strata: labels of the strata, by number.
        psus: (strata,) PSUs in the sample, n_h, counted on the whole sample.
        population: (strata,) PSUs in the population, N_h; infinite without a finite population correction.
        lonely: rule for strata with one PSU.
        lone: (strata,) whether a stratum has one PSU and was not taken whole.
        scale: (strata,) (1 - n_h/N_h) n_h / (n_h - 1), and what the lonely rule says for n_h = 1.
    """

    weights: FloatArray
    row_psu: IntArray
    psu_stratum: IntArray
    strata: tuple[Hashable, ...]
    psus: IntArray
    population: FloatArray
    lonely: LonelyRule
    lone: BoolArray
    scale: FloatArray

    @classmethod
    def build(
        cls,
        *,
        weights: ArrayLike,
        strata: Labels | None = None,
        psu: Labels | None = None,
        population: Population | None = None,
        lonely: LonelyRule = "fail",
    ) -> SampleDesign:
        """Build a design from columns of one length, a value a response.

        Without `strata` there is one stratum; without `psu` every response is its own PSU. PSU labels
        may repeat in other strata: the key is (stratum, PSU). `population` counts PSUs.

        Raises:
            EmptySample, BadWeights, DifferentLengths, MissingLabels, BadPopulation, BadRequest;
            LonelyPsu, naming the strata, under the rule "fail".
        """
        if lonely not in get_args(LonelyRule):
            raise BadRequest(problem=f"lonely={lonely!r}")
        checked = _weights(weights)
        stratum = _numbered(strata, "strata", checked.size)
        row_psu, psu_stratum = _psus(stratum.codes, psu)
        psus = np.bincount(psu_stratum, minlength=len(stratum.labels))
        sizes = _population(population, stratum, psus)
        lone = (psus == 1) & (sizes > 1)
        if lonely == "fail" and lone.any():
            raise LonelyPsu(strata=listed(stratum.labels[h] for h in np.flatnonzero(lone)))
        return cls(
            checked,
            row_psu,
            psu_stratum,
            stratum.labels,
            psus,
            sizes,
            lonely,
            lone,
            _scale(psus, sizes, lonely),
        )

    @property
    def rows(self) -> int:
        """Count the responses, those of zero weight included."""
        return self.weights.size

    @property
    def has_fpc(self) -> bool:
        """Say whether any stratum has a finite population correction."""
        return bool(np.isfinite(self.population).any())

    @property
    def df(self) -> int:
        """Count PSUs less strata, of those with a positive weight (R `degf`)."""
        live = np.unique(self.row_psu[self.weights > 0])
        return int(live.size - np.unique(self.psu_stratum[live]).size)


def _weights(weights: ArrayLike) -> FloatArray:
    try:
        checked: FloatArray = np.array(weights, dtype=np.float64).reshape(-1)
    except (TypeError, ValueError) as wrong:
        raise BadWeights(count="?", problem="không phải là số / not a number") from wrong
    if checked.size == 0:
        raise EmptySample
    for bad, problem in (
        (~np.isfinite(checked), "thiếu hoặc vô hạn / missing or infinite"),
        (checked < 0, "số âm / negative"),
    ):
        if bad.any():
            raise BadWeights(count=int(bad.sum()), problem=problem)
    if not checked.any():
        raise BadWeights(count=checked.size, problem="tất cả bằng 0 / all zero")
    checked.setflags(write=False)
    return checked


def _numbered(labels: Labels | None, column: str, rows: int) -> Numbered:
    if labels is None:
        return Numbered(("",), np.zeros(rows, dtype=np.intp))
    if len(labels) != rows:
        raise DifferentLengths(column=column, found=len(labels), expected=rows)
    numbered = number(labels)
    missing = int((numbered.codes < 0).sum())
    if missing:
        raise MissingLabels(column=column, count=missing)
    return numbered


def _psus(stratum: IntArray, psu: Labels | None) -> tuple[IntArray, IntArray]:
    """Number PSUs in the order of their strata; return each row's PSU and each PSU's stratum."""
    if psu is None:
        order = np.argsort(stratum, kind="stable")
        row_psu = np.empty_like(order)
        row_psu[order] = np.arange(order.size)
        return row_psu, stratum[order]
    within = _numbered(psu, "psu", stratum.size)
    keys, row_psu = np.unique(stratum * len(within.labels) + within.codes, return_inverse=True)
    return row_psu.astype(np.intp, copy=False), keys // len(within.labels)


def _population(population: Population | None, stratum: Numbered, psus: IntArray) -> FloatArray:
    if population is None:
        return np.full(psus.size, np.inf)
    sizes = _sizes_by_stratum(population, stratum)
    _refuse(np.isnan(sizes), stratum, "thiếu / missing")
    _refuse(sizes < psus, stratum, "nhỏ hơn mẫu / smaller than the sample")
    return sizes


def _sizes_by_stratum(population: Population, stratum: Numbered) -> FloatArray:
    if isinstance(population, Mapping):
        return np.array([population.get(label, np.nan) for label in stratum.labels], dtype=np.float64)
    by_row = np.asarray(population, dtype=np.float64)
    if by_row.ndim == 0:
        return np.full(len(stratum.labels), float(by_row))
    if by_row.size != stratum.codes.size:
        raise DifferentLengths(column="population", found=by_row.size, expected=stratum.codes.size)
    sizes = np.full(len(stratum.labels), np.nan)
    sizes[stratum.codes] = by_row
    varies = np.zeros(sizes.size, dtype=np.bool_)
    varies[stratum.codes[by_row != sizes[stratum.codes]]] = True
    _refuse(varies, stratum, "không thống nhất trong tầng / varies within the stratum")
    return sizes


def _refuse(bad: BoolArray, stratum: Numbered, problem: str) -> None:
    if bad.any():
        raise BadPopulation(problem=problem, strata=listed(stratum.labels[h] for h in np.flatnonzero(bad)))


def _scale(psus: IntArray, population: FloatArray, lonely: LonelyRule) -> FloatArray:
    unsampled = 1 - psus / population
    several = psus > 1
    scale = np.where(several, unsampled * psus / np.maximum(psus - 1, 1), 0.0)
    if lonely == "adjust":
        scale = np.where(several, scale, unsampled)
    return scale
