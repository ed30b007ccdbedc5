"""The Rao-Scott test of a table: do rows and columns go together, given the design?

Not the t-test (hypothesis_tests.py), nor a measure of how strongly they go together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, special

from survey.aggregation.analyse import analyse
from survey.aggregation.analysis import Analysis
from survey.aggregation.answers import Measure
from survey.aggregation.design import SampleDesign
from survey.aggregation.dimensions import method_of
from survey.aggregation.domains import Domain, DomainSet, domain_set
from survey.aggregation.estimates import warnings_of
from survey.aggregation.labels import BoolArray, FloatArray, Labels
from survey.errors import Invalid

#: Below this expected count in a cell the approximation is doubtful (Cochran 1954; R `chisq.test`).
SMALL_COUNT = 5.0
#: A share of variance this small is rounding.
ROUNDING = 1e-12
METHOD = "Rao-Scott second-order chi-square, F"
TESTED = Domain("table", "in")


class BadTable(Invalid):
    """A table that cannot be tested: one row or column only, or too many empty cells."""

    code = "SVY-422-177"
    texts = {
        "vi": "Không kiểm định được bảng {rows} hàng × {columns} cột: {problem}.",
        "en": "The table of {rows} rows × {columns} columns cannot be tested: {problem}.",
    }


@dataclass(frozen=True, slots=True)
class ChiSquareTest:
    """A Rao-Scott test of a table with R rows and C columns.

    Attributes:
        rows, columns: the labels, in their order.
        shares: (R, C) estimated share of people in each cell; they sum to 1.
        statistic: F, the Pearson statistic over the sum of the design effects; None where there is no
            test: no degrees of freedom, or nothing varies. So are ndf, ddf and p_value.
        ndf, ddf: its degrees of freedom by Satterthwaite, not whole.
        pearson: Pearson's X² of the shares times n, which no design corrects.
        design_effects: the (R-1)(C-1) generalised design effects of the table against simple random
            sampling with replacement, greatest first.
        n, df: respondents with both labels, and their PSUs less strata.
        flags: "small_expected_counts" where n times an expected share is below 5; "no_test".
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    shares: tuple[tuple[float, ...], ...]
    statistic: float | None
    ndf: float | None
    ddf: float | None
    p_value: float | None
    pearson: float
    design_effects: tuple[float, ...]
    n: int
    df: int
    method: str
    flags: tuple[str, ...]


def chi_square_test(design: SampleDesign, rows: Labels, columns: Labels) -> ChiSquareTest:
    """Test whether two columns of labels are independent (R `svychisq`, statistic "F").

    X² is Pearson's statistic of the estimated shares; the δ are the eigenvalues of the covariance of the
    log-linear interactions over what simple random sampling would give. F = X²/Σδ has (Σδ)²/Σδ² and df
    times as many degrees of freedom (Rao & Scott 1984; Thomas & Rao 1987). A response without one of the
    labels is out of the test, not of the design: to test within a domain, label its rows only.

    Raises:
        BadTable: fewer than two rows or columns with respondents, or too many empty cells;
        DifferentLengths.
    """
    table = _table(design, domain_set("rows", rows, design.rows), domain_set("columns", columns, design.rows))
    analysis, shares = _estimated(design, table)
    anywhere = analysis.estimate(TESTED, "0")
    n, df = anywhere.n, anywhere.df
    covariance = analysis.covariance([(TESTED, cell) for cell in analysis.statistics])
    effects = _design_effects(table, shares, covariance * n)
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    pearson = float(n * (np.square(shares - expected) / expected).sum())
    statistic, ndf, ddf, p_value = _f_test(pearson, effects, df)
    return ChiSquareTest(
        rows=table.rows,
        columns=table.columns,
        shares=tuple(tuple(one) for one in shares.tolist()),
        statistic=statistic,
        ndf=ndf,
        ddf=ddf,
        p_value=p_value,
        pearson=pearson,
        design_effects=tuple(effects.tolist()),
        n=n,
        df=df,
        method=method_of(METHOD, anywhere.method, ""),
        flags=_flags(n, float(expected.min()), is_tested=statistic is not None),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """Which cell a response is in: the labels with respondents, and one indicator a cell, row by row."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[BoolArray, ...]


def _table(design: SampleDesign, rows: DomainSet, columns: DomainSet) -> _Table:
    both = (rows.codes < len(rows.domains)) & (columns.codes < len(columns.domains))
    counted = both & (design.weights > 0)
    in_row, in_column = _members(rows, counted), _members(columns, counted)
    if min(len(in_row), len(in_column)) < 2:
        raise BadTable(
            rows=len(in_row),
            columns=len(in_column),
            problem="cần ít nhất 2 hàng và 2 cột có phiếu / at least 2 rows and 2 columns with responses",
        )
    cells = tuple(one & other for one in in_row.values() for other in in_column.values())
    return _Table(tuple(in_row), tuple(in_column), cells)


def _members(labels: DomainSet, counted: BoolArray) -> dict[str, BoolArray]:
    """Return, for each label with respondents, which rows have it."""
    live = np.bincount(labels.codes[counted], minlength=len(labels.domains) + 1)[:-1] > 0
    return {labels.domains[code].value: labels.codes == code for code in np.flatnonzero(live)}


def _estimated(design: SampleDesign, table: _Table) -> tuple[Analysis, FloatArray]:
    within = np.any(table.cells, axis=0)
    answers = {str(k): np.where(within, cell, -1).astype(np.int8) for k, cell in enumerate(table.cells)}
    labels = {TESTED.by: np.where(within, TESTED.value, "")}
    analysis = analyse(design, answers, domains=labels, measure=Measure("top_share", (1,)))
    shares = analysis.value[analysis.place(TESTED, "0")[0]]
    return analysis, shares.reshape(len(table.rows), len(table.columns))


def _design_effects(table: _Table, shares: FloatArray, covariance: FloatArray) -> FloatArray:
    """Return the eigenvalues δ of (C'D⁻¹C)⁻¹ C'D⁻¹VD⁻¹C, greatest first.

    V is n times the covariance of the shares, D their diagonal; C spans the interactions, which are what
    is orthogonal to the indicators of rows and of columns. An empty cell counts 0 in D⁻¹, as in R.
    """
    interactions = np.kron(_contrasts(len(table.rows)), _contrasts(len(table.columns)))
    share = shares.reshape(-1)
    scaled = interactions * np.divide(1.0, share, out=np.zeros(share.size), where=share > 0)[:, None]
    simple = interactions.T @ scaled
    eigenvalues = np.linalg.eigvalsh(simple)
    if eigenvalues[0] <= ROUNDING * eigenvalues[-1]:
        problem = "quá nhiều ô trống / too many empty cells"
        raise BadTable(rows=len(table.rows), columns=len(table.columns), problem=problem)
    effects: FloatArray = linalg.eigh(scaled.T @ covariance @ scaled, simple, eigvals_only=True)
    return np.maximum(effects[::-1], 0.0)


def _contrasts(categories: int) -> FloatArray:
    """Return (categories, categories - 1) contrasts of each category with the last."""
    return np.vstack([np.eye(categories - 1), np.full(categories - 1, -1.0)])


def _f_test(pearson: float, effects: FloatArray, df: int) -> tuple[float | None, ...]:
    summed = float(effects.sum())
    if df < 1 or summed <= ROUNDING:
        return None, None, None, None
    statistic, ndf = pearson / summed, summed**2 / float(np.square(effects).sum())
    return statistic, ndf, ndf * df, float(special.fdtrc(ndf, ndf * df, statistic))


def _flags(n: int, least: float, *, is_tested: bool) -> tuple[str, ...]:
    flags = warnings_of(n=n, has_interval=True, items_missing=False)
    small = ("small_expected_counts",) if n * least < SMALL_COUNT else ()
    return (*flags, *small, *(() if is_tested else ("no_test",)))
