"""What an analysis answers: estimates, flags, differences, names it does not hold."""

import numpy as np
import pytest
from hypothesis import given, settings

from survey.aggregation import (
    WHOLE,
    Analysis,
    BadRequest,
    DifferentLengths,
    Domain,
    IndexDefinition,
    Measure,
    SampleDesign,
    UnknownResult,
    analyse,
    cross,
    describe_method,
)
from survey.aggregation.methods import PHRASES
from tests.unit.aggregation.samples import ITEMS, TOP, columns, sample

ROWS = 240


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    """A round of 240: item `a` varies, `all` is top for everybody, `none` for nobody."""
    rng = np.random.default_rng(7)
    province = np.array(["Lâm Đồng", "Gia Lai", "Đắk Lắk"])[np.arange(ROWS) % 3]
    service = np.array(["đất đai", "hộ tịch"])[(np.arange(ROWS) // 3) % 2]
    answers = {
        "a": rng.integers(1, 6, ROWS).astype(np.int8),
        "all": np.full(ROWS, 5, dtype=np.int8),
        "none": np.full(ROWS, 1, dtype=np.int8),
    }
    return analyse(
        SampleDesign.build(weights=rng.uniform(1, 3, ROWS), strata=province, psu=np.arange(ROWS) // 12),
        answers,
        domains={"province": province, "service": service},
        measure=TOP,
        indices=[IndexDefinition.averaged("half", {"all": 0.5, "none": 0.5})],
    )


def test_it_holds_the_whole_first_and_then_every_domain(analysis: Analysis) -> None:
    assert analysis.domains[0] == WHOLE
    assert Domain("province", "Gia Lai") in analysis.domains
    assert len(list(analysis.rows())) == (1 + 3 + 2) * 4
    domain, statistic, one = next(analysis.rows())
    assert (domain, statistic) == (WHOLE, "a")
    assert one == analysis.estimate("", "a")


def test_a_share_inside_has_a_logit_interval_and_its_design_effect(analysis: Analysis) -> None:
    one = analysis.estimate("Gia Lai", "a")
    assert one.ci_low is not None
    assert one.value is not None
    assert one.ci_low < one.value < one.ci_high
    assert "logit interval, t" in one.method
    assert one.n_eff == pytest.approx(one.n / one.deff)
    assert (one.unit, one.level, one.flags) == ("share", 0.95, ())


@pytest.mark.parametrize(("item", "value"), [("all", 1.0), ("none", 0.0)])
def test_a_share_at_an_end_has_a_korn_graubard_interval_and_no_standard_error(
    analysis: Analysis, item: str, value: float
) -> None:
    one = analysis.estimate("Lâm Đồng", item)
    assert (one.value, one.se, one.deff, one.n_eff) == (value, None, None, None)
    assert "Korn-Graubard" in one.method
    assert one.ci_low is not None
    assert 0 < one.ci_high - one.ci_low < 0.2


def test_an_index_that_does_not_vary_has_no_interval_rather_than_one_of_no_width(analysis: Analysis) -> None:
    one = analysis.estimate("Lâm Đồng", "half")
    assert one.value == 0.5
    assert (one.se, one.ci_low, one.ci_high) == (None, None, None)
    assert one.flags == ("no_interval",)


def test_an_index_at_an_end_has_no_interval_because_it_is_no_binomial_share() -> None:
    answers = {item: np.full(40, 5, dtype=np.int8) for item in ITEMS}
    indices = [
        IndexDefinition.averaged("averaged", {"a": 0.5, "b": 0.5}),
        IndexDefinition.pooled("pooled", ITEMS),
    ]
    analysis = analyse(SampleDesign.build(weights=np.ones(40)), answers, measure=TOP, indices=indices)
    for name in ("averaged", "pooled"):
        one = analysis.estimate("", name)
        assert (one.value, one.se, one.ci_low, one.ci_high) == (1.0, None, None, None)
        assert one.flags == ("no_interval",)


def test_a_domain_in_one_psu_a_stratum_has_no_interval() -> None:
    """df = PSUs with members less strata with members = 0."""
    answers = {"a": np.array([1, 5, 4, 2, 3, 5], dtype=np.int8)}
    design = SampleDesign.build(weights=np.ones(6), psu=[1, 1, 2, 2, 3, 3])
    labels = ["in", "in", "out", "out", "out", "out"]
    one = analyse(design, answers, domains=labels, measure=TOP).estimate("in", "a")
    assert (one.value, one.se, one.ci_low, one.df) == (0.5, None, None, 0)
    assert one.flags == ("few_respondents", "no_interval")


def test_a_domain_of_one_psu_in_each_of_two_strata_has_no_interval_though_it_varies() -> None:
    """Its variance formula gives a number, but 2 PSUs less 2 strata leave no degree of freedom."""
    answers = {"a": np.array([5, 5, 1, 2, 3, 5, 4, 1], dtype=np.int8)}
    design = SampleDesign.build(weights=np.ones(8), strata=list("ssssrrrr"), psu=[1, 1, 2, 2, 1, 1, 2, 2])
    labels = ["in", "in", "", "", "in", "in", "", ""]
    analysis = analyse(design, answers, domains=labels, measure=TOP)
    one = analysis.estimate("in", "a")
    assert analysis.variance[analysis.place("in", "a")] > 0
    assert (one.value, one.se, one.ci_low, one.df) == (0.75, None, None, 0)


@pytest.mark.parametrize(("rows", "flagged"), [(29, True), (30, False)])
def test_fewer_than_thirty_respondents_are_flagged(rows: int, flagged: bool) -> None:
    answers = {"a": (np.arange(rows) % 5 + 1).astype(np.int8)}
    one = analyse(SampleDesign.build(weights=np.ones(rows)), answers, measure=TOP).estimate("", "a")
    assert ("few_respondents" in one.flags) is flagged


def test_a_mean_has_a_t_interval_in_the_units_of_the_scale() -> None:
    answers = {"a": np.array([1, 2, 3, 4, 5, 5], dtype=np.int8)}
    one = analyse(SampleDesign.build(weights=np.ones(6)), answers, measure=Measure("mean")).estimate("", "a")
    assert one.unit == "score"
    assert "; t interval" in one.method
    assert one.value == pytest.approx(20 / 6)
    assert one.se == pytest.approx(np.std([1, 2, 3, 4, 5, 5], ddof=1) / np.sqrt(6))
    assert one.deff == pytest.approx(1)


@settings(deadline=None)
@given(sample())
def test_domains_without_a_common_stratum_have_independent_differences(drawn: tuple) -> None:
    """V(d - e) = V(d) + V(e) - 2 Cov, and Cov = 0 where the strata are apart."""
    design, answers, _ = drawn
    by_stratum = design.psu_stratum[design.row_psu]
    analysis = analyse(design, answers, domains=by_stratum, measure=TOP)
    if len(analysis.domains) < 3:
        return
    d, e = analysis.domains[1:3]
    at, other = analysis.place(d, "a"), analysis.place(e, "a")
    found = analysis.difference("a", d, e)
    if found.se is not None:
        assert found.se**2 == pytest.approx(analysis.variance[at] + analysis.variance[other], rel=1e-9)
        assert found.df == analysis.df[at[0]] + analysis.df[other[0]]


@settings(deadline=None)
@given(columns())
def test_a_part_against_the_whole_takes_their_covariance(table: dict[str, np.ndarray]) -> None:
    design = SampleDesign.build(weights=table["weights"], strata=table["stratum"], psu=table["psu"])
    answers = {item: table[item] for item in ITEMS}
    analysis = analyse(design, answers, domains=table["domain"], measure=TOP)
    domain = analysis.domains[-1]
    pair = [(domain, "a"), (WHOLE, "a")]
    matrix = analysis.covariance(pair)
    assert matrix[0, 1] == pytest.approx(matrix[1, 0], rel=1e-9, abs=1e-18)
    np.testing.assert_allclose(
        np.diag(matrix),
        np.nan_to_num([analysis.variance[analysis.place(*one)] for one in pair]),
        rtol=1e-9,
        atol=1e-15,
    )
    found = analysis.difference("a", domain)
    if found.se is not None:
        expected = matrix[0, 0] + matrix[1, 1] - 2 * matrix[0, 1]
        assert found.se**2 == pytest.approx(expected, rel=1e-8, abs=1e-14)


def test_a_difference_of_two_domains_is_named_and_antisymmetric(analysis: Analysis) -> None:
    one = analysis.difference("a", "Gia Lai", "Lâm Đồng")
    back = analysis.difference("a", "Lâm Đồng", "Gia Lai")
    assert one.value == pytest.approx(-back.value)
    assert one.se == pytest.approx(back.se)
    assert "difference of two domains" in one.method
    assert (one.deff, one.n_eff) == (None, None)
    assert one.n == min(analysis.estimate(name, "a").n for name in ("Gia Lai", "Lâm Đồng"))


def test_a_domain_against_itself_differs_by_nothing_and_has_no_interval(analysis: Analysis) -> None:
    one = analysis.difference("a", "Gia Lai", "Gia Lai")
    assert (one.value, one.se, one.ci_low) == (0.0, None, None)


def test_items_of_one_domain_can_be_contrasted(analysis: Analysis) -> None:
    one = analysis.contrast({("Gia Lai", "a"): 1.0, ("Gia Lai", "all"): -1.0})
    item = analysis.estimate("Gia Lai", "a")
    assert one.value == pytest.approx(item.value - 1)
    assert one.se == pytest.approx(item.se)


def test_unknown_names_are_refused_and_ambiguous_ones_too(analysis: Analysis) -> None:
    for domain, statistic in (("Huế", "a"), ("", "b"), (Domain("province", "Huế"), "a")):
        with pytest.raises(UnknownResult):
            analysis.estimate(domain, statistic)
    labels = ["x", "y"] * 3
    twice = analyse(
        SampleDesign.build(weights=np.ones(6)),
        {"a": np.ones(6)},
        domains={"one": labels, "two": labels},
        measure=TOP,
    )
    with pytest.raises(UnknownResult, match=r"'x' \(2\)"):
        twice.estimate("x", "a")


def test_rows_without_a_label_are_in_no_domain_but_in_the_whole() -> None:
    labels = ["x", None, "x", "", float("nan"), "y"]
    analysis = analyse(
        SampleDesign.build(weights=np.ones(6)), {"a": np.arange(6.0)}, domains=labels, measure=Measure("mean")
    )
    assert [str(domain) for domain in analysis.domains] == ["*", "domain=x", "domain=y"]
    assert analysis.estimate("", "a").n == 6
    assert analysis.estimate("x", "a").value == 1.0


def test_dimensions_can_be_crossed() -> None:
    assert cross(["a", "b", None], [1, 2, 3]) == ["a × 1", "b × 2", None]


def test_labels_of_another_length_are_refused() -> None:
    with pytest.raises(DifferentLengths, match="province"):
        analyse(
            SampleDesign.build(weights=np.ones(3)),
            {"a": np.ones(3)},
            domains={"province": ["x"]},
            measure=TOP,
        )


def test_a_level_of_95_instead_of_0_95_is_refused() -> None:
    with pytest.raises(BadRequest):
        analyse(SampleDesign.build(weights=np.ones(3)), {"a": np.ones(3)}, measure=TOP, level=95)


def test_every_method_can_be_said_in_vietnamese(analysis: Analysis) -> None:
    methods = {one.method for _, _, one in analysis.rows()}
    methods.add(analysis.difference("a", "Gia Lai").method)
    for method in methods:
        assert set(method.split("; ")) <= set(PHRASES)
        assert describe_method(method, "en") == method
        assert not set(describe_method(method).split("; ")) & set(PHRASES)


def test_design_effects_follow_their_conventions(analysis: Analysis) -> None:
    """Kish: n Σw²/(Σw)²; without replacement: with replacement divided by 1 - n/Σw."""
    weights = analysis.design.weights
    assert analysis.design_effect("kish")[0, 0] == pytest.approx(
        ROWS * (weights**2).sum() / weights.sum() ** 2
    )
    assert analysis.design_effect("without_replacement")[0, 0] == pytest.approx(
        analysis.deff[0, 0] / (1 - ROWS / weights.sum())
    )
    assert analysis.design_effect() is analysis.deff
