"""Personal links of a round for its officials: import, hand out, remind, revoke, make anew, ask for sealing.

Links are only in what a button hands out. Nothing here says who answered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, request, send_file, url_for
from flask_babel import gettext as _

from survey.errors import SurveyError
from survey.reports.figures import count_text
from survey.reports.people_template import people_template
from survey.services.importing import Upload, drop_upload, keep_upload, upload_of
from survey.services.importing.errors import NoSuchUpload
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
from survey.web.fieldwork.invitations.forms import MAIL, DeedForm, plan_of, sent_list, sent_plan
from survey.web.fieldwork.invitations.presenters import found_in, invitations_page, problems_found
from survey.web.languages import language
from survey.web.site import site
from survey.web.uploads import takes_file

fieldwork_invitations = Blueprint(
    "fieldwork_invitations", __name__, url_prefix="/office/rounds/<code>/fieldwork/invitations"
)
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@fieldwork_invitations.get("/")
@needs("arrange")
def show(code: str) -> Any:
    """Show who is invited, the list that was checked last, and what can be done."""
    round_ = round_asked(code)
    asked = request.args.get("upload", "")
    try:
        upload = _upload(code, asked) if asked else None
    except NoSuchUpload as gone:
        return _page(round_, problem=gone.text(language()))
    return _page(round_, upload)


@fieldwork_invitations.get("/template.xlsx")
@needs("arrange")
def template(code: str) -> Any:
    """Hand out the workbook to fill."""
    round_ = round_asked(code)
    heads = [headers[0] for headers in COLUMNS.values()]
    return _sent(people_template(heads), _EXCEL, _("Danh sách mời %(code)s", code=round_.code), "xlsx")


@fieldwork_invitations.post("/")
@needs("arrange")
@takes_file
def check(code: str) -> Any:
    """Check a list; nobody is invited."""
    round_ = round_asked(code)
    try:
        plan = sent_plan(request)
        name, raw = sent_list(request)
        try:
            found = found_in(_import(code, name, raw, plan, dry_run=True), plan)
        except BadPeopleList as refused:
            found = problems_found(refused, plan)
    except BadJudgingPlan as refusal:
        return _page(round_, plan_problem=refusal, problem=refusal.text(language())), refusal.status
    except SurveyError as refusal:
        return _page(round_, problem=refusal.text(language())), refusal.status
    upload = keep_upload(
        store=site().store,
        clock=site().clock,
        login=account().login,
        code=_kept_under(code),
        name=name,
        raw=raw,
        found=found,
    )
    return redirect(url_for("fieldwork_invitations.show", code=code, upload=upload), 303)


@fieldwork_invitations.post("/marked")
@needs("arrange")
def marked(code: str) -> Any:
    """Hand the checked list back with what is wrong in it."""
    round_ = round_asked(code)
    try:
        upload = _upload(code, str(DeedForm().upload.data or ""))
        book = marked_list(
            store=site().store,
            round_code=code,
            raw=upload.raw,
            name=upload.name,
            plan=plan_of(upload.found["plan"]),
        )
    except SurveyError as refusal:
        return _page(round_, problem=refusal.text(language())), refusal.status
    stem = upload.name.rpartition(".")[0] or upload.name
    return _sent(book, _EXCEL, _("%(name)s – chỗ cần sửa", name=stem), "xlsx")


@fieldwork_invitations.post("/invite")
@needs("arrange")
def invite(code: str) -> Any:
    """Invite everybody of the checked list, and hand the links out once."""
    round_, form = round_asked(code), DeedForm()
    upload = None
    try:
        way = _way(form)
        upload = _upload(code, str(form.upload.data or ""))
        found = upload.found
        confirmation = str(form.confirmation.data or "") if found["small"] else None
        taken = _import(code, upload.name, upload.raw, found["plan"], confirmation=confirmation)
    except SurveyError as refusal:
        return _page(round_, upload, problem=refusal.text(language())), refusal.status
    drop_upload(store=site().store, upload=upload.id)
    if taken.widened:
        told = count_text(taken.widened, language())
        flash(
            _("%(count)s người đã mời trước nay có thêm đơn vị, vẫn bằng đường dẫn cũ.", count=told), "info"
        )
    return _handed_out(round_asked(code), taken.links, way)


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
        return _sent(made.content, made.media_type, _("Đường dẫn riêng %(code)s", code=round_.code), way)
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


def _import(code: str, name: str, raw: bytes, plan: str | None, **how: Any) -> Any:
    return import_people(
        store=site().store,
        clock=site().clock,
        round_code=code,
        raw=raw,
        name=name,
        plan=plan_of(plan),
        actor=account().login,
        **how,
    )


def _kept_under(code: str) -> str:
    """Name a kept list apart from kept responses of the same round."""
    return f"{code}/people"


def _upload(code: str, upload: str) -> Upload:
    return upload_of(
        store=site().store,
        clock=site().clock,
        login=account().login,
        code=_kept_under(code),
        upload=upload,
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


def _sent(content: bytes, media_type: str, name: str, ending: str) -> Any:
    return send_file(
        BytesIO(content), mimetype=media_type, as_attachment=True, download_name=f"{name}.{ending}"
    )
