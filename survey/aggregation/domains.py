"""The domains asked for: units, services, age groups, or any crossing of them.

Not a filter: a domain is a property of the request and never takes a row out of the design, so a
standard error in a domain still counts every PSU of its strata (Särndal et al. 1992, ch. 10).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from survey.aggregation.errors import DifferentLengths
from survey.aggregation.labels import IntArray, Labels, number


@dataclass(frozen=True, slots=True, order=True)
class Domain:
    """One domain: a value of a dimension, such as unit = "Lâm Đồng"."""

    by: str
    value: str

    def __str__(self) -> str:
        return f"{self.by}={self.value}" if self.by else "*"


#: The whole sample.
WHOLE = Domain("", "")


@dataclass(frozen=True, slots=True)
class DomainSet:
    """The domains of one dimension, which do not overlap.

    Attributes:
        domains: in the order of their labels.
        codes: (rows,) the row's domain, or len(domains) for rows in none.
    """

    domains: tuple[Domain, ...]
    codes: IntArray

    @property
    def groups(self) -> int:
        """Count the groups of rows: the domains, and the rows in none."""
        return len(self.domains) + 1

    @property
    def covers_all(self) -> bool:
        """Say whether it is the whole sample in one."""
        return self.domains == (WHOLE,)


def whole_sample(rows: int) -> DomainSet:
    """Put every row in the whole."""
    return DomainSet((WHOLE,), np.zeros(rows, dtype=np.intp))


def domain_set(by: str, labels: Labels, rows: int) -> DomainSet:
    """Make the domains of one dimension from a label a row; missing labels are in no domain.

    Raises:
        DifferentLengths.
    """
    if len(labels) != rows:
        raise DifferentLengths(column=by, found=len(labels), expected=rows)
    numbered = number(labels)
    codes = np.where(numbered.codes < 0, len(numbered.labels), numbered.codes)
    return DomainSet(tuple(Domain(by, str(label)) for label in numbered.labels), codes)


def domain_sets(domains: Mapping[str, Labels] | Labels | None, rows: int) -> tuple[DomainSet, ...]:
    """Take the dimensions of a request: several by name, one unnamed ("domain"), or none."""
    if domains is None:
        return ()
    named = domains if isinstance(domains, Mapping) else {"domain": domains}
    return tuple(domain_set(by, labels, rows) for by, labels in named.items())


def cross(*dimensions: Labels, separator: str = " × ") -> list[str | None]:
    """Cross dimensions to one label a row; a row that misses any of them is in no domain."""
    numbered = [number(labels) for labels in dimensions]
    columns = [[*map(str, one.labels), None] for one in numbered]
    return [
        None if None in parts else separator.join(map(str, parts))
        for parts in zip(
            *([names[code] for code in one.codes] for names, one in zip(columns, numbered, strict=True)),
            strict=True,
        )
    ]
