"""Methods in Vietnamese or English, with the phrases that services add to those of aggregation.

Not the methods themselves.
"""

from __future__ import annotations

from survey.aggregation import describe_method
from survey.services.reliability_drivers import PHRASES as _DRIVERS
from survey.services.small_areas import PHRASES as _AREAS

_PHRASES = {**_DRIVERS, **_AREAS}


def said_method(method: str, language: str = "vi") -> str:
    """Say a method in "vi" or "en", phrase by phrase."""
    if language != "vi":
        return method
    return "; ".join(
        _PHRASES[phrase] if phrase in _PHRASES else describe_method(phrase) for phrase in method.split("; ")
    )
