"""What it is worth: criteria sets, rules, the criteria tree, bands, ranking, published standings.

Not how a survey's estimates are made (aggregation), nor who self-scores and appraises (services).
The road: `load` or `load_shipped` a criteria set, `score` a unit's inputs against it, place the
percent in a `band`, `rank` units; `standings` and `standing_of` give what was published. Beyond it:
`lost_points`, what it would take (prospects), from year to year (trends), and sentences.
"""

from survey.scoring.bands import Band, BandScale, band, shipped_scales
from survey.scoring.batch import LeafColumn, LeafColumns, MeasuredColumn, RaggedColumns, Scores, score_units
from survey.scoring.block_ranking import BlockRanks, block_of, rank_in_blocks
from survey.scoring.checking import check
from survey.scoring.criteria import CriteriaSet, Criterion, Cut, Decision, Part, Source
from survey.scoring.errors import (
    CorruptCriteriaSet,
    IncompleteScore,
    MissingCriteriaSet,
    NoPublishedUnit,
    NoPublishedYear,
    NoSetInForce,
    RefusedInputs,
    RefusedMatches,
    RefusedTarget,
    SeveralSetsInForce,
    TooCoarse,
    UnsolvedPlan,
)
from survey.scoring.exempting import exempted_by
from survey.scoring.frameworks import framework_problems
from survey.scoring.in_force import Term, in_force, overlap_problems, terms
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
from survey.scoring.losses import Losses, LostPoints, NodeGap, lost_points, self_score_gaps
from survey.scoring.problems import Problem
from survey.scoring.published import Figure, Known, Unknown, years
from survey.scoring.ranking import Rank, rank
from survey.scoring.result import NodeScore, Score
from survey.scoring.roll_up import best_of, score
from survey.scoring.rules import Rule
from survey.scoring.set_settings import (
    Block,
    BonusLimits,
    Edition,
    ExemptionGround,
    Framework,
    RankingSettings,
    Rounding,
    SurveySheet,
)
from survey.scoring.standings import standing_of, standings
from survey.scoring.unit_standing import Leader, Standings, UnitStanding
from survey.scoring.writing import document_of, dump

__all__ = [
    "Band",
    "BandScale",
    "Block",
    "BlockRanks",
    "BonusLimits",
    "ChosenOption",
    "CorruptCriteriaSet",
    "Count",
    "CriteriaSet",
    "Criterion",
    "Cut",
    "Decision",
    "Edition",
    "ExemptionGround",
    "Figure",
    "Framework",
    "IncompleteScore",
    "Known",
    "Leader",
    "LeafColumn",
    "LeafColumns",
    "LeafInput",
    "Losses",
    "LostPoints",
    "Measured",
    "MeasuredColumn",
    "MeasuredGroups",
    "MissingCriteriaSet",
    "NoPublishedUnit",
    "NoPublishedYear",
    "NoSetInForce",
    "NodeGap",
    "NodeScore",
    "NotApplicable",
    "Part",
    "Points",
    "Problem",
    "RaggedColumns",
    "Rank",
    "RankingSettings",
    "Rate",
    "RefusedInputs",
    "RefusedMatches",
    "RefusedTarget",
    "Rounding",
    "Rule",
    "Score",
    "Scores",
    "SeveralSetsInForce",
    "Source",
    "Standings",
    "SurveySheet",
    "Term",
    "TooCoarse",
    "UnitStanding",
    "Unknown",
    "UnsolvedPlan",
    "band",
    "best_of",
    "block_of",
    "check",
    "document_of",
    "dump",
    "exempted_by",
    "framework_problems",
    "in_force",
    "load",
    "load_file",
    "load_shipped",
    "lost_points",
    "overlap_problems",
    "rank",
    "rank_in_blocks",
    "score",
    "score_units",
    "self_score_gaps",
    "shipped",
    "shipped_scales",
    "standing_of",
    "standings",
    "terms",
    "years",
]
