"""Loading the reference data once: read, checked, and refused whole if anything is wrong."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from survey.units.checking import read_and_check
from survey.units.errors import InvalidUnitData
from survey.units.tree import UnitTree

#: The folder of the data shipped with the code.
DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=4)
def load_units(folder: Path = DATA) -> UnitTree:
    """Load the units of a folder (the shipped one by default), once a process.

    Raises:
        InvalidUnitData: the data has problems; `detail` lists them all.
    """
    data, problems = read_and_check(folder)
    if problems:
        detail = "\n".join(problem.text("en") for problem in problems)
        raise InvalidUnitData(detail, count=len(problems), first=problems[0].text())
    return UnitTree(data)
