"""The sample design: who stood for how many, in which stratum and PSU, by which rules.

Not the answers (answers.py) nor the domains asked for (domains.py): a design always holds the whole
sample, and nothing here can take rows away from it, so that no standard error forgets a PSU.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.errors import BadRequest, BadWeights, DifferentLengths, EmptySample, MissingLabels
from survey.aggregation.labels import BoolArray, FloatArray, IntArray, Labels, Numbered, number
from survey.aggregation.population import Population, Told, population_sizes
from survey.aggregation.replicates import Replicates
from survey.aggregation.selection import LonelyRule, Selection, Stage, check_population, select
from survey.aggregation.weighting import Calibration


@dataclass(frozen=True, slots=True)
class SampleDesign:
    """Strata, PSUs and weights of a whole sample (Särndal, Swensson & Wretman 1992, ch. 4).

    Attributes:
        weights: (rows,) weight of each response; zero keeps the row in the design and out of estimates.
        row_unit: (rows,) number of the row's unit: its PSU, or its second-stage unit where that stage
            adds to the variance. Units are numbered stratum by stratum and PSU by PSU.
        selection: stages, strata and PSUs.
        calibration: how the weights were calibrated, for variances from residuals; or None.
        replicates: replicate weights, for variances from them; or None for Taylor linearisation.
    """

    weights: FloatArray
    row_unit: IntArray
    selection: Selection
    calibration: Calibration | None = None
    replicates: Replicates | None = None

    @classmethod
    def build(
        cls,
        *,
        weights: ArrayLike | None = None,
        strata: Labels | None = None,
        psu: Labels | None = None,
        ssu: Labels | None = None,
        fpc: Population | None = None,
        ssu_fpc: Population | None = None,
        lonely: LonelyRule = "fail",
        lonely_domains: bool = False,
    ) -> SampleDesign:
        """Build a design from columns of one length, a value a response.

        Without `strata` there is one stratum; without `psu` every response is its own PSU. Labels may
        repeat elsewhere: the key is (stratum, PSU, second-stage unit).

        Args:
            weights: derived from `fpc` (and `ssu_fpc`) as Π N/n when None.
            ssu: second-stage units within PSUs; they add to the variance where both sizes are known.
            fpc, ssu_fpc: units in the population of a stratum, and of a PSU: sizes, or the fractions
                that were sampled if no value is above 1 (R `svydesign(fpc=~x+y)`). Without `fpc` the
                sample is taken as drawn with replacement; without `ssu_fpc` PSUs are taken as whole.
            lonely: rule for strata with one PSU. A PSU with one second-stage unit adds nothing at the
                second stage under every rule but "fail".
            lonely_domains: hold the rule also for strata of which a domain has one PSU only (R
                `survey.adjust.domain.lonely`, which knows "adjust" and "average").

        Raises:
            EmptySample, BadWeights, DifferentLengths, MissingLabels, BadPopulation, BadRequest;
            LonelyPsu, naming the strata, under the rule "fail".
        """
        if lonely not in get_args(LonelyRule):
            raise BadRequest(problem=f"lonely={lonely!r}")
        rows = _rows(weights, strata, psu, fpc)
        stratum = _numbered(strata, "strata", rows)
        if ssu is not None and psu is None:
            raise BadRequest(problem="ssu cần psu / ssu needs psu")
        psus = _within(stratum, psu, "psu")
        ssus = None if ssu is None else _within(Numbered(psus.labels, psus.row_unit), ssu, "ssu")
        first, second = _stages(stratum, psus, ssus, fpc, ssu_fpc)
        checked = _derived(first, second, psus.row_unit) if weights is None else _weights(weights, rows)
        row_unit, unit_psu = psus.row_unit, np.arange(psus.outer.size)
        if second is not None:
            check_population(second)
        if second is not None and ssus is not None and _adds(second):
            row_unit, unit_psu = ssus.row_unit, ssus.outer
        else:
            second = None
        selection = select(
            first,
            second,
            unit_psu,
            lonely=lonely,
            lonely_domains=lonely_domains,
            psu_labels=psus.labels,
        )
        return cls(checked, row_unit, selection)

    def calibrated(self, calibration: Calibration) -> SampleDesign:
        """Take calibrated weights; variances then come from residuals, by the calibration's convention.

        Raises:
            DifferentLengths, BadRequest: weights for other rows, or replicate weights beside them.
        """
        if calibration.weights.size != self.rows:
            raise DifferentLengths(column="calibration", found=calibration.weights.size, expected=self.rows)
        if self.replicates is not None:
            raise BadRequest(problem="calibration and replicates / hiệu chỉnh cùng trọng số lặp")
        return replace(self, weights=calibration.weights, calibration=calibration)

    def replicated(self, replicates: Replicates) -> SampleDesign:
        """Take variances from replicate weights instead of linearisation.

        Raises:
            DifferentLengths, BadRequest: replicates of other rows, or of a calibrated design.
        """
        expected = self.rows if replicates.by_row else self.selection.psus
        if replicates.factors.shape[1] != expected:
            raise DifferentLengths(column="replicates", found=replicates.factors.shape[1], expected=expected)
        if self.calibration is not None:
            raise BadRequest(problem="calibration and replicates / hiệu chỉnh cùng trọng số lặp")
        return replace(self, replicates=replicates)

    @property
    def rows(self) -> int:
        """Count the responses, those of zero weight included."""
        return self.weights.size

    @property
    def row_psu(self) -> IntArray:
        """Return the PSU of each row (rows,)."""
        if self.selection.second is None:
            return self.row_unit
        return self.selection.unit_psu[self.row_unit]

    @property
    def psu_stratum(self) -> IntArray:
        """Return the stratum of each PSU (psus,)."""
        return self.selection.first.stratum

    @property
    def strata(self) -> tuple[Hashable, ...]:
        """Return the labels of the strata, by number."""
        return self.selection.first.labels

    @property
    def psus(self) -> IntArray:
        """Return the PSUs in the sample of each stratum (strata,)."""
        return self.selection.first.sampled

    @property
    def population(self) -> FloatArray:
        """Return the PSUs in the population of each stratum (strata,); infinite without a size."""
        return self.selection.first.population

    @property
    def lonely(self) -> LonelyRule:
        """Return the rule for strata with one PSU."""
        return self.selection.lonely

    @property
    def lone(self) -> BoolArray:
        """Say which strata (strata,) have one PSU and were not taken whole."""
        return self.selection.first.lone

    @property
    def has_fpc(self) -> bool:
        """Say whether any stratum has a finite population correction."""
        return self.selection.has_fpc

    @property
    def df(self) -> int:
        """Count PSUs less strata, of those with a weight other than 0 (R `degf`)."""
        live = np.unique(self.row_psu[self.weights != 0])
        return int(live.size - np.unique(self.psu_stratum[live]).size)


def _rows(*columns: object) -> int:
    """Count the rows by the first column that has any."""
    for column in columns:
        if column is not None and not isinstance(column, int | float | dict):
            return int(np.size(column)) if isinstance(column, np.ndarray) else len(column)  # type: ignore[arg-type]  # a column has a length
    raise BadRequest(problem="không có cột nào / no column at all")


def _weights(weights: ArrayLike, rows: int) -> FloatArray:
    try:
        checked: FloatArray = np.array(weights, dtype=np.float64).reshape(-1)
    except (TypeError, ValueError) as wrong:
        raise BadWeights(count="?", problem="không phải là số / not a number") from wrong
    if checked.size == 0:
        raise EmptySample
    if checked.size != rows:
        raise DifferentLengths(column="weights", found=checked.size, expected=rows)
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


def _derived(first: Stage, second: Stage | None, row_psu: IntArray) -> FloatArray:
    """Return Π N/n row by row (R `svydesign` without weights).

    Raises:
        BadWeights: a stratum without a size.
    """
    factor = (first.population / first.sampled)[first.stratum][row_psu]
    if second is not None:
        factor = factor * (second.population / second.sampled)[row_psu]
    unknown = int((~np.isfinite(factor)).sum())
    if unknown:
        raise BadWeights(count=unknown, problem="không có trọng số và quy mô / neither weight nor size")
    factor.setflags(write=False)
    return factor


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


@dataclass(frozen=True, slots=True)
class _Nested:
    """Units numbered in the order of what they are nested in.

    Attributes:
        row_unit: (rows,) the row's unit.
        outer: (units,) what the unit is nested in.
        labels: (units,) the outer label and the unit's own; empty when each row is a unit.
    """

    row_unit: IntArray
    outer: IntArray
    labels: tuple[tuple[Hashable, Hashable], ...]


def _within(outer: Numbered, labels: Labels | None, column: str) -> _Nested:
    codes = outer.codes
    if labels is None:
        order = np.argsort(codes, kind="stable")
        row_unit = np.empty_like(order)
        row_unit[order] = np.arange(order.size)
        return _Nested(row_unit, codes[order], ())
    inner = _numbered(labels, column, codes.size)
    keys, row_unit = np.unique(codes * len(inner.labels) + inner.codes, return_inverse=True)
    within, place = keys // len(inner.labels), keys % len(inner.labels)
    names = tuple(
        (outer.labels[one], inner.labels[two])
        for one, two in zip(within.tolist(), place.tolist(), strict=True)
    )
    return _Nested(row_unit.astype(np.intp, copy=False), within, names)


def _stages(
    stratum: Numbered,
    psus: _Nested,
    ssus: _Nested | None,
    fpc: Population | None,
    ssu_fpc: Population | None,
) -> tuple[Stage, Stage | None]:
    sampled = np.bincount(psus.outer, minlength=len(stratum.labels))
    ones = np.ones(sampled.size)
    if fpc is None:
        if ssu_fpc is not None:
            raise BadRequest(problem="ssu_fpc cần fpc / ssu_fpc needs fpc")
        return Stage(psus.outer, sampled, np.full(sampled.size, np.inf), ones, stratum.labels), None
    told = [Told("fpc", fpc, stratum, sampled)]
    if ssu_fpc is None:
        return Stage(psus.outer, sampled, population_sizes(told)[0], ones, stratum.labels), None
    if ssus is None:
        raise BadRequest(problem="ssu_fpc cần ssu / ssu_fpc needs ssu")
    inner = np.bincount(ssus.outer, minlength=psus.outer.size)
    told.append(Told("ssu_fpc", ssu_fpc, Numbered(psus.labels, psus.row_unit), inner))
    sizes, inner_sizes = population_sizes(told)
    first = Stage(psus.outer, sampled, sizes, ones, stratum.labels)
    names = tuple(" / ".join(str(part) for part in label if part != "") for label in psus.labels)
    return first, Stage(ssus.outer, inner, inner_sizes, (sampled / sizes)[psus.outer], names)


def _adds(second: Stage) -> bool:
    """Say whether a second stage adds to any variance."""
    return bool(((second.unsampled > 0) & (second.passed_on > 0)).any())
