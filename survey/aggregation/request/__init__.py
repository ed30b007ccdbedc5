"""An analyst's door that needs no database: a request in JSON over CSV or Parquet, and its answer.

For `survey estimate` and for programs (`estimate`). Not the estimation itself, which is the rest of
survey.aggregation, and not the writing of tables and workbooks (survey.reports).
"""

from survey.aggregation.request.answer import Answer, AnswerLine, ComparisonLine, CovarianceTable, DataNote
from survey.aggregation.request.answer_json import answer_document, answer_text
from survey.aggregation.request.building import build_request, read_request
from survey.aggregation.request.errors import (
    BadWeightColumn,
    CannotWrite,
    DataChanged,
    DataUnreadable,
    EmptyDomain,
    MarginsDiffer,
    NoReplicateColumns,
    NoSuchColumn,
    NoSuchFile,
    NoSuchLabel,
    NotComparable,
    NotNested,
    NotNumbers,
    Problem,
    RaggedRows,
    RequestRefused,
    RequestUnreadable,
    TooLargeMatrix,
    TypeChanged,
)
from survey.aggregation.request.request import EstimateRequest
from survey.aggregation.request.run import answer_request, estimate
from survey.aggregation.request.shape import SCHEMA_FILE

__all__ = [
    "SCHEMA_FILE",
    "Answer",
    "AnswerLine",
    "BadWeightColumn",
    "CannotWrite",
    "ComparisonLine",
    "CovarianceTable",
    "DataChanged",
    "DataNote",
    "DataUnreadable",
    "EmptyDomain",
    "EstimateRequest",
    "MarginsDiffer",
    "NoReplicateColumns",
    "NoSuchColumn",
    "NoSuchFile",
    "NoSuchLabel",
    "NotComparable",
    "NotNested",
    "NotNumbers",
    "Problem",
    "RaggedRows",
    "RequestRefused",
    "RequestUnreadable",
    "TooLargeMatrix",
    "TypeChanged",
    "answer_document",
    "answer_request",
    "answer_text",
    "build_request",
    "estimate",
    "read_request",
]
