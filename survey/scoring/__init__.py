"""What it is worth: criteria sets, rules, the criteria tree, bands, ranking, published standings.

Not how a survey's estimates are made (aggregation), nor who self-scores and appraises (services).
The road: `load` or `load_shipped` a criteria set, `score` a unit's inputs against it, place the
percent in a `band`, `rank` units; `standings` and `standing_of` give what was published.
"""

from survey.scoring.bands import Band, BandScale, band, shipped_scales
from survey.scoring.checking import check
from survey.scoring.criteria import CriteriaSet, Criterion, Cut, Decision, Part, Source
from survey.scoring.errors import (
    CorruptCriteriaSet,
    MissingCriteriaSet,
    NoPublishedUnit,
    NoPublishedYear,
    RefusedInputs,
    TooCoarse,
)
from survey.scoring.inputs import (
    ChosenOption,
    Count,
    LeafInput,
    Measured,
    MeasuredGroups,
    NotApplicable,
    Points,
    Rate,
)
from survey.scoring.loading import load, load_file, load_shipped, shipped
from survey.scoring.problems import Problem
from survey.scoring.published import Figure, Known, Unknown, years
from survey.scoring.ranking import Rank, rank
from survey.scoring.result import NodeScore, Score
from survey.scoring.roll_up import best_of, score, score_units
from survey.scoring.rules import Rule
from survey.scoring.standings import standing_of, standings
from survey.scoring.unit_standing import Leader, Standings, UnitStanding

__all__ = [
    "Band",
    "BandScale",
    "ChosenOption",
    "CorruptCriteriaSet",
    "Count",
    "CriteriaSet",
    "Criterion",
    "Cut",
    "Decision",
    "Figure",
    "Known",
    "Leader",
    "LeafInput",
    "Measured",
    "MeasuredGroups",
    "MissingCriteriaSet",
    "NoPublishedUnit",
    "NoPublishedYear",
    "NodeScore",
    "NotApplicable",
    "Part",
    "Points",
    "Problem",
    "Rank",
    "Rate",
    "RefusedInputs",
    "Rule",
    "Score",
    "Source",
    "Standings",
    "TooCoarse",
    "UnitStanding",
    "Unknown",
    "band",
    "best_of",
    "check",
    "load",
    "load_file",
    "load_shipped",
    "rank",
    "score",
    "score_units",
    "shipped",
    "shipped_scales",
    "standing_of",
    "standings",
    "years",
]
