"""What a summary workbook is made from: figures already computed, with their uncertainty.

Nothing here computes an index or decides what may be published; services fill it in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from survey.aggregation.estimates import Estimate
from survey.reports.errors import LevelsDiffer

SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Heading:
    """The block over an official table (Decree 30/2020/NĐ-CP, Annex I).

    Attributes:
        superior, agency: the left block, as they should read ("UBND TỈNH …", "SỞ NỘI VỤ").
        number: number and sign of the document, may be left blank for hand.
        signed_on: None leaves the date to be filled by hand.
        title: one line or more, printed in bold capitals.
        prepared_by, signer: titles over the two signatures.
    """

    superior: str
    agency: str
    place: str
    signed_on: date | None
    title: tuple[str, ...]
    number: str = ""
    prepared_by: str = ""
    signer: str = ""


@dataclass(frozen=True, slots=True)
class QuestionnaireSource:
    """Which questionnaire was asked, and how official it is."""

    id: str
    version: str
    sha256: str
    status_note: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a figure can be recomputed from; `made_at` carries its time zone."""

    snapshot_sha256: str
    result_sha256: str
    code_version: str
    made_at: datetime
    questionnaire: QuestionnaireSource


@dataclass(frozen=True, slots=True)
class Formula:
    """How the index was computed, in words; `level` is that of every interval, 0.95 for 95 %."""

    title: str
    text: str
    interval_method: str
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit, or one group's own figures, or the total.

    Attributes:
        group: title of the group it stands under, "" where there is only one.
        issued, returned, valid: counts of forms; None where not counted.
        n: respondents behind the overall index; `rank` is not shown when there are too few.
        rank, rank_last: its place; the last place of a shared one (5 and 6 give "5–6").
        rank_interval: places its true rank may have, at the level of the intervals.
        change: against the period before, percentage points; rank_change: places gained.
    """

    group: str
    name: str
    issued: int | None
    returned: int | None
    valid: int | None
    overall: Estimate
    policy: Estimate | None = None
    service: Estimate | None = None
    rank: int | None = None
    rank_last: int | None = None
    rank_interval: tuple[int, int] | None = None
    change: float | None = None
    rank_change: int | None = None
    note: str = ""

    @property
    def n(self) -> int:
        return self.overall.n


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One index, factor or sub-factor; `level` is its depth in the factor tree, from 0."""

    statistic_id: str
    title: str
    level: int
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item's answers by level, lowest first; shares are weighted, 0 to 1; None where withheld."""

    item_id: str
    title: str
    n: int | None
    counts: tuple[int | None, ...]
    shares: tuple[float | None, ...]
    top: Estimate | None
    mean: Estimate | None


@dataclass(frozen=True, slots=True)
class ItemTable:
    """Items that share a scale; `top_title` says which levels the favourable share counts."""

    title: str
    levels: tuple[str, ...]
    top_title: str
    rows: tuple[ItemRow, ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if not len(row.counts) == len(row.shares) == len(self.levels):
                raise LevelsDiffer(item=row.item_id)


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One node of the criteria tree; points and maximum are None where they are not known."""

    code: str
    title: str
    level: int
    maximum: float | None
    points: float | None
    points_low: float | None = None
    points_high: float | None = None
    source_note: str = ""


@dataclass(frozen=True, slots=True)
class ScoreSection:
    """The reform score; `status_note` says whether the criteria set is official or "minh họa"."""

    title: str
    status_note: str
    rows: tuple[ScoreRow, ...]
    total: ScoreRow
    band: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DataRow:
    """One estimate with its address, for the tidy sheet."""

    unit_id: str
    unit_name: str
    statistic_id: str
    title: str
    kind: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class SummaryReport:
    """Everything one summary workbook says.

    Attributes:
        simulated: True puts "DỮ LIỆU MÔ PHỎNG" on every sheet and printed page.
        status_note: how official the figures are, in one sentence.
        rows: units in the order in which equal ranks should stand.
        group_totals: figures for group lines, matched by their `group`.
        few: units with fewer respondents are grey and have no rank.
        language: "vi", or "en" for the same sheets in English.
    """

    heading: Heading
    round_title: str
    period: str
    population: str
    simulated: bool
    status_note: str
    formula: Formula
    provenance: Provenance
    rows: tuple[UnitRow, ...]
    totals: UnitRow | None = None
    group_totals: tuple[UnitRow, ...] = ()
    factors: tuple[FactorRow, ...] = ()
    item_tables: tuple[ItemTable, ...] = ()
    score: ScoreSection | None = None
    notes: tuple[str, ...] = ()
    data: tuple[DataRow, ...] = ()
    few: int = 30
    language: str = "vi"
