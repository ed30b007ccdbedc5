"""A criteria set as a workbook: the one that officials fill, and the reading of it.

The file itself is read by the limited process (survey.reports.reading); here its cells are given
their meaning, and every problem its path and its cell.
"""

from survey.reports.criteria_workbook.checking import CheckedCriteriaWorkbook, check_criteria_workbook
from survey.reports.criteria_workbook.errors import TextsNotHeld
from survey.reports.criteria_workbook.problems import SHEET_CATALOGUE, PlacedProblem
from survey.reports.criteria_workbook.writing import (
    criteria_template,
    write_criteria_workbook,
    write_document,
)

__all__ = [
    "SHEET_CATALOGUE",
    "CheckedCriteriaWorkbook",
    "PlacedProblem",
    "TextsNotHeld",
    "check_criteria_workbook",
    "criteria_template",
    "write_criteria_workbook",
    "write_document",
]
