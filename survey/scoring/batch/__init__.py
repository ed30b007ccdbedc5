"""Many units scored at once: the same rules and sums as for one unit, in columns of numbers.

Not the plain reading of the rules (survey.scoring.score), which tests hold this against, nor ranks.
"""

from survey.scoring.batch.columns import Kind, LeafColumn, LeafColumns, MeasuredColumn, exempted
from survey.scoring.batch.errors import RaggedColumns
from survey.scoring.batch.roll_up import Sums, Totals
from survey.scoring.batch.scores import Scores, score_units

__all__ = [
    "Kind",
    "LeafColumn",
    "LeafColumns",
    "MeasuredColumn",
    "RaggedColumns",
    "Scores",
    "Sums",
    "Totals",
    "exempted",
    "score_units",
]
