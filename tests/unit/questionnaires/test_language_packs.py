"""Language packs: what a sound one is, every fault by its code, and questionnaires that speak one more language
(requirements L1, L3, L5; WCAG 3.1.2)."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.questionnaires import (
    INTERFACE_WORDS,
    PACK_CATALOGUE,
    CorruptLanguagePack,
    UnknownLanguagePack,
    check_pack,
    count_letters,
    empty_pack,
    is_tag,
    known_languages,
    load_pack,
    load_pack_file,
    load_shipped,
    missing_texts,
    shipped,
    text_places,
    trial_pack,
    with_pack,
    with_packs,
    words_sha256,
)
from survey.questionnaires.language_tags import check_tag

COUNTER = load_shipped("service-counter")
#: Short vowels of Ê Đê that have no code point of their own (experience.md §2.2).
NO_OWN_CODE_POINT = ("ê̆", "ô̆", "ơ̆", "ư̆")
SIGNED = {
    "translated": {"role": "Người dịch", "date": "2026-01-05"},
    "translated_back": {"role": "Người dịch ngược", "date": "2026-01-09"},
    "signed_off": {"role": "Già làng", "date": "2026-02-01"},
}


def official() -> dict[str, Any]:
    """Make a document that the rules take for a real pack. Its words are the test pack's: no translation."""
    trial = trial_pack(COUNTER)
    return trial | {
        "language": "rad",
        "status": "official",
        "sources": ["Biên bản dịch (thử)"],
        "translation": SIGNED,
    }


def raw(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def codes(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.path, one.code) for one in check_pack(raw(document), COUNTER)]


@pytest.mark.parametrize("id", shipped())
def test_the_test_pack_of_every_shipped_questionnaire_is_sound_and_complete(id: str) -> None:
    questionnaire = load_shipped(id)
    document = raw(trial_pack(questionnaire))
    assert check_pack(document, questionnaire) == []
    pack = load_pack(document, questionnaire)
    assert not pack.official
    assert missing_texts(questionnaire, pack) == ()


def test_a_signed_pack_of_a_real_language_is_sound() -> None:
    pack = load_pack(raw(official()), COUNTER)
    assert pack.official
    assert pack.language == "rad"


FAULTS: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "bad-tag": (lambda d: d.update(language="Tiếng Ê Đê"), "language"),
    "trap-tag": (lambda d: d.update(language="dao"), "language"),
    "undetermined-tag": (lambda d: d.update(language="und"), "language"),
    "own-tag": (lambda d: d.update(language="en"), "language"),
    "script-missing": (lambda d: d.update(language="mww-VN"), "language"),
    "private-tag": (lambda d: d.update(language="qab"), "language"),
    "test-tag": (lambda d: d.update(status="test"), "language"),
    "unsigned": (
        lambda d: d.update(translation=SIGNED | {"signed_off": {"role": "", "date": ""}}),
        "translation.signed_off",
    ),
    "source-missing": (lambda d: d.update(sources=[]), "sources"),
    "bad-date": (
        lambda d: d.update(translation=SIGNED | {"translated": {"role": "Người dịch", "date": "05/01/2026"}}),
        "translation.translated.date",
    ),
    "signed-too-early": (
        lambda d: d.update(translation=SIGNED | {"signed_off": {"role": "Già làng", "date": "2026-01-08"}}),
        "translation.signed_off.date",
    ),
    "other-questionnaire": (lambda d: d["questionnaire"].update(sha256="0" * 64), "questionnaire.sha256"),
    "text-missing": (lambda d: d["texts"].pop("item.rating.text"), "texts.item.rating.text"),
    "unknown-place": (lambda d: d["texts"].update({"item.gone.text": "ƀ"}), "texts.item.gone.text"),
    "unknown-interface": (lambda d: d["interface"].update(hello="ƀ"), "interface.hello"),
    "words-blank": (lambda d: d["texts"].update(title=" "), "texts.title"),
    "words-not-nfc": (
        lambda d: d["texts"].update(title=unicodedata.normalize("NFD", "Hài lòng")),
        "texts.title",
    ),
    "words-broken": (lambda d: d["texts"].update(title="ƀ\x07"), "texts.title"),
    "words-too-long": (lambda d: d["texts"].update(title="ê̆" * 201), "texts.title"),
}


@pytest.mark.parametrize("code", FAULTS)
def test_each_fault_is_found_alone_at_its_path(code: str) -> None:
    document = json.loads(raw(official()))
    spoil, path = FAULTS[code]
    spoil(document)
    assert codes(document) == [(path, code)]


def test_every_code_has_a_fault_that_earns_it_and_stands_in_the_documents() -> None:
    page = Path(__file__).parents[3] / "docs" / "collection" / "languages.md"
    written = page.read_text(encoding="utf-8")
    assert set(FAULTS) == set(PACK_CATALOGUE)
    assert [code for code in PACK_CATALOGUE if f"`{code}`" not in written] == []
    assert [key for key in INTERFACE_WORDS if f"`{key}`" not in written] == []


def test_all_faults_of_a_file_are_told_at_once() -> None:
    document = json.loads(raw(official()))
    for code in ("trap-tag", "source-missing", "text-missing", "words-blank", "unknown-interface"):
        FAULTS[code][0](document)
    assert {code for _, code in codes(document)} == {
        "trap-tag",
        "source-missing",
        "text-missing",
        "words-blank",
        "unknown-interface",
    }


@pytest.mark.parametrize("tag", ["dao", "thm", "blu"])
def test_a_tag_of_another_people_is_refused_and_the_right_one_named(tag: str) -> None:
    """`dao` is Daai Chin and `thm` Aheu; `blu` is retired (experience.md §2.2)."""
    (found,) = check_tag(tag, "language", test=False)
    assert found.code == "trap-tag"
    for language in ("vi", "en"):
        assert any(right in found.message.in_(language) for right in ("ium", "hmn-Latn"))


@pytest.mark.parametrize("tag", ["mww", "hnj", "hmn", "mww-VN", "hmn-Hmnp-VN"])
def test_hmong_is_always_written_with_its_latin_script(tag: str) -> None:
    (found,) = check_tag(tag, "language", test=False)
    assert found.code == "script-missing"


def test_every_tag_of_the_table_is_one_that_a_pack_may_have() -> None:
    assert len(known_languages()) >= 18
    for one in known_languages():
        assert list(check_tag(one.tag, "language", test=False)) == [], one


@given(st.text(max_size=40))
def test_any_text_is_a_tag_or_a_finding_and_never_an_error(text: str) -> None:
    found = list(check_tag(text, "language", test=False))
    assert is_tag(text) or [one.code for one in found] == ["bad-tag"]


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_checked_without_an_error(content: bytes) -> None:
    assert check_pack(content, COUNTER)


def test_a_broken_file_is_refused_whole_with_every_problem() -> None:
    document = json.loads(raw(official()))
    FAULTS["trap-tag"][0](document)
    FAULTS["words-blank"][0](document)
    with pytest.raises(CorruptLanguagePack) as refused:
        load_pack(raw(document), COUNTER)
    assert {one.code for one in refused.value.problems} == {"trap-tag", "words-blank"}


def test_a_file_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(UnknownLanguagePack, match=r"gone\.json"):
        load_pack_file(tmp_path / "gone.json")


def test_a_pack_to_fill_in_has_every_text_blank_and_its_vietnamese_beside_it() -> None:
    document = empty_pack(COUNTER, "rad")
    assert set(document["texts"]) == set(text_places(COUNTER))
    assert set(document["texts"].values()) == {""}
    assert document["vietnamese"]["item.rating.text"] == COUNTER.item("rating").text.in_("vi")
    found = {code for _, code in codes(document)}
    assert {"words-blank", "unsigned", "source-missing"} <= found
    assert not found & {"text-missing", "unknown-place"}


# ---- speaking ----


def test_a_questionnaire_speaks_the_language_of_a_pack_everywhere_and_stays_itself() -> None:
    pack = load_pack(raw(trial_pack(COUNTER)), COUNTER)
    speaking = with_pack(COUNTER, pack)
    assert speaking.sha256 == COUNTER.sha256
    assert speaking.raw == COUNTER.raw
    for key, place in text_places(speaking).items():
        assert place.text.in_("qaa") == pack.texts[key]
        assert place.text.language_of("qaa") == "qaa"
        assert place.text.in_("vi") == text_places(COUNTER)[key].text.in_("vi")
        assert place.text.in_("en") == text_places(COUNTER)[key].text.in_("en")
    item = speaking.item("rating")
    assert item.scale is not None
    assert item.scale is speaking.scales[0]


def test_a_text_that_a_pack_lacks_is_vietnamese_and_says_so() -> None:
    """L3: fallback a text; WCAG 3.1.2: the page must know which language it really is."""
    document = trial_pack(COUNTER)
    del document["texts"]["item.rating.text"]
    pack = load_pack(raw(document))
    speaking = with_pack(COUNTER, pack)
    text = speaking.item("rating").text
    assert text.in_("qaa") == text.in_("vi")
    assert text.language_of("qaa") == "vi"
    assert speaking.item("comment").text.language_of("qaa") == "qaa"
    assert missing_texts(COUNTER, pack) == ("item.rating.text",)


def test_several_packs_can_be_put_on_and_none_changes_nothing() -> None:
    first, second = (load_pack(raw(trial_pack(COUNTER, tag))) for tag in ("qaa", "qab"))
    speaking = with_packs(COUNTER, (first, second))
    assert speaking.title.languages == ("vi", "en", "qaa", "qab")
    assert with_packs(COUNTER, ()) is COUNTER


# ---- letters ----


@pytest.mark.parametrize("letter", [*NO_OWN_CODE_POINT, "ƀ", "ñ", "Ế", "đ"])
def test_a_letter_with_its_marks_is_one_letter(letter: str) -> None:
    """L1: limits count what people see; ê̆ ô̆ ơ̆ ư̆ are two code points even in NFC."""
    assert count_letters(unicodedata.normalize("NFC", letter)) == 1
    assert count_letters(unicodedata.normalize("NFD", letter)) == 1


@given(st.text(alphabet="abcđêôơưăâĭŏ \n", max_size=60), st.text(alphabet="abcđêôơưăâĭŏ \n", max_size=60))
def test_letters_of_two_texts_add_up(one: str, other: str) -> None:
    assert count_letters(one + other) == count_letters(one) + count_letters(other)


@given(st.text(max_size=60))
def test_words_that_look_alike_have_one_name_and_a_changed_word_another(words: str) -> None:
    """L5: a recording is found by the words; changing one loses it."""
    assert words_sha256(unicodedata.normalize("NFD", words)) == words_sha256(words)
    assert words_sha256(words + "a") != words_sha256(words)
