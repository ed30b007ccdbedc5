"""Bands of an index (nhóm A, B, C; or Tốt, Khá, Trung bình), as data.

Not ranks (ranking.py). The shipped scales stand in bands.json, each with its source; a criteria
set names one of them or brings its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from survey.rounding import round_half_up
from survey.scoring.spans import Span


@dataclass(frozen=True, slots=True)
class Band:
    """One band; `span` in percent is None where its thresholds were not found."""

    id: str
    name: Mapping[str, str]
    span: Span | None
    confidence: str
    note: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class BandScale:
    """The bands of one scale, best first; values are rounded to `places` before they are placed."""

    id: str
    name: Mapping[str, str]
    places: int
    bands: tuple[Band, ...]

    @property
    def is_known(self) -> bool:
        """Say whether the thresholds are known."""
        return all(band.span is not None for band in self.bands)

    def band(self, percent: float) -> Band | None:
        """Place a value, rounded half up; None where the thresholds are not known."""
        value = round_half_up(percent, self.places)
        return next((band for band in self.bands if band.span and band.span.contains(value)), None)


def read_scale(document: Mapping[str, Any]) -> BandScale:
    """Read a scale that the checker has passed."""
    bands = tuple(read_band(band) for band in document["bands"])
    return BandScale(document["id"], document["name"], document.get("places", 2), bands)


def read_band(document: Mapping[str, Any]) -> Band:
    span = Span(document["from"], document["to"], document["includes"]) if "includes" in document else None
    return Band(document["id"], document["name"], span, document["confidence"], document.get("note"))


@cache
def shipped_scales() -> Mapping[str, BandScale]:
    """Give the scales that come with the package, by id."""
    raw = files("survey.scoring").joinpath("bands.json").read_text("utf-8")
    scales = (read_scale(scale) for scale in json.loads(raw)["scales"])
    return {scale.id: scale for scale in scales}


def band(percent: float, scale: str = "abc") -> Band | None:
    """Place a percent in a shipped scale: 90.00 is A, 89.99 is B."""
    return shipped_scales()[scale].band(percent)
