"""What the page of imports posts beside a file: which checked one is meant, and a reason."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField


class CheckedForm(FlaskForm):
    """The checked file that a button is about, and why its forms should count."""

    upload = StringField()
    reason = StringField()
