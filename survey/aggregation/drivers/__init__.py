"""What goes with overall satisfaction, and how well it is done: derived importance and quadrants.

Not a proof of cause, and not reliability, from which it takes its complete cases.
"""

from survey.aggregation.drivers.errors import CollinearItems
from survey.aggregation.drivers.importance import Importance, ImportanceKind, derived_importance
from survey.aggregation.drivers.phrases import PHRASES, QUADRANTS, describe_quadrant
from survey.aggregation.drivers.quadrants import Driver, ImportancePerformance, importance_performance

__all__ = [
    "PHRASES",
    "QUADRANTS",
    "CollinearItems",
    "Driver",
    "Importance",
    "ImportanceKind",
    "ImportancePerformance",
    "derived_importance",
    "describe_quadrant",
    "importance_performance",
]
