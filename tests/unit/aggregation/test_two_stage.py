"""Two stages of selection: V = V1 + Σ f_h Σ (1 - f_hi) m/(m-1) Σ (z_ij - mean)², against plain loops.

Source: statistics.md §2.5; Särndal, Swensson & Wretman 1992, §4.3; Cochran 1977, §10.3; Bellhouse 1985. R survey
4.5 `svydesign(id=~psu+ssu, strata=~stratum, fpc=~N+M)`.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import (
    BadPopulation,
    BadReplicates,
    BadRequest,
    BadWeights,
    IndexDefinition,
    LonelyPsu,
    Measure,
    MissingLabels,
    SampleDesign,
    analyse,
    jackknife,
    rao_wu,
    totals,
)
from tests.unit.aggregation.plain import Plan, first_stage, influences, second_stage

PROPERTY = settings(deadline=None, max_examples=40)
MEAN = Measure("mean")
Table = dict[str, Any]


@st.composite
def samples(draw: st.DrawFn, fewest: int = 1) -> Table:
    """Draw strata of 2 or 3 PSUs, each of some second-stage units of 1 to 3 people, with sizes of both."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    whole = draw(st.booleans())
    table: Table = {name: [] for name in ("stratum", "psu", "ssu")}
    sizes, ssu_sizes = {}, {}
    for h in "kl"[: draw(st.integers(1, 2))]:
        psus = int(rng.integers(2, 4))
        sizes[h] = float(psus + rng.integers(0, 6))
        for i in range(psus):
            ssus = int(rng.integers(fewest, 5))
            ssu_sizes[h, i] = float(ssus if whole and i == 0 else ssus + rng.integers(0, 9))
            for j in range(ssus):
                people = int(rng.integers(1, 4))
                table["stratum"] += [h] * people
                table["psu"] += [i] * people
                table["ssu"] += [f"j{j}"] * people
    rows = len(table["psu"])
    order = rng.permutation(rows)
    drawn: Table = {name: [column[at] for at in order] for name, column in table.items()}
    keys = list(zip(drawn["stratum"], drawn["psu"], strict=True))
    return drawn | {
        "weights": rng.uniform(1, 9, rows).tolist(),
        "y": rng.integers(1, 6, rows).tolist(),
        "other": rng.integers(1, 6, rows).tolist(),
        "answered": (rng.random(rows) > 0.2).tolist(),
        "domain": rng.choice(["in", "out"], rows).tolist(),
        "sizes": sizes,
        "ssu_sizes": ssu_sizes,
        "fpc": [sizes[h] for h, _ in keys],
        "ssu_fpc": [ssu_sizes[key] for key in keys],
    }


def design_of(table: Table, **more: Any) -> SampleDesign:
    columns = {"weights": table["weights"], "fpc": table["fpc"], "ssu_fpc": table["ssu_fpc"]} | more
    return SampleDesign.build(
        strata=table["stratum"], psu=table["psu"], ssu=table["ssu"], **{"lonely": "remove", **columns}
    )


def answers_of(table: Table) -> dict[str, np.ndarray]:
    return {"y": np.where(table["answered"], np.array(table["y"], dtype=float), np.nan)}


@PROPERTY
@given(samples(), st.sampled_from(["mean", "total"]))
def test_the_variance_is_the_sum_over_both_stages(table: Table, kind: str) -> None:
    estimate: Any = totals if kind == "total" else lambda *a, **k: analyse(*a, measure=MEAN, **k)
    analysis = estimate(design_of(table), answers_of(table), domains=table["domain"])
    plan = Plan(table["stratum"], table["psu"], table["sizes"], "remove")
    for domain in analysis.domains:
        inside = [domain.value in ("", one) for one in table["domain"]]
        at = analysis.place(domain, "y")
        if np.isnan(analysis.value[at]):
            continue
        z = influences(kind, table["weights"], table["y"], table["answered"], inside)
        wanted = first_stage(plan, z, inside) + second_stage(plan, table["ssu"], table["ssu_sizes"], z)
        scale = 1e-13 * sum(one**2 for one in z) + 1e-24
        assert analysis.variance[at] == pytest.approx(wanted, rel=1e-10, abs=scale)
        assert analysis.covariance([(domain, "y")])[0, 0] == pytest.approx(wanted, rel=1e-10, abs=scale)
        psus = {key for key, d in zip(zip(plan.stratum, plan.psu, strict=True), inside, strict=True) if d}
        assert analysis.df[at[0]] == len(psus) - len({h for h, _ in psus})


@PROPERTY
@given(samples())
def test_an_index_carries_the_covariance_of_its_items_at_both_stages(table: Table) -> None:
    answers = answers_of(table) | {"other": np.array(table["other"], dtype=float)}
    index = IndexDefinition.averaged("index", {"y": 0.3, "other": 0.7})
    analysis = analyse(design_of(table), answers, domains=table["domain"], measure=MEAN, indices=[index])
    for domain in analysis.domains:
        at = analysis.place(domain, "index")
        if np.isnan(analysis.value[at]) or analysis.incomplete[at]:
            continue
        matrix = analysis.covariance([(domain, "y"), (domain, "other")])
        a = np.array([0.3, 0.7])
        assert analysis.variance[at] == pytest.approx(a @ matrix @ a, rel=1e-9, abs=1e-15)


@PROPERTY
@given(samples())
def test_a_difference_takes_the_covariance_of_both_stages(table: Table) -> None:
    """Two domains in the same second-stage units: V(d) + V(e) - 2 Cov."""
    analysis = analyse(design_of(table), answers_of(table), domains=table["domain"], measure=MEAN)
    if len(analysis.domains) < 3 or np.isnan(analysis.value).any():
        return
    matrix = analysis.covariance([("in", "y"), ("out", "y")])
    found = analysis.difference("y", "in", "out")
    if found.se is not None:
        wanted = matrix[0, 0] + matrix[1, 1] - 2 * matrix[0, 1]
        assert found.se**2 == pytest.approx(wanted, rel=1e-9, abs=1e-14)


@PROPERTY
@given(samples())
def test_sizes_and_fractions_and_labels_say_the_same(table: Table) -> None:
    by_row = design_of(table)
    psus = {
        h: {i for g, i in zip(table["stratum"], table["psu"], strict=True) if g == h} for h in table["sizes"]
    }
    units = list(zip(table["stratum"], table["psu"], table["ssu"], strict=True))
    ssus = {key: len({u for u in units if u[:2] == key}) for key in table["ssu_sizes"]}
    by_label = design_of(table, fpc=table["sizes"], ssu_fpc=table["ssu_sizes"])
    fractions = design_of(
        table,
        fpc={h: len(psus[h]) / size for h, size in table["sizes"].items()},
        ssu_fpc={key: ssus[key] / size for key, size in table["ssu_sizes"].items()},
    )
    for other in (by_label, fractions):
        np.testing.assert_allclose(
            totals(other, answers_of(table), domains=table["domain"]).variance,
            totals(by_row, answers_of(table), domains=table["domain"]).variance,
            rtol=1e-9,
        )


@PROPERTY
@given(samples())
def test_weights_derived_from_sizes_are_the_product_of_both_inverse_fractions(table: Table) -> None:
    derived = design_of(table, weights=None)
    units = set(zip(table["stratum"], table["psu"], table["ssu"], strict=True))
    psus = {key[:2] for key in units}
    for row, (h, i) in enumerate(zip(table["stratum"], table["psu"], strict=True)):
        n = sum(key[0] == h for key in psus)
        m = sum(key[:2] == (h, i) for key in units)
        wanted = table["sizes"][h] / n * table["ssu_sizes"][h, i] / m
        assert derived.weights[row] == pytest.approx(wanted, rel=1e-14)


@PROPERTY
@given(samples(fewest=2))
def test_a_second_stage_taken_whole_adds_nothing(table: Table) -> None:
    units = set(zip(table["stratum"], table["psu"], table["ssu"], strict=True))
    full = [
        float(sum(key[:2] == (h, i) for key in units))
        for h, i in zip(table["stratum"], table["psu"], strict=True)
    ]
    two = totals(design_of(table, ssu_fpc=full), answers_of(table), domains=table["domain"])
    one = SampleDesign.build(
        weights=table["weights"], strata=table["stratum"], psu=table["psu"], fpc=table["fpc"], lonely="remove"
    )
    first_only = totals(one, answers_of(table), domains=table["domain"])
    np.testing.assert_array_equal(two.variance, first_only.variance)
    assert two.estimate("", "y").method == first_only.estimate("", "y").method
    assert "second stage" not in two.estimate("", "y").method


@PROPERTY
@given(samples())
def test_units_of_the_second_stage_without_sizes_are_taken_whole(table: Table) -> None:
    """R `svydesign(id=~psu+ssu, fpc=~N)`: nothing at the second stage."""
    columns = {
        "weights": table["weights"],
        "strata": table["stratum"],
        "psu": table["psu"],
        "lonely": "remove",
    }
    for fpc in (None, table["fpc"]):
        with_units = totals(SampleDesign.build(**columns, ssu=table["ssu"], fpc=fpc), answers_of(table))
        without = totals(SampleDesign.build(**columns, fpc=fpc), answers_of(table))
        np.testing.assert_array_equal(with_units.variance, without.variance)


# By hand


def test_equal_sizes_by_hand() -> None:
    """Cochran 1977 (10.15): N = 6, n = 2, M = 4, m = 2; units (1, 3) and (4, 8); total 12 · 16 = 96... by hand:

    Σ y = 16, each standing for 6 · 4 / (2 · 2) = 6, so 96. Estimated PSU totals 8 and 24: s1² = 128, and
    N² (1 - n/N) s1² / n = 36 · 2/3 · 64 = 1536. Within: s² = 2 and 8, so
    (N/n) Σ M² (1 - m/M) s²/m = 3 · 16 · 1/2 · (1 + 4) = 120. Together 1656.
    """
    design = SampleDesign.build(psu=[1, 1, 2, 2], ssu=[1, 2, 1, 2], fpc=6, ssu_fpc=4)
    one = totals(design, {"y": np.array([1.0, 3, 4, 8])}).estimate("", "y")
    assert (one.value, one.df, one.n) == (96.0, 1, 4)
    assert one.se == pytest.approx(1656**0.5, rel=1e-14)
    assert "second stage; finite population correction" in one.method


def test_psus_taken_with_certainty_vary_at_the_second_stage_only() -> None:
    """n = N = 2: f = 1, so V = Σ M² (1 - m/M) s²/m = 16 · 1/2 · (1 + 4) = 40."""
    design = SampleDesign.build(psu=[1, 1, 2, 2], ssu=[1, 2, 1, 2], fpc=2, ssu_fpc=4)
    one = totals(design, {"y": np.array([1.0, 3, 4, 8])}).estimate("", "y")
    assert (one.value, one.se) == (32.0, pytest.approx(40**0.5, rel=1e-14))


def test_one_psu_taken_with_certainty_varies_at_its_second_stage() -> None:
    """N = n = 1 is no lone PSU; the whole variance is that of its units: 16 · 1/2 · 2/2 = 8."""
    design = SampleDesign.build(
        strata=list("kkll"), psu=[1, 1, 1, 1], ssu=[1, 2, 1, 2], fpc={"k": 1, "l": 1}, ssu_fpc=4
    )
    analysis = totals(design, {"y": np.array([1.0, 3, 4, 8])}, domains=list("kkll"))
    assert analysis.variance[:, 0] == pytest.approx([40.0, 8.0, 32.0], rel=1e-14)
    assert analysis.estimate("", "y").se is None  # 2 PSUs less 2 strata leave no degree of freedom


# Lone units of the second stage


def lone_unit(rule: Any) -> SampleDesign:
    return SampleDesign.build(psu=[1, 2, 2], ssu=[1, 1, 2], fpc=6, ssu_fpc=4, lonely=rule)


def test_a_psu_with_one_unit_of_several_is_refused_under_fail_by_name() -> None:
    with pytest.raises(LonelyPsu) as refused:
        SampleDesign.build(strata=list("kkk"), psu=["xã A", "xã B", "xã B"], ssu=[1, 1, 2], fpc=6, ssu_fpc=4)
    assert refused.value.places == {"strata": "k / xã A"}


@pytest.mark.parametrize("rule", ["remove", "certainty", "adjust", "average", "collapse"])
def test_a_psu_with_one_unit_of_several_adds_nothing_at_the_second_stage(rule: str) -> None:
    """PSU totals of z: w y = 12·2 | 6·1, 6·5: V1 = 2/3 · 2 · (6² + 6²); V2 = 1/3 · 1/2 · 2 · (12² + 12²)."""
    found = totals(lone_unit(rule), {"y": np.array([2.0, 1, 5])})
    assert found.variance[0, 0] == pytest.approx(2 / 3 * 2 * 72 + 1 / 3 * 0.5 * 2 * 288, rel=1e-14)
    assert found.covariance([("", "y")])[0, 0] == pytest.approx(found.variance[0, 0], rel=1e-14)


def test_a_unit_that_is_the_whole_of_its_psu_is_not_lone() -> None:
    design = SampleDesign.build(psu=[1, 2, 2], ssu=[1, 1, 2], fpc=6, ssu_fpc={("", 1): 1, ("", 2): 4})
    assert design.selection.second is not None
    assert design.lonely == "fail"


# Faults


def test_sizes_that_miss_what_they_belong_to_are_refused() -> None:
    columns: dict[str, Any] = {"weights": np.ones(4), "psu": [1, 1, 2, 2]}
    with pytest.raises(BadRequest, match="ssu_fpc needs fpc"):
        SampleDesign.build(**columns, ssu=[1, 2, 1, 2], ssu_fpc=4)
    with pytest.raises(BadRequest, match="ssu_fpc needs ssu"):
        SampleDesign.build(**columns, fpc=4, ssu_fpc=4)
    with pytest.raises(BadRequest, match="ssu needs psu"):
        SampleDesign.build(weights=np.ones(4), ssu=[1, 2, 1, 2])
    with pytest.raises(MissingLabels, match="ssu"):
        SampleDesign.build(**columns, ssu=[1, None, 1, 2])


@pytest.mark.parametrize(
    ("sizes", "problem"),
    [
        ({"fpc": 6, "ssu_fpc": 1.5}, "smaller than the sample"),
        ({"fpc": 6, "ssu_fpc": 0.5}, "sizes and fractions mixed"),
        ({"fpc": 0.5, "ssu_fpc": 40}, "sizes and fractions mixed"),
        ({"fpc": 6, "ssu_fpc": {("", 1): 4}}, "missing"),
        ({"fpc": 6, "ssu_fpc": [4, 5, 4, 4]}, "varies within the stratum"),
        ({"fpc": 6, "ssu_fpc": [4, float("nan"), 4, 4]}, "missing|varies"),
        ({"fpc": 6, "ssu_fpc": -4}, "not positive"),
        ({"fpc": 1, "ssu_fpc": 4}, "smaller than the sample"),
    ],
)
def test_sizes_that_cannot_be_are_refused(sizes: dict[str, Any], problem: str) -> None:
    with pytest.raises(BadPopulation, match=problem):
        SampleDesign.build(weights=np.ones(4), psu=[1, 1, 2, 2], ssu=[1, 2, 1, 2], **sizes)


def test_weights_cannot_be_derived_from_an_infinite_population() -> None:
    with pytest.raises(BadWeights, match="neither weight nor size"):
        SampleDesign.build(psu=[1, 1, 2, 2], ssu=[1, 2, 1, 2], fpc=np.inf, ssu_fpc=4)
    with pytest.raises(BadRequest, match="no column"):
        SampleDesign.build(fpc=4, lonely="remove")


def test_design_replicates_are_refused_for_two_stages() -> None:
    """They multiply whole PSUs, so that they would leave the second stage out."""
    selection = SampleDesign.build(psu=[1, 1, 2, 2], ssu=[1, 2, 1, 2], fpc=6, ssu_fpc=4).selection
    for build in (jackknife, lambda one: rao_wu(one, seed=1)):
        with pytest.raises(BadReplicates, match="second stage"):
            build(selection)
