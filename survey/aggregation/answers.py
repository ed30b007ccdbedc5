"""The answers of a sample: columns of numbers, and what an answer is counted as.

Not the questionnaire (survey.questionnaires) and not any sum over answers (collapse.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.errors import BadAnswers, BadRequest, DifferentLengths
from survey.aggregation.labels import BoolArray


@dataclass(frozen=True, slots=True)
class ItemBlock:
    """Answers to many items, one column an item, one row a response.

    Whole numbers are levels, -1 meaning missing or out of the denominator; decimal numbers use NaN.
    """

    items: tuple[str, ...]
    columns: tuple[NDArray[Any], ...]

    def __post_init__(self) -> None:
        if not self.items or len(self.items) != len(self.columns):
            raise BadRequest(problem=f"{len(self.items)} items, {len(self.columns)} columns")
        if len(set(self.items)) != len(self.items):
            raise BadRequest(problem="an item id is repeated")
        for item, column in zip(self.items, self.columns, strict=True):
            _check(item, column)

    @classmethod
    def from_matrix(cls, items: Sequence[str], values: NDArray[Any]) -> ItemBlock:
        """Take a matrix (rows, items), such as int8 with -1 for missing.

        Raises:
            BadAnswers, BadRequest.
        """
        return cls(tuple(items), tuple(np.ascontiguousarray(values.T)))

    @classmethod
    def from_columns(cls, columns: Mapping[str, NDArray[Any]]) -> ItemBlock:
        """Take one column an item, all of one length.

        Raises:
            BadAnswers, DifferentLengths, BadRequest.
        """
        taken = {item: np.asarray(column) for item, column in columns.items()}
        rows = len(next(iter(taken.values()))) if taken else 0
        for item, column in taken.items():
            if len(column) != rows:
                raise DifferentLengths(column=item, found=len(column), expected=rows)
        return cls(tuple(taken), tuple(taken.values()))

    @property
    def rows(self) -> int:
        """Count the responses."""
        return len(self.columns[0])


Answers = ItemBlock | Mapping[str, NDArray[Any]]


def item_block(answers: Answers) -> ItemBlock:
    """Take answers in either form."""
    return answers if isinstance(answers, ItemBlock) else ItemBlock.from_columns(answers)


def _check(item: str, column: NDArray[Any]) -> None:
    if column.ndim != 1 or column.dtype.kind not in "biuf":
        raise BadAnswers(item=item, problem="cần một cột số / a column of numbers is needed")
    if column.dtype.kind == "i" and column.size and column.min() < -1:
        raise BadAnswers(item=item, problem="mã nhỏ hơn -1 / a code below -1")
    if column.dtype.kind == "f" and np.isinf(column).any():
        raise BadAnswers(item=item, problem="số vô hạn / an infinite number")


@dataclass(frozen=True, slots=True)
class Figure:
    """What a column of answers is counted as.

    Attributes:
        answered: (rows,) whether the response enters the statistic.
        value: (rows,) y, zero where it does not; of any number type.
        base: (rows,) x of a ratio Σwy / Σwx, zero where it does not; None for a mean (x = 1).
    """

    answered: BoolArray
    value: NDArray[Any]
    base: NDArray[Any] | None = None

    @property
    def denominator(self) -> NDArray[Any]:
        """Return what the statistic divides by, row by row."""
        return self.answered if self.base is None else self.base


@dataclass(frozen=True, slots=True)
class Measure:
    """How an answer becomes a figure: its share at the top levels, or its mean.

    Attributes:
        kind: "top_share" counts 1 for an answer at one of `levels` and 0 for any other; "mean" counts
            the answer itself.
        levels: the levels that count as satisfied, such as (4, 5).

    Raises:
        BadRequest: a top share without levels, or with a level below 0.
    """

    kind: Literal["top_share", "mean"]
    levels: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "levels", tuple(sorted(self.levels)))
        if self.kind not in ("top_share", "mean"):
            raise BadRequest(problem=f"measure {self.kind!r}")
        if (self.kind == "top_share") != bool(self.levels) or any(level < 0 for level in self.levels):
            raise BadRequest(problem=f"measure {self.kind!r}, levels {self.levels}")

    @property
    def unit(self) -> str:
        """Return the unit of its estimates: "share" (0-1) or "score" (the scale's own)."""
        return "share" if self.kind == "top_share" else "score"

    def read(self, column: NDArray[Any]) -> Figure:
        """Count a column of answers."""
        answered = ~np.isnan(column) if column.dtype.kind == "f" else column >= 0
        if self.kind == "mean":
            return Figure(answered, np.where(answered, column, column.dtype.type(0)))
        value = column == self.levels[0]
        for level in self.levels[1:]:
            value |= column == level
        return Figure(answered, value)


def read_answers(answers: Answers, measure: Measure) -> dict[str, Figure]:
    """Count every item by one measure.

    Raises:
        BadAnswers, DifferentLengths, BadRequest.
    """
    block = item_block(answers)
    return {item: measure.read(column) for item, column in zip(block.items, block.columns, strict=True)}
