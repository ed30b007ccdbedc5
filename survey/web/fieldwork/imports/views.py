"""Import of a round's responses from a file: check first, then take all of it or nothing (F16)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _

from survey.errors import SurveyError
from survey.reports.figures import count_text
from survey.services import importing
from survey.services.importing import CheckedFile, Upload
from survey.services.importing.asking import ask_to_count
from survey.storage.models import ApprovalRow, RoundRow
from survey.web.access import account, needs, round_asked
from survey.web.downloads import workbook
from survey.web.fieldwork.checked_files import CheckedFiles, SentFile, marked_workbook
from survey.web.fieldwork.imports.forms import CheckedForm
from survey.web.fieldwork.imports.presenters import found_in, imports_page
from survey.web.languages import language
from survey.web.site import site
from survey.web.uploads import takes_file

fieldwork_imports = Blueprint(
    "fieldwork_imports", __name__, url_prefix="/office/rounds/<code>/fieldwork/imports"
)
_FILES = CheckedFiles("fieldwork_imports.show")


@fieldwork_imports.get("/")
@needs("arrange")
def show(code: str) -> str:
    """Show what to fill, the file that was checked last, and the files taken before."""
    return _FILES.shown(code, partial(_page, round_asked(code)))


@fieldwork_imports.get("/template.xlsx")
@needs("arrange")
def template(code: str) -> Any:
    """Hand out the workbook to fill."""
    made = importing.import_template(store=site().store, code=round_asked(code).code)
    return workbook(made, _("Mẫu nhập phiếu %(code)s", code=code))


@fieldwork_imports.post("/")
@needs("arrange")
@takes_file
def check(code: str) -> Any:
    """Check a file; nothing of it is recorded."""
    round_ = round_asked(code)
    try:
        sent = SentFile.of(request)
        checked = _checked(code, sent)
    except SurveyError as refusal:
        return _page(round_, problem=refusal.text(language())), refusal.status
    return _FILES.keep(code, SentFile(checked.sheets.name, sent.raw), found_in(checked))


@fieldwork_imports.post("/marked")
@needs("arrange")
def marked(code: str) -> Any:
    """Hand the checked file back with what is wrong in it."""
    return _with_kept(code, lambda upload: marked_workbook(_checked(code, upload).marked(), upload))


@fieldwork_imports.post("/ask")
@needs("arrange")
def ask(code: str) -> Any:
    """Ask a second person to let the checked file's forms count."""
    return _with_kept(code, lambda upload: _asked(code, upload))


@fieldwork_imports.post("/confirm")
@needs("arrange")
def confirm(code: str) -> Any:
    """Take the checked file, whole or not at all."""
    return _with_kept(code, lambda upload: _taken(code, upload))


def _with_kept(code: str, deed: Callable[[Upload], Any]) -> Any:
    round_, form = round_asked(code), CheckedForm()
    return _FILES.with_kept(code, form.upload.data or "", deed, partial(_page, round_))


def _checked(code: str, file: SentFile | Upload) -> CheckedFile:
    return importing.check_file(
        store=site().store, clock=site().clock, code=code, raw=file.raw, name=file.name
    )


def _asked(code: str, upload: Upload) -> Any:
    ask_to_count(
        store=site().store,
        clock=site().clock,
        account=account(),
        code=code,
        raw=upload.raw,
        name=upload.name,
        reason=CheckedForm().reason.data or "",
    )
    flash(_("Đã gửi đề nghị. Khi người thứ hai đồng ý, hãy chọn lại đúng tệp này để nhập."), "good")
    return _FILES.back(code, upload=upload.id)


def _taken(code: str, upload: Upload) -> Any:
    taken = importing.take_file(
        store=site().store,
        clock=site().clock,
        code=code,
        raw=upload.raw,
        name=upload.name,
        actor=account().login,
    )
    _FILES.drop(upload)
    if taken.replayed:
        flash(_("Tệp này đã được nhập trước đó; không có phiếu nào thêm."), "info")
    else:
        flash(_("Đã nhập %(count)s phiếu.", count=count_text(taken.rows, language())), "good")
    return _FILES.back(code)


def _page(round_: RoundRow, upload: Upload | None = None, *, problem: str | None = None) -> str:
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
