"""Published results: what was printed, where, how surely, and what else was printed for the same.

Not computed scores (roll_up.py). The CSV files in published/ hold one page a row; nothing in them
is filled in, and where two pages differ both stay.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Generic, Literal, TypeAlias, TypeVar

T = TypeVar("T", covariant=True)
Index = Literal["par", "sipas"]
Confidence = Literal["seen", "inferred", "unverified"]

ALL_UNITS = "#TRUNG_BINH_63_TINH"
REGION = "#VUNG "
TABLES: Mapping[str, str] = {
    "par": "par_index_province_results.csv",
    "sipas": "sipas_province_results.csv",
}


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """A published or derived figure.

    Attributes:
        confidence: seen in the source; inferred from what was seen; unverified general knowledge.
        note: the words beside it: how it was printed or derived.
        conflicts: other figures printed for the same.
    """

    value: T
    source: str
    confidence: Confidence
    note: str = ""
    conflicts: tuple[Known[T], ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """A figure that is not known, and why, by language."""

    reason: Mapping[str, str]

    def text(self, language: str = "vi") -> str:
        """Say why, in Vietnamese when the language is not kept."""
        return self.reason.get(language, self.reason["vi"])


Figure: TypeAlias = Known[T] | Unknown


@dataclass(frozen=True, slots=True)
class Printed:
    """One row of a published table: a unit, or a mean (its name then begins with #), in a year."""

    index: str
    year: int
    unit: str
    value: Known[float] | None
    rank: Known[int] | None
    band: Known[str] | None
    source: str

    @property
    def is_mean(self) -> bool:
        return self.unit.startswith("#")


Row: TypeAlias = Mapping[str, str]
Others: TypeAlias = Mapping[tuple[str, int, str, str], tuple[Known[float], ...]]


def rows(name: str) -> list[dict[str, str]]:
    """Read a CSV file of the published folder without its comment lines."""
    text = files("survey.scoring").joinpath("published", name).read_text("utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("# ")))


@cache
def printed(index: Index) -> tuple[Printed, ...]:
    """Give every published row of an index, as the file has them."""
    others = conflicts()
    return tuple(read_row(index, row, others) for row in rows(TABLES[index]))


@cache
def conflicts() -> Others:
    """Give the other printed figures, by index, year, unit and field."""
    found: dict[tuple[str, int, str, str], tuple[Known[float], ...]] = {}
    for row in rows("conflicts.csv"):
        key = (row["index"], int(row["year"]), row["unit"], row["field"])
        other = Known(float(row["value"]), row["source"], sureness(row["confidence"]), row["confidence"])
        found[key] = (*found.get(key, ()), other)
    return found


@cache
def facts(index: Index) -> Mapping[tuple[int, str, str], Known[float]]:
    """Give the published facts that are no value or rank, by year, unit and fact."""
    return {
        (int(row["year"]), row["unit"], row["fact"]): Known(
            float(row["value"]), row["source"], sureness(row["confidence"]), row["confidence"]
        )
        for row in rows("facts.csv")
        if row["index"] == index
    }


def read_row(index: str, row: Row, others: Others) -> Printed:
    year, unit, words = int(row["year"]), row["province"], row["confidence"]
    value_others = others.get((index, year, unit, "value"), ())
    rank_others = tuple(
        Known(int(one.value), one.source, one.confidence, one.note)
        for one in others.get((index, year, unit, "rank"), ())
    )
    source, sure = row["source"], sureness(words)
    rank_sure = rank_sureness(words)
    band = row.get("group")
    return Printed(
        index,
        year,
        unit,
        Known(float(row["value"]), source, sure, words, value_others) if row["value"] else None,
        Known(int(row["rank"]), source, rank_sure, words, rank_others) if row["rank"] else None,
        Known(band, source, rank_sure, words) if band else None,
        source,
    )


def sureness(words: str) -> Confidence:
    """Read the first word of a confidence note."""
    return "inferred" if words.startswith("inferred") else "seen"


def rank_sureness(words: str) -> Confidence:
    """Read how surely a rank is known; it may be derived where the value was seen."""
    derived = "rank inferred" in words or "rank: inferred" in words
    return "inferred" if derived else sureness(words)


def years(index: Index) -> tuple[int, ...]:
    """Give the years for which anything was published, latest first."""
    return tuple(sorted({row.year for row in printed(index)}, reverse=True))


def of_year(index: Index, year: int) -> Sequence[Printed]:
    """Give the rows of one year."""
    return [row for row in printed(index) if row.year == year]
