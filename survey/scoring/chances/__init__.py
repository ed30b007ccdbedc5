"""How sure the standing of units is, when survey leaves have an error: ranks, bands, neighbours.

Not the errors themselves (the aggregation room), nor the points (survey.scoring.batch). Intervals from
standard errors alone, without draws, are survey.aggregation.ranking's.
"""

from survey.scoring.chances.errors import BadDraws, ImpossibleCorrelations, NotSimulated
from survey.scoring.chances.pairs import PairChance, chances_above, neighbour_chances, pair_chance
from survey.scoring.chances.ranks import RankChances, UnitChances, rank_chances
from survey.scoring.chances.sentences import Clarity, PairSentence, pair_sentence
from survey.scoring.chances.simulating import LeafDraws, simulate_totals
from survey.scoring.chances.totals import TotalDraws

__all__ = [
    "BadDraws",
    "Clarity",
    "ImpossibleCorrelations",
    "LeafDraws",
    "NotSimulated",
    "PairChance",
    "PairSentence",
    "RankChances",
    "TotalDraws",
    "UnitChances",
    "chances_above",
    "neighbour_chances",
    "pair_chance",
    "pair_sentence",
    "rank_chances",
    "simulate_totals",
]
