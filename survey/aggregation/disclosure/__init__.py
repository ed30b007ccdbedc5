"""Which figures may leave the house, and which must go so that hidden ones cannot be worked out.

sums = [roll_up(analysis, WHOLE, communes, "b1")]
protected = protect(candidates_of(analysis, kept=[WHOLE]), relations=sums)
protected.figure(commune, "b1")

For reports and the API only, never in the analyst's own computation.
"""

from survey.aggregation.disclosure.apply import CONFIDENTIAL, REVIEW, SUPPRESSED, Protected, protect, withheld
from survey.aggregation.disclosure.audit import Audit, AuditLine, assert_protected, audit
from survey.aggregation.disclosure.candidates import AnalysisLike, Candidate, candidates_of, roll_up
from survey.aggregation.disclosure.complementary import Pattern, complete
from survey.aggregation.disclosure.decisions import Decision, Finding, LogLine, log_of
from survey.aggregation.disclosure.errors import (
    BadCell,
    BadColumns,
    BadRules,
    NotProtected,
    RelationBroken,
    RepeatedCell,
    UnknownCell,
)
from survey.aggregation.disclosure.measured import Measured
from survey.aggregation.disclosure.primary import judge, judge_estimates
from survey.aggregation.disclosure.protection import Protection
from survey.aggregation.disclosure.reasons import TEXTS, text_of
from survey.aggregation.disclosure.relations import (
    TOTAL,
    Tabulation,
    crossing,
    difference,
    distribution,
    index_terms,
    joined,
    margin,
    update,
    weighted_mean,
)
from survey.aggregation.disclosure.rules import BOARD, NCHS_2017, PUBLICATION, SENSITIVE, Rules
from survey.aggregation.disclosure.tables import Cell, Relation, Table

__all__ = [
    "BOARD",
    "CONFIDENTIAL",
    "NCHS_2017",
    "PUBLICATION",
    "REVIEW",
    "SENSITIVE",
    "SUPPRESSED",
    "TEXTS",
    "TOTAL",
    "AnalysisLike",
    "Audit",
    "AuditLine",
    "BadCell",
    "BadColumns",
    "BadRules",
    "Candidate",
    "Cell",
    "Decision",
    "Finding",
    "LogLine",
    "Measured",
    "NotProtected",
    "Pattern",
    "Protected",
    "Protection",
    "Relation",
    "RelationBroken",
    "RepeatedCell",
    "Rules",
    "Table",
    "Tabulation",
    "UnknownCell",
    "assert_protected",
    "audit",
    "candidates_of",
    "complete",
    "crossing",
    "difference",
    "distribution",
    "index_terms",
    "joined",
    "judge",
    "judge_estimates",
    "log_of",
    "margin",
    "protect",
    "roll_up",
    "text_of",
    "update",
    "weighted_mean",
    "withheld",
]
