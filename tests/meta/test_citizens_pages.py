"""Lint of citizens' pages: plain words, no puzzles, no dragging, help and language at their places (A4, WCAG 2.5.7,
3.3.8). Questions themselves are held by tests/unit/questionnaires."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file

WEB = Path(__file__).resolve().parents[2] / "survey" / "web"
TEMPLATES = WEB / "templates"
CITIZENS = sorted(
    path
    for folder in ("phone", "personal", "slip", "kiosk", "longform", "public")
    for path in (TEMPLATES / folder).glob("*.html")
) + [TEMPLATES / "citizen.html", TEMPLATES / "kiosk.html"]
#: Abbreviations of offices, that citizens need not know.
ABBREVIATIONS = re.compile(
    r"\b(TTHC|CBCC|CBCCVC|CCHC|UBND|HĐND|SIPAS|DVC|MCLT|TTPVHCC|KT-XH|NĐ-CP|CSDL|SĐT|CCCD)\b"
)
MOST_WORDS_OF_A_QUESTION = 20
MOST_WORDS_OF_A_SENTENCE = 40


def _texts(path: Path) -> list[str]:
    options = {"trim_blocks": "true", "lstrip_blocks": "true"}
    found = extract_from_file("jinja2", path, options=options)
    return [message if isinstance(message, str) else message[0] for _, message, _, _ in found]


def _sentences(text: str) -> list[str]:
    return [one.strip() for one in re.split(r"(?<=[.?!:;])\s+", text) if one.strip()]


@pytest.mark.parametrize("path", CITIZENS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_citizens_pages_speak_plainly(path: Path) -> None:
    """A4: at most 20 words a question, short sentences, no abbreviations."""
    texts = _texts(path)
    sentences = [one for text in texts for one in _sentences(text)]
    assert [text for text in texts if ABBREVIATIONS.search(text)] == []
    assert [
        one for one in sentences if one.endswith("?") and len(one.split()) > MOST_WORDS_OF_A_QUESTION
    ] == []
    assert [one for one in sentences if len(one.split()) > MOST_WORDS_OF_A_SENTENCE] == []


def test_no_page_asks_for_a_puzzle_or_for_dragging_and_none_forbids_pasting() -> None:
    """3.3.8: no CAPTCHA; 2.5.7: no slider, no dragging; codes can be pasted."""
    forbidden = re.compile(
        r"captcha|type=\"?range|draggable|ondrag|addEventListener\(\s*[\"'](paste|copy|drag\w*)",
        re.IGNORECASE,
    )
    sources = [*TEMPLATES.rglob("*.html"), *(WEB / "static" / "js").rglob("*.js")]
    assert len(sources) > 40
    assert [path.name for path in sources if forbidden.search(path.read_text(encoding="utf-8"))] == []


def test_no_page_plays_sound_by_itself() -> None:
    """1.4.2."""
    sources = [*TEMPLATES.rglob("*.html"), *(WEB / "static" / "js").rglob("*.js")]
    autoplay = re.compile(r"autoplay|<audio|<video", re.IGNORECASE)
    assert [path.name for path in sources if autoplay.search(path.read_text(encoding="utf-8"))] == []
