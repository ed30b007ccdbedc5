"""Files that are handed out as attachments, under a name that people read."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import send_file

from survey.reports.media_types import XLSX


def attachment(content: bytes, media_type: str, name: str, ending: str) -> Any:
    """Send bytes as a file to keep."""
    return send_file(
        BytesIO(content), mimetype=media_type, as_attachment=True, download_name=f"{name}.{ending}"
    )


def workbook(content: bytes, name: str) -> Any:
    """Send a workbook."""
    return attachment(content, XLSX, name, "xlsx")
