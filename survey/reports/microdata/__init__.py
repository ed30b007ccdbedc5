"""A frozen round for analysts' programs: Parquet, CSV, SPSS and Stata, each with one codebook.

Not the live responses (../responses), no figure of its own but counts, and no decision about who may
have what: that is the services' work.
"""

from survey.reports.microdata.declarations import declarations
from survey.reports.microdata.errors import SuffixDiffers, TooManyMissingCodes
from survey.reports.microdata.files import FORMATS, MicrodataFiles, file_sha256, write_microdata
from survey.reports.microdata.names import variable_names
from survey.reports.microdata.values import (
    NOT_ASKED,
    About,
    CodedValue,
    IndexFormula,
    IndexNode,
    Microdata,
    SurveyDesign,
    Variable,
)

__all__ = [
    "FORMATS",
    "NOT_ASKED",
    "About",
    "CodedValue",
    "IndexFormula",
    "IndexNode",
    "Microdata",
    "MicrodataFiles",
    "SuffixDiffers",
    "SurveyDesign",
    "TooManyMissingCodes",
    "Variable",
    "declarations",
    "file_sha256",
    "variable_names",
    "write_microdata",
]
