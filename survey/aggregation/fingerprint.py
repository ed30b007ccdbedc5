"""One hash of an analysis, the same on every machine and for every order of the rows' printing.

Not the hash of a snapshot (survey.storage). What is hashed is what additions, products, quotients and
square roots in a fixed order produce: IEEE 754 fixes those to the last bit. Intervals follow from the
hashed figures, the level and the method by logarithms and quantiles, whose last bit differs between
processors and libraries, so they are left out. Ten significant digits are four more than any report
prints and five fewer than a double holds: they let another order of summation, or another engine, move
the last bits of a sum without changing the hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from survey.aggregation.analysis import Analysis

FORMAT = "survey-analysis/1"
DIGITS = 10


def fingerprint(analysis: Analysis) -> str:
    """Return the SHA-256, in hexadecimal, of an analysis' canonical rows.

    A row is dimension, value, statistic, n, df, value, standard error, flags and method, as JSON in
    ASCII, sorted; a first line names the format, the level and the unit.
    """
    digest = hashlib.sha256()
    head = json.dumps([FORMAT, canonical(analysis.level), analysis.unit])
    for line in (head, *sorted(_rows(analysis))):
        digest.update(line.encode("ascii") + b"\n")
    return digest.hexdigest()


def _rows(analysis: Analysis) -> Iterator[str]:
    for domain, statistic, one in analysis.rows():
        figures = [canonical(one.value), canonical(one.se)]
        yield json.dumps([domain.by, domain.value, statistic, one.n, one.df, *figures, one.flags, one.method])


def canonical(figure: float | None) -> str:
    """Write a number at ten significant digits, or nothing where there is none."""
    return "" if figure is None else f"{figure + 0.0:.{DIGITS - 1}e}"
