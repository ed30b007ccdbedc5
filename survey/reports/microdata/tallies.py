"""How many rows have a value, a missing code or a blank in each variable, in one pass.

Not an estimate: no weight enters. The codebook prints it, so that a reader can check what was read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow.compute as pc

from survey.reports.microdata.values import Microdata, Variable


@dataclass(slots=True)
class Tally:
    """Rows of one variable: `valid` have an answer or figure, `by_code` says how many have each code."""

    valid: int = 0
    missing: int = 0
    blank: int = 0
    by_code: Counter[int] = field(default_factory=Counter)


def tallies(microdata: Microdata) -> Mapping[str, Tally]:
    """Count every variable of every row."""
    found = {variable.name: Tally() for variable in microdata.variables}
    for batch in microdata.checked():
        for variable in microdata.variables:
            _count(found[variable.name], variable, batch.column(variable.name))
    return found


def _count(tally: Tally, variable: Variable, column: Any) -> None:
    blank = column.null_count
    tally.blank += blank
    if not variable.values:
        tally.valid += len(column) - blank
        return
    missing = set(variable.missing)
    for one in pc.value_counts(column.drop_null()).to_pylist():
        tally.by_code[one["values"]] += one["counts"]
        if one["values"] in missing:
            tally.missing += one["counts"]
        else:
            tally.valid += one["counts"]
