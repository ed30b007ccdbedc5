"""Files that people send: on the few views that take one, from the few people who may send it.

Everybody else's requests stay as small as ever, and are read as text only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import request

from survey.reports.reading import FILE_LIMIT, FileTooLarge
from survey.services.accounts import account_of_session
from survey.services.permissions import may
from survey.web import cookies
from survey.web.access import SESSION_COOKIE
from survey.web.configuration import ANSWERS_LIMIT
from survey.web.errors import WrongEncoding
from survey.web.site import site

_HELD = 4 * ANSWERS_LIMIT
View = TypeVar("View", bound=Callable[..., Any])


def takes_file(view: View) -> View:
    """Mark a view that takes a file of up to 10 MB from a signed-in person with its right."""
    view.takes_file = True  # type: ignore[attr-defined]  # the mark that `takes_a_file` reads
    return view


def takes_a_file(view: Any) -> bool:
    """Say whether a view is marked."""
    return bool(getattr(view, "takes_file", False))


def admit_file(view: Any) -> None:
    """Raise the limit of this request if its sender may send a file here; look at its texts.

    Raises:
        FileTooLarge: the request says itself that it is too long.
        WrongEncoding: a field beside the file is not UTF-8.
    """
    if not _may_send(str(getattr(view, "access", ""))):
        return
    request.max_content_length = FILE_LIMIT + ANSWERS_LIMIT
    # The parser holds a piece of the file and what it looks for the end of; fields are bounded by it too.
    request.max_form_memory_size = _HELD
    if (request.content_length or 0) > request.max_content_length:
        raise FileTooLarge(str(request.content_length), most=FILE_LIMIT >> 20)
    # The parser writes U+FFFD for what it could not read.
    if any("\ufffd" in text for texts in request.form.listvalues() for text in texts):
        raise WrongEncoding(request.endpoint or "")


def _may_send(right: str) -> bool:
    secret = cookies.read(SESSION_COOKIE)
    found = account_of_session(store=site().store, clock=site().clock, secret=secret) if secret else None
    return found is not None and may(found, right)
