"""What ships is sound: questionnaires, criteria sets, units, each with its source and an honest status."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from survey.questionnaires import check, load_shipped, shipped
from survey.scoring import check as check_criteria
from survey.scoring import load_shipped as load_criteria
from survey.scoring import shipped as shipped_criteria
from survey.units import DATA, check_units

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_questionnaire_is_sound_sourced_and_honest(name: str) -> None:
    found = load_shipped(name)
    assert check(found.raw) == []
    assert found.sources
    assert not found.status.official
    for language in ("vi", "en"):
        assert found.status.note.in_(language)


@pytest.mark.parametrize("name", shipped_criteria())
def test_every_shipped_criteria_set_is_sound_and_sourced(name: str) -> None:
    path = next((ROOT / "survey" / "scoring" / "sets").glob(f"{name}.json"))
    assert check_criteria(path.read_bytes()) == []
    found = load_criteria(name)
    assert found.sources or found.is_illustration


def test_the_units_are_sound() -> None:
    assert check_units(DATA) == ()


def test_the_household_questionnaire_has_the_shape_of_2024() -> None:
    """42 perception, 51 satisfaction, 10 needs criteria: sipas.md §1.2."""
    roles = Counter(item.role for item in load_shipped("sipas-households-2024").items)
    assert (roles["perception"], roles["satisfaction"], roles["needs"]) == (42, 51, 10)


def test_no_file_names_a_path_of_one_machine_or_a_package_host() -> None:
    import re
    import subprocess

    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    wrong = re.compile(rb"(^|[^A-Za-z0-9_.])/(tmp|work|root)/[A-Za-z0-9_.]|https?://[^ ]*(/simple/|tarball)")
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in {".py", ".md", ".lock", ".toml", ".json", ".html", ".yml"} and path.is_file():
            for number, line in enumerate(path.read_bytes().splitlines(), 1):
                assert not wrong.search(line) or b"wrong = re" in line, f"{name}:{number}"
