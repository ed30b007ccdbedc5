"""The sample design: who stood for how many, in which stratum and PSU, by which rules.

Not its columns (design_columns.py), nor the answers (answers.py), nor the domains asked for (domains.py):
a design always holds the whole sample, and nothing here can take rows away from it, so that no standard
error forgets a PSU.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.design_columns import (
    adds_variance,
    check_weights,
    count_rows,
    derive_weights,
    nest,
    number_column,
    take_stages,
)
from survey.aggregation.errors import BadRequest, DifferentLengths
from survey.aggregation.labels import BoolArray, FloatArray, IntArray, Labels, Numbered
from survey.aggregation.population import Population
from survey.aggregation.replicates import Replicates
from survey.aggregation.selection import LonelyRule, Selection, check_population, select
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
        rows = count_rows(weights, strata, psu, fpc)
        stratum = number_column(strata, "strata", rows)
        if ssu is not None and psu is None:
            raise BadRequest(problem="ssu cần psu / ssu needs psu")
        psus = nest(stratum, psu, "psu")
        ssus = None if ssu is None else nest(Numbered(psus.labels, psus.row_unit), ssu, "ssu")
        first, second = take_stages(stratum, psus, ssus, fpc, ssu_fpc)
        checked = (
            derive_weights(first, second, psus.row_unit) if weights is None else check_weights(weights, rows)
        )
        row_unit, unit_psu = psus.row_unit, np.arange(psus.outer.size)
        if second is not None:
            check_population(second)
        if second is not None and ssus is not None and adds_variance(second):
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
