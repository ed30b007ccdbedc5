"""The answer to a request for estimates as one flat table: which columns it has, and its rows.

Not a file format (estimates_csv.py, estimates_workbook.py) nor rounding for people (estimates_table.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from survey.aggregation.design_effects import Convention
from survey.aggregation.estimates import Estimate
from survey.aggregation.request import Answer, AnswerLine, ComparisonLine

#: A cell: text, a number in full precision, or nothing.
Cell = str | int | float | None
Row = AnswerLine | ComparisonLine
_Reading = Callable[[Row], Cell]

#: Words before the figures; a `by` column of the same name gets "by:" before it.
FIRST = ("statistic", "kind")
FIGURES = ("estimate", "se", "ci_low", "ci_high", "confidence", "df", "n")
LAST = ("unit", "flags", "method")


@dataclass(frozen=True, slots=True)
class FlatTable:
    """A table with a row an estimate.

    Attributes:
        head: the columns' names.
        rows: their cells.
        labels: which of the columns name domains.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    labels: tuple[str, ...] = ()


def estimates_table(answer: Answer) -> FlatTable:
    """Return the estimates, a column for each `by` column of any statistic, unused columns left out."""
    lines = answer.lines
    by = tuple(dict.fromkeys(column for line in lines for column, _ in line.domain))
    readings: dict[str, _Reading] = {"statistic": lambda line: line.statistic, "kind": lambda line: line.kind}
    taken = {*FIRST, *FIGURES, *LAST, "where", "item", "level", "probability", "deff", "cv", "n_eff"}
    labels = tuple(f"by:{column}" if column in taken else column for column in by)
    readings |= {label: _label_of(column) for label, column in zip(labels, by, strict=True)}
    readings |= _optional(lines)
    readings |= {name: _figure_of(name) for name in FIGURES}
    readings |= {"n_eff": lambda line: line.estimate.n_eff, "deff": _get("deff")}
    conventions = tuple(dict.fromkeys(one for line in lines for one in line.deffs or ()))
    readings |= {f"deff_{one}": _deff_of(one) for one in conventions}
    readings |= {"cv": _get("cv"), **_last()}
    return _table(readings, lines, labels)


def comparisons_table(answer: Answer) -> FlatTable:
    """Return the comparisons, domain less other; without any it has no rows."""
    lines = answer.comparisons
    readings: dict[str, _Reading] = {
        "id": _get("id"),
        "statistic": lambda line: line.statistic,
        "kind": lambda line: line.kind,
        "item": lambda line: line.item,
        "level": _level,
        "domain": lambda line: _condition(getattr(line, "domain", None)),
        "other": lambda line: _condition(getattr(line, "other", None)),
        **{name: _figure_of(name) for name in FIGURES},
        "p": _get("p"),
        "q": _get("q"),
        **_last(),
    }
    return _table(readings, lines)


def _table(readings: Mapping[str, _Reading], lines: Sequence[Row], labels: tuple[str, ...] = ()) -> FlatTable:
    rows = tuple(tuple(reading(line) for reading in readings.values()) for line in lines)
    return FlatTable(tuple(readings), rows, labels)


def _optional(lines: Sequence[AnswerLine]) -> dict[str, _Reading]:
    """Return the columns that only some statistics have, of those that are used."""
    every: dict[str, tuple[bool, _Reading]] = {
        "where": (any(line.where for line in lines), lambda line: _where(line)),
        "item": (True, lambda line: line.item),
        "measure": (any(line.more for line in lines), lambda line: _more(line, "measure")),
        "quadrant": (any(line.more for line in lines), lambda line: _more(line, "quadrant")),
        "denominator": (any(line.denominator for line in lines), _get("denominator")),
        "level": (any(line.level is not None for line in lines), _level),
        "probability": (any(line.probability is not None for line in lines), _get("probability")),
    }
    return {name: reading for name, (is_used, reading) in every.items() if is_used}


def _last() -> dict[str, _Reading]:
    return {
        "unit": lambda line: line.estimate.unit,
        "flags": lambda line: " ".join(line.estimate.flags),
        "method": lambda line: line.estimate.method,
    }


def _label_of(column: str) -> _Reading:
    def read(line: Row) -> Cell:
        label = dict(line.domain).get(column) if isinstance(line, AnswerLine) else None
        return label if label is None or isinstance(label, int | float) else str(label)

    return read


def _figure_of(name: str) -> _Reading:
    fields: dict[str, Callable[[Estimate], Cell]] = {
        "estimate": lambda one: one.value,
        "se": lambda one: one.se,
        "ci_low": lambda one: one.ci_low,
        "ci_high": lambda one: one.ci_high,
        "confidence": lambda one: one.level,
        "df": lambda one: one.df,
        "n": lambda one: one.n,
    }
    reading = fields[name]
    return lambda line: reading(line.estimate)


def _get(name: str) -> _Reading:
    def read(line: Row) -> Cell:
        value: Cell = getattr(line, name)
        return value

    return read


def _deff_of(convention: Convention) -> _Reading:
    def read(line: Row) -> Cell:
        deffs = line.deffs if isinstance(line, AnswerLine) else None
        return deffs.get(convention) if deffs else None

    return read


def _more(line: Row, key: str) -> Cell:
    more = line.more if isinstance(line, AnswerLine) else None
    value = (more or {}).get(key)
    return None if value is None else str(value)


def _level(line: Row) -> Cell:
    return line.level if line.level is None or isinstance(line.level, int | float) else str(line.level)


def _where(line: Row) -> Cell:
    where = line.where if isinstance(line, AnswerLine) else None
    return _condition(where) if where else None


def _condition(where: Mapping[str, Sequence[object]] | None) -> str:
    if not where:
        return "whole"
    return "; ".join(f"{column} = {', '.join(map(str, values))}" for column, values in where.items())
