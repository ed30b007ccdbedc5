"""Intervals of a scale with stated ends: the steps of a rule, the bands of an index.

Not statistical intervals (uncertainty.py). The question at exactly 90 % is answered by data:
each span says which of its ends belong to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """From `low` to `high` (None: without end); `includes` is lower, upper, both or neither."""

    low: float | None
    high: float | None
    includes: str

    @property
    def has_low(self) -> bool:
        return self.includes in ("lower", "both")

    @property
    def has_high(self) -> bool:
        return self.includes in ("upper", "both")

    def contains(self, value: float) -> bool:
        """Say whether a value lies in the span, its own ends included as stated."""
        return self._is_above_low(value) and self._is_below_high(value)

    def _is_above_low(self, value: float) -> bool:
        return self.low is None or value > self.low or (self.has_low and value == self.low)

    def _is_below_high(self, value: float) -> bool:
        return self.high is None or value < self.high or (self.has_high and value == self.high)


@dataclass(frozen=True, slots=True)
class Fault:
    """A `gap`, an `overlap` or an `interval_reversed`, found at `index` of the given spans."""

    code: str
    index: int
    at: float | str


def faults(spans: Sequence[Span]) -> Iterator[Fault]:
    """Find every gap and overlap of spans that must cover the whole line exactly once."""
    reversed_ = {index for index, span in enumerate(spans) if is_reversed(span)}
    yield from (Fault("interval_reversed", index, "") for index in sorted(reversed_))
    order = [index for index in range(len(spans)) if index not in reversed_]
    order.sort(key=lambda index: (bottom(spans[index]), top(spans[index])))
    if order:
        yield from end_faults(spans, order)
        yield from neighbour_faults(spans, order)


def is_reversed(span: Span) -> bool:
    if span.low is None or span.high is None or span.low < span.high:
        return False
    return span.low > span.high or span.includes != "both"


def end_faults(spans: Sequence[Span], order: Sequence[int]) -> Iterator[Fault]:
    lowest = spans[order[0]]
    highest = max(order, key=lambda index: top(spans[index]))
    if lowest.low is not None:
        yield Fault("gap", order[0], f"< {lowest.low:g}")
    if spans[highest].high is not None:
        yield Fault("gap", highest, f"> {spans[highest].high:g}")


def neighbour_faults(spans: Sequence[Span], order: Sequence[int]) -> Iterator[Fault]:
    reach = order[0]
    for index in order[1:]:
        fault = seam_fault(spans[reach], spans[index])
        if fault:
            yield Fault(fault, index, bottom(spans[index]))
        if top(spans[index]) >= top(spans[reach]):
            reach = index


def seam_fault(left: Span, right: Span) -> str | None:
    """Judge the seam where `left` should end and `right` should begin."""
    end, start = top(left), bottom(right)
    if end != start:
        return "gap" if end < start else "overlap"
    if left.has_high and right.has_low:
        return "overlap"
    return None if left.has_high or right.has_low else "gap"


def bottom(span: Span) -> float:
    return float("-inf") if span.low is None else span.low


def top(span: Span) -> float:
    return float("inf") if span.high is None else span.high
