"""Which language a pack is in: a BCP-47 tag, checked against the mistakes that are easy to make here.

The languages and their traps are data (`language_names.json`); whether a translation is good is for people.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from survey.questionnaires.pack_problems import pack_problem
from survey.questionnaires.problems import Problem

NAMES_FILE = Path(__file__).with_name("language_names.json")
LONGEST_TAG = 35
#: language, script, region, variants, private use; in the case that BCP-47 recommends.
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(-(?P<script>[A-Z][a-z]{3}))?(-[A-Z]{2})?"
    r"(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(-x(-[a-z0-9]{1,8})+)?"
)
#: Codes that say "no particular language" (ISO 639-2).
_UNDETERMINED = frozenset({"und", "mul", "mis", "zxx"})


@dataclass(frozen=True, slots=True)
class KnownLanguage:
    """One language of the table: its tag, its group's name in Vietnamese and English, what to mind."""

    tag: str
    vi: str
    en: str
    note: str


@cache
def known_languages() -> tuple[KnownLanguage, ...]:
    """List the languages that a province here is likely to need, with the tags to use."""
    return tuple(
        KnownLanguage(one["tag"], one["vi"], one["en"], one.get("note", "")) for one in _table()["languages"]
    )


def is_tag(text: str) -> bool:
    """Say whether a text is a well-formed tag, written in the recommended case."""
    return len(text) <= LONGEST_TAG and _TAG.fullmatch(text) is not None


def is_private(tag: str) -> bool:
    """Say whether a tag is of the range that stands for no real language (qaa-qtz)."""
    return "qaa" <= tag.split("-")[0] <= "qtz"


def check_tag(tag: str, path: str, *, test: bool) -> Iterator[Problem]:
    """Report what is wrong with the tag of a pack; `test` when the pack is one for trying out."""
    matched = _TAG.fullmatch(tag) if len(tag) <= LONGEST_TAG else None
    if matched is None:
        yield pack_problem("bad-tag", path, tag=tag)
        return
    language, script = matched["language"], matched["script"]
    traps: dict[str, dict[str, str]] = _table()["refused"]
    if language in traps:
        yield pack_problem("trap-tag", path, tag=tag, vi=traps[language]["vi"], en=traps[language]["en"])
    elif language in _UNDETERMINED:
        yield pack_problem("undetermined-tag", path, tag=tag)
    elif language in ("vi", "en"):
        yield pack_problem("own-tag", path, tag=tag)
    elif language in _table()["needs_latn"] and script != "Latn":
        yield pack_problem("script-missing", path, tag=tag, needed=f"{language}-Latn")
    elif is_private(tag) and not test:
        yield pack_problem("private-tag", path, tag=tag)
    elif test and not is_private(tag):
        yield pack_problem("test-tag", path, tag=tag)


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(NAMES_FILE.read_text(encoding="utf-8"))
    return table
