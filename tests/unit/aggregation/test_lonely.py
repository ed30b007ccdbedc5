"""Rules for lone PSUs, in the sample and in a domain, against plain loops over the formulas.

Source: statistics.md §2.5; R survey 4.5 `options(survey.lonely.psu, survey.adjust.domain.lonely)`; collapsed
strata: Rust & Kalton 1987.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import (
    BadReplicates,
    BadRequest,
    LonelyPsu,
    Measure,
    SampleDesign,
    analyse,
    balanced_half_samples,
    jackknife,
    rao_wu,
    totals,
)
from survey.aggregation.selection import neighbours
from tests.unit.aggregation.plain import Lone, Plan, first_stage, influences, merged

RULES = ("fail", "remove", "certainty", "adjust", "average", "collapse")
PROPERTY = settings(deadline=None, max_examples=40)
Table = dict[str, Any]


@st.composite
def samples(draw: st.DrawFn) -> Table:
    """Draw 1 to 5 strata of 1 to 3 PSUs of 1 to 3 rows, with gaps, weights, domains and perhaps sizes."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    counts = draw(st.lists(st.integers(1, 3), min_size=1, max_size=5))
    stratum, psu = [], []
    for h, count in enumerate(counts):
        for i in range(count):
            rows = int(rng.integers(1, 4))
            stratum += ["klmno"[h]] * rows
            psu += [i] * rows
    size = len(stratum)
    order = rng.permutation(size)
    more = draw(st.sampled_from([None, 1, 5]))
    sizes = None if more is None else {"klmno"[h]: float(n + more * (h % 3)) for h, n in enumerate(counts)}
    return {
        "stratum": [stratum[at] for at in order],
        "psu": [psu[at] for at in order],
        "weights": rng.uniform(0.5, 3, size).tolist(),
        "y": rng.integers(1, 6, size).tolist(),
        "answered": (rng.random(size) > 0.2).tolist(),
        "domain": rng.choice(["in", "out", ""], size).tolist(),
        "sizes": sizes,
    }


def analysed(table: Table, plan: Plan, kind: str) -> Any:
    design = SampleDesign.build(
        weights=table["weights"],
        strata=table["stratum"],
        psu=table["psu"],
        fpc=table["sizes"],
        lonely=plan.rule,  # type: ignore[arg-type]  # one of the rules
        lonely_domains=plan.lonely_domains,
    )
    y = np.where(table["answered"], np.array(table["y"], dtype=float), np.nan)
    estimate: Any = totals if kind == "total" else lambda *a, **k: analyse(*a, measure=Measure("mean"), **k)
    return estimate(design, {"y": y}, domains=table["domain"])


@PROPERTY
@given(samples(), st.sampled_from(RULES), st.booleans(), st.sampled_from(["mean", "total"]))
def test_every_rule_is_its_formula_in_the_whole_and_in_domains(
    table: Table, rule: str, lonely_domains: bool, kind: str
) -> None:
    plan = Plan(table["stratum"], table["psu"], table["sizes"], rule, lonely_domains)
    try:
        analysis = analysed(table, plan, kind)
    except LonelyPsu:
        assert is_refused(table, plan)
        return
    for domain in analysis.domains:
        inside = [domain.value in ("", one) for one in table["domain"]]
        if not any(r and d for r, d in zip(table["answered"], inside, strict=True)):
            assert np.isnan(analysis.value[analysis.place(domain, "y")])
            continue
        z = influences(kind, table["weights"], table["y"], table["answered"], inside)
        wanted = first_stage(plan, z, inside)
        found = analysis.variance[analysis.place(domain, "y")]
        scale = sum(one**2 for one in z)
        assert found == pytest.approx(wanted, rel=1e-10, abs=1e-13 * scale + 1e-24, nan_ok=True)
        same = analysis.covariance([(domain, "y")])[0, 0]
        assert same == pytest.approx(wanted, rel=1e-10, abs=1e-13 * scale + 1e-24, nan_ok=True)


def is_refused(table: Table, plan: Plan) -> bool:
    """Say whether plain loops refuse the design, or any of its domains."""
    counts = {
        h: len({i for g, i in zip(plan.stratum, plan.psu, strict=True) if g == h}) for h in plan.stratum
    }
    lone = [h for h, n in counts.items() if n == 1 and (plan.sizes is None or plan.sizes[h] > 1)]
    if plan.rule == "collapse":
        return bool(lone) and len(counts) == 1
    if plan.rule != "fail":
        return False
    z = [1.0] * len(plan.stratum)
    for domain in ("in", "out"):
        inside = [one == domain for one in table["domain"]]
        try:
            if any(inside):
                first_stage(plan, z, inside)
        except Lone:
            return True
    return bool(lone)


@PROPERTY
@given(samples(), st.sampled_from(RULES[1:]), st.booleans())
def test_a_covariance_is_that_of_the_union_of_its_domains(table: Table, rule: str, lonely: bool) -> None:
    """V(y_in + y_out) over the rows of both, by the plain loops; rules look at the union's strata."""
    plan = Plan(table["stratum"], table["psu"], table["sizes"], rule, lonely)
    if is_refused(table, plan):
        return
    analysis = analysed(table, plan, "total")
    parts = [domain for domain in analysis.domains[1:] if analysis.n[analysis.place(domain, "y")] > 0]
    if len(parts) < 2:
        return
    inside = [one in ("in", "out") for one in table["domain"]]
    z = influences("total", table["weights"], table["y"], table["answered"], inside)
    wanted = first_stage(plan, z, inside)
    matrix = analysis.covariance([(domain, "y") for domain in parts])
    assert matrix.sum() == pytest.approx(wanted, rel=1e-10, abs=1e-12 * sum(one**2 for one in z), nan_ok=True)
    np.testing.assert_allclose(matrix, matrix.T, rtol=1e-9, atol=1e-12)


def test_certainty_is_remove_by_another_name() -> None:
    table = {
        "stratum": list("kllmm"), "psu": [1, 1, 2, 1, 2], "weights": [1.0] * 5, "y": [5, 1, 4, 2, 3],
        "answered": [True] * 5, "domain": ["in"] * 5, "sizes": None,
    }  # fmt: skip
    found = [analysed(table, Plan([], [], None, rule), "total").variance for rule in ("remove", "certainty")]
    np.testing.assert_array_equal(*found)


# Failing


def test_fail_names_every_stratum_with_one_psu_and_no_other() -> None:
    strata = ["Huế", "Lâm Đồng", "Lâm Đồng", "Đắk Lắk", "An Giang"]
    with pytest.raises(LonelyPsu) as refused:
        SampleDesign.build(weights=np.ones(5), strata=strata, fpc={s: 1 if s == "Huế" else 9 for s in strata})
    assert refused.value.places == {"strata": "An Giang, Đắk Lắk"}


def test_a_domain_with_one_psu_of_a_stratum_is_refused_by_name_only_when_asked() -> None:
    labels = ["in", "in", "", "in", "in", "in"]
    columns: dict[str, Any] = {"weights": np.ones(6), "strata": list("aabbcc"), "psu": [1, 2, 1, 2, 1, 2]}
    answers = {"y": np.arange(6.0)}
    analyse(SampleDesign.build(**columns), answers, domains=labels, measure=Measure("mean"))
    design = SampleDesign.build(**columns, lonely_domains=True)
    with pytest.raises(LonelyPsu) as refused:
        analyse(design, answers, domains=labels, measure=Measure("mean"))
    assert refused.value.places == {"strata": "b"}


def test_rows_in_no_domain_are_no_domain_to_be_refused() -> None:
    """Only the last response is in no domain: that leaves one PSU of a stratum there, which nobody asked for."""
    design = SampleDesign.build(weights=np.ones(4), psu=[1, 1, 2, 2], lonely_domains=True)
    two_stage = SampleDesign.build(psu=[1, 1, 2, 2], ssu=[1, 2, 1, 2], fpc=9, ssu_fpc=9, lonely_domains=True)
    for one in (design, two_stage):
        analysis = analyse(one, {"y": np.arange(4.0)}, domains=["in"] * 3 + [None], measure=Measure("mean"))
        assert analysis.estimate("in", "y").se is not None


def test_a_stratum_taken_whole_is_never_refused_in_a_domain() -> None:
    """It adds nothing to any variance, however few of its PSUs a domain has."""
    design = SampleDesign.build(
        weights=np.ones(8),
        strata=list("aaaabbbb"),
        psu=[1, 1, 2, 2] * 2,
        fpc={"a": 2, "b": 9},
        lonely_domains=True,
    )
    labels = ["in", "in", None, None, *["in"] * 4]
    analysis = totals(design, {"y": np.arange(8.0)}, domains=labels)
    # b: PSU totals 9 and 13, f = 2/9: (1 - f) 2 Σ (z - 11)².
    assert analysis.variance[1, 0] == pytest.approx(7 / 9 * 2 * 8, rel=1e-14)


# Collapsing


@pytest.mark.parametrize(
    ("lone", "groups"),
    [
        ([False, True, False, False], [0, 1, 1, 2]),
        ([True, True, True, False], [0, 0, 1, 1]),
        ([True, True, True, True], [0, 0, 1, 1]),
        ([False, False, False, True], [0, 1, 2, 2]),
        ([False, True, True, True], [0, 1, 1, 1]),
        ([True, False, True, True, True], [0, 0, 1, 1, 1]),
        ([True], [0]),
    ],
)
def test_a_lone_stratum_joins_the_next_and_the_last_the_one_before(
    lone: list[bool], groups: list[int]
) -> None:
    found = neighbours(np.array(lone), np.zeros(len(lone), dtype=np.intp))
    assert found.tolist() == groups


@PROPERTY
@given(st.lists(st.booleans(), min_size=1, max_size=12), st.integers(1, 3))
def test_no_lone_place_stays_alone_unless_its_block_has_no_other(lone: list[bool], blocks: int) -> None:
    block = np.arange(len(lone)) * blocks // len(lone)
    groups = neighbours(np.array(lone), block)
    plainly = [
        group
        for one in range(blocks)
        for group in merged(
            [[at] for at in range(len(lone)) if block[at] == one],
            [is_lone for at, is_lone in enumerate(lone) if block[at] == one],
        )
    ]
    assert [np.flatnonzero(groups == at).tolist() for at in range(groups[-1] + 1)] == plainly
    for at in np.flatnonzero(lone):
        assert (groups == groups[at]).sum() > 1 or (block == block[at]).sum() == 1


def test_several_adjacent_lone_strata_collapse_in_pairs() -> None:
    """k+l: PSUs 1, 5; m+n+o: 2, 4, 9 (n and o lone; o, the last, joins them): 2·8 + 3/2 · 26."""
    strata, y = list("klmno"), np.array([1.0, 5, 2, 4, 9])
    design = SampleDesign.build(weights=np.ones(5), strata=strata, lonely="collapse")
    assert design.strata == ("k + l", "m + n + o")
    analysis = totals(design, {"y": y})
    assert analysis.variance[0, 0] == pytest.approx(2 * 8 + 1.5 * 26, rel=1e-14)
    assert analysis.df[0] == 3
    assert "lonely PSU: collapse" in analysis.estimate("", "y").method


def test_collapsed_strata_add_their_sizes_up() -> None:
    design = SampleDesign.build(
        weights=np.ones(4), strata=list("kllm"), fpc={"k": 4, "l": 6, "m": 8}, lonely="collapse"
    )
    assert design.population.tolist() == [18.0]
    assert totals(design, {"y": np.array([1.0, 5, 2, 4])}).variance[0, 0] == pytest.approx(
        (1 - 4 / 18) * 4 / 3 * 10, rel=1e-14
    )


def test_one_stratum_alone_has_nothing_to_collapse_with() -> None:
    with pytest.raises(LonelyPsu, match="k"):
        SampleDesign.build(weights=np.ones(2), strata=["k", "k"], psu=[1, 1], lonely="collapse")


def test_without_lone_strata_collapse_changes_nothing_and_is_not_named() -> None:
    columns: dict[str, Any] = {"weights": np.ones(4), "strata": list("kkll")}
    found = [
        totals(SampleDesign.build(**columns, lonely=rule), {"y": np.arange(4.0)}).estimate("", "y")  # type: ignore[arg-type]
        for rule in ("fail", "collapse")
    ]
    assert found[0] == found[1]


# Replicates


def test_replicates_take_the_rules_that_leave_a_stratum_out_and_refuse_the_others() -> None:
    columns: dict[str, Any] = {"weights": np.ones(5), "strata": list("kllmm")}
    y = {"y": np.array([7.0, 1, 5, 2, 3])}
    for rule in ("remove", "certainty"):
        design = SampleDesign.build(**columns, lonely=rule)
        replicated = design.replicated(jackknife(design.selection))
        np.testing.assert_allclose(totals(replicated, y).variance, totals(design, y).variance, rtol=1e-13)
    for rule in ("adjust", "average"):
        selection = SampleDesign.build(**columns, lonely=rule).selection
        for build in (jackknife, balanced_half_samples, lambda one: rao_wu(one, seed=1)):
            with pytest.raises(BadReplicates, match=rule):
                build(selection)
    collapsed = SampleDesign.build(**columns, lonely="collapse")
    replicated = collapsed.replicated(jackknife(collapsed.selection))
    np.testing.assert_allclose(totals(replicated, y).variance, totals(collapsed, y).variance, rtol=1e-13)


def test_a_sample_of_lone_psus_only_has_no_jackknife() -> None:
    with pytest.raises(BadReplicates, match="two PSUs"):
        jackknife(SampleDesign.build(weights=np.ones(2), psu=[1, 1], lonely="remove").selection)


def test_rules_are_taken_by_name_only() -> None:
    with pytest.raises(BadRequest, match="centre"):
        SampleDesign.build(weights=np.ones(2), lonely="centre")  # type: ignore[arg-type]  # wrong on purpose


def test_a_stratum_of_one_psu_in_all_is_no_lone_one_for_the_average() -> None:
    """k: 1 of 1, certain; l: 2 of 9, both in the domain: V = (1 - 2/9) 2 · 2, not twice that."""
    design = SampleDesign.build(
        weights=np.ones(3), strata=list("kll"), fpc={"k": 1, "l": 9}, lonely="average", lonely_domains=True
    )
    analysis = totals(design, {"y": np.array([5.0, 1, 3])})
    assert analysis.variance[0, 0] == pytest.approx(7 / 9 * 2 * 2, rel=1e-14)
