"""Everything that `make test` runs: style, types, the rooms' order, then all tests.

Every check is run even when one before it failed, so that one run tells everything; pytest comes
last, so that its line closes the output.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
CHECKS = (
    ("style", [str(BIN / "ruff"), "check", "--quiet", "."]),
    ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
    ("types", [str(BIN / "mypy")]),
    ("rooms", [str(BIN / "lint-imports"), "--no-logo"]),
    (
        "tests without a browser",
        [sys.executable, "-m", "pytest", "-m", "not browser", "-n", "2", "--dist", "worksteal"],
    ),
    # One process: a browser and the site under it already keep two cores busy.
    ("tests in a browser", [sys.executable, "-m", "pytest", "-m", "browser"]),
)


def main() -> int:
    """Run every check; give 0 when all passed."""
    failed = []
    for name, command in CHECKS:
        print(f"── {name}", flush=True)
        began = time.monotonic()
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(name)
        print(f"   {time.monotonic() - began:.0f} s", flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
