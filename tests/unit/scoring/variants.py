"""The criteria sets of the documented variants (tests/data/criteria_sets/), loaded by name."""

from __future__ import annotations

from pathlib import Path

from survey.scoring import CriteriaSet, load_file

FOLDER = Path(__file__).parents[2] / "data" / "criteria_sets"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def variant(name: str) -> CriteriaSet:
    return load_file(FOLDER / f"{name}.json")
