"""The summary of one round, as a workbook in the layout Vietnamese offices file.

Not single responses (../responses), and no computing: every figure arrives as an Estimate.
"""

from survey.reports.summary.values import (
    DataRow,
    FactorRow,
    Formula,
    Heading,
    ItemRow,
    ItemTable,
    Provenance,
    QuestionnaireSource,
    ScoreRow,
    ScoreSection,
    SummaryReport,
    UnitRow,
)
from survey.reports.summary.workbook import write_summary

__all__ = [
    "DataRow",
    "FactorRow",
    "Formula",
    "Heading",
    "ItemRow",
    "ItemTable",
    "Provenance",
    "QuestionnaireSource",
    "ScoreRow",
    "ScoreSection",
    "SummaryReport",
    "UnitRow",
    "write_summary",
]
