"""Model-based estimates for areas with few respondents: the area-level Fay-Herriot model.

Not direct estimates (survey.aggregation): these borrow from other areas, are of a type of their own and
are always shown apart, named model-based.
"""

from survey.aggregation.small_area.areas import Areas
from survey.aggregation.small_area.benchmark import benchmark
from survey.aggregation.small_area.diagnostics import Residuals
from survey.aggregation.small_area.errors import (
    BadAreas,
    BadBenchmark,
    CollinearCovariates,
    NoConvergence,
    TooFewAreas,
)
from survey.aggregation.small_area.estimates import Benchmark, FitSummary, ModelEstimate, SmallAreas
from survey.aggregation.small_area.model import fay_herriot
from survey.aggregation.small_area.smoothing import SmoothedVariances, smooth_variances

__all__ = [
    "Areas",
    "BadAreas",
    "BadBenchmark",
    "Benchmark",
    "CollinearCovariates",
    "FitSummary",
    "ModelEstimate",
    "NoConvergence",
    "Residuals",
    "SmallAreas",
    "SmoothedVariances",
    "TooFewAreas",
    "benchmark",
    "fay_herriot",
    "smooth_variances",
]
