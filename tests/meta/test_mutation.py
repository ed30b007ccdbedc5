"""The mutation runner: what it changes, and that the modules and tests it names are there."""

import ast
from pathlib import Path

import pytest

from tests.mutation.modules import TESTS
from tests.mutation.operators import mutants_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("module", TESTS)
def test_every_mutated_module_and_its_tests_are_there(module: str) -> None:
    assert (ROOT / "survey" / "aggregation" / f"{module}.py").is_file()
    assert [test for test in TESTS[module] if not (ROOT / test).is_file()] == []


def test_the_explanations_name_every_mutated_module() -> None:
    page = (ROOT / "docs" / "mutation.md").read_text(encoding="utf-8")
    assert [module for module in TESTS if f"| {module} |" not in page] == []


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("a + b", ["a - b"]),
        ("a < 2", ["a <= 2", "a < 3"]),
        ("-a", ["a"]),
        ("np.where(a, b, c)", ["np.where(a, c, b)"]),
        ("np.max(a)", ["np.min(a)"]),
        ("0.5", ["1.0"]),
        ("a: int | None = None", []),
        ("zip(a, b, strict=True)", []),
        ("if a:\n    b", ["if not a:\n    b"]),
        ("if a is b:\n    c", ["if a is not b:\n    c"]),
    ],
)
def test_each_mutant_has_one_change_and_the_source_is_left_as_it_was(source: str, changed: list[str]) -> None:
    assert [one.text for one in mutants_of(source)] == changed


def test_every_mutant_of_a_real_module_is_python_and_differs() -> None:
    source = (ROOT / "survey" / "aggregation" / "variance.py").read_text(encoding="utf-8")
    plain = ast.unparse(ast.parse(source))
    mutants = list(mutants_of(source))
    assert len(mutants) > 50
    for one in mutants:
        compile(one.text, "mutant", "exec")
        assert one.text != plain
        assert one.before != one.after
