"""Questions of a long form as they stand on a page: one that looks alike for everybody is made once.

A page's time goes mostly into its questions, and most are opened unanswered or with one of a few options.
Not how a question looks (templates/components.html).
"""

from __future__ import annotations

from flask import Flask, current_app
from markupsafe import Markup

from survey.questionnaires import Item
from survey.services.languages.recordings import recorded
from survey.web.site import site
from survey.web.spoken_words import OWN_NAMES

#: By the item itself, held so that its identity stays its own; questionnaires are parsed once in a process.
_made: dict[tuple[int, str, str | None], tuple[Item, Markup]] = {}
_MOST_MADE = 4_000


def init(app: Flask) -> None:
    app.jinja_env.globals.update(question_html=question_html)


def question_html(item: Item, answer: object, error: str | None, lang: str) -> Markup:
    """Write a question with its answer and what is wrong with it."""
    if error or not _alike(item, answer) or _spoken(lang):
        return _write(item, answer, error, lang)
    key = (id(item), lang, str(answer) if answer else None)
    known = _made.get(key)
    if known is None:
        if len(_made) >= _MOST_MADE:
            _made.clear()
        known = _made[key] = (item, _write(item, answer, None, lang))
    return known[1]


def _alike(item: Item, answer: object) -> bool:
    """Say whether the question looks so for many: unanswered, or answered by one of its options."""
    return not answer or (item.kind == "single" and item.scale is not None and answer in item.scale)


def _spoken(lang: str) -> bool:
    """Say whether recordings stand on the page; their addresses change with them."""
    store = site().store
    return any(recorded(store=store, language=tag) for tag in {*OWN_NAMES, lang})


def _write(item: Item, answer: object, error: str | None, lang: str) -> Markup:
    components = current_app.jinja_env.get_template("components.html").module
    written: Markup = components.question(item, item.id, answer, error, lang)  # type: ignore[attr-defined]  # its macro
    return written
