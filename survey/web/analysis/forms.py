"""What analysts post: which snapshot to compute again, and by which formula."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField


class RecomputeForm(FlaskForm):
    """A snapshot's code and a formula's id; "" is the questionnaire's default formula."""

    snapshot = StringField()
    formula = StringField()
