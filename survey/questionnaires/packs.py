"""Language packs: the words of one questionnaire in one more language, checked, complete or not, and put on.

A pack is a JSON file (docs/collection/languages.md). Which pack a round offers is `services`' to say; whether
a translation is good is for its signatories.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from survey.questionnaires.errors import CorruptLanguagePack, UnknownLanguagePack
from survey.questionnaires.interface_words import INTERFACE_WORDS
from survey.questionnaires.pack_rules import examine_pack
from survey.questionnaires.places import Json
from survey.questionnaires.problems import Problem
from survey.questionnaires.questionnaire import Questionnaire
from survey.questionnaires.text_places import text_places, with_texts
from survey.questionnaires.texts import Text


@dataclass(frozen=True, slots=True)
class LanguagePack:
    """Hold a pack whose file is sound; `sha256` is of the file's bytes, kept in `raw`.

    Attributes:
        language: BCP-47 tag.
        own_name: the language in its own words, as on its button.
        name_vi: the language in Vietnamese, for officials.
        official: False for a test pack, which no real round may show.
        questionnaire_sha256: the bytes of the questionnaire that it translates.
        audio_required: whether every text needs a recording before the pack may be published (L3).
        texts: key of a text → words.
        interface: key of INTERFACE_WORDS → words.
    """

    language: str
    own_name: str
    name_vi: str
    official: bool
    questionnaire_sha256: str
    audio_required: bool
    sha256: str
    texts: Mapping[str, str] = field(repr=False, compare=False)
    interface: Mapping[str, str] = field(repr=False, compare=False)
    raw: bytes = field(repr=False, compare=False)


def check_pack(raw: bytes, questionnaire: Questionnaire | None = None) -> list[Problem]:
    """Report every problem of a file; with its questionnaire, missing and unknown texts too (L1, L3)."""
    return examine_pack(raw, questionnaire)[1]


def load_pack(raw: bytes, questionnaire: Questionnaire | None = None) -> LanguagePack:
    """Make the pack of a file's bytes, whole or with gaps unless its questionnaire is given.

    Raises:
        CorruptLanguagePack: the file has problems; all of them are in `problems`.
    """
    document, problems = examine_pack(raw, questionnaire)
    if problems:
        raise CorruptLanguagePack(problems)
    return _pack(document, raw)


def load_pack_file(path: str | Path) -> bytes:
    """Read the bytes of a pack's file.

    Raises:
        UnknownLanguagePack: there is no such file, or it cannot be read.
    """
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise UnknownLanguagePack(f"{path}: {error}", name=Path(path).name) from error


def missing_texts(questionnaire: Questionnaire, pack: LanguagePack) -> tuple[str, ...]:
    """List the keys of the texts that a pack leaves in Vietnamese."""
    return tuple(key for key in text_places(questionnaire) if key not in pack.texts)


def with_pack(questionnaire: Questionnaire, pack: LanguagePack) -> Questionnaire:
    """Give a questionnaire that also speaks the pack's language; what it lacks stays Vietnamese.

    `Text.language_of` then tells which language each text really is in (WCAG 3.1.2). The identity of the
    questionnaire, its `sha256` and `raw`, do not change: answers are the same in every language.
    """
    return with_packs(questionnaire, (pack,))


def with_packs(questionnaire: Questionnaire, packs: Iterable[LanguagePack]) -> Questionnaire:
    """Give a questionnaire that speaks the languages of several packs."""
    put_on = tuple(packs)
    if not put_on:
        return questionnaire

    def change(key: str, text: Text) -> Text:
        for pack in put_on:
            text = text.also(pack.language, pack.texts.get(key))
        return text

    return with_texts(questionnaire, change)


def empty_pack(questionnaire: Questionnaire, language: str) -> dict[str, Json]:
    """Make the document of a pack to be filled in: every key is blank, its Vietnamese stands below.

    As blanks are refused, nothing can be left untranslated by mistake.
    """
    vietnamese = {key: place.text.in_("vi") for key, place in text_places(questionnaire).items()}
    nobody = {"role": "", "date": ""}
    return {
        "schema_version": 1,
        "language": language,
        "name": {"own": "", "vi": ""},
        "status": "official",
        "questionnaire": {
            "id": questionnaire.id,
            "version": questionnaire.version,
            "sha256": questionnaire.sha256,
        },
        "sources": [],
        "translation": {"translated": nobody, "translated_back": nobody, "signed_off": nobody},
        "audio": "required",
        "texts": dict.fromkeys(vietnamese, ""),
        "interface": dict.fromkeys(INTERFACE_WORDS, ""),
        "vietnamese": {**vietnamese, **{f"interface.{key}": said for key, said in INTERFACE_WORDS.items()}},
    }


@lru_cache(maxsize=64)
def kept_pack(raw: bytes) -> LanguagePack:
    """Make the pack of bytes that were checked before they were kept; the same bytes give the same pack."""
    return load_pack(raw)


def _pack(document: dict[str, Json], raw: bytes) -> LanguagePack:
    return LanguagePack(
        language=document["language"],
        own_name=document["name"]["own"],
        name_vi=document["name"]["vi"],
        official=document["status"] == "official",
        questionnaire_sha256=document["questionnaire"]["sha256"],
        audio_required=document["audio"] == "required",
        sha256=hashlib.sha256(raw).hexdigest(),
        texts=MappingProxyType(dict(document["texts"])),
        interface=MappingProxyType(dict(document.get("interface", {}))),
        raw=raw,
    )
