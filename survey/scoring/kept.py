"""What is kept of one unit in one year, and what can be derived from two such figures.

Not the rows of the published files (published.py) nor the standing made of them (standings.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from survey.rounding import round_half_up
from survey.scoring.published import Figure, Index, Known, Printed, Unknown, facts, of_year

T = TypeVar("T", int, float)

NOT_PRINTED = Unknown(
    {"vi": "Không tìm thấy trong nguồn đã công bố.", "en": "Not found in what was published."}
)
NO_YEAR_BEFORE = Unknown(
    {
        "vi": "Không tìm thấy giá trị năm trước để so sánh.",
        "en": "The value of the year before was not found.",
    }
)
NO_BANDS = Unknown({"vi": "Chỉ số này không chia nhóm.", "en": "This index has no bands."})
NO_REGION = Unknown({"vi": "Chưa cho biết vùng của tỉnh.", "en": "The region of the province was not given."})
NOT_ALL_VALUES = Unknown(
    {
        "vi": "Chưa biết giá trị của mọi tỉnh trong vùng nên không suy ra được thứ hạng.",
        "en": "Not every value of the region is known, so the place cannot be derived.",
    }
)


def fact(index: Index, year: int, unit: str, name: str) -> Figure[int]:
    """Give a published fact as a whole number."""
    found = facts(index).get((year, unit, name))
    return (
        NOT_PRINTED if found is None else Known(int(found.value), found.source, found.confidence, found.note)
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one unit in one year."""

    index: Index
    year: int
    unit: str
    row: Printed | None

    @classmethod
    def find(cls, index: Index, year: int, unit: str) -> Kept:
        return cls(index, year, unit, next((r for r in of_year(index, year) if r.unit == unit), None))

    @property
    def value(self) -> Figure[float]:
        return (self.row and self.row.value) or NOT_PRINTED

    @property
    def rank(self) -> Figure[int]:
        return (self.row and self.row.rank) or NOT_PRINTED

    def fact(self, name: str, unit: str | None = None) -> Figure[int]:
        return fact(self.index, self.year, unit or self.unit, name)


def less(figure: Figure[T], other: Figure[T]) -> Figure[T]:
    """Subtract one figure from another, marked as inferred."""
    if not isinstance(figure, Known) or not isinstance(other, Known):
        return NO_YEAR_BEFORE
    gap = figure.value - other.value
    source = join(figure.source, other.source)
    return Known(type(gap)(round_half_up(gap, 2)), source, "inferred", f"{figure.value:g} - {other.value:g}")


def join(one: str, other: str) -> str:
    return one if one == other else f"{one} ; {other}"
