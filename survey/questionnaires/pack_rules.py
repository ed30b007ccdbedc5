"""Checking a pack: its syntax, its shape, its language, who signed it, its words; every problem at once.

Nothing stops at the first finding. What the findings say is `pack_problems`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date

from survey.questionnaires.interface_words import INTERFACE_WORDS
from survey.questionnaires.language_tags import check_tag
from survey.questionnaires.letters import count_letters
from survey.questionnaires.pack_problems import pack_problem
from survey.questionnaires.places import Json, Place
from survey.questionnaires.problems import Problem
from survey.questionnaires.questionnaire import Questionnaire
from survey.questionnaires.rules_texts import FORBIDDEN
from survey.questionnaires.shape import SCHEMA_FILE, check_shape
from survey.questionnaires.syntax import read_json
from survey.questionnaires.text_places import LABEL, PROSE, TextPlace, text_places

PACK_SCHEMA_FILE = SCHEMA_FILE.with_name("language-pack.schema.json")
_DEEDS = ("translated", "translated_back", "signed_off")


def examine_pack(raw: bytes, questionnaire: Questionnaire | None) -> tuple[Json, list[Problem]]:
    """Read a file and check it: the JSON document, as far as it was read, and its problems."""
    document, found = read_json(raw)
    if document is None and found:
        return None, found
    found.extend(check_shape(document, PACK_SCHEMA_FILE))
    if isinstance(document, dict):
        root = Place("", document)
        found.extend(_language(root))
        found.extend(_signatures(root))
        found.extend(_interface(root))
        found.extend(_texts(root, questionnaire))
    return document, list({(one.path, one.code): one for one in found}.values())


def _language(root: Place) -> Iterator[Problem]:
    tag = root.word("language")
    if tag is not None:
        yield from check_tag(tag, "language", test=root.word("status") == "test")
    for name in root.inside("name"):
        for key in ("own", "vi"):
            yield from _words(name.at(key), name.word(key), 60)


def _signatures(root: Place) -> Iterator[Problem]:
    """Ask an official pack for its sources and its three signatures; a test pack needs none (L3)."""
    if root.word("status") != "official":
        return
    if root.data.get("sources") == []:
        yield pack_problem("source-missing", "sources")
    days: dict[str, date] = {}
    for translation in root.inside("translation"):
        for deed in (place for key in _DEEDS for place in translation.inside(key)):
            yield from _signature(deed, days)
    signed = days.get("translation.signed_off")
    if signed and any(day > signed for day in days.values()):
        yield pack_problem("signed-too-early", "translation.signed_off.date", date=signed)


def _signature(deed: Place, days: dict[str, date]) -> Iterator[Problem]:
    role, written = (deed.word("role") or "").strip(), deed.word("date") or ""
    if not role or not written:
        yield pack_problem("unsigned", deed.path, part=deed.path)
        return
    try:
        days[deed.path] = date.fromisoformat(written)
    except ValueError:
        yield pack_problem("bad-date", deed.at("date"), date=written)


def _interface(root: Place) -> Iterator[Problem]:
    for interface in root.inside("interface"):
        for key in interface.data:
            if key not in INTERFACE_WORDS:
                known = ", ".join(INTERFACE_WORDS)
                yield pack_problem("unknown-interface", interface.at(key), place=key, known=known)
            yield from _words(interface.at(key), interface.word(key), LABEL)


def _texts(root: Place, questionnaire: Questionnaire | None) -> Iterator[Problem]:
    places = text_places(questionnaire) if questionnaire else {}
    if questionnaire is not None:
        yield from _questionnaire(root, questionnaire)
    for texts in root.inside("texts"):
        for key in texts.data:
            if questionnaire is not None and key not in places:
                yield pack_problem("unknown-place", texts.at(key), place=key)
            yield from _words(texts.at(key), texts.word(key), _limit(places.get(key)))
        for key, place in places.items():
            if key not in texts.data:
                vietnamese = place.text.in_("vi")
                yield pack_problem("text-missing", texts.at(key), place=key, vietnamese=vietnamese)


def _limit(place: TextPlace | None) -> int:
    return place.limit if place else PROSE


def _questionnaire(root: Place, questionnaire: Questionnaire) -> Iterator[Problem]:
    for named in root.inside("questionnaire"):
        if named.word("sha256") != questionnaire.sha256:
            given = f"{questionnaire.id} {questionnaire.version} ({questionnaire.sha256[:12]}…)"
            said = f"{named.word('id')} {named.word('version')} ({(named.word('sha256') or '')[:12]}…)"
            yield pack_problem("other-questionnaire", named.at("sha256"), named=said, given=given)


def _words(path: str, words: str | None, limit: int) -> Iterator[Problem]:
    if words is None:
        return
    if not words.strip():
        yield pack_problem("words-blank", path)
    elif FORBIDDEN.search(words):
        yield pack_problem("words-broken", path)
    elif not unicodedata.is_normalized("NFC", words):
        yield pack_problem("words-not-nfc", path)
    elif count_letters(words) > limit:
        yield pack_problem("words-too-long", path, count=count_letters(words), limit=limit)
