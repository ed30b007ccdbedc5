"""What the page of a slip posts: the code."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField


class SlipForm(FlaskForm):
    """A code as it was typed or scanned."""

    slip = StringField()
