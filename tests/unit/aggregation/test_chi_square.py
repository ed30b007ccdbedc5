"""The Rao-Scott test: closed forms of its design effects, symmetry, size by simulation, bad tables."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from survey.aggregation import DifferentLengths, SampleDesign, jackknife
from survey.aggregation.chi_square import BadTable, ChiSquareTest, chi_square_test

QUICK = settings(deadline=None, max_examples=40)


def sample(seed: int, n: int, rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw labels that lean together, every cell filled."""
    rng = np.random.default_rng(seed)
    row = rng.integers(0, rows, n)
    column = np.where(rng.random(n) < 0.2, row % columns, rng.integers(0, columns, n))
    cell = np.arange(rows * columns)
    return np.append(row, cell // columns), np.append(column, cell % columns)


def pearson(row: np.ndarray, column: np.ndarray) -> float:
    counts = np.zeros((row.max() + 1, column.max() + 1))
    np.add.at(counts, (row, column), 1)
    return float(stats.chi2_contingency(counts, correction=False).statistic)


@QUICK
@given(st.integers(0, 10**6), st.integers(20, 200), st.integers(2, 4), st.integers(2, 4))
def test_of_a_simple_random_sample_it_is_pearsons_test(seed: int, n: int, rows: int, columns: int) -> None:
    """With equal weights V = (D - pp')/(n-1), so every δ is n/(n-1) and F = X² (n-1)/n / k."""
    row, column = sample(seed, n, rows, columns)
    found = chi_square_test(SampleDesign.build(weights=np.full(row.size, 7.0)), row, column)
    n, k = row.size, (rows - 1) * (columns - 1)
    assert found.pearson == pytest.approx(pearson(row, column), rel=1e-9)
    np.testing.assert_allclose(found.design_effects, np.full(k, n / (n - 1)), rtol=1e-8)
    assert found.statistic == pytest.approx(found.pearson * (n - 1) / n / k, rel=1e-8)
    assert (found.ndf, found.ddf) == (pytest.approx(k, rel=1e-8), pytest.approx(k * (n - 1), rel=1e-8))
    assert found.p_value == pytest.approx(stats.f.sf(found.statistic, k, k * (n - 1)), rel=1e-6)


def test_people_who_all_answer_as_their_psu_have_its_size_as_design_effect() -> None:
    """a PSUs of m people with one answer each: V is that of a responses, so δ = m a/(a-1)."""
    row, column = sample(3, 60, 2, 3)
    a, m = row.size, 5
    design = SampleDesign.build(weights=np.ones(a * m), psu=np.repeat(np.arange(a), m))
    found = chi_square_test(design, np.repeat(row, m), np.repeat(column, m))
    np.testing.assert_allclose(found.design_effects, np.full(2, m * a / (a - 1)), rtol=1e-9)
    assert found.pearson == pytest.approx(m * pearson(row, column), rel=1e-9)
    assert (found.n, found.df) == (a * m, a - 1)


def test_in_a_table_of_four_cells_it_is_the_variance_of_the_log_odds_ratio() -> None:
    """δ = n V(log OR) / Σ 1/p, with V linearised here by hand: Σ± w 1[cell]/p, centred, by PSU."""
    row, column = sample(9, 116, 2, 2)
    rng = np.random.default_rng(1)
    stratum, psu = np.arange(120) % 3, np.arange(120) % 15
    w = rng.uniform(0.5, 3, 120)
    found = chi_square_test(SampleDesign.build(weights=w, strata=stratum, psu=psu), row, column)
    cell = 2 * row + column
    p = np.bincount(cell, w) / w.sum()
    z = np.bincount(psu, w * np.array([1, -1, -1, 1])[cell] / p[cell]) / w.sum()
    variance = sum(5 * z[psus].var(ddof=1) for psus in (np.arange(h, 15, 3) for h in range(3)))
    assert found.design_effects == (pytest.approx(120 * variance / (1 / p).sum(), rel=1e-9),)
    assert (found.ndf, found.ddf) == (pytest.approx(1), pytest.approx(12))


def clustered(seed: int = 4) -> tuple[SampleDesign, np.ndarray, np.ndarray]:
    row, column = sample(seed, 228, 3, 4)
    psu = np.arange(row.size) % 24
    weights = np.random.default_rng(seed).uniform(0.5, 3, row.size)
    return SampleDesign.build(weights=weights, strata=psu % 4, psu=psu), row, column


def same(one: ChiSquareTest, other: ChiSquareTest) -> None:
    for figure in ("statistic", "ndf", "ddf", "p_value", "pearson"):
        assert getattr(one, figure) == pytest.approx(getattr(other, figure), rel=1e-9)
    np.testing.assert_allclose(one.design_effects, other.design_effects, rtol=1e-9)
    assert (one.n, one.df, one.method) == (other.n, other.df, other.method)


def test_neither_names_nor_order_nor_sides_of_the_table_matter() -> None:
    design, row, column = clustered()
    found = chi_square_test(design, row, column)
    assert len(found.design_effects) == 6
    assert list(found.design_effects) == sorted(found.design_effects, reverse=True)
    assert np.sum(found.shares) == pytest.approx(1, rel=1e-12)
    same(found, chi_square_test(design, column, row))
    same(found, chi_square_test(design, np.array(list("zxy"))[row], np.array(list("bdca"))[column]))
    heavier = SampleDesign.build(
        weights=design.weights * 1000,
        strata=np.arange(row.size) % 24 % 4,
        psu=np.arange(row.size) % 24,
    )
    same(found, chi_square_test(heavier, row, column))


def test_rows_without_a_label_or_a_weight_leave_the_table_and_not_the_design() -> None:
    """Their PSUs stay: V of the rest is that of a domain, by n/(n-1) of all 40 PSUs, not of the 32."""
    row, column = sample(2, 28, 2, 2)
    labels = [*row.tolist(), *[None] * 4, *[9] * 4]
    others = [*column.tolist(), *[1, 1, 0, 5], *[9] * 4]
    design = SampleDesign.build(weights=[*[1] * 36, *[0] * 4])
    found = chi_square_test(design, labels, others)
    assert (found.rows, found.columns, found.n, found.df) == (("0", "1"), ("0", "1"), 32, 31)
    np.testing.assert_allclose(found.design_effects, [32 * 40 / 39 / 32], rtol=1e-9)


def test_replicates_give_the_design_effects_of_linearisation_where_they_agree() -> None:
    """The jackknife of a share of equal weights is its simple random variance exactly."""
    row, column = sample(8, 50, 2, 3)
    design = SampleDesign.build(weights=np.ones(row.size))
    linear = chi_square_test(design, row, column)
    replicated = chi_square_test(design.replicated(jackknife(design.selection)), row, column)
    np.testing.assert_allclose(replicated.design_effects, linear.design_effects, rtol=1e-9)
    assert replicated.p_value == pytest.approx(linear.p_value, rel=1e-9)
    assert "jackknife" in replicated.method


def test_one_psu_gives_no_test_and_two_give_one() -> None:
    row, column = sample(6, 16, 2, 2)
    two = chi_square_test(SampleDesign.build(weights=np.ones(20), psu=np.arange(20) % 2), row, column)
    assert (two.df, two.ddf) == (1, pytest.approx(two.ndf))
    assert two.p_value == pytest.approx(stats.f.sf(two.statistic, two.ndf, two.ddf))
    found = chi_square_test(
        SampleDesign.build(weights=np.ones(20), psu=np.zeros(20), lonely="remove"), row, column
    )
    assert (found.df, found.statistic, found.ndf, found.ddf, found.p_value) == (0, None, None, None, None)
    assert found.flags == ("few_respondents", "small_expected_counts", "no_test")


def test_small_expected_counts_are_flagged() -> None:
    row, column = np.repeat([0, 1], 50), np.tile(np.arange(10) == 0, 10).astype(int)
    assert (
        "small_expected_counts"
        not in chi_square_test(SampleDesign.build(weights=np.ones(100)), row, column).flags
    )
    rare = (np.arange(100) % 50 < 2).astype(int)
    assert (
        "small_expected_counts" in chi_square_test(SampleDesign.build(weights=np.ones(100)), row, rare).flags
    )


@pytest.mark.parametrize(
    ("rows", "columns", "said"),
    [
        (list("aaaaaa"), list("xyxyxy"), "1 rows × 2 columns"),
        (list("ababab"), [None] * 6, "0 rows × 0 columns"),
        (list("aabbcc"), list("xxyyzz"), "too many empty cells"),
    ],
)
def test_tables_that_cannot_be_tested_are_refused(rows: list[str], columns: list[str], said: str) -> None:
    with pytest.raises(BadTable, match=said) as refused:
        chi_square_test(SampleDesign.build(weights=np.ones(6)), rows, columns)
    assert refused.value.code == "SVY-422-177"


def test_labels_of_another_length_are_refused() -> None:
    with pytest.raises(DifferentLengths, match="columns"):
        chi_square_test(SampleDesign.build(weights=np.ones(4)), list("abab"), list("xyx"))


def test_independent_answers_of_clustered_people_are_refused_at_the_stated_rate() -> None:
    """600 samples of 30 PSUs × 10 people, seed 20250714: both labels vary by PSU, independently.

    Within three Monte-Carlo standard errors of 5 per cent, where Pearson's test refuses far more often.
    """
    rng = np.random.Generator(np.random.PCG64(20250714))
    rounds, psu = 600, np.repeat(np.arange(30), 10)
    design = SampleDesign.build(weights=np.ones(300), psu=psu)
    refused = np.zeros((rounds, 2), dtype=bool)
    for at in range(rounds):
        row, column = (
            (rng.normal(size=30)[psu] + rng.normal(size=300) > 0).astype(np.int8) for _ in range(2)
        )
        found = chi_square_test(design, row, column)
        refused[at] = found.p_value < 0.05, stats.chi2.sf(found.pearson, 1) < 0.05
    share = refused.mean(axis=0)
    error = np.sqrt(0.05 * 0.95 / rounds)
    assert abs(share[0] - 0.05) < 3 * error
    assert share[1] > 0.15
