"""Files that come from outside: read safely as sheets, and handed back with what is wrong in them.

Who may send one, what its columns mean and what becomes of it is the services' work.
"""

from survey.reports.reading.error_workbook import error_workbook
from survey.reports.reading.errors import FileTooLarge, ReaderBusy, UnreadableFile
from survey.reports.reading.headed import HeadedSheet, folded, headed
from survey.reports.reading.problems import CELL_CATALOGUE, FILE_CATALOGUE, cell_problem
from survey.reports.reading.reading import read_sheets, shown_name
from survey.reports.reading.sheet_worker.limits import SIZE as FILE_LIMIT
from survey.reports.reading.sheets import (
    ASIDE,
    ERRORS_SHEET,
    CellProblem,
    CellValue,
    Row,
    Sheet,
    Sheets,
    address,
    column_letters,
    in_order,
)

__all__ = [
    "ASIDE",
    "CELL_CATALOGUE",
    "ERRORS_SHEET",
    "FILE_CATALOGUE",
    "FILE_LIMIT",
    "CellProblem",
    "CellValue",
    "FileTooLarge",
    "HeadedSheet",
    "ReaderBusy",
    "Row",
    "Sheet",
    "Sheets",
    "UnreadableFile",
    "address",
    "cell_problem",
    "column_letters",
    "error_workbook",
    "folded",
    "headed",
    "in_order",
    "read_sheets",
    "shown_name",
]
