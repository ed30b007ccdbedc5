"""Indices from a snapshot: computed, the same every time, kept with their hash, and read as they were kept.

Not the formulas themselves (questionnaires say them, aggregation computes them) nor how they are shown.
"""

from survey.services.indices.computing import compute_indices
from survey.services.indices.document import indices_document
from survey.services.indices.keeping import recompute, recompute_anywhere
from survey.services.indices.kept import computed_indices, has_kept_figures, latest_indices
from survey.services.indices.result import WHOLE, Indices, Kind, ResultLine

__all__ = [
    "WHOLE",
    "Indices",
    "Kind",
    "ResultLine",
    "compute_indices",
    "computed_indices",
    "has_kept_figures",
    "indices_document",
    "latest_indices",
    "recompute",
    "recompute_anywhere",
]
