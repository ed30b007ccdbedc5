"""How well a set of items measures one thing: alpha, omega, item-rest, with design standard errors.

Not what the items amount to (indices) nor what drives satisfaction (drivers).
"""

from survey.aggregation.reliability.alpha import alpha_influence, cronbach_alpha
from survey.aggregation.reliability.errors import ConstantItem, NotADomain, TooFewCases, TooFewItems
from survey.aggregation.reliability.omega import Omega, one_factor_omega
from survey.aggregation.reliability.phrases import PHRASES
from survey.aggregation.reliability.scale import Reliability, reliability

__all__ = [
    "PHRASES",
    "ConstantItem",
    "NotADomain",
    "Omega",
    "Reliability",
    "TooFewCases",
    "TooFewItems",
    "alpha_influence",
    "cronbach_alpha",
    "one_factor_omega",
    "reliability",
]
