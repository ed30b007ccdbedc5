"""Pace of a form's pages, kept in the browser's own signed session and nowhere else (K26).

The time a page was opened stands in a sealed field of the page; the paces of the pages in the signed
cookie. No moment reaches the database: a response gets at most a flag and its seconds rounded to ten.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, session

from survey.services.pace import PagePace, is_hurried
from survey.web.site import site

_PLACE = "pace"
#: A form left lying longer has no duration: it was resumed.
_LONGEST_S = 6 * 3600
_ROUNDED_TO_S = 10
#: Pages remembered, so that the cookie stays small.
_MOST_PAGES = 30


@dataclass(slots=True)
class FormPace:
    """What this browser remembers of one form's pace.

    Attributes:
        mark: names the form as its pages do.
        began_at: when its first page was opened, in seconds.
        prompt_at: the page that asks, once, to read with care; "" before.
    """

    mark: str
    began_at: int
    pages: list[PagePace] = field(default_factory=list)
    prompt_at: str = ""

    def add(self, page: PagePace, following: str) -> None:
        """Add a page; if they are answered faster than they can be read, let the next one say so, once."""
        self.pages = [*self.pages, page][-_MOST_PAGES:]
        if not self.prompt_at and is_hurried(self.pages):
            self.prompt_at = following

    def remember(self) -> None:
        pages = [[page.words, page.milliseconds] for page in self.pages]
        session[_PLACE] = [self.mark, self.began_at, self.prompt_at, pages]


def opened_now(mark: str, page: str) -> str:
    """Write this moment for a page's hidden field, so that only this site can have written it."""
    told = str(_now_ms())
    return f"{told}.{_seal(mark, page, told)}"


def note_page(mark: str, page: str, opened: str, words: int, following: str) -> None:
    """Note a page that was answered for the first time; a field that is not ours notes nothing."""
    at = _opened_at(mark, page, opened)
    if at is None:
        return
    found = _pace_of(mark) or FormPace(mark, at // 1000)
    found.add(PagePace(words, max(_now_ms() - at, 0)), following)
    found.remember()


def asks_to_read(mark: str, page: str) -> bool:
    """Say whether a page is the one that asks to read with care."""
    found = _pace_of(mark)
    return found is not None and found.prompt_at == page


def told_of(mark: str) -> tuple[int | None, bool]:
    """Give a form's seconds, rounded to ten (None when not known), and whether it was hurried."""
    found = _pace_of(mark)
    if found is None:
        return None, False
    seconds = _now_ms() // 1000 - found.began_at
    rounded = round(seconds / _ROUNDED_TO_S) * _ROUNDED_TO_S
    return rounded if 0 <= seconds <= _LONGEST_S else None, is_hurried(found.pages)


def forget() -> None:
    session.pop(_PLACE, None)


def _pace_of(mark: str) -> FormPace | None:
    kept: Any = session.get(_PLACE)
    if not kept or kept[0] != mark:
        return None
    _mark, began_at, prompt_at, pages = kept
    return FormPace(mark, began_at, [PagePace(*page) for page in pages], prompt_at)


def _opened_at(mark: str, page: str, opened: str) -> int | None:
    told, _, seal = opened.partition(".")
    if not told.isdecimal() or not hmac.compare_digest(
        seal.encode("utf-8", "replace"), _seal(mark, page, told).encode()
    ):
        return None
    return int(told)


def _seal(mark: str, page: str, told: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(key, f"opened:{mark}:{page}:{told}".encode("utf-8", "replace"), "sha256").hex()[:16]


def _now_ms() -> int:
    return round(site().clock.now().timestamp() * 1000)
