"""`python -m tests.mutation [MODULE …] [--sample N] [--seed S]`: which mutants do the tests not notice?

Not a judgement: a mutant that survives may be equivalent, as docs/mutation.md explains one by one.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import shutil
import sys
import tempfile
import zlib
from pathlib import Path

import pytest

from tests.mutation.modules import TESTS
from tests.mutation.operators import Mutant, mutants_of

ROOT = Path(__file__).resolve().parents[2]
ROOM = "survey/aggregation"
#: Loaded once, before the tests of each mutant run in a fork: most of the time of a short run is loading.
PRELOADED = ("hypothesis", "numpy.random", "pyarrow.parquet", "scipy.linalg", "scipy.sparse", "scipy.stats")
#: Above this, pytest says that it was asked for something wrong, not that tests fail.
TESTS_FAIL = 3


def main() -> int:
    """Print every survivor, and at the end how many were killed."""
    asked = _asked()
    os.nice(10)
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    for name in PRELOADED:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as temporary:
        copy = _copied(Path(temporary))
        every = sorted({test for module in asked.modules for test in TESTS[module]})
        if not _pass(copy, tuple(every)):
            print("The tests fail without any mutant.")
            return 1
        sys.dont_write_bytecode = True
        counts = [_report(copy, module, asked.sample, asked.seed) for module in asked.modules]
    made, killed = (sum(column) for column in zip(*counts, strict=True))
    print(
        f"{made} mutants, {killed} killed, {made - killed} survived; sample {asked.sample}, seed {asked.seed}"
    )
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", default=list(TESTS), help=", ".join(TESTS))
    parser.add_argument("--sample", type=int, default=12, help="mutants a module at most; 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    unknown = sorted(set(asked.modules) - set(TESTS))
    if unknown:
        parser.error(f"not among the modules: {', '.join(unknown)}")
    return asked


def _copied(temporary: Path) -> Path:
    for name in ("survey", "tests"):
        shutil.copytree(ROOT / name, temporary / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(ROOT / "pyproject.toml", temporary)
    return temporary


def _report(copy: Path, module: str, sample: int, seed: int) -> tuple[int, int]:
    """Try the mutants of a module; return how many there were and how many were killed."""
    file = copy / ROOM / f"{module}.py"
    source = file.read_text(encoding="utf-8")
    tried = _sampled(list(mutants_of(source)), sample, seed + zlib.crc32(module.encode()))
    survivors = []
    for mutant in tried:
        file.write_text(mutant.text, encoding="utf-8")
        if _pass(copy, TESTS[module]):
            survivors.append(mutant)
    file.write_text(source, encoding="utf-8")
    print(f"{module}: {len(tried) - len(survivors)} of {len(tried)} killed", flush=True)
    for one in survivors:
        print(f"  {module}.py:{one.line}: {one.before}  ->  {one.after}", flush=True)
    return len(tried), len(tried) - len(survivors)


def _sampled(mutants: list[Mutant], sample: int, seed: int) -> list[Mutant]:
    if not 0 < sample < len(mutants):
        return mutants
    chosen = sorted(random.Random(seed).sample(range(len(mutants)), sample))
    return [mutants[at] for at in chosen]


def _pass(copy: Path, tests: tuple[str, ...]) -> bool:
    """Say whether all tests pass in the copy; those that never end do not."""
    child = os.fork()
    if not child:
        os._exit(_run(copy, tests))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status > TESTS_FAIL:
        raise RuntimeError(f"pytest {' '.join(tests)}: {status}")
    return status == 0


def _run(copy: Path, tests: tuple[str, ...]) -> int:
    """Run tests in this process as if it had been started in the copy, in silence."""
    os.chdir(copy)
    sys.path.insert(0, str(copy))
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return int(pytest.main(["-x", "--noconftest", "-p", "tests.mutation.limits", *tests]))


if __name__ == "__main__":
    sys.exit(main())
