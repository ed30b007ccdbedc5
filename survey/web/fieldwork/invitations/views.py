"""Personal links of a round for its officials: import, hand out, remind, revoke, make anew, ask for sealing.

Links are only in what a button hands out. Nothing here says who answered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from survey.errors import SurveyError
from survey.reports.figures import count_text
from survey.reports.people_template import people_template
from survey.services.importing import Upload
from survey.services.links import reminders, sealing
from survey.services.links.errors import BadJudgingPlan, BadPeopleList, KeyLost, MailNotSet
from survey.services.links.handing_out import as_file, by_mail
from survey.services.links.importing_people import import_people, marked_list
from survey.services.links.invitations import Link
from survey.services.links.mailing import can_mail
from survey.services.links.people_lists import COLUMNS
from survey.services.review import approvals
from survey.storage.models import RoundRow
from survey.web.access import account, needs, round_asked
from survey.web.downloads import attachment, workbook
from survey.web.fieldwork.checked_files import CheckedFiles, SentFile, marked_workbook
from survey.web.fieldwork.invitations.forms import MAIL, DeedForm, plan_of, sent_plan
from survey.web.fieldwork.invitations.presenters import found_in, invitations_page, problems_found
from survey.web.languages import language
from survey.web.site import site
from survey.web.uploads import takes_file

fieldwork_invitations = Blueprint(
    "fieldwork_invitations", __name__, url_prefix="/office/rounds/<code>/fieldwork/invitations"
)
#: Kept lists stand apart from kept responses of the same round.
_LISTS = CheckedFiles("fieldwork_invitations.show", kind="people")


@fieldwork_invitations.get("/")
@needs("arrange")
def show(code: str) -> Any:
    """Show who is invited, the list that was checked last, and what can be done."""
    return _LISTS.shown(code, partial(_page, round_asked(code)))


@fieldwork_invitations.get("/template.xlsx")
@needs("arrange")
def template(code: str) -> Any:
    """Hand out the workbook to fill."""
    round_ = round_asked(code)
    heads = [headers[0] for headers in COLUMNS.values()]
    return workbook(people_template(heads), _("Danh sách mời %(code)s", code=round_.code))


@fieldwork_invitations.post("/")
@needs("arrange")
@takes_file
def check(code: str) -> Any:
    """Check a list; nobody is invited."""
    round_ = round_asked(code)
    try:
        plan = sent_plan(request)
        sent = SentFile.of(request)
        try:
            found = found_in(_import(code, sent, plan, dry_run=True), plan)
        except BadPeopleList as refused:
            found = problems_found(refused, plan)
    except BadJudgingPlan as refusal:
        return _page(round_, plan_problem=refusal, problem=refusal.text(language())), refusal.status
    except SurveyError as refusal:
        return _page(round_, problem=refusal.text(language())), refusal.status
    return _LISTS.keep(code, sent, found)


@fieldwork_invitations.post("/marked")
@needs("arrange")
def marked(code: str) -> Any:
    """Hand the checked list back with what is wrong in it."""
    return _with_kept(code, lambda upload: _marked(code, upload))


@fieldwork_invitations.post("/invite")
@needs("arrange")
def invite(code: str) -> Any:
    """Invite everybody of the checked list, and hand the links out once."""
    return _with_kept(code, lambda upload: _invited(code, upload))


@fieldwork_invitations.post("/remind")
@needs("arrange")
def remind(code: str) -> Any:
    """Make new links for who has not answered all, and hand them out once."""
    return _renewed(
        code,
        lambda form: reminders.remind(
            store=site().store, clock=site().clock, round_code=code, actor=account().login
        ),
        reminder=True,
    )


@fieldwork_invitations.post("/renew")
@needs("arrange")
def renew(code: str) -> Any:
    """Make a new link for one person who lost theirs."""
    return _renewed(
        code,
        lambda form: reminders.reissue(
            store=site().store,
            clock=site().clock,
            round_code=code,
            invitation_id=form.chosen_invitation(),
            actor=account().login,
        ),
    )


@fieldwork_invitations.post("/revoke")
@needs("arrange")
def revoke(code: str) -> Any:
    """Take one person's link back."""
    round_, form = round_asked(code), DeedForm()
    try:
        reminders.revoke(
            store=site().store,
            clock=site().clock,
            round_code=code,
            invitation_id=form.chosen_invitation(),
            actor=account().login,
        )
    except SurveyError as refusal:
        return _page(round_, problem=refusal.text(language())), refusal.status
    flash(_("Đã thu hồi đường dẫn."), "good")
    return redirect(url_for("fieldwork_invitations.show", code=code), 303)


@fieldwork_invitations.post("/seal")
@needs("arrange")
def ask_seal(code: str) -> Any:
    """Ask a second person to seal the round."""
    round_, form = round_asked(code), DeedForm()
    try:
        approvals.ask(
            store=site().store,
            clock=site().clock,
            account=account(),
            code=code,
            action=sealing.SEAL,
            details={},
            reason=str(form.reason.data or ""),
        )
    except SurveyError as refusal:
        return _page(round_, problem=refusal.text(language())), refusal.status
    flash(_("Đã gửi đề nghị niêm phong. Người thứ hai quyết định ở trang Rà soát."), "good")
    return redirect(url_for("fieldwork_invitations.show", code=code), 303)


def _with_kept(code: str, deed: Callable[[Upload], Any]) -> Any:
    round_, upload_id = round_asked(code), str(DeedForm().upload.data or "")
    return _LISTS.with_kept(code, upload_id, deed, partial(_page, round_))


def _marked(code: str, upload: Upload) -> Any:
    plan = plan_of(upload.found["plan"])
    told: dict[str, Any] = {"store": site().store, "round_code": code, "plan": plan}
    return marked_workbook(marked_list(**told, raw=upload.raw, name=upload.name), upload)


def _invited(code: str, upload: Upload) -> Any:
    form, found = DeedForm(), upload.found
    way = _way(form)
    confirmation = str(form.confirmation.data or "") if found["small"] else None
    taken = _import(code, upload, found["plan"], confirmation=confirmation)
    _LISTS.drop(upload)
    if taken.widened:
        told = count_text(taken.widened, language())
        flash(
            _("%(count)s người đã mời trước nay có thêm đơn vị, vẫn bằng đường dẫn cũ.", count=told), "info"
        )
    return _handed_out(round_asked(code), taken.links, way)


def _renewed(code: str, make: Callable[[DeedForm], Sequence[Link]], *, reminder: bool = False) -> Any:
    round_, form = round_asked(code), DeedForm()
    try:
        way = _way(form)
        links = make(form)
    except SurveyError as refusal:
        return _page(round_, problem=refusal.text(language())), refusal.status
    return _handed_out(round_, links, way, reminder=reminder)


def _handed_out(round_: RoundRow, links: Sequence[Link], way: str, *, reminder: bool = False) -> Any:
    """Give the links as a file, or send them; where there are none, say so."""
    back = redirect(url_for("fieldwork_invitations.show", code=round_.code), 303)
    if not links:
        flash(_("Không có đường dẫn mới nào cần phát."), "info")
        return back
    if way != MAIL:
        made = as_file(settings=site().settings, round_=round_, links=links, way=way, reminder=reminder)
        return attachment(made.content, made.media_type, _("Đường dẫn riêng %(code)s", code=round_.code), way)
    mailed = by_mail(
        settings=site().settings, clock=site().clock, round_=round_, links=links, reminder=reminder
    )
    flash(_("Đã gửi %(count)s thư.", count=count_text(mailed.sent, language())), "good")
    if mailed.failed:
        flash(
            _(
                "Chưa gửi được cho: %(names)s. Hãy phát lại đường dẫn cho từng người này.",
                names="; ".join(mailed.failed),
            ),
            "warn",
        )
    return back


def _way(form: DeedForm) -> str:
    """Give the way to hand out; without a mail server nobody is invited by mail.

    Raises:
        MalformedRequest, MailNotSet.
    """
    way = form.chosen_way()
    if way == MAIL and not can_mail(site().settings):
        raise MailNotSet()
    return way


def _import(code: str, file: SentFile | Upload, plan: str | None, **how: Any) -> Any:
    return import_people(
        store=site().store,
        clock=site().clock,
        round_code=code,
        raw=file.raw,
        name=file.name,
        plan=plan_of(plan),
        actor=account().login,
        **how,
    )


def _page(
    round_: RoundRow,
    upload: Upload | None = None,
    *,
    problem: str | None = None,
    plan_problem: BadJudgingPlan | None = None,
) -> str:
    asked = " ".join(request.args.get("q", "").split())[:100]
    people = reminders.invited_people(store=site().store, round_=round_)
    if asked:
        people = tuple(one for one in people if asked.casefold() in one[0].person_ref.casefold())
    try:
        counts = reminders.group_counts(store=site().store, round_=round_)
    except KeyLost as lost:
        counts, problem = (), problem or lost.text(language())
    number = request.args.get("page", "1")
    return invitations_page(
        round_,
        people,
        counts,
        step=sealing.step_of(store=site().store, round_=round_),
        mails=can_mail(site().settings),
        upload=upload,
        problem=problem,
        plan_problem=plan_problem,
        page=int(number) if number.isdecimal() and len(number) < 7 else 1,
        asked=asked,
    )
