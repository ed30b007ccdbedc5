"""What statistics need that look at each domain's own figure first: its median, its mean.

Not the estimation (analyse.py): what is made here goes there as columns and labels, so that a domain
never becomes a filter.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from survey.aggregation.answers import Answers, item_block
from survey.aggregation.assemble import Domains
from survey.aggregation.domains import WHOLE, Domain, DomainSet, domain_set
from survey.aggregation.errors import DifferentLengths
from survey.aggregation.labels import FloatArray


def numbers(answers: Answers, rows: int) -> dict[str, FloatArray]:
    """Return every item as decimal numbers, NaN where it is not answered.

    Raises:
        BadAnswers, BadRequest; DifferentLengths: an item without one answer a response.
    """
    block = item_block(answers)
    for item, column in zip(block.items, block.columns, strict=True):
        if column.size != rows:
            raise DifferentLengths(column=item, found=column.size, expected=rows)
    return {
        item: np.where(column >= 0, column, np.nan) if column.dtype.kind == "i" else column.astype(np.float64)
        for item, column in zip(block.items, block.columns, strict=True)
    }


def dimensions(domains: Domains, rows: int) -> list[DomainSet]:
    """Return the whole sample and then every dimension that has domains.

    Raises:
        DifferentLengths.
    """
    whole = DomainSet((WHOLE,), np.zeros(rows, dtype=np.intp))
    if domains is None:
        return [whole]
    named = domains if isinstance(domains, Mapping) else {"domain": domains}
    asked = [domain_set(by, labels, rows) for by, labels in named.items()]
    return [whole, *(one for one in asked if one.domains)]


def domain_labels(one: DomainSet) -> Domains:
    """Return one dimension as labels to analyse by: text a row, None for rows in no domain."""
    if one.domains == (WHOLE,):
        return None
    names = np.array([*(domain.value for domain in one.domains), None], dtype=object)
    return {one.domains[0].by: names[one.codes]}


def by_row(of_domain: FloatArray, one: DomainSet) -> FloatArray:
    """Give each row its domain's figure (domains,), NaN to rows in none."""
    spread: FloatArray = np.append(of_domain, np.nan)[one.codes]
    return spread


def is_named(domain: Domain, name: Domain | str) -> bool:
    """Say whether a domain is the one meant: itself, or its value ("" is the whole sample)."""
    return domain == name if isinstance(name, Domain) else domain.value == name


def method_of(formula: str, method: str, interval: str | None = None) -> str:
    """Put another formula, and another interval or none (""), in a method of the analysis."""
    _, *between, last = method.split("; ")
    ended = last if interval is None else interval
    return "; ".join((formula, *between, *([ended] if ended else [])))
