"""The audit: bounds of hidden cells, held against outsiders who enumerate instead of solving."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation.disclosure import (
    BadCell,
    BadRules,
    Cell,
    NotProtected,
    Protection,
    Relation,
    RelationBroken,
    RepeatedCell,
    Table,
    UnknownCell,
    assert_protected,
    audit,
    crossing,
    distribution,
    margin,
    weighted_mean,
)
from tests.unit.aggregation.disclosure.attackers import real_intervals, whole_intervals

#: Own numbers: three communes by three answers, one count of 3 in the corner.
GRID = {
    ("a", "x"): 20, ("a", "y"): 50, ("a", "z"): 10,
    ("b", "x"): 8, ("b", "y"): 19, ("b", "z"): 22,
    ("c", "x"): 17, ("c", "y"): 32, ("c", "z"): 3,
}  # fmt: skip


def grid_table(counts: dict[tuple[str, str], int] | None = None) -> Table:
    made = crossing(counts or GRID)
    return Table.build(made.cells, made.relations)


def test_one_hidden_cell_is_found_by_subtraction() -> None:
    line = audit(grid_table(), [("c", "z")]).lines[0]
    assert (line.low, line.high, line.protected) == (3, 3, False)


def test_a_square_of_hidden_cells_leaves_the_bounds_worked_by_hand() -> None:
    """a,x a,z / c,x c,z move together by t: 20 + t, 10 - t, 17 - t, 3 + t, all >= 0, so -3 <= t <= 10."""
    found = audit(grid_table(), [("a", "x"), ("a", "z"), ("c", "x"), ("c", "z")], [("c", "z")])
    assert {line.cell: (line.low, line.high) for line in found.lines} == {
        ("a", "x"): (17, 30),
        ("a", "z"): (0, 13),
        ("c", "x"): (7, 20),
        ("c", "z"): (0, 13),
    }
    assert found.protected
    assert found.lines[-1].required_width == 4  # 3 ± 2, cut at nobody: 1 to 5


def test_two_hidden_cells_of_one_line_do_not_protect_each_other() -> None:
    """They share their row, but each is alone in its column."""
    found = audit(grid_table(), [("c", "x"), ("c", "z")])
    assert [line.width for line in found.lines] == [0, 0]
    with pytest.raises(NotProtected) as refused:
        assert_protected(grid_table(), [("c", "x"), ("c", "z")])
    assert "('c', 'z')" in refused.value.text("vi")
    assert "('c', 'z')" in refused.value.text("en")


def test_a_cell_in_no_relation_is_bounded_by_what_anybody_knows() -> None:
    line = audit(Table.build([Cell("p", 0.4, upper=1.0, grain=0.01)]), ["p"]).lines[0]
    assert (line.low, line.high) == (0.0, 1.0)
    line = audit(Table.build([Cell("n", 7, integral=True)]), ["n"]).lines[0]
    assert (line.low, line.high) == (0.0, math.inf)


def test_whole_numbers_are_attacked_as_whole_numbers() -> None:
    """2a + 2b = 6 and a <= 1 by a public sum: the reals leave [0, 1.5] open, whole numbers do not."""
    cells = [Cell(one, value, integral=True) for one, value in (("a", 1), ("b", 2), ("c", 1))]
    bound = [Relation("r", {"a": 2, "b": 1, "c": 2}, 6.0), Relation("s", {"a": 1, "c": -1}, 0.0)]
    whole = audit(Table.build(cells, bound), ["a", "b", "c"])
    assert {line.cell: (line.low, line.high) for line in whole.lines}["a"] == (0, 1)
    reals = [Cell(one, value) for one, value in (("a", 1), ("b", 2), ("c", 1))]
    real = audit(Table.build(reals, bound), ["a", "b", "c"])
    assert {line.cell: line.high for line in real.lines}["a"] == pytest.approx(1.5)


def test_three_pairs_of_which_one_may_be_chosen_leave_whole_numbers_less_than_reals() -> None:
    """a + b, b + c, a + c <= 1 each: reals reach a + b + c = 1.5 at one half each, whole numbers 1."""
    values = {"a": 0, "b": 0, "c": 0, "u": 1, "v": 1, "w": 1, "z": 0}
    pairs = {"u": "ab", "v": "bc", "w": "ac"}
    bound = [Relation(slack, dict.fromkeys((*pair, slack), 1.0), 1.0) for slack, pair in pairs.items()]
    bound.append(margin("z", "abc"))
    for integral, most in ((True, 1.0), (False, 1.5)):
        cells = [Cell(one, value, integral=integral) for one, value in values.items()]
        assert audit(Table.build(cells, bound), list(values)).lines[-1].high == pytest.approx(most)


def test_a_complement_must_keep_its_own_width() -> None:
    """c is known to be 3 or 4, so b = 5 - c is 1 or 2: one short of the two that a complement keeps."""
    cells = [Cell("b", 1), Cell("c", 4, lower=3, upper=4), Cell("t", 5)]
    table = Table.build(cells, [margin("t", ["b", "c"])])
    b, c = audit(table, ["b", "c"], primary=[]).lines
    assert (b.low, b.high) == pytest.approx((1, 2))
    assert (b.required_width, b.protected) == (2, False)
    assert c.width == pytest.approx(1)
    assert (c.required_width, c.protected) == (1, True)
    assert audit(table, ["b", "c"], primary=[], protection=Protection(complementary=1)).protected


@st.composite
def small_tables(draw: st.DrawFn) -> tuple[Table, list[int]]:
    """Draw a 3 x 3 table of counts up to 3, a hidden square and one more hidden cell or row total."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    table = grid_table({(r, c): int(rng.integers(0, 4)) for r in range(3) for c in range(3)})
    rows, columns = rng.permutation(3)[:2].tolist(), rng.permutation(3)[:2].tolist()
    square = {table.places[r, c] for r in rows for c in columns}
    others = [*range(9), *(table.places[r, "*"] for r in range(3))]
    extra = rng.choice([one for one in others if one not in square])
    return table, sorted({*square, int(extra)})


@given(small_tables())
@settings(deadline=None, max_examples=15)
def test_bounds_of_counts_equal_those_of_trying_every_number(case: tuple[Table, list[int]]) -> None:
    """Row totals are at most 9, and every hidden cell is bounded by published ones."""
    table, hidden = case
    found = audit(table, [table.cells[place].id for place in hidden])
    assert [(line.low, line.high) for line in found.lines] == whole_intervals(table, hidden, 9)


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_bounds_of_shares_equal_the_vertices_of_all_tables_that_fit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = {("d", i): float(rng.uniform(1, 9)) for i in range(4)}
    shares = {one: float(rng.uniform(0.05, 0.95)) for one in weights}
    whole = sum(weights[one] * shares[one] for one in weights) / sum(weights.values())
    part = {one: weights[one] for one in list(weights)[:2]}
    half = sum(part[one] * shares[one] for one in part) / sum(part.values())
    cells = [Cell(one, value, upper=1.0, grain=0.01) for one, value in shares.items()]
    cells += [Cell("all", whole, upper=1.0, grain=0.001), Cell("half", half, upper=1.0, grain=0.01)]
    table = Table.build(cells, [weighted_mean("all", weights), weighted_mean("half", part)])
    hidden = sorted(rng.choice(len(table), int(rng.integers(2, 6)), replace=False).tolist())
    found = audit(table, [table.cells[place].id for place in hidden])
    grain = np.array([table.cells[place].grain for place in hidden])
    expected = real_intervals(table, hidden, table.lower[hidden], table.upper[hidden])
    for line, (low, high), one in zip(found.lines, expected, grain, strict=True):
        assert line.low == pytest.approx(low * one, abs=1e-6)
        assert line.high == pytest.approx(high * one, abs=1e-6)


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=25)
def test_one_more_published_relation_never_widens_an_interval(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = {(r, c): int(rng.integers(0, 20)) for r in range(3) for c in range(4)}
    made = crossing(counts)
    inner = [one for one in counts if rng.random() < 0.6]
    pair = inner[:2]
    extra = Cell("pair", float(sum(counts[one] for one in pair)), integral=True)
    before = audit(Table.build(made.cells, made.relations), inner)
    after = audit(Table.build([*made.cells, extra], [*made.relations, margin("pair", pair, "pair")]), inner)
    for wide, narrow in zip(before.lines, after.lines, strict=True):
        assert wide.low <= narrow.low <= narrow.value <= narrow.high <= wide.high


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=25)
def test_hiding_one_more_cell_never_narrows_an_interval(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = grid_table({(r, c): int(rng.integers(0, 20)) for r in range(3) for c in range(3)})
    order = [table.cells[place].id for place in rng.permutation(len(table))[:7]]
    fewer = {line.cell: line for line in audit(table, order[:5]).lines}
    more = {line.cell: line for line in audit(table, order).lines}
    for cell, line in fewer.items():
        assert more[cell].low <= line.low
        assert more[cell].high >= line.high


def test_what_is_public_is_known_though_hidden_and_what_is_latent_unknown_though_not() -> None:
    def table(standing: str) -> Table:
        cells = [
            Cell("a", 3, integral=True),
            Cell("b", 9, integral=True, standing=standing),  # type: ignore[arg-type]  # parametrised
            Cell("t", 12, integral=True),
        ]
        return Table.build(cells, [margin("t", ["a", "b"])])

    assert audit(table("public"), ["a", "b"]).lines[0].width == 0
    assert audit(table("latent"), ["a"]).lines[0].width == 12


def test_a_relation_that_does_not_hold_is_refused_by_name() -> None:
    cells = [Cell("a", 3), Cell("b", 9), Cell("t", 13)]
    with pytest.raises(RelationBroken) as refused:
        Table.build(cells, [margin("t", ["a", "b"], "tổng")])
    assert "tổng" in refused.value.text("vi")
    assert "-1" in refused.value.text("en")
    rounded = [Cell("a", 33.3), Cell("b", 66.6)]
    assert len(Table.build(rounded, [distribution(["a", "b"], 100.0)], tolerance=0.001)) == 2


def test_an_approximate_relation_need_not_hold_and_is_still_used() -> None:
    """Weights guessed from n: the mean of two communes does not fit exactly, a reader subtracts anyway."""
    cells = [Cell(one, value, upper=1.0, grain=0.01) for one, value in (("a", 0.2), ("b", 0.5), ("t", 0.36))]
    bound = [weighted_mean("t", {"a": 50, "b": 50}, approximate=True)]
    assert audit(Table.build(cells, bound), ["a"]).lines[0].width == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        (Cell("a", -1), "outside its bounds"),
        (Cell("a", math.nan), "finite"),
        (Cell("a", 2.5, integral=True), "whole"),
        (Cell("a", 1, grain=0), "grain"),
        (Cell("a", 2, upper=1), "outside its bounds"),
    ],
)
def test_a_value_that_cannot_be_is_refused(cell: Cell, problem: str) -> None:
    with pytest.raises(BadCell, match=problem):
        Table.build([cell])


def test_names_that_are_not_there_or_there_twice_are_refused() -> None:
    with pytest.raises(RepeatedCell, match="a"):
        Table.build([Cell("a", 1), Cell("a", 2)])
    with pytest.raises(UnknownCell, match="b"):
        Table.build([Cell("a", 1)], [margin("a", ["b"])])
    with pytest.raises(UnknownCell, match="c"):
        audit(Table.build([Cell("a", 1)]), ["c"])
    with pytest.raises(BadCell):
        crossing({("a",): 1, ("a", "b"): 2})


def test_a_protection_of_no_width_is_refused() -> None:
    with pytest.raises(BadRules):
        Protection(absolute=0.0)
    with pytest.raises(BadRules):
        Protection(relative=math.nan)
