"""The Excel summary of a round: its figures gathered into what the reports room prints, and handed out.

Not which figures may be printed (shown/) nor the workbook itself (the reports room).
"""

from survey.services.summaries.exporting import HandedOut, export_for, export_summary
from survey.services.summaries.report import summary_report

__all__ = ["HandedOut", "export_for", "export_summary", "summary_report"]
