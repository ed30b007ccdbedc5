"""Words that know their language and their sound: texts of a questionnaire as they stand on a page.

A passage in another language than the page's carries its `lang` (WCAG 3.1.2); words that somebody recorded
carry the address of the recording (K17), for static/js/listen.js. Not which languages a round has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar

from flask import Flask, request
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from survey.questionnaires import INTERFACE_WORDS, LanguagePack, Option, Text, words_sha256
from survey.services.languages.recordings import DIGITS, recorded
from survey.web.languages import DEFAULT, page_language_of
from survey.web.site import site

#: What is recorded in each language that the page of this request has asked for: a page has sixty texts.
_asked: ContextVar[dict[str, Mapping[str, str]]] = ContextVar("asked")
#: The pages' own languages, each in its own name.
OWN_NAMES = {"vi": "Tiếng Việt", "en": "English"}


def init(app: Flask) -> None:
    app.before_request(_ask_anew)
    app.jinja_env.filters["said"] = said
    app.jinja_env.globals.update(phrase=phrase, face_said=face_said, other_languages=other_languages)


def _ask_anew() -> None:
    _asked.set({})


def said(text: Text, lang: str) -> str:
    """Write a text in the language that somebody chose, marked where it is another than the page's."""
    spoken = lang if lang == DEFAULT else text.language_of(lang)
    return _marked(text.in_(lang), spoken, page_language_of(lang))


@pass_context
def phrase(context: Context, key: str, own: str) -> str:
    """Write words of the page itself: those of the language pack in use, if it has them, else the page's own.

    Args:
        key: of survey.questionnaires.INTERFACE_WORDS.
        own: what the page says without a pack.
    """
    lang: str = context["lang"]
    words = _of_pack(context.get("packs") or (), lang, key)
    return own if words is None else _marked(words, lang, page_language_of(lang))


def face_said(option: Option, lang: str, packs: Iterable[LanguagePack] = ()) -> Markup:
    """Write what a face looks like as attributes for the ear: "a smile, green" (K17); empty without one."""
    own = INTERFACE_WORDS.get(f"face.{option.face}") if option.face else None
    if own is None:
        return Markup("")
    theirs = _of_pack(packs or (), lang, f"face.{option.face}")
    words, spoken = (own, "vi") if theirs is None else (theirs, lang)
    address = _sound(spoken, words)
    sound = Markup(' data-face-s="{}"').format(address) if address else Markup("")
    return Markup(' data-face="{}" data-face-lang="{}"').format(words, spoken) + sound


def other_languages(lang: str, packs: Iterable[LanguagePack] = ()) -> list[tuple[str, str]]:
    """List the languages that a page may be switched to: tag and own name."""
    offered = OWN_NAMES | {pack.language: pack.own_name for pack in packs or ()}
    shown = lang if lang in offered else page_language_of(lang)
    return [(tag, name) for tag, name in offered.items() if tag != shown]


def _of_pack(packs: Iterable[LanguagePack], lang: str, key: str) -> str | None:
    for pack in packs:
        if pack.language == lang:
            return pack.interface.get(key)
    return None


def _marked(words: str, spoken: str, page: str) -> str:
    address = _sound(spoken, words)
    if spoken == page and address is None:
        return words
    language = Markup(' lang="{}"').format(spoken) if spoken != page else Markup("")
    sound = Markup(' data-s="{}"').format(address) if address else Markup("")
    return Markup("<span{}{}>{}</span>").format(language, sound, words)


def _sound(language: str, words: str) -> str | None:
    """Give the address of a recording; it changes with the sound, so that it may be cached for good."""
    asked = _asked.get({})
    known = asked.get(language)
    if known is None:
        known = asked[language] = recorded(store=site().store, language=language)
    if not known:
        return None
    begins = words_sha256(words)[:DIGITS]
    version = known.get(begins)
    return f"{request.script_root}/sound/{language}/{begins}?v={version}" if version else None
