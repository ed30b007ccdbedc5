"""The scan: cells hold exactly the sums of their rows, however they are found and in whatever blocks."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings

from survey.aggregation import (
    IndexDefinition,
    Measure,
    SampleDesign,
    analyse,
    domain_set,
    ratios,
)
from survey.aggregation.answers import ItemBlock, Measured
from survey.aggregation.collapse import collapse, layout_of
from tests.unit.aggregation.samples import ITEMS, TOP, answers_of, columns, design_of


@settings(deadline=None)
@given(columns())
def test_cells_hold_the_sums_of_their_rows(table: dict[str, np.ndarray]) -> None:
    design = design_of(table)
    domains = domain_set("place", table["domain"], design.rows)
    readings = Measured(ItemBlock.from_columns(answers_of(table)), Measure("mean"))
    whole, cells = collapse(design, readings, [domains], layout_of(readings))
    sums, centre = cells.sums, cells.sums.layout.centre
    assert cells.grid.members.sum() == whole.grid.members.sum() == design.rows
    for cell in range(cells.grid.cells):
        rows = (design.row_psu == cells.grid.unit[cell]) & (domains.codes == cells.grid.domain[cell])
        for column, item in enumerate(ITEMS):
            answered = rows & (table[item] >= 0)
            w, y = table["weights"][answered], table[item][answered].astype(float)
            expected = (
                (w * y).sum(),
                w.sum(),
                (w**2).sum(),
                answered.sum(),
                (w * (y - centre[column]) ** 2).sum(),
            )
            found = (
                sums.weighted,
                sums.weight,
                sums.weight_squares,
                sums.answered,
                sums.squares,
            )
            assert [one[cell, column] for one in found] == pytest.approx(expected, rel=1e-12)


def test_a_sparse_crossing_gives_the_cells_of_a_dense_one(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = 60
    design = SampleDesign.build(weights=np.arange(1.0, rows + 1))
    domains = domain_set("place", [f"x{row % 50}" for row in range(rows)], rows)
    readings = Measured(ItemBlock.from_columns({"a": np.arange(float(rows))}), Measure("mean"))
    dense = collapse(design, readings, [domains], layout_of(readings))[1]
    monkeypatch.setattr(sys.modules["survey.aggregation.sums"], "DENSE_PAIRS", 0)
    sparse = collapse(design, readings, [domains], layout_of(readings))[1]
    for name in ("unit", "domain", "members"):
        assert getattr(sparse.grid, name).tolist() == getattr(dense.grid, name).tolist()
    assert sparse.sums.table.tolist() == dense.sums.table.tolist()


def test_blocks_of_rows_change_no_respondent_and_no_design_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    answers = {item: rng.integers(-1, 6, 100).astype(np.int8) for item in ITEMS}
    design = SampleDesign.build(weights=rng.uniform(1, 2, 100))
    index = IndexDefinition.averaged("index", dict.fromkeys(ITEMS, 1 / 3))
    labels = np.arange(100) % 4
    one_block = analyse(design, answers, domains=labels, measure=TOP, indices=[index])
    monkeypatch.setattr(sys.modules["survey.aggregation.residuals"], "BLOCK_ROWS", 7)
    many = analyse(design, answers, domains=labels, measure=TOP, indices=[index])
    assert many.n.tolist() == one_block.n.tolist()
    np.testing.assert_allclose(many.deff, one_block.deff, rtol=1e-12)


def test_a_ratio_keeps_only_rows_that_have_both_parts() -> None:
    """(10 + 20) / (2 + 3) = 6; the third row has no base, the fourth no figure."""
    nan = float("nan")
    analysis = ratios(
        SampleDesign.build(weights=np.ones(4)),
        {"fee": np.array([10.0, 20.0, 30.0, nan])},
        {"days": np.array([2.0, 3.0, nan, 4.0])},
    )
    one = analysis.estimate("", "fee")
    z = np.array([10 - 6 * 2, 20 - 6 * 3, 0, 0]) / 5
    assert (one.value, one.n) == (6.0, 2)
    assert one.se == pytest.approx(np.sqrt(4 / 3 * (z**2).sum()))
