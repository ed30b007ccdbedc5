"""The documents keep up with the code: commands, settings, errors, words, links, licences.

Not whether they are well written.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from survey.cli import main
from tests.meta.error_page import error_leaves, error_page, row_of

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
OPERATIONS = (DOCS / "operations.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
# Written in two parts, so that this file does not name them itself.
MACHINE = re.compile("|".join(("/work/", "/root/", r"(?<!\w)/t" "mp/", "pypi" r"\.", "registry" r"\.npm")))


def _commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from _commands(child, (*path, name))
    else:
        yield " ".join(path), command


def _settings() -> set[str]:
    """Names that the program asks of the environment: `….get("NAME"…)` and `environ["NAME"]`."""
    found = set()
    for path in (ROOT / "survey").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = _name_asked_for(node)
            if name:
                found.add(name)
    return found


def _name_asked_for(node: ast.AST) -> str | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name) and node.args:
        asked = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        source, key = ast.unparse(node.func), node.args[0]
        if asked not in ("get", "getenv") or ("env" not in source):
            return None
    elif isinstance(node, ast.Subscript) and "environ" in ast.unparse(node.value):
        key = node.slice
    else:
        return None
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None


def _anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub and GitLab make them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#{1,6} +(.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def _links() -> list[tuple[Path, str]]:
    return [
        (page, target)
        for page in PAGES
        for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
        if not target.startswith(("http://", "https://"))
    ]


@pytest.mark.parametrize("path", [path for path, _ in _commands(main)])
def test_every_command_is_in_operations(path: str) -> None:
    assert re.search(rf"\bsurvey {re.escape(path)}\b", OPERATIONS)


def test_every_option_is_in_operations() -> None:
    unsaid = {
        f"{path} {' / '.join(names)}"
        for path, command in _commands(main)
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for names in [(*parameter.opts, *parameter.secondary_opts)]
        if not any(re.search(rf"{re.escape(name)}\b", OPERATIONS) for name in names)
    }
    assert unsaid == set()


def test_every_setting_is_in_the_table_of_operations_and_nothing_else() -> None:
    listed = set(re.findall(r"^\| `([A-Z][A-Z_]+)` \|", OPERATIONS, re.MULTILINE))
    assert listed == _settings()
    assert len(listed) >= 8


def test_every_error_code_is_said_in_both_languages_on_its_page() -> None:
    kept = (DOCS / "error-codes.md").read_text(encoding="utf-8")
    missing = [kind.code for kind in error_leaves() if row_of(kind) not in kept]
    assert missing == [], "run: .venv/bin/python -m tests.meta.error_page > docs/error-codes.md"
    assert kept == error_page()


def test_no_error_code_is_used_twice() -> None:
    counted = Counter(kind.code for kind in error_leaves())
    assert [code for code, times in counted.items() if times > 1] == []


def test_every_error_code_that_a_document_names_exists() -> None:
    known = {kind.code for kind in error_leaves()}
    named = {code for page in PAGES for code in re.findall(r"SVY-\d{3}-\d{2}\b", page.read_text("utf-8"))}
    assert named - known == set()


def test_every_relative_link_leads_somewhere() -> None:
    broken = []
    for page, target in _links():
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in _anchors(there)):
            broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []


def test_every_page_of_docs_is_reached_from_the_map() -> None:
    reached, waiting = set(), [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            waiting += [
                there
                for origin, target in _links()
                if origin == page
                for there in _pages_at((page.parent / target.partition("#")[0]).resolve())
            ]
    assert {page.relative_to(ROOT).as_posix() for page in DOCS.rglob("*.md") if page not in reached} == set()


def _pages_at(place: Path) -> list[Path]:
    return sorted(place.rglob("*.md")) if place.is_dir() else [place] if place.suffix == ".md" else []


def test_both_readmes_name_the_two_commands() -> None:
    english = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in english
    assert "make test" in english
    assert "make demo" in (ROOT / "README.vi.md").read_text(encoding="utf-8")


def test_the_readme_gives_what_make_does_for_a_machine_without_it() -> None:
    english = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for step in (
        "install --require-hashes -r requirements.lock",
        "install --no-deps --no-build-isolation -e .",
        "install --require-hashes -r requirements-dev.lock",
        ".venv/bin/survey demo",
        ".venv/bin/python -m tests.run",
    ):
        assert step in makefile
        assert step in english


def test_every_place_that_the_glossary_names_exists() -> None:
    glossary = (DOCS / "glossary.md").read_text(encoding="utf-8")
    places = set(re.findall(r"`((?:survey|migrations|tests)/[\w./-]+)`", glossary))
    assert len(places) > 30
    assert {place for place in places if not (ROOT / place).exists()} == set()


def test_no_word_stands_twice_in_the_glossary() -> None:
    glossary = (DOCS / "glossary.md").read_text(encoding="utf-8")
    words = Counter(line.split("|")[1].strip() for line in glossary.splitlines() if line.startswith("| "))
    assert [word for word, times in words.items() if times > 1] == []


def test_the_notice_names_every_vendored_work_with_its_version_or_packager() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    manifests = [
        ROOT / "survey/web/static/vendor/manifest.json",
        ROOT / "survey/web/static/fonts/manifest.json",
        ROOT / "tests/vendor/manifest.json",
    ]
    for manifest in manifests:
        assert manifest.relative_to(ROOT).as_posix() in " ".join(notice.split())
        for one in json.loads(manifest.read_text(encoding="utf-8"))["files"]:
            for said in (one["name"], one["version"], one["licence"], *one["licence_files"]):
                assert said.lower() in notice.lower(), (one["name"], said)


def test_the_licence_is_the_unchanged_apache_2_text() -> None:
    # SHA-256 of https://www.apache.org/licenses/LICENSE-2.0.txt
    digest = hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest()
    assert digest == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"


@pytest.mark.parametrize("page", [*PAGES, ROOT / "NOTICE"], ids=lambda page: page.name)
def test_documents_are_nfc_and_name_no_place_of_one_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert MACHINE.findall(text) == []


def test_pictures_are_small() -> None:
    pictures = sorted((DOCS / "images").glob("*"))
    assert pictures
    assert {picture.name for picture in pictures if picture.stat().st_size > 150_000} == set()
