"""From year to year: the change of every node, what each area gave to it, trends and their breaks.

Not one year's score (roll_up.py) nor one year's published standing (standings.py).
"""

from survey.scoring.trends.breaks import Break
from survey.scoring.trends.change import Contribution, NodeChange, Year, YearChange, change_between
from survey.scoring.trends.matches import NodeMatch, NodeMatches, match_nodes, read_matches
from survey.scoring.trends.series import (
    Point,
    Predecessor,
    Series,
    SeriesStep,
    constructed,
    decisions,
    published_series,
    series,
)

__all__ = [
    "Break",
    "Contribution",
    "NodeChange",
    "NodeMatch",
    "NodeMatches",
    "Point",
    "Predecessor",
    "Series",
    "SeriesStep",
    "Year",
    "YearChange",
    "change_between",
    "constructed",
    "decisions",
    "match_nodes",
    "published_series",
    "read_matches",
    "series",
]
