"""Say a method in Vietnamese or English, from the fixed phrases of every part of this room.

Not the phrases themselves, which stand beside the formulas they name.
"""

from __future__ import annotations

from collections import ChainMap

from survey.aggregation import drivers, methods, multiplicity, reliability, weighting
from survey.aggregation.ranking import intervals as ranking
from survey.aggregation.small_area import model

_PHRASES = ChainMap(
    methods.PHRASES,
    dict(weighting.PHRASES),
    dict(ranking.PHRASES),
    dict(model.PHRASES),
    dict(multiplicity.PHRASES),
    dict(reliability.PHRASES),
    dict(drivers.PHRASES),
)


def describe_method(method: str, language: str = "vi") -> str:
    """Say the method of an Estimate in "vi" or "en"."""
    if language != "vi":
        return method
    return "; ".join(_PHRASES.get(phrase, phrase) for phrase in method.split("; "))
