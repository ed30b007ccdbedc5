"""Complementary suppression: what is added, that it suffices, that it is little, and that it always ends.

Tables are this project's own; the method is that of Hundepool et al. 2012, ch. 4, and Fischetti &
Salazar-González 2000.
"""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation.disclosure import (
    TOTAL,
    Cell,
    Pattern,
    Protection,
    Relation,
    Table,
    UnknownCell,
    audit,
    complete,
    crossing,
    joined,
    margin,
)
from survey.aggregation.disclosure.flows import Network
from survey.aggregation.disclosure.search import Search
from tests.unit.aggregation.disclosure.attackers import whole_intervals
from tests.unit.aggregation.disclosure.test_disclosure_audit import GRID


def protected(counts: dict[tuple[object, ...], int], k: int = 5, **more: object) -> Pattern:
    made = crossing(counts, k=k, **more)  # type: ignore[arg-type]  # passed on
    return complete(Table.build(made.cells, made.relations), made.small)


def test_one_sensitive_cell_inside_a_three_by_three_table_takes_three_more() -> None:
    """By hand: c,z needs another cell in its row and in its column, and their crossing: a square.

    Of the four squares through c,z the one over a and x hides 20, 10 and 17 people, 47; over b and x
    8, 22 and 17, also 47; b and y hide 73 and a and y 92. Three cells is the least in any case.
    """
    made = protected(GRID)
    assert made.primary == (("c", "z"),)
    assert len(made.complementary) == 3
    assert set(made.complementary) in (
        {("c", "x"), ("a", "x"), ("a", "z")},
        {("c", "x"), ("b", "x"), ("b", "z")},
    )
    assert made.protected
    assert made.forced == made.exposed == ()


def test_the_cost_says_which_of_the_smallest_patterns() -> None:
    """By respondents the two squares over x cost 47 each (17 + 20 + 10, 17 + 8 + 22); make one dearer."""
    dearer = {**GRID, ("b", "z"): 23}
    made = protected(dearer, weigh=True)
    assert set(made.complementary) == {("c", "x"), ("a", "x"), ("a", "z")}


def test_two_sensitive_cells_share_their_complements() -> None:
    """a,x and c,z stand on one diagonal of a square: c,x and a,z protect both."""
    made = protected({**GRID, ("a", "x"): 4})
    assert set(made.complementary) == {("c", "x"), ("a", "z")}
    assert made.protected


def test_a_zero_protects_nobody() -> None:
    """Nobody at c,x: moving c,z up by two would push it below zero, so y is taken, dear as it is."""
    made = protected({**GRID, ("c", "x"): 0})
    assert ("c", "y") in made.complementary
    assert ("c", "x") not in made.complementary
    assert made.protected


def test_a_cell_too_small_to_carry_the_width_is_no_complement_by_itself() -> None:
    """± 15 % of 100 is 15; a sibling of 6 gives 6, so a second one goes."""
    cells = [Cell(one, value, integral=True) for one, value in (("p", 100), ("q", 6), ("r", 12), ("s", 300))]
    cells.append(Cell("t", 418, integral=True, standing="kept"))
    table = Table.build(cells, [margin("t", ["p", "q", "r", "s"])])
    made = complete(table, ["p"])
    assert set(made.complementary) == {"s"}
    kept = [Cell(c.id, c.value, integral=True, standing="kept" if c.id in "st" else "free") for c in cells]
    assert set(complete(Table.build(kept, table.relations), ["p"]).complementary) == {"q", "r"}


def test_a_total_is_suppressed_only_where_its_parts_cannot_be_protected_otherwise() -> None:
    """One child of one parent is the parent: nothing but the total helps."""
    cells = [Cell("child", 3, integral=True), Cell("total", 3, integral=True, standing="kept")]
    made = complete(Table.build(cells, [margin("total", ["child"])]), ["child"])
    assert made.complementary == made.forced == ("total",)
    assert made.protected
    two = [*cells[:1], Cell("other", 30, integral=True), Cell("total", 33, integral=True, standing="kept")]
    spared = complete(Table.build(two, [margin("total", ["child", "other"])]), ["child"])
    assert (spared.complementary, spared.forced) == (("other",), ())


def test_what_is_public_already_cannot_be_protected_and_is_named() -> None:
    """The total stands in last year's report: everything beside it goes, the cell is still exposed."""
    cells = [
        Cell("small", 3, integral=True),
        Cell("known", 30, integral=True, standing="public"),
        Cell("total", 33, integral=True, standing="public"),
    ]
    made = complete(Table.build(cells, [margin("total", ["small", "known"])]), ["small"])
    assert made.exposed == ("small",)
    assert not made.protected
    assert made.audit.failures[0].width == 0


def test_what_was_hidden_in_vain_and_is_known_anyway_is_published_again() -> None:
    """b equals a public q, so hiding it cannot help a, and nobody learns anything from b."""
    cells = [Cell("a", 3), Cell("b", 9), Cell("q", 9, standing="public"), Cell("t", 12, standing="public")]
    made = complete(Table.build(cells, [margin("t", "ab"), margin("q", "b")]), ["a"])
    assert made.exposed == ("a",)
    assert made.suppressed == {"a"}


@pytest.mark.parametrize("seed", range(8))
def test_no_complement_could_be_published_again(seed: int) -> None:
    """Every complement is needed: without any one of them the audit fails."""
    rng = np.random.default_rng(seed)
    counts = {(r, c): int(rng.poisson(rng.choice([3, 8, 20]))) for r in range(4) for c in range(5)}
    made = protected(counts)
    assert made.protected
    for one in made.complementary:
        assert not audit(made.table, made.suppressed - {one}, made.primary).protected


def test_a_sensitive_cell_that_is_public_is_exposed() -> None:
    table = Table.build([Cell("a", 3, standing="public")])
    made = complete(table, ["a"])
    assert (made.exposed, made.complementary, made.protected) == (("a",), (), False)


def test_everything_is_hidden_where_nothing_less_will_do() -> None:
    """a should be able to reach 0, but b and c make up for two only: all of the relation goes."""
    cells = [Cell(one, 3, upper=4, integral=True) for one in "abc"]
    cells.append(Cell("t", 9, standing="public", integral=True))
    made = complete(Table.build(cells, [margin("t", "abc")]), ["a"], Protection(absolute=5))
    assert made.suppressed == {"a", "b", "c"}
    assert made.exposed == ("a",)
    assert [(line.low, line.high) for line in made.audit.lines][0] == (1, 4)  # b and c are at most 4 each


def test_no_sensitive_cell_needs_no_complement() -> None:
    assert protected(GRID, k=1).suppressed == frozenset()
    assert complete(Table.build([]), []).protected


def test_an_unknown_sensitive_cell_is_refused() -> None:
    with pytest.raises(UnknownCell, match="nowhere"):
        complete(Table.build([Cell("a", 1)]), ["nowhere"])


def test_inner_cells_that_are_never_shown_are_no_loss_and_no_risk() -> None:
    """Only margins are printed; a small row total is protected by hiding another row total."""
    made = crossing(GRID, standings=dict.fromkeys(GRID, "latent"))
    table = Table.build(made.cells, made.relations)
    result = complete(table, [("b", TOTAL)])
    assert len(result.complementary) == 1
    assert result.complementary[0] in {("a", TOTAL), ("c", TOTAL), (TOTAL, TOTAL)}
    assert result.protected


def test_a_flow_moves_its_target_both_ways_and_leaves_every_sum() -> None:
    made = crossing(GRID)
    table = Table.build(made.cells, made.relations)
    target = table.places["c", "z"]
    flows = Network(table, table.mask(list(GRID))).flows(target, 2.0, 1.0, table.mask([("c", "z")]))
    assert flows is not None
    assert [flow[target] for flow in flows] == [2.0, -1.0]
    for flow in flows:
        np.testing.assert_allclose(table.matrix @ flow, 0.0, atol=1e-12)
        assert np.all(table.value + flow >= 0)
        assert np.count_nonzero(flow) == 4


def test_a_flow_that_cannot_be_is_none() -> None:
    made = crossing(GRID)
    table = Table.build(made.cells, made.relations)
    target = table.places["c", "z"]
    row = Network(table, table.mask([("c", "x"), ("c", "y"), ("c", "z")]))
    assert row.flows(target, 2.0, 1.0, table.mask([])) is None


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_a_cell_is_published_again_exactly_if_the_others_stay_protected(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = {(r, c): int(rng.integers(0, 5)) for r in range(4) for c in range(4)}
    made = crossing(counts)
    table = Table.build(made.cells, made.relations)
    order = [list(counts)[place] for place in rng.permutation(16)[: int(rng.integers(7, 15))]]
    primary = [one for one in order[:2] if counts[one]]
    width = Protection(complementary=1.0)
    search = Search(table, table.mask(primary), width)
    search.hidden |= table.mask(order)
    tried = order[-1]
    without = audit(table, order[:-1], primary, width)
    assert search.reveal(table.places[tried]) is without.protected
    assert search.hidden[table.places[tried]] is np.bool_(not without.protected)


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=30)
def test_after_protection_every_random_table_passes_its_audit_unchanged(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = rng.integers(2, 6, 2)
    counts = {(r, c): int(rng.poisson(9)) for r in range(shape[0]) for c in range(shape[1])}
    tables = [crossing(counts, k=5)]
    table = Table.build(tables[0].cells, tables[0].relations)
    before = table.value.copy()
    made = complete(table, tables[0].small)
    assert made.audit.protected
    assert audit(table, made.suppressed, made.primary) == made.audit
    assert set(made.primary) == tables[0].small
    assert not set(made.primary) & set(made.complementary)
    assert made.exposed == ()
    np.testing.assert_array_equal(table.value, before)


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=8)
def test_three_crossing_dimensions_and_joined_tables_pass_too(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cube = {(y, r, c): int(rng.poisson(7)) for y in range(2) for r in range(3) for c in range(3)}
    solid = crossing(cube, k=5)
    groups = Cell("first two", float(cube[0, 0, 0] + cube[0, 1, 1]), integral=True)
    other = margin("first two", [(0, 0, 0), (0, 1, 1)])
    table = Table.build([*solid.cells, groups], [*solid.relations, other])
    made = complete(table, solid.small)
    assert made.protected
    assert joined([solid, solid]).small == solid.small


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=8)
def test_a_tiny_table_gets_a_smallest_pattern_that_an_enumerating_outsider_confirms(seed: int) -> None:
    """Every choice of fewer cells than the result is tried and fails; the result holds by brute force."""
    rng = np.random.default_rng(seed)
    counts = {(r, c): int(rng.integers(1, 5)) for r in range(2) for c in range(3)}
    cells = crossing(counts, standings={(TOTAL, TOTAL): "kept"})
    table = Table.build(cells.cells, cells.relations)
    target = (0, int(rng.integers(0, 3)))
    made = complete(table, [target], Protection(relative=0.0, absolute=1.0, complementary=1.0))
    assert made.protected
    hidden = sorted(table.places[one] for one in made.suppressed)
    spans = dict(zip(hidden, whole_intervals(table, hidden, 16), strict=True))
    for line in made.audit.lines:
        low, high = spans[table.places[line.cell]]
        assert low <= line.required_low
        assert high >= line.required_high
        assert high > low
    free = [one.id for one in table.cells if one.id not in (target, (TOTAL, TOTAL))]
    narrow = Protection(relative=0.0, absolute=1.0, complementary=1.0)
    for fewer in itertools.combinations(free, len(made.complementary) - 1):
        lines = audit(table, [target, *fewer], [target], narrow).lines
        assert not next(line for line in lines if line.cell == target).protected


def test_weighted_relations_are_protected_in_respondents() -> None:
    """Shares of four communes and their province: hiding the smallest takes one more commune."""
    n = np.array([40.0, 300.0, 500.0, 200.0])
    shares = np.array([0.05, 0.6, 0.7, 0.8])
    cells = [Cell(i, float(p), upper=1.0, grain=1 / n[i]) for i, p in enumerate(shares)]
    cells.append(Cell("all", float(n @ shares / n.sum()), upper=1.0, grain=1 / n.sum(), standing="kept"))
    bound = Relation("province", {**{i: float(n[i]) for i in range(4)}, "all": -float(n.sum())})
    made = complete(Table.build(cells, [bound]), [0])
    assert len(made.complementary) == 1
    assert made.forced == ()
    line = made.audit.lines[0]
    assert line.low == pytest.approx(0.0, abs=1e-9)  # two respondents are 5 points: 0.05 reaches 0
    assert line.high >= 0.05 + 2 / 40


def test_a_province_of_124_communes_in_two_years_is_protected_in_time() -> None:
    """124 communes × 5 levels × 2 years with every margin: 2,250 cells under 1,143 relations."""
    rng = np.random.default_rng(1)
    shares = [0.02, 0.05, 0.15, 0.45, 0.33]
    counts = {}
    for year, commune in itertools.product((2025, 2026), range(124)):
        for level, count in enumerate(rng.multinomial(rng.poisson(290), shares)):
            counts[year, commune, level] = int(count)
    made = crossing(counts, k=5)
    table = Table.build(made.cells, made.relations)
    start = time.process_time()
    pattern = complete(table, made.small)
    assert time.process_time() - start < 10
    assert pattern.protected
    start = time.process_time()
    assert audit(table, pattern.suppressed, pattern.primary).protected
    assert time.process_time() - start < 10
    assert len(made.small) < len(pattern.suppressed) < 5 * len(made.small)
