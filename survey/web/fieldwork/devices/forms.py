"""What the pages of devices post: a new device, or another place for one."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField


class DeviceForm(FlaskForm):
    """A device to make. What is wrong with it, the service says."""

    kind = StringField()
    unit = StringField()
    stand = StringField()


class MoveForm(FlaskForm):
    """Another round or another name of its stand for a device."""

    round = StringField()
    stand = StringField()
