"""A file in two steps: sent and checked, then kept for an hour until its sender confirms or mends it.

What is in a file and what taking it does are the pages' own (imports, invitations).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Request, redirect, request, url_for
from flask_babel import gettext as _

from survey.errors import SurveyError
from survey.services.importing import Upload, drop_upload, keep_upload, upload_of
from survey.services.importing.errors import NoFileChosen, NoSuchUpload
from survey.web.access import account
from survey.web.downloads import workbook
from survey.web.languages import language
from survey.web.site import site


class PageOfFile(Protocol):
    """Renders a page with the checked file on it, if there is one, and what could not be done."""

    def __call__(self, upload: Upload | None = None, *, problem: str | None = None) -> str: ...


@dataclass(frozen=True, slots=True)
class CheckedFiles:
    """The checked files of one page.

    Attributes:
        endpoint: of the page, which finds a checked file by `upload` in its address.
        kind: keeps files of several kinds in one round apart.
    """

    endpoint: str
    kind: str = ""

    def shown(self, code: str, page: PageOfFile) -> str:
        """Show the page with the file that its address names; without it where that is gone."""
        asked = request.args.get("upload", "")
        try:
            return page(self._kept(code, asked) if asked else None)
        except NoSuchUpload as gone:
            return page(problem=gone.text(language()))

    def keep(self, code: str, sent: SentFile, found: Mapping[str, Any]) -> Any:
        """Keep a file that was checked and lead to the page that shows what was found."""
        upload = keep_upload(
            store=site().store,
            clock=site().clock,
            login=account().login,
            code=self._kept_under(code),
            name=sent.name,
            raw=sent.raw,
            found=found,
        )
        return self.back(code, upload=upload)

    def with_kept(self, code: str, upload_id: str, deed: Callable[[Upload], Any], page: PageOfFile) -> Any:
        """Do something with a checked file; where that is refused, show the page and why."""
        upload = None
        try:
            upload = self._kept(code, upload_id)
            return deed(upload)
        except SurveyError as refusal:
            return page(upload, problem=refusal.text(language())), refusal.status

    def back(self, code: str, *, upload: str | None = None) -> Any:
        """Lead back to the page, with a checked file on it if it is named."""
        return redirect(url_for(self.endpoint, code=code, upload=upload), 303)

    def drop(self, upload: Upload) -> None:
        """Delete a file that was taken."""
        drop_upload(store=site().store, upload=upload.id)

    def _kept(self, code: str, upload_id: str) -> Upload:
        return upload_of(
            store=site().store,
            clock=site().clock,
            login=account().login,
            code=self._kept_under(code),
            upload=upload_id,
        )

    def _kept_under(self, code: str) -> str:
        # No round's code has a stroke.
        return f"{code}/{self.kind}" if self.kind else code


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent."""

    name: str
    raw: bytes

    @classmethod
    def of(cls, request: Request) -> SentFile:
        """Read the file of a request.

        Raises:
            NoFileChosen: there is none.
        """
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            raise NoFileChosen("no file")
        return cls(sent.filename, sent.read())


def marked_workbook(book: bytes, upload: Upload) -> Any:
    """Hand a checked file back with what is wrong in it, under its own name."""
    stem = upload.name.rpartition(".")[0] or upload.name
    return workbook(book, _("%(name)s – chỗ cần sửa", name=stem))
