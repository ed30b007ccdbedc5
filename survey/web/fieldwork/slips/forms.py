"""What the page of slips posts: what a sheet is to be made for."""

from __future__ import annotations

from datetime import date

from flask_wtf import FlaskForm
from wtforms import StringField

from survey.services.slips.batches import NewBatch


class BatchForm(FlaskForm):
    """One sheet of slips. What is wrong with it, the service says."""

    unit = StringField()
    group = StringField()
    other_group = StringField()
    month = StringField()
    size = StringField()

    def as_batch(self, round_code: str) -> NewBatch:
        """Read the sheet; what cannot be read becomes a value that the service refuses."""
        size = (self.size.data or "").strip()
        return NewBatch(
            round_code=round_code,
            unit_id=self.unit.data or "",
            procedure_group=(self.other_group.data or "").strip() or (self.group.data or ""),
            month=_month(self.month.data or ""),
            size=int(size) if size.isascii() and size.isdecimal() and len(size) < 6 else 0,
        )


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return date.min
