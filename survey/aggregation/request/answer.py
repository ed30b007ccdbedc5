"""The answer to a request: estimates, comparisons and covariances, and how they were made.

Not how it is written (answer_json.py; survey.reports for tables, CSV and workbooks).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.aggregation.design_effects import Convention
from survey.aggregation.estimates import Estimate
from survey.aggregation.labels import FloatArray
from survey.aggregation.request.request import Label, Where

#: Column → label, in the order of the request.
DomainLabels = tuple[tuple[str, Label], ...]


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One estimate.

    Attributes:
        statistic, kind: the id and kind of the statistic.
        domain: the labels of its `by` columns; empty for the whole.
        where: its condition.
        item: the column, or the statistic's id where several columns make it.
        denominator: of a ratio.
        level: the answer that a share or total counts.
        probability: of a quantile.
        estimate: value, standard error, interval and the rest.
        cv: se / |estimate|.
        deff: the design effect by `deff_convention`; deffs: by every convention, if asked for.
    """

    statistic: str
    kind: str
    domain: DomainLabels
    where: Where
    item: str
    estimate: Estimate
    denominator: str = ""
    level: Label | None = None
    probability: float | None = None
    deff: float | None = None
    deff_convention: Convention = "with_replacement"
    deffs: Mapping[Convention, float | None] | None = None
    more: Mapping[str, object] | None = None

    @property
    def cv(self) -> float | None:
        """Return the coefficient of variation, where there is one."""
        return cv_of(self.estimate)


def cv_of(estimate: Estimate) -> float | None:
    """Return se / |value|, where both are known and the value is not 0."""
    if estimate.se is None or not estimate.value:
        return None
    return estimate.se / abs(estimate.value)


@dataclass(frozen=True, slots=True)
class ComparisonLine:
    """One difference between two domains, domain less other.

    Attributes:
        other: None where it is the whole of the statistic.
        p: two-sided, from t with the estimate's df; q: adjusted within the request's family.
    """

    id: str
    statistic: str
    kind: str
    item: str
    level: Label | None
    domain: Where
    other: Where | None
    estimate: Estimate
    p: float | None
    q: float | None = None


@dataclass(frozen=True, slots=True)
class CovarianceTable:
    """The covariance matrix (m, m) of the estimates of one statistic, and which they are."""

    statistic: str
    rows: tuple[AnswerLine, ...]
    matrix: FloatArray


@dataclass(frozen=True, slots=True)
class DataNote:
    """The data that were read."""

    name: str
    format: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that a request asked for.

    Attributes:
        design, calibration, replicates: what they came to, key by key.
        family: of the comparisons: the adjustment, and the number of tests.
        notes: what a reader should know, in Vietnamese and English.
        version: of this program.
    """

    title: str
    request_sha256: str
    version: str
    data: DataNote
    design: Mapping[str, object]
    calibration: Mapping[str, object] | None
    replicates: Mapping[str, object] | None
    lines: tuple[AnswerLine, ...]
    covariances: tuple[CovarianceTable, ...] = ()
    comparisons: tuple[ComparisonLine, ...] = ()
    family: Mapping[str, object] | None = None
    notes: tuple[tuple[str, str], ...] = ()

    def line(self, statistic: str, item: str = "", level: Label | None = None, **domain: Label) -> AnswerLine:
        """Find one estimate by its statistic, and item, level and domain where these matter.

        Raises:
            LookupError: none, or several.
        """
        found = [
            one
            for one in self.lines
            if one.statistic == statistic
            and item in ("", one.item)
            and level in (None, one.level)
            and all(dict(one.domain).get(column) == label for column, label in domain.items())
        ]
        if len(found) != 1:
            raise LookupError(f"{statistic} {item} {level} {domain}: {len(found)}")
        return found[0]
