"""Import of a round's responses from a file: check first, then take all of it or nothing (F16)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, request, send_file, url_for
from flask_babel import gettext as _

from survey.errors import SurveyError
from survey.reports.figures import count_text
from survey.services import importing
from survey.services.importing import Upload
from survey.services.importing.errors import NoSuchUpload
from survey.storage.models import ApprovalRow, RoundRow
from survey.web.access import account, needs, round_asked
from survey.web.fieldwork.imports.forms import CheckedForm, SentFile
from survey.web.fieldwork.imports.presenters import found_in, imports_page
from survey.web.languages import language
from survey.web.site import site
from survey.web.uploads import takes_file

fieldwork_imports = Blueprint(
    "fieldwork_imports", __name__, url_prefix="/office/rounds/<code>/fieldwork/imports"
)
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@fieldwork_imports.get("/")
@needs("arrange")
def show(code: str) -> str:
    """Show what to fill, the file that was checked last, and the files taken before."""
    round_ = round_asked(code)
    asked = request.args.get("upload", "")
    try:
        upload = _upload(code, asked) if asked else None
    except NoSuchUpload as gone:
        return _page(round_, problem=gone.text(language()))
    return _page(round_, upload)


@fieldwork_imports.get("/template.xlsx")
@needs("arrange")
def template(code: str) -> Any:
    """Hand out the workbook to fill."""
    made = importing.import_template(store=site().store, code=round_asked(code).code)
    return _workbook(made, _("Mẫu nhập phiếu %(code)s", code=code))


@fieldwork_imports.post("/")
@needs("arrange")
@takes_file
def check(code: str) -> Any:
    """Check a file; nothing of it is recorded."""
    round_ = round_asked(code)
    try:
        sent = SentFile.of(request)
        checked = importing.check_file(
            store=site().store, clock=site().clock, code=code, raw=sent.raw, name=sent.name
        )
    except SurveyError as refusal:
        return _page(round_, problem=refusal.text(language())), refusal.status
    upload = importing.keep_upload(
        store=site().store,
        clock=site().clock,
        login=account().login,
        code=code,
        name=checked.sheets.name,
        raw=sent.raw,
        found=found_in(checked),
    )
    return redirect(url_for("fieldwork_imports.show", code=code, upload=upload), 303)


@fieldwork_imports.post("/marked")
@needs("arrange")
def marked(code: str) -> Any:
    """Hand the checked file back with what is wrong in it."""
    round_, form = round_asked(code), CheckedForm()
    try:
        upload = _upload(code, form.upload.data or "")
        checked = importing.check_file(
            store=site().store, clock=site().clock, code=code, raw=upload.raw, name=upload.name
        )
    except SurveyError as refusal:
        return _page(round_, problem=refusal.text(language())), refusal.status
    stem = upload.name.rpartition(".")[0] or upload.name
    return _workbook(checked.marked(), _("%(name)s – chỗ cần sửa", name=stem))


@fieldwork_imports.post("/ask")
@needs("arrange")
def ask(code: str) -> Any:
    """Ask a second person to let the checked file's forms count."""
    round_, form = round_asked(code), CheckedForm()
    upload = None
    try:
        upload = _upload(code, form.upload.data or "")
        importing.ask_to_count(
            store=site().store,
            clock=site().clock,
            account=account(),
            code=code,
            raw=upload.raw,
            name=upload.name,
            reason=form.reason.data or "",
        )
    except SurveyError as refusal:
        return _page(round_, upload, problem=refusal.text(language())), refusal.status
    flash(_("Đã gửi đề nghị. Khi người thứ hai đồng ý, hãy chọn lại đúng tệp này để nhập."), "good")
    return redirect(url_for("fieldwork_imports.show", code=code, upload=upload.id), 303)


@fieldwork_imports.post("/confirm")
@needs("arrange")
def confirm(code: str) -> Any:
    """Take the checked file, whole or not at all."""
    round_, form = round_asked(code), CheckedForm()
    upload = None
    try:
        upload = _upload(code, form.upload.data or "")
        taken = importing.take_file(
            store=site().store,
            clock=site().clock,
            code=code,
            raw=upload.raw,
            name=upload.name,
            actor=account().login,
        )
    except SurveyError as refusal:
        return _page(round_, upload, problem=refusal.text(language())), refusal.status
    importing.drop_upload(store=site().store, upload=upload.id)
    if taken.replayed:
        flash(_("Tệp này đã được nhập trước đó; không có phiếu nào thêm."), "info")
    else:
        flash(_("Đã nhập %(count)s phiếu.", count=count_text(taken.rows, language())), "good")
    return redirect(url_for("fieldwork_imports.show", code=code), 303)


def _upload(code: str, upload: str) -> Upload:
    return importing.upload_of(
        store=site().store, clock=site().clock, login=account().login, code=code, upload=upload
    )


def _page(round_: RoundRow, upload: Upload | None = None, problem: str | None = None) -> str:
    return imports_page(
        round_,
        importing.imports_of(store=site().store, code=round_.code),
        upload=upload,
        request=_request(round_, upload),
        problem=problem,
        closed=_closed(round_),
    )


def _request(round_: RoundRow, upload: Upload | None) -> ApprovalRow | None:
    if upload is None:
        return None
    with site().store.reading() as session:
        return importing.request_for(session, round_.id, upload.found["sha256"])


def _closed(round_: RoundRow) -> str | None:
    refusal = importing.why_closed(store=site().store, clock=site().clock, code=round_.code)
    return refusal.text(language()) if refusal else None


def _workbook(made: bytes, name: str) -> Any:
    return send_file(BytesIO(made), mimetype=_EXCEL, as_attachment=True, download_name=f"{name}.xlsx")
