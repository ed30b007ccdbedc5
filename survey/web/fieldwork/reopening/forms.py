"""What the page of a closed round posts: why it is to take answers again."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField


class ReopeningForm(FlaskForm):
    """Why a closed round is to be opened again. What is wrong with it, the service says."""

    reason = StringField()

    @property
    def why(self) -> str:
        return (self.reason.data or "").replace("\0", "")
