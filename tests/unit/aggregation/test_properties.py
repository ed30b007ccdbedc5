"""What must hold for every sample: order, scale, splitting, adding up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import (
    WHOLE,
    Analysis,
    Domain,
    IndexDefinition,
    Measure,
    SampleDesign,
    analyse,
    totals,
)
from tests.unit.aggregation.samples import ITEMS, TOP, answers_of, columns, design_of

INDICES = (
    IndexDefinition.averaged("averaged", {"a": 0.5, "b": 0.3, "c": 0.2}),
    IndexDefinition.pooled("pooled", ITEMS),
)
FIGURES = ("value", "variance", "n", "deff", "n_eff", "ci_low", "ci_high")


def analysed(table: dict[str, np.ndarray], order: np.ndarray | slice = slice(None)) -> Analysis:
    return analyse(
        design_of(table, order),
        answers_of(table, order),
        domains={"place": table["domain"][order]},
        measure=TOP,
        indices=INDICES,
    )


def assert_same(one: Analysis, other: Analysis, figures: tuple[str, ...], rel: float) -> None:
    assert one.domains == other.domains
    assert one.df.tolist() == other.df.tolist()
    for figure in figures:
        found, wanted = getattr(one, figure), getattr(other, figure)
        if figure == "n_eff":
            # Where two PSUs nearly agree the variance cancels to almost nothing, and n_eff, its
            # reciprocal, grows without bound; the variance's own rounding is the one to hold.
            with np.errstate(divide="ignore"):
                found, wanted = 1 / found, 1 / wanted
        np.testing.assert_allclose(found, wanted, rtol=rel, atol=1e-15, err_msg=figure)


@settings(deadline=None)
@given(columns(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(table: dict[str, np.ndarray], random: object) -> None:
    order = np.arange(len(table["weights"]))
    random.shuffle(order)  # type: ignore[attr-defined]  # a random.Random
    assert_same(analysed(table), analysed(table, order), ("value", "n"), rel=1e-12)
    assert_same(analysed(table), analysed(table, order), FIGURES, rel=1e-10)


@settings(deadline=None)
@given(columns(), st.floats(1e-3, 1e6))
def test_scaled_weights_leave_means_and_standard_errors(table: dict[str, np.ndarray], factor: float) -> None:
    scaled = {**table, "weights": table["weights"] * factor}
    assert_same(analysed(table), analysed(scaled), FIGURES, rel=1e-9)


@settings(deadline=None)
@given(columns(), st.integers(0, 39))
def test_a_row_split_in_two_within_its_psu_keeps_every_estimate(
    table: dict[str, np.ndarray], row: int
) -> None:
    """Weight w is w/2 + w/2 for the same PSU: sums, and so variances, stay; only n counts one more."""
    split = {name: np.append(column, column[row]) for name, column in table.items()}
    split["weights"][[row, -1]] /= 2
    assert_same(analysed(table), analysed(split), ("value", "variance"), rel=1e-9)
    more = analysed(split).n - analysed(table).n
    assert set(np.unique(more)) <= {0.0, 1.0}


@settings(deadline=None)
@given(columns())
def test_totals_of_domains_add_up_to_the_whole(table: dict[str, np.ndarray]) -> None:
    counts = {item: np.where(table[item] < 0, np.nan, table[item]) for item in ITEMS}
    analysis = totals(design_of(table), counts, domains=table["domain"])
    parts = np.nansum(analysis.value[1:], axis=0)
    np.testing.assert_allclose(parts, np.nan_to_num(analysis.value[0]), rtol=1e-12)
    together = {(domain, "a"): 1.0 for domain in analysis.domains[1:] if analysis.estimate(domain, "a").n}
    if together:
        summed = analysis.contrast(together)
        at = analysis.place(WHOLE, "a")
        assert summed.se == pytest.approx(np.sqrt(analysis.variance[at]), rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(columns())
def test_the_whole_rolled_up_from_domains_is_the_whole_scanned(table: dict[str, np.ndarray]) -> None:
    alone = analyse(design_of(table), answers_of(table), measure=TOP, indices=INDICES)
    rolled = analysed(table)
    for figure in FIGURES:
        np.testing.assert_allclose(
            getattr(alone, figure)[0], getattr(rolled, figure)[0], rtol=1e-10, atol=1e-15
        )


@settings(deadline=None)
@given(columns())
def test_a_domain_of_everyone_is_the_whole(table: dict[str, np.ndarray]) -> None:
    everyone = np.full(len(table["weights"]), "all")
    analysis = analyse(design_of(table), answers_of(table), domains=everyone, measure=TOP, indices=INDICES)
    for figure in FIGURES:
        whole, same = getattr(analysis, figure)
        np.testing.assert_allclose(whole, same, rtol=1e-10, atol=1e-15)


@settings(deadline=None)
@given(columns())
def test_several_dimensions_give_what_each_gives_alone(table: dict[str, np.ndarray]) -> None:
    other = np.where(np.arange(len(table["weights"])) % 3 == 0, "m", "")
    both = analyse(
        design_of(table),
        answers_of(table),
        domains={"place": table["domain"], "third": other},
        measure=TOP,
        indices=INDICES,
    )
    alone = analyse(
        design_of(table), answers_of(table), domains={"third": other}, measure=TOP, indices=INDICES
    )
    row, only = both.domains.index(Domain("third", "m")), alone.domains.index(Domain("third", "m"))
    for figure in ("value", "variance", "ci_low", "ci_high", "n", "weight", "deff"):
        one, same = getattr(both, figure)[row], getattr(alone, figure)[only]
        np.testing.assert_allclose(one, same, rtol=1e-10, atol=1e-15)


def test_a_domain_is_not_a_filter() -> None:
    """The domain's standard error counts all 4 PSUs: V = 4/3 Σ z², not 2/1 Σ z² of the filtered rows."""
    answers = {"a": np.array([2.0, 4.0, 9.0, 9.0])}
    labels = ["in", "in", "out", "out"]
    found = analyse(
        SampleDesign.build(weights=np.ones(4)), answers, domains=labels, measure=Measure("mean")
    ).estimate(Domain("domain", "in"), "a")
    z = np.array([-0.5, 0.5, 0, 0])
    assert found.se == pytest.approx(np.sqrt(4 / 3 * (z**2).sum()), rel=1e-14)
    filtered = analyse(
        SampleDesign.build(weights=np.ones(2)), {"a": answers["a"][:2]}, measure=Measure("mean")
    ).estimate("", "a")
    assert filtered.se == pytest.approx(np.sqrt(2 * 0.5), rel=1e-14)
    assert found.df == 1
