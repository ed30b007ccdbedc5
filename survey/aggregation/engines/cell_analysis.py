"""From cells to an analysis: everything after the collapse, the same for every engine.

Not the sums themselves (local.py, sql.py). What needs the responses one by one (design effects of an
index, calibration residuals) is not had from cells; the rest is.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from survey.aggregation.analyse import estimator_of
from survey.aggregation.analysis import Analysis
from survey.aggregation.assemble import Asked, analysis_of, part_of
from survey.aggregation.collapse import Cells
from survey.aggregation.design import SampleDesign
from survey.aggregation.domains import WHOLE, Domain
from survey.aggregation.engines.cell_table import CellTable
from survey.aggregation.engines.collapse_request import CollapseRequest, Dimensions
from survey.aggregation.errors import BadRequest
from survey.aggregation.estimators import Estimator
from survey.aggregation.grid import roll_up
from survey.aggregation.labels import IntArray, Numbered
from survey.aggregation.methods import IntervalMethod
from survey.aggregation.population import Population, Told, population_sizes
from survey.aggregation.replicates import Replicates
from survey.aggregation.selection import LonelyRule, Selection, Stage, select
from survey.aggregation.sums import number_pairs

#: Between the labels of crossed dimensions, as in `survey.aggregation.cross`.
CROSSED = " × "


def selection_of(
    table: CellTable,
    *,
    fpc: Population | None = None,
    lonely: LonelyRule = "fail",
    lonely_domains: bool = False,
) -> Selection:
    """Return strata and PSUs of the whole sample from its cells.

    Args:
        fpc: PSUs in the population, or fractions, by stratum label or one for all.

    Raises:
        BadPopulation; LonelyPsu under the rule "fail".
    """
    strata = list(dict.fromkeys(stratum for stratum, _ in table.psus))
    place = {label: at for at, label in enumerate(strata)}
    stratum = np.array([place[label] for label, _ in table.psus], dtype=np.intp)
    sampled = np.bincount(stratum)
    sizes = np.full(sampled.size, np.inf)
    if fpc is not None:
        (sizes,) = population_sizes([Told("fpc", fpc, Numbered(tuple(strata), stratum), sampled)])
    first = Stage(stratum, sampled, sizes, np.ones(sampled.size), tuple(strata))
    return select(
        first,
        None,
        np.arange(stratum.size),
        lonely=lonely,
        lonely_domains=lonely_domains,
        psu_labels=table.psus,
    )


def analyse_cells(
    tables: Sequence[CellTable],
    request: CollapseRequest,
    selection: Selection,
    *,
    level: float = 0.95,
    interval: IntervalMethod = "default",
    deff: bool = True,
    replicates: Replicates | None = None,
) -> Analysis:
    """Estimate every item and index of a request, for the whole and in every domain of its sets.

    Raises:
        BadRequest: a set that no table has the dimensions of.
    """
    estimator: Estimator = estimator_of(request.items, request.measure, request.indices)[0]
    nobody = np.zeros(0)
    design = SampleDesign(nobody, np.zeros(0, dtype=np.intp), selection, None, replicates)
    asked = Asked(level, request.measure.unit, interval, deff)
    parts = [
        part_of(design, cells_of(tables, one, selection), estimator, asked, None)
        for one in ((), *request.sets)
    ]
    return analysis_of(design, parts, estimator, asked)


def cells_of(tables: Sequence[CellTable], dimensions: Dimensions, selection: Selection) -> Cells:
    """Roll the smallest table that has the dimensions up to the cells of their crossing.

    Raises:
        BadRequest: no table has them.
    """
    able = [one for one in tables if set(dimensions) <= set(one.labels)]
    if not able:
        raise BadRequest(problem=f"dimensions {dimensions}")
    table = min(able, key=lambda one: one.cells)
    codes, domains = _domains(table, dimensions)
    grid, place = roll_up(selection.psus, table.psu, table.members, codes, domains)
    return Cells(grid, table.sums.by(place, grid.cells))


def _domains(table: CellTable, dimensions: Dimensions) -> tuple[IntArray, tuple[Domain, ...]]:
    """Number the domains that occur, in the order of their labels; cells that miss a label are in none."""
    if not dimensions:
        return np.zeros(table.cells, dtype=np.intp), (WHOLE,)
    key, missing = np.zeros(table.cells, dtype=np.intp), np.zeros(table.cells, dtype=np.bool_)
    for name in dimensions:
        key = key * len(table.labels[name]) + np.maximum(table.codes[name], 0)
        missing |= table.codes[name] < 0
    sizes = [len(table.labels[name]) for name in dimensions]
    keys, codes = number_pairs(key[~missing], int(np.prod(sizes, dtype=np.int64)))
    by = CROSSED.join(dimensions)
    domains = tuple(Domain(by, _value(table.labels, dimensions, one)) for one in keys.tolist())
    every = np.full(table.cells, len(domains), dtype=np.intp)
    every[~missing] = codes
    return every, domains


def _value(labels: Mapping[str, tuple[Hashable, ...]], dimensions: Dimensions, key: int) -> str:
    words: list[str] = []
    for name in reversed(dimensions):
        key, at = divmod(key, len(labels[name]))
        words.append(str(labels[name][at]))
    return CROSSED.join(reversed(words))
