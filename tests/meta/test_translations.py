"""Every text of the pages has its English, and the compiled catalogue is that of the source."""

from __future__ import annotations

import io
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from survey.errors import LANGUAGES, SurveyError

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "survey" / "web" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}


def _english() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file)


def _texts() -> set[str]:
    found = extract_from_dir(ROOT / "survey", METHODS, OPTIONS, strip_comment_tags=True)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def test_every_text_of_the_pages_is_in_english() -> None:
    english = _english()
    missing = {text for text in _texts() if not (english.get(text) and english.get(text).string)}
    assert missing == set()


def test_no_translation_is_left_of_a_text_that_is_gone() -> None:
    assert {str(message.id) for message in _english() if message.id} - _texts() == set()


def test_translations_keep_the_places_of_their_text() -> None:
    for message in _english():
        if message.id:
            assert set(re.findall(r"%\(\w+\)\w", str(message.id))) == set(
                re.findall(r"%\(\w+\)\w", str(message.string))
            ), message.id


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    buffer = io.BytesIO()
    write_mo(buffer, _english())
    fresh = read_mo(io.BytesIO(buffer.getvalue()))
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        kept = read_mo(file)
    assert {m.id: m.string for m in fresh if m.id} == {m.id: m.string for m in kept if m.id}


def test_every_error_says_itself_in_both_languages() -> None:
    import survey.web  # noqa: F401 - brings every room's leaves into the tree

    def leaves(kind: type[SurveyError]) -> list[type[SurveyError]]:
        return [kind, *(leaf for child in kind.__subclasses__() for leaf in leaves(child))]

    for leaf in leaves(SurveyError):
        if "code" in vars(leaf):
            assert set(leaf.texts) == set(LANGUAGES), leaf
            assert leaf.code.startswith(f"SVY-{leaf.status}-"), leaf
            places = {
                lang: {place.removesuffix(f"_{lang}") for place in re.findall(r"{(\w+)}", text)}
                for lang, text in leaf.texts.items()
            }
            assert places["vi"] == places["en"], leaf
