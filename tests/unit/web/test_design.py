"""The design holds its promises: one palette, contrast, small files, vendored files unchanged, no inline code.

What the pages look like in a browser is tested in tests/browser; nothing here starts one.
"""

import gzip
import hashlib
import json
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "survey" / "web" / "static"
TEMPLATES = ROOT / "survey" / "web" / "templates"
SHEETS = ("citizen", "kiosk", "office")
TOKENS = re.compile(r"/\* tokens:.*?/\* end of tokens \*/", re.DOTALL)
VENDORED = [STATIC / "vendor", STATIC / "fonts", ROOT / "tests" / "vendor"]


def sheet(name: str) -> str:
    return (STATIC / "css" / f"{name}.css").read_text(encoding="utf-8")


def colours() -> dict[str, str]:
    tokens = TOKENS.search(sheet("citizen"))
    assert tokens
    found = re.findall(r"--([a-z0-9-]+): #([0-9a-f]{3,6});", tokens[0])
    return {name: code if len(code) == 6 else "".join(c * 2 for c in code) for name, code in found}


def luminance(code: str) -> float:
    channels = [int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2, "relative luminance" and "contrast ratio" definitions."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def sprite(name: str) -> list[ElementTree.Element]:
    text = (STATIC / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return list(ElementTree.fromstring(text).iter("{http://www.w3.org/2000/svg}symbol"))  # noqa: S314 - our own file


def test_the_contrast_formula_gives_the_published_extremes() -> None:
    """WCAG 2.2: ratios run from 1 (same colour) to 21 (black on white)."""
    assert contrast("000000", "ffffff") == pytest.approx(21)
    assert contrast("0a5060", "0a5060") == pytest.approx(1)


def test_every_sheet_has_the_same_tokens() -> None:
    blocks = {name: TOKENS.search(sheet(name)) for name in SHEETS}
    assert all(blocks.values())
    assert len({block[0] for block in blocks.values() if block}) == 1


@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("ink", "paper", 7),
        ("ink", "ground", 7),
        ("ink", "brand-tint", 7),
        ("brand-dark", "paper", 7),
        ("ink-soft", "paper", 7),
        ("ink-soft", "ground", 4.5),
        ("paper", "brand", 7),
        ("brand", "brand-tint", 4.5),
        ("error", "paper", 7),
        ("error", "error-tint", 4.5),
        ("good", "good-tint", 4.5),
        ("warn", "warn-tint", 7),
        ("line-strong", "paper", 3),
        ("line-strong", "ground", 3),
        ("gold", "ink", 3),
        *((f"level-{n}", "paper", 4.5) for n in range(1, 6)),
    ],
)
def test_colours_that_meet_are_told_apart(text: str, ground: str, least: float) -> None:
    """WCAG 2.2 success criteria 1.4.3, 1.4.6 and 1.4.11."""
    tokens = colours()
    assert contrast(tokens[text], tokens[ground]) >= least


def test_a_citizens_first_page_brings_little() -> None:
    """CSS, font, script and icons leave over 14 kB of the 60 kB for the page (experience.md P1)."""
    brought = [
        "css/citizen.css",
        "fonts/noto-sans-vi-highland.woff2",
        "js/form.js",
        "js/listen.js",
        "icons/favicon.svg",
        "icons/faces.svg",
    ]
    assert _over_the_wire(brought[0]) <= 10_000
    assert sum(map(_over_the_wire, brought)) <= 40_000


def _over_the_wire(name: str) -> int:
    """Give the size of a file as it is sent: what is text is compressed."""
    content = (STATIC / name).read_bytes()
    return len(content if name.endswith(".woff2") else gzip.compress(content, 6))


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.parent.name + "/" + folder.name)
def test_vendored_files_are_the_ones_that_were_taken(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    named = {"manifest.json"}
    for entry in manifest["files"]:
        assert hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
        assert entry["name"]
        assert entry["version"]
        assert entry["licence"]
        named |= {entry["file"], *entry["licence_files"]}
    assert {path.name for path in folder.iterdir()} == named


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_templates_hold_nothing_the_content_security_policy_forbids(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|\son[a-z]+\s*=|<style|javascript:|\|\s*safe\b", text)
    # A script without an address may only hold data, which no browser runs (ASVS 1.2.1: `tojson` writes it).
    inline = re.findall(r"<script(?![^>]*\ssrc=)(.*?)</script>", text, re.DOTALL)
    assert all(re.fullmatch(r' type="application/json"[^>]*>\{\{ \w+\|tojson \}\}', one) for one in inline)


def test_sheets_and_scripts_fetch_nothing_from_elsewhere() -> None:
    for path in [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")]:
        assert not re.search(r"https?://|@import|\beval\(|new Function", path.read_text(encoding="utf-8")), (
            path
        )


def test_every_sign_a_template_names_is_drawn() -> None:
    drawn = {symbol.get("id") for symbol in sprite("icons")}
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")]
    named = {name for text in texts for name in re.findall(r'\bicon\("([a-z]+)"\)', text)}
    assert named
    assert named <= drawn


def test_the_five_faces_differ_by_equal_steps_of_the_mouth() -> None:
    """Equidistant faces: Sedley et al., "Scaling the Smileys"; only the mouth may differ."""
    faces = sprite("faces")
    assert [face.get("id") for face in faces] == [f"face-{n}" for n in range(1, 6)]
    drawings = [[ElementTree.tostring(part) for part in face] for face in faces]
    assert len({tuple(parts[:-1]) for parts in drawings}) == 1
    mouths = [[float(x) for x in re.findall(r"[\d.]+", face[-1].get("d") or "")] for face in faces]
    ends = [mouth[1] for mouth in mouths]
    bows = [43.0 if len(mouth) == 3 else mouth[3] for mouth in mouths]
    assert {after - before for before, after in pairwise(ends)} == {-2.5}
    steps = [after - before for before, after in pairwise(bows)]
    assert steps == [6.5, 6.5, 6.5, 6.5]
