"""What the page of personal links posts: a list and its plan, a way to hand out, a person, a reason."""

from __future__ import annotations

from uuid import UUID

from flask import Request
from flask_wtf import FlaskForm
from wtforms import StringField

from survey.services.links.errors import NoSuchInvitation
from survey.services.links.handing_out import FILES
from survey.services.links.judging_plans import JudgingPlan, load_plan, read_plan, shipped_plans
from survey.web.errors import MalformedRequest

MAIL = "mail"
WAYS = (*FILES, MAIL)


class DeedForm(FlaskForm):
    """A button of the page, with what it is about."""

    upload = StringField()
    way = StringField()
    confirmation = StringField()
    invitation = StringField()
    reason = StringField()

    def chosen_way(self) -> str:
        """Give the way to hand out.

        Raises:
            MalformedRequest: it is none of WAYS.
        """
        way = str(self.way.data or "")
        if way not in WAYS:
            raise MalformedRequest(way)
        return way

    def chosen_invitation(self) -> UUID:
        """Give the invitation that a button is about.

        Raises:
            NoSuchInvitation: the id is malformed.
        """
        try:
            return UUID(hex=str(self.invitation.data or ""))
        except ValueError as error:
            raise NoSuchInvitation("malformed", person="?") from error


def sent_plan(request: Request) -> str | None:
    """Give the judging plan that was chosen or sent, as its text; None for a list that says who judges whom.

    Raises:
        BadJudgingPlan: with every problem.
    """
    sent = request.files.get("plan_file")
    if sent is not None and sent.filename:
        raw = sent.read()
        read_plan(raw)
        return raw.decode("utf-8")
    chosen = str(request.form.get("plan", ""))
    return chosen if chosen in shipped_plans() else None


def plan_of(told: str | None) -> JudgingPlan | None:
    """Read a plan kept by `sent_plan`."""
    if not told:
        return None
    return load_plan(told) if told in shipped_plans() else read_plan(told.encode())
