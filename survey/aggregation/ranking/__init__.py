"""How sure a ranking is: joint intervals for every rank, and the probability of each rank.

Not the estimates or their covariance (survey.aggregation), and not points or bands (survey.scoring).
"""

from survey.aggregation.ranking.differences import joint_ranks_by_differences
from survey.aggregation.ranking.errors import BadCovariance, BadEstimates
from survey.aggregation.ranking.intervals import JointRanks
from survey.aggregation.ranking.joint import joint_ranks
from survey.aggregation.ranking.probabilities import RankProbabilities, TopProbabilities, rank_probabilities
from survey.aggregation.ranking.quantiles import LevelSharing

__all__ = [
    "BadCovariance",
    "BadEstimates",
    "JointRanks",
    "LevelSharing",
    "RankProbabilities",
    "TopProbabilities",
    "joint_ranks",
    "joint_ranks_by_differences",
    "rank_probabilities",
]
