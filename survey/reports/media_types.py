"""What the formats of this room are called in HTTP. Not how a file is sent (survey.web)."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
