"""The language of a page: Vietnamese unless the person switched. Switching is a POST and loses nothing.

The pages speak Vietnamese and English. Pages that ask questions may be in one more: that of a language
pack, and what the pack does not say stays Vietnamese.
"""

from __future__ import annotations

from gettext import NullTranslations

from babel import Locale
from flask import Flask, g, has_request_context, redirect, request
from flask_babel import Babel, get_domain, get_locale
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from survey.errors import LANGUAGES
from survey.questionnaires import is_tag
from survey.web import cookies

COOKIE = "language"
DEFAULT = "vi"
#: Audiences whose pages ask a round's questions: only there is a language pack in use.
ASKING = frozenset({"phone", "personal", "kiosk", "signed_kiosk", "slip"})

#: Catalogues never change while a process runs.
_catalogues: dict[Locale, NullTranslations] = {}


def init(app: Flask) -> None:
    app.config.update(BABEL_DEFAULT_LOCALE=DEFAULT, BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh")
    Babel(app, locale_selector=page_language)
    # Its own way asks for the language's catalogue anew at each of a page's texts, five look-ups each time.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension that Babel adds
        gettext=lambda text: _words().gettext(text),
        ngettext=lambda one, many, count: _words().ngettext(one, many, count),
        newstyle=True,
    )


def _words() -> NullTranslations:
    locale = get_locale()
    if locale is None:  # outside a request
        return get_domain().get_translations()
    known = _catalogues.get(locale)
    if known is None:
        known = _catalogues[locale] = get_domain().get_translations()
    return known


def language() -> str:
    """Give the language that the person wants: what the form just chose, else the cookie's, else Vietnamese.

    Where questions are asked it may be the tag of a language pack; texts without it are Vietnamese.
    """
    if not has_request_context():
        return DEFAULT
    chosen = switched() or (None if g.get("language_forgotten") else cookies.read(COOKIE)) or DEFAULT
    if request.blueprint not in ASKING:
        return page_language_of(chosen)
    return chosen if is_tag(chosen) else DEFAULT


def page_language() -> str:
    """Give the language of the page's own words, which is that of the page itself."""
    return page_language_of(language())


def page_language_of(chosen: str) -> str:
    """Give the language that the pages' own words are in for somebody who chose a language."""
    return chosen if chosen in LANGUAGES else DEFAULT


def switched() -> str | None:
    """Give the language that this request asks for, or None when it asks for something else."""
    if request.method != "POST":
        return None
    try:
        chosen = request.form.get("language")
    except HTTPException:  # a body that cannot be read asks for nothing
        return None
    return chosen if chosen and is_tag(chosen) else None


def remember(response: Response, chosen: str) -> Response:
    """Keep the chosen language for a year."""
    cookies.write(response, COOKIE, chosen, days=365)  # type: ignore[arg-type]  # redirect gives the base class
    return response


def forget() -> None:
    """Make this request's page in Vietnamese, whatever the person before chose."""
    g.language_forgotten = True


def back_to(address: str, chosen: str) -> Response:
    """Go back to a page of this site in the chosen language."""
    return remember(redirect(own_address(address), 303), chosen)


def own_address(address: str) -> str:
    """Keep an address only if it lies on this site: one leading slash, no host, no control characters."""
    ours = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if ours and "\\" not in address else "/"
