"""Single responses, handed to those who may hold them: as a workbook or as CSV.

Not the summary of a round, and no decision about who may have what: that is the services' work.
"""

from survey.reports.responses.columns import Absent, Kind, ResponseColumn, Value, Written
from survey.reports.responses.csv_file import write_responses_csv
from survey.reports.responses.workbook import write_responses

__all__ = ["Absent", "Kind", "ResponseColumn", "Value", "Written", "write_responses", "write_responses_csv"]
