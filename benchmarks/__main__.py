"""`python -m benchmarks [NAME ...]`: measure, and print one Markdown table a subject.

It says what misses its bound and ends with 0 all the same: speed on a shared machine is no test.
"""

from __future__ import annotations

import sys

from benchmarks import collection, estimation, pages, recompute, refresh, scoring, sync
from benchmarks.figures import Figure, table
from benchmarks.machine import describe

SUBJECTS = {
    "recompute": recompute.run,
    "estimation": estimation.run,
    "refresh": refresh.run,
    "pages": pages.run,
    "collection": collection.run,
    "sync": sync.run,
    "scoring": scoring.run,
}


def main(names: list[str]) -> None:
    """Measure the named subjects, or all."""
    unknown = set(names) - set(SUBJECTS)
    if unknown:
        sys.exit(f"There is no {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}.")
    missed: list[Figure] = []
    for name in names or SUBJECTS:
        print(f"\n## {name}\n\nBefore: {describe()}.\n", flush=True)
        figures = SUBJECTS[name]()
        missed += [figure for figure in figures if figure.misses]
        print(f"{table(figures)}\n\nAfter: {describe()}.", flush=True)
    print(f"\n{len(missed)} of the bounds missed{': ' if missed else '.'}", end="")
    print("; ".join(figure.what.strip() for figure in missed))


if __name__ == "__main__":
    main(sys.argv[1:])
