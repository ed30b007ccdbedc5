"""The answers of a sample: columns of numbers, and what an answer is counted as.

Not the questionnaire (survey.questionnaires) and not any sum over answers (collapse.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

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

    def block(self, rows: slice) -> NDArray[Any]:
        """Return some rows of all items (rows, items), of one type that holds them all."""
        cut = [column[rows] for column in self.columns]
        kinds = {column.dtype for column in cut}
        if len(kinds) > 1 and np.result_type(*kinds).kind == "f":
            cut = [_with_nan(column) for column in cut]
        return np.stack(cut, axis=1)


def _with_nan(column: NDArray[Any]) -> NDArray[Any]:
    """Return decimals, with NaN for the -1 of whole numbers."""
    if column.dtype.kind != "i":
        return column.astype(np.float64)
    return np.where(column < 0, np.nan, column)


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
class Readout:
    """Some responses to K items as figures.

    Attributes:
        answered: (rows, K) whether the response enters the statistic.
        value: (rows, K) y, zero where it does not; of any number type.
        base: (rows, K) x of a ratio Σwy / Σwx, zero where it does not; None for a mean (x = 1).
    """

    answered: BoolArray
    value: NDArray[Any]
    base: NDArray[Any] | None = None

    @property
    def denominator(self) -> NDArray[Any]:
        """Return what the statistic divides by, row by row."""
        return self.answered if self.base is None else self.base

    def listwise(self) -> Readout:
        """Keep only the responses that answered every item."""
        all_answered = self.answered.all(axis=1, keepdims=True)
        base = None if self.base is None else self.base * all_answered
        return Readout(self.answered & all_answered, self.value * all_answered, base)


class Readings(Protocol):
    """Answers that can be read as figures, some rows at a time."""

    @property
    def items(self) -> tuple[str, ...]:
        """Return the ids of the items."""
        ...

    @property
    def rows(self) -> int:
        """Count the responses."""
        ...

    @property
    def is_share(self) -> bool:
        """Say whether every value is 0 or 1, so that its square is itself."""
        ...

    def read(self, rows: slice) -> Readout:
        """Read some rows of every item."""
        ...


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

    def read(self, values: NDArray[Any]) -> Readout:
        """Count answers of any shape."""
        answered = ~np.isnan(values) if values.dtype.kind == "f" else values >= 0
        if self.kind == "mean":
            return Readout(answered, np.where(answered, values, values.dtype.type(0)))
        value = values == self.levels[0]
        for level in self.levels[1:]:
            value |= values == level
        return Readout(answered, value)


@dataclass(frozen=True, slots=True)
class Measured:
    """Items counted by one measure; listwise, only responses that answered every item count."""

    block: ItemBlock
    measure: Measure
    listwise: bool = False

    @property
    def items(self) -> tuple[str, ...]:
        """Return the ids of the items."""
        return self.block.items

    @property
    def rows(self) -> int:
        """Count the responses."""
        return self.block.rows

    @property
    def is_share(self) -> bool:
        """Say whether every value is 0 or 1."""
        return self.measure.kind == "top_share"

    def read(self, rows: slice) -> Readout:
        """Read some rows of every item."""
        readout = self.measure.read(self.block.block(rows))
        return readout.listwise() if self.listwise else readout


@dataclass(frozen=True, slots=True)
class Paired:
    """Numerators and denominators of ratios, paired by place, over the responses that have both."""

    upper: ItemBlock
    lower: ItemBlock
    listwise: bool = False

    @property
    def items(self) -> tuple[str, ...]:
        """Return the ids of the numerators."""
        return self.upper.items

    @property
    def rows(self) -> int:
        """Count the responses."""
        return self.upper.rows

    @property
    def is_share(self) -> bool:
        """Say that values are not 0 or 1 only."""
        return False

    def read(self, rows: slice) -> Readout:
        """Read some rows of every pair."""
        mean = Measure("mean")
        upper, lower = mean.read(self.upper.block(rows)), mean.read(self.lower.block(rows))
        both = upper.answered & lower.answered
        readout = Readout(both, upper.value * both, lower.value * both)
        return readout.listwise() if self.listwise else readout
