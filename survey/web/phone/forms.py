"""What a phone's first page posts: which unit is rated."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField


class StartForm(FlaskForm):
    """Begins a form about one unit of the round."""

    unit = StringField()
