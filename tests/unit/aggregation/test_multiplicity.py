"""P-values and their adjustment within one declared family."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from survey.aggregation.errors import BadRequest
from survey.aggregation.multiplicity import PHRASES, Adjustment, BadPValues, adjust_family, two_sided_p

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "stats" / "reference.json"
ADJUSTMENTS: tuple[Adjustment, ...] = ("bh", "by", "holm", "bonferroni")
P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def r_table() -> list[dict[str, float]]:
    cases = json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]
    rows: list[dict[str, float]] = next(c for c in cases if c["id"] == "p.adjust_bh_holm")["result"]["rows"]
    return rows


@pytest.mark.parametrize(
    ("adjustment", "column"), [("bh", "BH"), ("by", "BY"), ("holm", "holm"), ("bonferroni", "bonferroni")]
)
def test_adjusted_p_values_are_those_of_r(adjustment: Adjustment, column: str) -> None:
    """R 4.2.2 `p.adjust`, tests/data/stats/reference.json#p.adjust_bh_holm."""
    family = adjust_family([row["p"] for row in r_table()], name="bảng 1", adjustment=adjustment)
    np.testing.assert_allclose(family.q, [row[column] for row in r_table()], rtol=1e-9)
    assert family.tests == 10
    assert family.rejected.tolist() == [row[column] <= 0.05 for row in r_table()]


@settings(deadline=None, max_examples=50)
@given(P_VALUES)
def test_bh_rejects_at_least_what_holm_does_and_holm_what_bonferroni_does(p: list[float]) -> None:
    q = {a: adjust_family(p, name="f", adjustment=a).q for a in ADJUSTMENTS}
    slack = 1 + 1e-12
    assert np.all(q["bh"] <= q["holm"] * slack)
    assert np.all(q["holm"] <= q["bonferroni"] * slack)
    assert np.all(q["bh"] <= q["by"] * slack)
    for adjusted in q.values():
        assert np.all((adjusted * slack >= p) & (adjusted <= 1))


@settings(deadline=None, max_examples=50)
@given(P_VALUES, st.randoms(use_true_random=False), st.sampled_from(ADJUSTMENTS))
def test_the_order_of_tests_changes_nothing(p: list[float], random: object, adjustment: Adjustment) -> None:
    order = list(range(len(p)))
    random.shuffle(order)  # type: ignore[attr-defined]  # a random.Random
    straight = adjust_family(p, name="f", adjustment=adjustment).q
    shuffled = adjust_family([p[at] for at in order], name="f", adjustment=adjustment).q
    np.testing.assert_allclose(shuffled, straight[order], rtol=1e-14)


@pytest.mark.parametrize("adjustment", ADJUSTMENTS)
def test_a_domain_without_a_test_does_not_count_in_its_family(adjustment: Adjustment) -> None:
    p = [0.01, 0.04, 0.2]
    with_gaps = adjust_family([math.nan, 0.01, 0.04, math.nan, 0.2], name="f", adjustment=adjustment)
    assert with_gaps.tests == 3
    assert with_gaps.q[[1, 2, 4]].tolist() == adjust_family(p, name="f", adjustment=adjustment).q.tolist()
    assert np.isnan(with_gaps.q[[0, 3]]).all()
    assert not with_gaps.rejected[[0, 3]].any()


@pytest.mark.parametrize("adjustment", ADJUSTMENTS)
def test_a_family_of_one_or_none_is_left_as_it_is(adjustment: Adjustment) -> None:
    assert adjust_family([0.03], name="f", adjustment=adjustment).q.tolist() == [0.03]
    nobody = adjust_family([], name="f", adjustment=adjustment)
    assert (nobody.tests, nobody.q.size) == (0, 0)
    assert np.isnan(adjust_family([math.nan], name="f", adjustment=adjustment).q).all()


def test_under_no_difference_a_whole_family_is_wrong_in_five_of_a_hundred() -> None:
    """Benjamini & Hochberg 1995: with m independent true hypotheses P(any rejection) is exactly the level.

    4,000 families of 12; tolerance 4 Monte-Carlo standard errors.
    """
    rng = np.random.default_rng(7)
    wrong = np.mean([adjust_family(rng.random(12), name="f").rejected.any() for _ in range(4000)])
    assert abs(wrong - 0.05) < 4 * math.sqrt(0.05 * 0.95 / 4000)


@settings(deadline=None, max_examples=50)
@given(st.floats(0, 50))
def test_p_values_are_those_of_closed_forms(t: float) -> None:
    """Student with 1 df: 1 - 2·atan(t)/π; with 2 df: 1 - t/√(2 + t²); normal: erfc(t/√2)."""
    one, two, normal = two_sided_p(3 * t, 3.0, [1, 2, math.inf])
    assert one == pytest.approx(1 - 2 * math.atan(t) / math.pi, rel=1e-9, abs=1e-14)
    assert two == pytest.approx(1 - t / math.sqrt(2 + t * t), rel=1e-6, abs=1e-14)
    assert normal == pytest.approx(special.erfc(t / math.sqrt(2)), rel=1e-10, abs=1e-300)
    assert two_sided_p(-3 * t, 3.0, 2) == two


def test_no_degrees_of_freedom_or_no_variation_gives_no_p_value() -> None:
    p = two_sided_p([1.0, 1.0, 1.0, 1.0], [0.5, 0.0, math.nan, 0.5], [0, 10, 10, math.nan])
    assert np.isnan(p).all()


def test_a_family_names_itself_and_its_method_in_both_languages() -> None:
    family = adjust_family([0.01], name="63 tỉnh so với cả nước", adjustment="holm", level=0.1)
    assert (family.name, family.level) == ("63 tỉnh so với cả nước", 0.1)
    assert family.method == "Holm 1979, familywise error rate"
    methods = {adjust_family([0.1], name="f", adjustment=a).method for a in ADJUSTMENTS}
    assert methods == set(PHRASES)


def test_a_family_cannot_be_changed_after_it_was_made() -> None:
    given_p = np.array([0.01, 0.5])
    family = adjust_family(given_p, name="f")
    given_p[0] = 0.9
    assert family.p[0] == 0.01
    with pytest.raises(ValueError, match="read-only"):
        family.q[0] = 0


@pytest.mark.parametrize("p", [[1.2], [-0.1, 0.5], [[0.1, 0.2]], 0.1, [math.inf]])
def test_what_is_no_p_value_is_refused(p: object) -> None:
    with pytest.raises(BadPValues, match="bảng 2"):
        adjust_family(p, name="bảng 2")  # type: ignore[arg-type]  # the fault


def test_unknown_adjustments_and_levels_are_refused() -> None:
    with pytest.raises(BadRequest, match="fdr"):
        adjust_family([0.1], name="f", adjustment="fdr")  # type: ignore[arg-type]  # the fault
    with pytest.raises(BadRequest):
        adjust_family([0.1], name="f", level=1.0)
