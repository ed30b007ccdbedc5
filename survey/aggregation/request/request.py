"""A request for estimates as typed values: what was asked, with every default filled in.

Not how it is written (document.py, shape.py) and nothing of the data it will be asked of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from survey.aggregation.methods import IntervalMethod

#: A value of a column that names a group: text, a number, true or false.
Label = str | int | float | bool
#: Column → the values that belong; several columns must all hold. Empty: everything.
Where = Mapping[str, tuple[Label, ...]]

Kind = Literal[
    "mean",
    "total",
    "proportion",
    "top_box",
    "ratio",
    "quantile",
    "variance",
    "index",
    "alpha",
    "omega",
    "importance_performance",
]
DeffConvention = Literal["with_replacement", "without_replacement", "kish"]
Adjustment = Literal["bh", "holm", "by", "bonferroni", "none"]


@dataclass(frozen=True, slots=True)
class DataRequest:
    """The data: a file, what it must be, and columns that must be there."""

    path: str
    format: str = ""
    sha256: str = ""
    delimiter: str = ","
    columns: tuple[str, ...] = ()
    types: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DesignRequest:
    """The sample design by columns: `psu` and `fpc` have one or two, stage by stage.

    `nest` is None where the request does not say whether PSU codes start anew in each stratum.
    """

    weights: str = ""
    strata: tuple[str, ...] = ()
    psu: tuple[str, ...] = ()
    fpc: tuple[str, ...] = ()
    nest: bool | None = None
    lonely: str = "fail"
    lonely_domains: bool = False


@dataclass(frozen=True, slots=True)
class MarginRequest:
    """A margin: its columns, and the population total of each cell (a label a column)."""

    path: str
    columns: tuple[str, ...]
    totals: tuple[tuple[tuple[Label, ...], float], ...]


@dataclass(frozen=True, slots=True)
class CalibrateRequest:
    """A calibration: its kind, margins, totals of numeric columns and bounds."""

    kind: str
    margins: tuple[MarginRequest, ...] = ()
    totals: tuple[tuple[str, float], ...] = ()
    bounds: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class ReplicatesRequest:
    """Replication: a kind to build, or columns to take (names or one pattern) with their scales."""

    kind: str = ""
    replicates: int | None = None
    rho: float | None = None
    seed: int = 1
    columns: tuple[str, ...] = ()
    pattern: str = ""
    scale: float | None = None
    rscales: tuple[float, ...] | None = None
    mse: bool = False
    combined: bool = True


@dataclass(frozen=True, slots=True)
class IntervalRequest:
    """A confidence interval: its method and level."""

    method: IntervalMethod = "default"
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class StatisticRequest:
    """A statistic of some items in some domains.

    Attributes:
        path: its place in the request.
        id: its name in the answer.
        deff: the convention of the answer's `deff`; all_deffs: whether every convention is given.
    """

    path: str
    id: str
    kind: Kind
    items: tuple[str, ...]
    denominator: tuple[str, ...] = ()
    outcome: str = ""
    levels: tuple[Label, ...] = ()
    index_weights: tuple[float, ...] = ()
    probabilities: tuple[float, ...] = ()
    combination: Literal["averaged", "pooled"] = "averaged"
    by: tuple[str, ...] = ()
    where: Where = field(default_factory=dict)
    listwise: bool = False
    interval: IntervalRequest = IntervalRequest()
    deff: DeffConvention = "with_replacement"
    all_deffs: bool = False
    covariance: bool = False


@dataclass(frozen=True, slots=True)
class ComparisonRequest:
    """A comparison of one statistic in two domains, or in a part and its whole (`other` is None)."""

    path: str
    id: str
    statistic: str | int | None
    item: str | None
    level: Label | None
    domain: Where | None
    other: Where | None


@dataclass(frozen=True, slots=True)
class EstimateRequest:
    """A whole request, and the SHA-256 of its text."""

    title: str
    data: DataRequest
    design: DesignRequest
    calibrate: CalibrateRequest | None
    replicates: ReplicatesRequest | None
    statistics: tuple[StatisticRequest, ...]
    compare: tuple[ComparisonRequest, ...]
    adjust: Adjustment
    sha256: str
