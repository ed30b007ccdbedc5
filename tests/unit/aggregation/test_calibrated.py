"""Calibrated designs: variances of residuals, against the residuals of every row in plain loops.

Source: statistics.md §2.5; Deville & Särndal 1992. The residuals of a row are those of
`survey.aggregation.weighting.residuals`, which R's golden values hold (weighting/test_golden_weights.py).
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import (
    Analysis,
    BadRequest,
    DifferentLengths,
    IndexDefinition,
    LonelyPsu,
    Measure,
    SampleDesign,
    analyse,
    describe_method,
    jackknife,
    proportions,
    ratios,
    totals,
)
from survey.aggregation.weighting import (
    Calibration,
    Margin,
    NumericTotal,
    calibrate,
    poststratify,
    rake,
    residuals,
)
from tests.unit.aggregation.plain import Plan, first_stage, second_stage

PROPERTY = settings(deadline=None, max_examples=12)
MEAN = Measure("mean")
INDEX = IndexDefinition.averaged("index", {"a": 0.6, "b": 0.4})
CONVENTIONS = ("calibrate", "poststratify", "rake")
Table = dict[str, Any]


@st.composite
def samples(draw: st.DrawFn) -> Table:
    """Draw a sample of three strata with gaps, one row of weight 0, and a population near it."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows = 48
    weights = rng.uniform(0.5, 4, rows)
    weights[5] = 0
    age, area = np.arange(rows) % 3, (np.arange(rows) // 3) % 2
    truth = weights * rng.uniform(0.7, 1.4, rows)
    answers = np.where(rng.random((rows, 2)) < 0.2, np.nan, rng.integers(1, 6, (rows, 2)))
    return {
        "weights": weights,
        "stratum": (np.arange(rows) % 12) // 4,
        "psu": np.arange(rows) % 4,
        "domain": rng.choice(["x", "y", "z"], rows),
        "a": answers[:, 0],
        "b": answers[:, 1],
        "age": Margin("age", age, dict(enumerate(np.bincount(age, truth).tolist()))),
        "area": Margin("area", area, dict(enumerate(np.bincount(area, truth).tolist()))),
        "size": NumericTotal("size", rng.normal(10, 3, rows), float(truth.sum() * 10.3)),
    }


def calibration_of(table: Table, convention: str) -> Calibration:
    if convention == "poststratify":
        return poststratify(table["weights"], table["age"])
    if convention == "rake":
        return rake(table["weights"], [table["age"], table["area"]], convention="rake")
    return calibrate(table["weights"], [table["age"], table["area"]], [table["size"]])


def design_of(table: Table, calibration: Calibration, **more: Any) -> SampleDesign:
    return SampleDesign.build(
        weights=table["weights"], strata=table["stratum"], psu=table["psu"], **more
    ).calibrated(calibration)


def answers_of(table: Table) -> dict[str, np.ndarray]:
    return {item: table[item] for item in "ab"}


def influence(kind: str, weights: np.ndarray, y: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Return each row's u, not multiplied by its weight: y for a total, (y - m) / W for a mean."""
    counts = inside & ~np.isnan(y) & (weights != 0)
    known = np.where(counts, y, 0.0)
    if kind == "total":
        return known
    total = weights[counts].sum()
    return np.where(counts, known - weights[counts] @ known[counts] / total, 0.0) / total


@PROPERTY
@given(samples(), st.sampled_from(CONVENTIONS), st.sampled_from(["mean", "total"]), st.booleans())
def test_the_variance_is_that_of_the_residuals_of_every_row(
    table: Table, convention: str, kind: str, has_fpc: bool
) -> None:
    calibration = calibration_of(table, convention)
    design = design_of(table, calibration, fpc=9 if has_fpc else None)
    estimate: Any = totals if kind == "total" else lambda *a, **k: analyse(*a, measure=MEAN, **k)
    analysis = estimate(design, answers_of(table), domains=table["domain"])
    sizes = {h: 9.0 for h in (0, 1, 2)} if has_fpc else None
    plan = Plan(table["stratum"].tolist(), table["psu"].tolist(), sizes)
    everyone = [True] * table["weights"].size
    for domain in analysis.domains:
        inside = (table["domain"] == domain.value) | (domain.value == "")
        at = analysis.place(domain, "a")
        u = influence(kind, calibration.weights, table["a"], inside)
        z = calibration.weights * residuals(calibration, u[:, None])[:, 0]
        wanted = first_stage(plan, z.tolist(), everyone)
        assert analysis.variance[at] == pytest.approx(wanted, rel=1e-8, abs=1e-12 * (z @ z) + 1e-24)
        assert analysis.covariance([(domain, "a")])[0, 0] == pytest.approx(
            analysis.variance[at], rel=1e-9, abs=1e-12 * (z @ z) + 1e-24
        )


@PROPERTY
@given(samples(), st.sampled_from(CONVENTIONS))
def test_an_index_is_the_contrast_of_its_items_in_every_domain(table: Table, convention: str) -> None:
    design = design_of(table, calibration_of(table, convention))
    analysis = analyse(design, answers_of(table), domains=table["domain"], measure=MEAN, indices=[INDEX])
    for domain in analysis.domains:
        at = analysis.place(domain, "index")
        if analysis.incomplete[at] or np.isnan(analysis.value[at]):
            continue
        matrix = analysis.covariance([(domain, "a"), (domain, "b")])
        a = np.array([0.6, 0.4])
        assert analysis.variance[at] == pytest.approx(a @ matrix @ a, rel=1e-7, abs=1e-14)
        contrast = analysis.contrast({(domain, "a"): 0.6, (domain, "b"): 0.4})
        if contrast.se is not None:
            assert contrast.se**2 == pytest.approx(analysis.variance[at], rel=1e-7)
            assert contrast.value == pytest.approx(analysis.value[at], rel=1e-12)


@PROPERTY
@given(samples(), st.sampled_from(CONVENTIONS))
def test_differences_of_domains_take_the_covariance_of_their_residuals(table: Table, convention: str) -> None:
    """Calibration makes domains in different strata depend on each other, through the coefficients."""
    calibration = calibration_of(table, convention)
    analysis = analyse(
        design_of(table, calibration), answers_of(table), domains=table["stratum"], measure=MEAN
    )
    w = calibration.weights
    u = influence("mean", w, table["a"], table["stratum"] == 0) - influence(
        "mean", w, table["a"], table["stratum"] == 2
    )
    z = w * residuals(calibration, u[:, None])[:, 0]
    plan = Plan(table["stratum"].tolist(), table["psu"].tolist())
    wanted = first_stage(plan, z.tolist(), [True] * w.size)
    found = analysis.difference("a", "0", "2")
    assert found.se is not None
    assert found.se**2 == pytest.approx(wanted, rel=1e-8)


@PROPERTY
@given(samples(), st.sampled_from(CONVENTIONS))
def test_two_stages_are_summed_over_the_residuals(table: Table, convention: str) -> None:
    calibration = calibration_of(table, convention)
    ssu = (np.arange(48) // 12).tolist()
    design = design_of(table, calibration, ssu=ssu, fpc=9, ssu_fpc=7)
    analysis = analyse(design, answers_of(table), domains=table["domain"], measure=MEAN)
    plan = Plan(table["stratum"].tolist(), table["psu"].tolist(), dict.fromkeys((0, 1, 2), 9.0))
    psus = {key: 7.0 for key in zip(plan.stratum, plan.psu, strict=True)}
    u = influence("mean", calibration.weights, table["b"], table["domain"] == "x")
    z = (calibration.weights * residuals(calibration, u[:, None])[:, 0]).tolist()
    wanted = first_stage(plan, z, [True] * 48) + second_stage(plan, ssu, psus, z)
    at = analysis.place("x", "b")
    if not np.isnan(analysis.value[at]):
        assert analysis.variance[at] == pytest.approx(wanted, rel=1e-8, abs=1e-15)


@PROPERTY
@given(samples())
def test_a_ratio_after_calibration_is_that_of_its_residuals(table: Table) -> None:
    calibration = calibration_of(table, "calibrate")
    analysis = ratios(design_of(table, calibration), {"a": table["a"]}, {"b": table["b"]})
    w, both = calibration.weights, ~np.isnan(table["a"]) & ~np.isnan(table["b"])
    upper, lower = (np.where(both, table[item], 0.0) for item in "ab")
    ratio = (w @ upper) / (w @ lower)
    u = (upper - ratio * lower) / (w @ lower)
    z = w * residuals(calibration, u[:, None])[:, 0]
    plan = Plan(table["stratum"].tolist(), table["psu"].tolist())
    assert analysis.value[0, 0] == pytest.approx(ratio, rel=1e-12)
    assert analysis.variance[0, 0] == pytest.approx(first_stage(plan, z.tolist(), [True] * 48), rel=1e-8)


@pytest.mark.parametrize("convention", CONVENTIONS)
@PROPERTY
@given(table=samples())
def test_what_was_calibrated_to_has_no_standard_error(convention: str, table: Table) -> None:
    """The total of a margin is known, and so are its share and the total of a numeric column."""
    calibration = calibration_of(table, convention)
    design = design_of(table, calibration)
    known = {"first": (table["age"].labels == 0).astype(np.int8)}
    assert totals(design, known).variance[0, 0] == 0
    total = totals(design, known).estimate("", "first")
    assert total.value == pytest.approx(table["age"].totals[0], rel=1e-9)
    assert (total.se, total.ci_low, total.ci_high, total.deff) == (None, None, None, None)
    assert "no_interval" in total.flags
    assert proportions(design, table["age"].labels).estimate("", "0").se is None
    if convention == "calibrate":
        size = totals(design, {"size": np.asarray(table["size"].values)}).estimate("", "size")
        assert (size.value, size.se) == (pytest.approx(table["size"].total, rel=1e-9), None)
    # ... but a part of it in a domain that the margins do not know has one.
    assert totals(design, known, domains=np.arange(48) % 5).estimate("1", "first").se is not None


@PROPERTY
@given(samples(), st.sampled_from(CONVENTIONS), st.floats(1e-3, 1e3))
def test_a_population_of_another_size_scales_totals_only(
    table: Table, convention: str, factor: float
) -> None:
    def scaled(margin: Margin) -> Margin:
        return replace(margin, totals={label: total * factor for label, total in margin.totals.items()})

    bigger = table | {
        "age": scaled(table["age"]),
        "area": scaled(table["area"]),
        "size": replace(table["size"], total=table["size"].total * factor),
    }
    found: list[tuple[Analysis, Analysis]] = []
    for one in (table, bigger):
        design = design_of(one, calibration_of(one, convention))
        found.append((analyse(design, answers_of(one), measure=MEAN), totals(design, answers_of(one))))
    np.testing.assert_allclose(found[1][0].variance, found[0][0].variance, rtol=1e-6)
    np.testing.assert_allclose(found[1][1].variance, found[0][1].variance * factor**2, rtol=1e-6)


def test_calibration_of_one_cell_leaves_means_as_they_were() -> None:
    """One post-stratum: ratio-adjusted to N. A mean's residuals already have weighted mean 0."""
    rng = np.random.default_rng(3)
    weights, psu = rng.uniform(1, 2, 40), np.arange(40) // 4
    answers = {"a": rng.integers(1, 6, 40).astype(np.int8)}
    plain = SampleDesign.build(weights=weights, psu=psu)
    made = plain.calibrated(poststratify(weights, Margin("all", ["in"] * 40, {"in": 5000.0})))
    before, after = (analyse(one, answers, measure=MEAN) for one in (plain, made))
    np.testing.assert_allclose(after.value, before.value, rtol=1e-14)
    np.testing.assert_allclose(after.variance, before.variance, rtol=1e-12)
    assert totals(made, {"one": np.ones(40)}).estimate("", "one").se is None


def test_weights_that_calibration_made_negative_still_count_as_respondents() -> None:
    """GREG knows no bounds; R `degf` and counts keep every response whose weight is not 0."""
    size = np.array([1.0, 1, 1, 1, 9, 9])
    made = calibrate(np.ones(6), [], [NumericTotal("size", size, 0.5)], population=6)
    assert (made.weights < 0).any()
    design = SampleDesign.build(weights=np.ones(6)).calibrated(made)
    analysis = analyse(design, {"a": np.arange(6.0)}, domains=list("pppqqq"), measure=MEAN)
    assert analysis.n[:, 0].tolist() == [6, 3, 3]
    assert (analysis.df.tolist(), design.df) == ([5, 2, 2], 5)
    # Weights of both signs may leave a negative sum of squares: no spread to measure a design effect by.
    index = IndexDefinition.averaged("index", {"a": 1.0})
    pair = ["both", None, None, None, "both", None]
    below = analyse(design, {"a": np.arange(6.0)}, domains=pair, measure=MEAN, indices=[index])
    for statistic in ("a", "index"):
        one = below.estimate("both", statistic)
        assert (one.n, one.deff, one.n_eff) == (2, None, None)
        assert one.se is not None


def test_a_weight_of_zero_takes_no_part_but_its_psu_counts() -> None:
    weights = np.array([1.0, 2, 1, 2, 0])
    margin = Margin("m", ["a", "a", "b", "b", None], {"a": 10.0, "b": 20.0})
    design = SampleDesign.build(weights=weights).calibrated(poststratify(weights, margin))
    y = np.array([1.0, 4, 2, 5, 99])
    analysis = totals(design, {"y": y})
    z = design.weights * np.array([-2.0, 1, -2, 1, 0])  # y less 3, 4: the weighted cell means
    assert analysis.variance[0, 0] == pytest.approx(5 / 4 * ((z - z.mean()) ** 2).sum(), rel=1e-12)
    assert (analysis.n[0, 0], analysis.df[0]) == (4, 3)


def test_rules_for_lone_psus_look_at_residuals_everywhere() -> None:
    """After calibration no PSU is out of a domain: its residual is not 0 there."""
    weights, strata = np.ones(6), list("kkllmm")
    margin = Margin("m", [0, 1, 0, 1, 0, 1], {0: 30.0, 1: 40.0})
    columns: dict[str, Any] = {"weights": weights, "strata": strata, "lonely_domains": True}
    answers = {"y": np.array([1.0, 3, 5, 2, 4, 4])}
    labels = ["in", "", "in", "in", "in", "in"]
    for rule in ("adjust", "average", "collapse"):
        made = [
            analyse(
                SampleDesign.build(**(columns | {"lonely_domains": asked}), lonely=rule).calibrated(  # type: ignore[arg-type]
                    poststratify(weights, margin)
                ),
                answers,
                domains=labels,
                measure=MEAN,
            )
            for asked in (True, False)
        ]
        np.testing.assert_allclose(made[0].variance, made[1].variance, rtol=1e-12)
    lone = SampleDesign.build(weights=weights, strata=list("kkllll"), psu=[1, 1, 1, 2, 3, 4], lonely="remove")
    assert totals(lone.calibrated(poststratify(weights, margin)), answers).estimate("", "y").se is not None
    with pytest.raises(LonelyPsu):
        SampleDesign.build(weights=weights, strata=list("kkllll"), psu=[1, 1, 1, 2, 3, 4])


def test_the_method_names_the_weights_and_whose_residuals_vary() -> None:
    weights = np.ones(6)
    margin = Margin("m", [0, 1, 0, 1, 0, 1], {0: 30.0, 1: 40.0})
    for made, phrases in (
        (poststratify(weights, margin), ("calibrated by post-strata", "R postStratify")),
        (rake(weights, [margin], convention="rake"), ("calibrated by raking", "R rake")),
        (rake(weights, [margin]), ("calibrated by raking", "R calibrate")),
    ):
        design = SampleDesign.build(weights=weights).calibrated(made)
        method = totals(design, {"y": np.arange(6.0)}).estimate("", "y").method
        assert all(phrase in method for phrase in phrases)
        assert not set(describe_method(method).split("; ")) & set(method.split("; "))


def test_calibrations_that_do_not_fit_the_design_are_refused() -> None:
    weights = np.ones(4)
    made = poststratify(weights, Margin("m", [0, 1, 0, 1], {0: 30.0, 1: 40.0}))
    with pytest.raises(DifferentLengths, match="calibration"):
        SampleDesign.build(weights=np.ones(5)).calibrated(made)
    design = SampleDesign.build(weights=weights)
    with pytest.raises(BadRequest, match="calibration and replicates"):
        design.replicated(jackknife(design.selection)).calibrated(made)
    with pytest.raises(BadRequest, match="calibration and replicates"):
        design.calibrated(made).replicated(jackknife(design.selection))
