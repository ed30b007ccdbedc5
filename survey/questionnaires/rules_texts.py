"""Pass 2, texts: every declared language is there, nothing blank, Unicode as it should be.

Whether the words are good Vietnamese is for people to judge.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from survey.questionnaires.outline import Outline
from survey.questionnaires.places import Place, leaves
from survey.questionnaires.problems import Problem, problem

#: Control characters other than tab and newline, lone surrogates, and what XML cannot hold.
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def check_texts(outline: Outline) -> Iterator[Problem]:
    """Report missing, blank and surplus translations, and characters that do not belong."""
    if outline.languages and "vi" not in outline.languages:
        yield problem("vietnamese-missing", "languages")
    for text in _texts(outline):
        yield from _translations(text, outline.languages)
    for path, value in leaves(outline.document.data):
        if isinstance(value, str):
            yield from _characters(path, value)


def _texts(outline: Outline) -> Iterator[Place]:
    root = outline.document
    yield from _named((root, *outline.sections), "title", "intro")
    yield from _named(root.inside("status"), "note")
    yield from _named(root.each("sources"), "used_for")
    yield from _named((option for scale in outline.scales for option in scale.each("options")), "label")
    yield from _named((item.place for item in outline.items), "text", "hint")
    yield from _named(outline.formulas, "title", "status")
    yield from _named((node for formula in outline.formulas for node in outline.nodes(formula)), "title")


def _named(places: Iterable[Place], *keys: str) -> Iterator[Place]:
    for place in places:
        for key in keys:
            yield from place.inside(key)


def _translations(text: Place, languages: tuple[str, ...]) -> Iterator[Problem]:
    for language in languages:
        if language not in text.data:
            yield problem("missing-translation", text.at(language), language=language)
    for language, words in text.data.items():
        if language not in languages:
            yield problem("undeclared-language", text.at(language), language=language)
        elif isinstance(words, str) and not words.strip():
            yield problem("blank-text", text.at(language))


def _characters(path: str, words: str) -> Iterator[Problem]:
    if FORBIDDEN.search(words):
        yield problem("forbidden-character", path)
    elif not unicodedata.is_normalized("NFC", words):
        yield problem("not-nfc", path)
