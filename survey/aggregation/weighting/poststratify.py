"""Post-stratification: weights that reach the population of every cell.

Not for several margins at once (raking.py).
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from survey.aggregation.weighting.auxiliary import make_auxiliary, sums_by_label
from survey.aggregation.weighting.calibrated import Calibration
from survey.aggregation.weighting.conventions import Convention
from survey.aggregation.weighting.convergence import TOLERANCE
from survey.aggregation.weighting.inputs import Margin


def poststratify(
    weights: ArrayLike, margin: Margin, *, convention: Convention = "poststratify"
) -> Calibration:
    """Scale base weights (rows,) so that each label's weights sum to its population (R `postStratify`).

    Cells of several columns are one margin whose labels are the combinations.

    Raises:
        EmptySample, BadWeights, DifferentLengths, MissingLabels, BadTotals, UnknownLabel, UnsampledLabel.
    """
    auxiliary = make_auxiliary(weights, [margin])
    (coded,) = auxiliary.margins
    factor = coded.totals / sums_by_label(coded, auxiliary.weights)
    reached = auxiliary.weights * factor[coded.codes]
    return Calibration(
        weights=reached,
        design_weights=auxiliary.weights,
        auxiliary=auxiliary.columns,
        names=auxiliary.names,
        kind="poststratify",
        convention=convention,
        report=auxiliary.report(reached, 1, TOLERANCE),
        margins=auxiliary.codes,
    )
