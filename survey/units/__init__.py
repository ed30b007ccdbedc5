"""About whom: administrative units and agencies with their dates, their succession and their names.

Everything is reference data in `data/`, each file with its source; the code only reads, checks
and looks up. Not for responses, scores or permissions: those refer to a unit by its id.
"""

from survey.units.checking import check_units
from survey.units.errors import AmbiguousUnitName, InvalidUnitData, UnitNotFound, UnknownUnitId
from survey.units.loading import DATA, load_units
from survey.units.names import fold
from survey.units.problems import Problem
from survey.units.sorting import vietnamese_sort_key
from survey.units.tree import UnitTree
from survey.units.unit import KIND_NAMES, Change, Kind, Level, Region, Succession, Unit

__all__ = [
    "DATA",
    "KIND_NAMES",
    "AmbiguousUnitName",
    "Change",
    "InvalidUnitData",
    "Kind",
    "Level",
    "Problem",
    "Region",
    "Succession",
    "Unit",
    "UnitNotFound",
    "UnitTree",
    "UnknownUnitId",
    "check_units",
    "fold",
    "load_units",
    "vietnamese_sort_key",
]
