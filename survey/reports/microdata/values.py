"""What an analyst's file is made from: variables with their labels, the design, rows in batches.

Not how a format writes it. Batches are Arrow record batches named and typed as `schema_of` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa

from survey.questionnaires import Text
from survey.reports.errors import RowsMissing
from survey.reports.microdata.errors import TooManyMissingCodes
from survey.reports.responses.columns import Kind

#: The code of a question that routing did not ask. Answers are 0 and above; an option that leaves the
#: denominator is −1, −2, …; a question that was asked and left blank has no code at all.
NOT_ASKED = -99
#: Stata has .a to .z; .z is kept for what was not asked.
STATA_LETTERS = "abcdefghijklmnopqrstuvwxy"

Role = Literal["provenance", "unit", "stratum", "psu", "weight", "collection", "answer"]
Scale = Literal["nominal", "ordinal", "scale"]
_ARROW = {Kind.INTEGER: pa.int32(), Kind.NUMBER: pa.float64(), Kind.TEXT: pa.string(), Kind.DATE: pa.date32()}


@dataclass(frozen=True, slots=True)
class CodedValue:
    """One code of a variable; `option` is its id in the questionnaire, `missing` leaves the denominator."""

    code: int
    label: Text
    option: str = ""
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Variable:
    """One column.

    Attributes:
        name: the same in every format (names.py).
        source: id of the item ("item/option" for one of several choices), or column of the snapshot.
        label: the question, or what the column holds.
        values: the codes of an INTEGER variable; none where numbers stand for themselves.
    """

    name: str
    source: str
    role: Role
    kind: Kind
    label: Text
    values: tuple[CodedValue, ...] = ()
    scale: Scale = "nominal"

    def __post_init__(self) -> None:
        options = [code for code in self.missing if code != NOT_ASKED]
        if len(options) > len(STATA_LETTERS):
            raise TooManyMissingCodes(variable=self.name, count=len(options), limit=len(STATA_LETTERS))

    @property
    def missing(self) -> tuple[int, ...]:
        """List the codes that leave the denominator."""
        return tuple(value.code for value in self.values if value.missing)

    @property
    def stata_letters(self) -> Mapping[int, str]:
        """Give each missing code its letter among Stata's extended missing values."""
        options = [code for code in self.missing if code != NOT_ASKED]
        letters = dict(zip(options, STATA_LETTERS, strict=False))
        return {code: letters.get(code, "z") for code in self.missing}


@dataclass(frozen=True, slots=True)
class SurveyDesign:
    """The variables that declare the design, and the rule for a stratum with one PSU."""

    strata: str
    psu: str
    weights: str
    lonely: str


@dataclass(frozen=True, slots=True)
class IndexNode:
    """One index of a formula: Σ weight × (pooled estimate over the variables of the term)."""

    id: str
    title: Text
    terms: tuple[tuple[float, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class IndexFormula:
    """One formula of the questionnaire, in variables; `levels` are the codes that a share counts."""

    id: str
    title: Text
    measure: str
    levels: tuple[int, ...]
    scale_range: tuple[float, float]
    nodes: tuple[IndexNode, ...]
    is_default: bool


@dataclass(frozen=True, slots=True)
class About:
    """Where the rows come from; `made_at` is when the snapshot was frozen, the only time in any file."""

    snapshot: str
    data_sha256: str
    questionnaire: str
    questionnaire_version: str
    questionnaire_sha256: str
    questionnaire_note: Text
    round_title: Text
    simulated: bool
    rows: int
    exclusions: tuple[tuple[str, int], ...]
    made_at: datetime
    code_version: str


@dataclass(frozen=True, slots=True)
class Microdata:
    """A frozen round, ready for any format; `batches` gives its rows again each time it is called."""

    about: About
    design: SurveyDesign
    variables: tuple[Variable, ...]
    formulas: tuple[IndexFormula, ...]
    batches: Callable[[], Iterator[Any]]

    def checked(self) -> Iterator[Any]:
        """Give the batches, each of the declared columns and types, and all the rows in the end.

        Raises:
            RowsMissing: there are more or fewer than the snapshot holds.
            pyarrow.ArrowInvalid, KeyError: a batch is not as declared.
        """
        schema, rows = schema_of(self.variables), 0
        for batch in self.batches():
            yield batch.select(schema.names).cast(schema)
            rows += batch.num_rows
        if rows != self.about.rows:
            raise RowsMissing(expected=self.about.rows, written=rows)


def schema_of(variables: tuple[Variable, ...]) -> Any:
    """Say which Arrow columns the batches have: int32 codes, float64, text, date32."""
    return pa.schema([(one.name, _ARROW[one.kind]) for one in variables])
