"""Weights: from base weights to calibrated ones, with the residuals that variances need.

For pure array functions on columns of one sample. Not for choosing the sample (survey.sampling) nor for
estimates from the weights (the rest of survey.aggregation).
"""

from survey.aggregation.weighting.auxiliary import Auxiliary, make_auxiliary
from survey.aggregation.weighting.calibrated import Calibration, gram, projection, residuals
from survey.aggregation.weighting.calibration import calibrate
from survey.aggregation.weighting.conventions import PHRASES, Convention, Kind
from survey.aggregation.weighting.convergence import TOLERANCE, ConvergenceReport, MarginFit
from survey.aggregation.weighting.errors import (
    BadAuxiliary,
    BadBounds,
    BadCollapse,
    BadTotals,
    DisagreeingMargins,
    NotConverged,
    TooFewRespondents,
    UnknownLabel,
    UnreachableTotal,
    UnsampledLabel,
)
from survey.aggregation.weighting.inputs import Margin, NumericTotal
from survey.aggregation.weighting.merging import Merge, ResponseCell
from survey.aggregation.weighting.nonresponse import NonresponseAdjustment, adjust_for_nonresponse
from survey.aggregation.weighting.poststratify import poststratify
from survey.aggregation.weighting.projection import Projection
from survey.aggregation.weighting.raking import rake
from survey.aggregation.weighting.trimming import Trimmed, Trimming, trim_and_calibrate, trim_weights
from survey.aggregation.weighting.weight_bounds import WeightBounds, bounds_from_mean, bounds_from_median
from survey.aggregation.weighting.weight_summary import WeightSummary, summarise_weights

__all__ = [
    "Auxiliary",
    "BadAuxiliary",
    "BadBounds",
    "BadCollapse",
    "BadTotals",
    "Calibration",
    "Convention",
    "ConvergenceReport",
    "DisagreeingMargins",
    "Kind",
    "Margin",
    "MarginFit",
    "Merge",
    "NonresponseAdjustment",
    "NotConverged",
    "NumericTotal",
    "PHRASES",
    "Projection",
    "ResponseCell",
    "TOLERANCE",
    "TooFewRespondents",
    "Trimmed",
    "Trimming",
    "UnknownLabel",
    "UnreachableTotal",
    "UnsampledLabel",
    "WeightBounds",
    "WeightSummary",
    "adjust_for_nonresponse",
    "bounds_from_mean",
    "bounds_from_median",
    "calibrate",
    "gram",
    "make_auxiliary",
    "poststratify",
    "projection",
    "rake",
    "residuals",
    "summarise_weights",
    "trim_and_calibrate",
    "trim_weights",
]
