"""Which responses a person should look at before they count: flags by declared, sourced rules.

Not an exclusion and not a verdict on anybody: results are shown with and without flagged responses,
which keep their place in the design with weight zero.
"""

from survey.aggregation.quality.duplicates import Matches
from survey.aggregation.quality.enumerators import EnumeratorEffect, enumerator_effect
from survey.aggregation.quality.errors import (
    BadRules,
    NotComparable,
    NothingLeft,
    TooFewEnumerators,
    UnusableColumn,
)
from survey.aggregation.quality.report import Finding, QualityReport
from survey.aggregation.quality.review import review
from survey.aggregation.quality.rules import SOURCES, Block, Rules
from survey.aggregation.quality.sensitivity import Change, Sensitivity, with_and_without, without_flagged
from survey.aggregation.quality.words import WORDS, bit_of, describe_word

__all__ = [
    "SOURCES",
    "WORDS",
    "BadRules",
    "Block",
    "Change",
    "EnumeratorEffect",
    "Finding",
    "Matches",
    "NotComparable",
    "NothingLeft",
    "QualityReport",
    "Rules",
    "Sensitivity",
    "TooFewEnumerators",
    "UnusableColumn",
    "bit_of",
    "describe_word",
    "enumerator_effect",
    "review",
    "with_and_without",
    "without_flagged",
]
