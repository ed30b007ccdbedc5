"""Bulk import of responses from a file: checked whole, taken whole or not at all, once.

Not reading the file's format (survey.reports.reading) and not who may do it (permissions.py).
"""

from survey.services.importing.checking import LATE_DAYS, CheckedFile, check_file, why_closed
from survey.services.importing.taking import Taken, imports_of, take_file
from survey.services.importing.templates import import_template
from survey.services.importing.uploads import (
    Upload,
    drop_old_uploads,
    drop_upload,
    keep_upload,
    upload_of,
)
from survey.services.review.import_grades import COUNT_IMPORT, request_for

__all__ = [
    "COUNT_IMPORT",
    "LATE_DAYS",
    "CheckedFile",
    "Taken",
    "Upload",
    "check_file",
    "drop_old_uploads",
    "drop_upload",
    "import_template",
    "imports_of",
    "keep_upload",
    "request_for",
    "take_file",
    "upload_of",
    "why_closed",
]
