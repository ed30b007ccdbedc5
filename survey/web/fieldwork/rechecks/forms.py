"""What the re-check page posts: how large a share to draw."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField


class DrawForm(FlaskForm):
    """A share in percent. Whether it is right, the service says."""

    percent = StringField()

    def asked(self) -> int:
        """Read the share; what is no number becomes one that the service refuses."""
        text = (self.percent.data or "").strip().rstrip("%").strip()
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
