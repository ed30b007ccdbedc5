"""What is handed out: workbooks and tables, and figures as Vietnamese words.

The only room that knows a file format. It computes nothing and decides nothing about who may
read what; every figure arrives with its uncertainty.
"""

from survey.reports.cells import clean_text
from survey.reports.errors import (
    CellKindMismatch,
    HeaderRepeated,
    LevelsDiffer,
    RowsMissing,
    RowWidthDiffers,
    TooManyColumns,
)
from survey.reports.figures import (
    count_text,
    date_text,
    interval_text,
    number_text,
    percent_text,
    place_and_date_text,
    points_change_text,
    rank_change_text,
    rank_text,
    roman,
)
from survey.reports.responses import (
    Absent,
    Kind,
    ResponseColumn,
    Value,
    Written,
    write_responses,
    write_responses_csv,
)
from survey.reports.summary import (
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
    write_summary,
)

__all__ = [
    "Absent",
    "CellKindMismatch",
    "DataRow",
    "FactorRow",
    "Formula",
    "HeaderRepeated",
    "Heading",
    "ItemRow",
    "ItemTable",
    "Kind",
    "LevelsDiffer",
    "Provenance",
    "QuestionnaireSource",
    "ResponseColumn",
    "RowWidthDiffers",
    "RowsMissing",
    "ScoreRow",
    "ScoreSection",
    "SummaryReport",
    "TooManyColumns",
    "UnitRow",
    "Value",
    "Written",
    "clean_text",
    "count_text",
    "date_text",
    "interval_text",
    "number_text",
    "percent_text",
    "place_and_date_text",
    "points_change_text",
    "rank_change_text",
    "rank_text",
    "roman",
    "write_responses",
    "write_responses_csv",
    "write_summary",
]
