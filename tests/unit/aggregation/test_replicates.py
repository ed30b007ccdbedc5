"""Replicate weights: where they must equal linearisation exactly, where only on average, and what is refused.

Source: Wolter 2007, ch. 3-5; Judkins 1990; Rao & Wu 1988; Beaumont & Patak 2012; R survey 4.5 `svrVar`,
`as.svrepdesign`. R's own JK1: tests/statistics/test_calibrated_reference_values.py.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import (
    BadReplicates,
    BadRequest,
    DifferentLengths,
    IndexDefinition,
    Measure,
    Replicates,
    SampleDesign,
    analyse,
    balanced_half_samples,
    jackknife,
    rao_wu,
    ratios,
    supplied_replicates,
    totals,
)
from survey.aggregation.weighting import Margin, poststratify

PROPERTY = settings(deadline=None, max_examples=25)
MEAN = Measure("mean")
INDEX = IndexDefinition.averaged("index", {"a": 0.6, "b": 0.4})
Table = dict[str, np.ndarray]


@st.composite
def samples(draw: st.DrawFn, most: int = 4) -> Table:
    """Draw 1 to 4 strata of 2 to `most` PSUs of 3 people."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    counts = draw(st.lists(st.integers(2, most), min_size=1, max_size=4))
    stratum = np.repeat(np.arange(len(counts)), counts)
    psu = np.concatenate([np.arange(count) for count in counts])
    rows = stratum.size * 3
    order = rng.permutation(rows)
    return {
        "stratum": np.repeat(stratum, 3)[order],
        "psu": np.repeat(psu, 3)[order],
        "weights": rng.uniform(0.5, 4, rows),
        "domain": rng.choice(["x", "y"], rows),
        "a": rng.integers(1, 6, rows).astype(float),
        "b": np.where(rng.random(rows) < 0.2, np.nan, rng.integers(1, 6, rows)),
    }


def design_of(table: Table, **more: Any) -> SampleDesign:
    return SampleDesign.build(weights=table["weights"], strata=table["stratum"], psu=table["psu"], **more)


def answers_of(table: Table) -> dict[str, np.ndarray]:
    return {item: table[item] for item in "ab"}


def columns_of(design: SampleDesign, replicates: Replicates) -> np.ndarray:
    """Return the replicate weights that a data file would hold (rows, R)."""
    return (replicates.factors[:, design.row_psu] * design.weights).T


# Linear statistics


@PROPERTY
@given(samples(), st.booleans(), st.booleans())
def test_the_jackknife_of_a_total_is_the_linearised_variance(table: Table, has_fpc: bool, mse: bool) -> None:
    """JK1 and JKn are exact for linear statistics, in domains too (Wolter 2007, §4.5).

    Without `mse` strata share one centre, which for a linear statistic is the estimate itself.
    """
    design = design_of(table, fpc=6 if has_fpc else None)
    replicated = design.replicated(jackknife(design.selection, mse=mse))
    taylor = totals(design, answers_of(table), domains=table["domain"])
    found = totals(replicated, answers_of(table), domains=table["domain"])
    np.testing.assert_array_equal(found.value, taylor.value)
    np.testing.assert_array_equal(found.n, taylor.n)
    np.testing.assert_allclose(found.variance, taylor.variance, rtol=1e-9, atol=1e-9)
    kind = "JK1" if design.selection.strata == 1 else "JKn"
    assert f"jackknife {kind}" in found.estimate("", "a").method


@PROPERTY
@given(samples(most=2), st.sampled_from([0.0, 0.3, 0.5]), st.booleans())
def test_balanced_half_samples_of_a_total_are_the_linearised_variance(
    table: Table, rho: float, mse: bool
) -> None:
    """Full orthogonal balance leaves no cross terms between strata (Wolter 2007, §3.3; Judkins 1990)."""
    design = design_of(table)
    replicated = design.replicated(balanced_half_samples(design.selection, rho=rho, mse=mse))
    found = totals(replicated, answers_of(table), domains=table["domain"])
    taylor = totals(design, answers_of(table), domains=table["domain"])
    np.testing.assert_allclose(found.variance, taylor.variance, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("strata", [1, 2, 3, 4, 7, 8])
def test_half_samples_are_orthogonal_and_balanced(strata: int) -> None:
    design = SampleDesign.build(weights=np.ones(2 * strata), strata=np.arange(2 * strata) // 2)
    replicates = balanced_half_samples(design.selection)
    signs = replicates.factors[:, ::2] - 1
    np.testing.assert_array_equal(signs, -(replicates.factors[:, 1::2] - 1))
    np.testing.assert_array_equal(signs.T @ signs, replicates.count * np.eye(strata))
    np.testing.assert_array_equal(signs.sum(axis=0), np.zeros(strata))
    assert set(np.unique(replicates.factors)) == {0.0, 2.0}


@pytest.mark.parametrize("has_fpc", [False, True])
def test_the_rao_wu_bootstrap_is_linearisation_on_average(has_fpc: bool) -> None:
    """E over draws of a total's variance is the linearised one; 400 means of 50 replicates each.

    The tolerance is three Monte-Carlo standard errors of the 400.
    """
    rng = np.random.default_rng(1)
    table = {"stratum": np.repeat([0, 1, 2], [2, 3, 6]), "weights": rng.uniform(1, 3, 11)}
    design = SampleDesign.build(
        weights=table["weights"], strata=table["stratum"], fpc={0: 3, 1: 9, 2: 8} if has_fpc else None
    )
    z = design.weights * rng.normal(5, 2, 11)
    wanted = totals(design, {"y": z / design.weights}).variance[0, 0]
    drawn = []
    for seed in range(400):
        theta = rao_wu(design.selection, 50, seed=seed).factors @ z[np.argsort(design.row_psu)]
        drawn.append(theta.var(ddof=1))
    assert np.mean(drawn) == pytest.approx(wanted, abs=3 * np.std(drawn) / np.sqrt(len(drawn)))


def test_rao_wu_weights_are_never_negative_and_keep_the_sum_of_each_stratum() -> None:
    design = SampleDesign.build(
        weights=np.ones(9), strata=[0] * 2 + [1] * 3 + [2] * 4, fpc={0: 2, 1: 4, 2: 400}
    )
    factors = rao_wu(design.selection, 200, seed=5).factors
    assert factors.min() >= 0
    for h, n in enumerate((2, 3, 4)):
        np.testing.assert_allclose(factors[:, design.psu_stratum == h].sum(axis=1), n, rtol=1e-12)
    np.testing.assert_array_equal(factors[:, :2], 1.0)  # taken whole: it does not vary


def test_the_same_seed_gives_the_same_bits() -> None:
    selection = SampleDesign.build(weights=np.ones(9), strata=[0] * 4 + [1] * 5).selection
    one, same, other = (rao_wu(selection, 40, seed=seed) for seed in (7, 7, 8))
    assert one.factors.tobytes() == same.factors.tobytes()
    assert one.factors.tobytes() != other.factors.tobytes()
    assert one.seed == 7
    # NumPy keeps PCG64 itself stable but not what it draws from it (NEP 19): a change shows here.
    times = one.factors[:2] * np.repeat([3 / 4, 4 / 5], [4, 5])
    np.testing.assert_allclose(
        times,
        [[1.0, 2.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0], [1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 2.0, 0.0]],
        atol=1e-12,
    )


# Non-linear statistics, by definition


def svr_var(theta: np.ndarray, replicates: Replicates, value: float) -> float:
    """R `svrVar`: scale Σ rscales (θ - centre)², replicates without a value left out."""
    known = ~np.isnan(theta)
    counted = known & (replicates.rscales > 0)
    centre = value if replicates.mse else theta[counted].mean()
    return float(replicates.scale * (replicates.rscales * np.where(known, theta - centre, 0) ** 2).sum())


@PROPERTY
@given(samples(), st.sampled_from(["jk", "rw"]), st.booleans())
def test_means_indices_and_ratios_are_estimated_anew_in_every_replicate(
    table: Table, kind: str, mse: bool
) -> None:
    design = design_of(table)
    replicates = (
        jackknife(design.selection, mse=mse)
        if kind == "jk"
        else rao_wu(design.selection, 20, seed=3, mse=mse)
    )
    replicated = design.replicated(replicates)
    analysis = analyse(replicated, answers_of(table), domains=table["domain"], measure=MEAN, indices=[INDEX])
    ratio = ratios(replicated, {"a": table["a"]}, {"b": table["b"]}, domains=table["domain"])
    columns = columns_of(design, replicates)
    for domain in analysis.domains:
        inside = (table["domain"] == domain.value) | (domain.value == "")
        theta = {item: mean_of(columns[inside], table[item][inside]) for item in "ab"}
        theta["index"] = 0.6 * theta["a"] + 0.4 * theta["b"]
        both = inside & ~np.isnan(table["b"])
        for statistic, each in theta.items():
            at = analysis.place(domain, statistic)
            if np.isnan(each).any():
                continue  # an item without respondents in a replicate leaves its weight to the others
            wanted = svr_var(each, replicates, analysis.value[at])
            assert analysis.variance[at] == pytest.approx(wanted, rel=1e-8, abs=1e-13)
        if both.any() and (columns[both].sum(axis=0) > 0).all():
            each = (table["a"][both] @ columns[both]) / (table["b"][both] @ columns[both])
            at = ratio.place(domain, "a")
            assert ratio.variance[at] == pytest.approx(
                svr_var(each, replicates, ratio.value[at]), rel=1e-8, abs=1e-13
            )


def mean_of(columns: np.ndarray, y: np.ndarray) -> np.ndarray:
    known = ~np.isnan(y)
    with np.errstate(invalid="ignore"):
        return (y[known] @ columns[known]) / columns[known].sum(axis=0)


@PROPERTY
@given(samples(), st.booleans(), st.sampled_from(["jk", "rw"]))
def test_columns_supplied_with_the_data_are_the_replicates_built(table: Table, mse: bool, kind: str) -> None:
    """Factors times base weights, with the same scale, rscales and centre."""
    design = design_of(table)
    built = (
        jackknife(design.selection, mse=mse)
        if kind == "jk"
        else rao_wu(design.selection, 15, seed=2, mse=mse)
    )
    supplied = supplied_replicates(
        columns_of(design, built), scale=built.scale, rscales=built.rscales, mse=mse
    )
    both = [
        analyse(
            design.replicated(one), answers_of(table), domains=table["domain"], measure=MEAN, indices=[INDEX]
        )
        for one in (built, supplied)
    ]
    np.testing.assert_array_equal(both[0].value, both[1].value)
    np.testing.assert_allclose(both[1].variance, both[0].variance, rtol=1e-8, atol=1e-13)
    pair = [("x", "a"), ("y", "index")]
    if len(both[0].domains) == 3 and not np.isnan(both[0].value).any():
        np.testing.assert_allclose(both[1].covariance(pair), both[0].covariance(pair), rtol=1e-7, atol=1e-12)
    assert "replicate weights supplied" in both[1].estimate("", "a").method


def test_a_total_in_a_replicate_without_the_domain_is_nought() -> None:
    """Rao-Wu often draws none of 2 PSUs in 10: their total is 0 there, not unknown (R keeps it too)."""
    rng = np.random.default_rng(0)
    y, domain = rng.normal(5, 1, 10), np.where(np.arange(10) < 2, "in", "out")
    design = SampleDesign.build(weights=np.ones(10))
    replicates = rao_wu(design.selection, 300, seed=1)
    theta = replicates.factors[:, :2] @ y[:2]
    assert (theta == 0).sum() > 10
    found = totals(design.replicated(replicates), {"y": y}, domains=domain)
    assert found.variance[1, 0] == pytest.approx(theta.var(ddof=1), rel=1e-12)
    supplied = supplied_replicates(columns_of(design, replicates), scale=1 / 299)
    again = totals(design.replicated(supplied), {"y": y}, domains=domain)
    assert again.variance[1, 0] == pytest.approx(theta.var(ddof=1), rel=1e-12)


def test_a_mean_in_a_replicate_without_the_domain_is_left_out() -> None:
    """R `svrVar` omits it: what is left is Σ (θ - centre)² over the others, at the same scale."""
    design = SampleDesign.build(weights=np.ones(4), psu=[1, 2, 3, 4])
    analysis = analyse(
        design.replicated(jackknife(design.selection)),
        {"y": np.array([1.0, 3, 5, 9])},
        domains=["in", "in", "", ""],
        measure=MEAN,
    )
    # Left out: PSU 1 (mean 3), PSU 2 (mean 1), PSU 3 and PSU 4 (mean 2): centre 2, scale 3/4.
    assert analysis.variance[1, 0] == pytest.approx(3 / 4 * 2, rel=1e-14)
    alone = analyse(
        design.replicated(jackknife(design.selection)),
        {"y": np.array([1.0, 3, 5, 9])},
        domains=["in", "", "", ""],
        measure=MEAN,
    )
    assert alone.estimate("in", "y").se is None


def test_the_centre_leaves_replicates_of_no_scale_out() -> None:
    """R: colMeans(thetas[rscales > 0, ])."""
    design = SampleDesign.build(weights=np.ones(3))
    columns = np.array([[1.0, 2, 0], [1, 0, 3], [1, 1, 0]])
    supplied = supplied_replicates(columns, rscales=[0, 1, 2], scale=0.5)
    y = np.array([1.0, 2, 4])
    theta = y @ columns
    wanted = 0.5 * (np.array([0, 1, 2]) * (theta - theta[1:].mean()) ** 2).sum()
    assert totals(design.replicated(supplied), {"y": y}).variance[0, 0] == pytest.approx(wanted, rel=1e-14)
    exact = replace(supplied, mse=True)
    wanted = 0.5 * (np.array([0, 1, 2]) * (theta - 7) ** 2).sum()
    assert totals(design.replicated(exact), {"y": y}).variance[0, 0] == pytest.approx(wanted, rel=1e-14)


# Comparisons


@PROPERTY
@given(samples())
def test_differences_and_covariances_come_from_the_same_replicates(table: Table) -> None:
    design = design_of(table)
    replicates = jackknife(design.selection)
    analysis = totals(design.replicated(replicates), answers_of(table), domains=table["domain"])
    taylor = totals(design, answers_of(table), domains=table["domain"])
    if len(analysis.domains) < 3 or np.isnan(analysis.value).any():
        return
    pair = [("x", "a"), ("y", "a"), ("", "b")]
    matrix = analysis.covariance(pair)
    np.testing.assert_allclose(matrix, taylor.covariance(pair), rtol=1e-7, atol=1e-8)
    np.testing.assert_allclose(
        np.diag(matrix), [analysis.variance[analysis.place(*one)] for one in pair], rtol=1e-9
    )
    found, wanted = (one.difference("a", "x", "y") for one in (analysis, taylor))
    assert found.value == wanted.value
    assert found.df == min(wanted.df, replicates.count - 1)
    if wanted.se is not None:
        assert found.se == pytest.approx(wanted.se, rel=1e-8)


# Degrees of freedom


def test_degrees_of_freedom_are_those_of_the_psus_or_of_fewer_replicates() -> None:
    design = SampleDesign.build(weights=np.ones(12), strata=np.arange(12) // 6)
    answers, labels = {"y": np.arange(12.0)}, ["in"] * 4 + ["out"] * 8
    for replicates, df in (
        (jackknife(design.selection), [10, 3, 6]),
        (rao_wu(design.selection, 500, seed=1), [10, 3, 6]),
        (rao_wu(design.selection, 6, seed=1), [5, 3, 5]),
    ):
        analysis = analyse(design.replicated(replicates), answers, domains=labels, measure=MEAN)
        assert analysis.df.tolist() == df
        assert analysis.difference("y", "in", "out").df == df[0]


def test_degrees_of_freedom_of_supplied_weights_are_their_rank_less_one() -> None:
    """R `degf.svyrep.design`: qr(weights)$rank - 1, in every domain."""
    design = SampleDesign.build(weights=np.ones(8))
    columns = columns_of(design, jackknife(design.selection))
    doubled = np.hstack([columns, columns[:, :3]])
    supplied = supplied_replicates(doubled)
    assert supplied.df == 7
    analysis = totals(design.replicated(supplied), {"y": np.arange(8.0)}, domains=["in"] * 2 + ["out"] * 6)
    assert analysis.df.tolist() == [7, 7, 7]
    assert supplied_replicates(columns[:, :2]).df == 1


# What is refused


@pytest.mark.parametrize(
    ("weights", "more"),
    [
        (np.ones(5), {}),
        (np.ones((5, 1)), {}),
        (np.zeros((0, 3)), {}),
        (np.zeros((5, 3)), {}),
        ([[1.0, -1.0], [1.0, 1.0]], {}),
        ([[1.0, np.nan], [1.0, 1.0]], {}),
        ([[1.0, np.inf], [1.0, 1.0]], {}),
        ([["một", "hai"], ["ba", "bốn"]], {}),
        (np.ones((5, 3)), {"rscales": [1, 1]}),
        (np.ones((5, 3)), {"rscales": [1, -1, 1]}),
        (np.ones((5, 3)), {"rscales": [1, np.nan, 1]}),
        (np.ones((5, 3)), {"rscales": ["x", "y", "z"]}),
        (np.ones((5, 3)), {"scale": 0}),
        (np.ones((5, 3)), {"scale": -1}),
        (np.ones((5, 3)), {"scale": float("nan")}),
        (np.ones((5, 3)), {"scale": float("inf")}),
    ],
)
def test_columns_that_are_no_replicate_weights_are_refused(weights: Any, more: dict[str, Any]) -> None:
    with pytest.raises(BadReplicates):
        supplied_replicates(weights, **more)


def test_one_rscale_stands_for_all() -> None:
    assert supplied_replicates(np.ones((5, 3)), rscales=0.5).rscales.tolist() == [0.5] * 3


def test_replicates_of_another_sample_are_refused() -> None:
    design = SampleDesign.build(weights=np.ones(6))
    with pytest.raises(DifferentLengths, match="replicates has 5 values; 6"):
        design.replicated(supplied_replicates(np.ones((5, 3))))
    with pytest.raises(DifferentLengths):
        design.replicated(jackknife(SampleDesign.build(weights=np.ones(5)).selection))


def test_half_samples_need_two_psus_in_every_stratum_and_no_finite_population() -> None:
    three = SampleDesign.build(weights=np.ones(5), strata=list("ppqqq")).selection
    with pytest.raises(BadReplicates, match="2 PSUs a stratum: q"):
        balanced_half_samples(three)
    finite = SampleDesign.build(weights=np.ones(4), strata=list("ppqq"), fpc=9).selection
    with pytest.raises(BadReplicates, match="fpc"):
        balanced_half_samples(finite)
    pairs = SampleDesign.build(weights=np.ones(4), strata=list("ppqq")).selection
    for rho in (-0.1, 1.0, 1.5, float("nan")):
        with pytest.raises(BadReplicates, match="rho"):
            balanced_half_samples(pairs, rho=rho)


@pytest.mark.parametrize("count", [-3, 0, 1])
def test_a_bootstrap_needs_two_replicates(count: int) -> None:
    with pytest.raises(BadReplicates, match=f"replicates={count}"):
        rao_wu(SampleDesign.build(weights=np.ones(4)).selection, count, seed=1)


def test_calibration_and_replicates_are_refused_together() -> None:
    design = SampleDesign.build(weights=np.ones(4))
    calibrated = design.calibrated(poststratify(np.ones(4), Margin("m", [0, 1, 0, 1], {0: 3, 1: 4})))
    with pytest.raises(BadRequest, match="calibration and replicates"):
        calibrated.replicated(jackknife(design.selection))
