"""Who is asked: frames, sample sizes, allocation to strata, draws that anyone can repeat, base weights.

Every result is frozen and says by which method and seed it came. Not for estimation: the design
columns (stratum, PSU, weight) made here are read by `aggregation`.
"""

from survey.sampling.allocation import Method, allocate
from survey.sampling.draws import DRAW_METHOD, Draw, DrawnUnit, StratumDraw, draw
from survey.sampling.errors import ImpossibleAllocation, InvalidFrame, InvalidSampleSize, InvalidSecondStage
from survey.sampling.frame import Frame, FrameUnit
from survey.sampling.sizes import slovin
from survey.sampling.weights import BaseWeight, SecondStage, base_weights

__all__ = [
    "DRAW_METHOD",
    "BaseWeight",
    "Draw",
    "DrawnUnit",
    "Frame",
    "FrameUnit",
    "ImpossibleAllocation",
    "InvalidFrame",
    "InvalidSampleSize",
    "InvalidSecondStage",
    "Method",
    "SecondStage",
    "StratumDraw",
    "allocate",
    "base_weights",
    "draw",
    "slovin",
]
