"""Changes between two rounds: the same as one design over the rows of both, PSU by PSU.

The reference is R's way, `svydesign(id=~psu, strata=~stratum, data=rbind(y1, y2))` with the year as a
domain, done here by literally stacking the rows in one SampleDesign (statistics.md §2.4).
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import (
    WHOLE,
    Analysis,
    BadPopulation,
    BadRequest,
    Domain,
    IndexDefinition,
    LonelyPsu,
    Measure,
    SampleDesign,
    UnknownResult,
    analyse,
    cross,
    describe_method,
    jackknife,
    totals,
)
from survey.aggregation.changes import FORMULA, change, changes
from survey.aggregation.methods import PHRASES
from survey.aggregation.multiplicity import adjust_family, two_sided_p
from survey.aggregation.succession import SplitUnit, succeed
from survey.aggregation.weighting import Margin, NumericTotal, calibrate, rake

MEAN = Measure("mean")
INDEX = (IndexDefinition.averaged("index", {"a": 0.6, "b": 0.4}),)
PROPERTY = settings(deadline=None, max_examples=20)
Table = dict[str, np.ndarray]


def round_of(rng: np.random.Generator, pool: list[tuple[str, int]], people: int = 4) -> Table:
    """Draw a round in the PSUs given, each a (stratum, number) label."""
    rows = len(pool) * people
    stratum = np.repeat(np.array([key[0] for key in pool]), people)
    psu = np.repeat(np.array([key[1] for key in pool]), people)
    answers = rng.integers(1, 6, (rows, 2)).astype(np.int8)
    answers[rng.random(answers.shape) < 0.2] = -1
    return {
        "weights": rng.uniform(0.5, 3, rows),
        "stratum": stratum,
        "psu": psu,
        "place": rng.choice(["x", "y"], rows),
        "a": answers[:, 0],
        "b": answers[:, 1],
    }


@st.composite
def two_rounds(draw: st.DrawFn) -> tuple[Table, Table, dict[str, int]]:
    """Draw two rounds whose PSUs overlap as they happen to, from none to all, and stratum sizes."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    strata = "rst"[: draw(st.integers(1, 3))]
    pools: list[list[tuple[str, int]]] = [[], []]
    for stratum in strata:
        shared, *alone = (draw(st.integers(0, 3)) for _ in range(3))
        for at, pool in enumerate(pools):
            own = max(alone[at], 2 - shared)
            pool.extend((stratum, number) for number in range(shared))
            pool.extend((stratum, 10 * (at + 1) + number) for number in range(own))
    return round_of(rng, pools[0]), round_of(rng, pools[1]), dict.fromkeys(strata, 30)


def design_of(table: Table, **more: Any) -> SampleDesign:
    return SampleDesign.build(weights=table["weights"], strata=table["stratum"], psu=table.get("psu"), **more)


def analysed(table: Table, design: SampleDesign | None = None, **more: Any) -> Analysis:
    return analyse(
        design or design_of(table),
        {item: table[item] for item in "ab"},
        domains={"place": table["place"]},
        measure=MEAN,
        indices=INDEX,
        **more,
    )


def stacked(tables: tuple[Table, Table], design: SampleDesign | None = None, **more: Any) -> Analysis:
    """Analyse the rows of both rounds at once, the round being a domain."""
    rows = {name: np.concatenate([one[name] for one in tables]) for name in tables[0]}
    year = np.repeat(["earlier", "later"], [one["weights"].size for one in tables])
    return analyse(
        design or design_of(rows, **more),
        {item: rows[item] for item in "ab"},
        domains={"year": year, "place": cross(year, rows["place"])},
        measure=MEAN,
        indices=INDEX,
    )


def assert_same_as_stacked(
    tables: tuple[Table, Table], both: Analysis, rounds: tuple[Analysis, Analysis]
) -> None:
    """Compare every change with the contrast of the stacked rounds, exact but for rounding."""
    pairs = [(WHOLE, Domain("year", "earlier"), Domain("year", "later"))]
    for value in "xy":
        if all((one["place"] == value).any() for one in tables):
            parts = (Domain("place", f"{year} × {value}") for year in ("earlier", "later"))
            pairs.append((Domain("place", value), *parts))
    for domain, before, after in pairs:
        for statistic in ("a", "b", "index"):
            found = change(*rounds, statistic, domain)
            wanted = both.contrast({(after, statistic): 1.0, (before, statistic): -1.0})
            assert (found.n, found.df) == (wanted.n, wanted.df)
            for figure in ("value", "se", "ci_low", "ci_high"):
                expected = getattr(wanted, figure)
                scale = None if expected is None else pytest.approx(expected, rel=1e-11, abs=1e-12)
                assert getattr(found, figure) == scale, (domain, statistic, figure)


@PROPERTY
@given(two_rounds(), st.booleans())
def test_a_change_is_the_contrast_of_the_stacked_rounds(
    drawn: tuple[Table, Table, dict[str, int]], has_fpc: bool
) -> None:
    *tables, sizes = drawn
    fpc = {"fpc": sizes} if has_fpc else {}
    rounds = (
        analysed(tables[0], design_of(tables[0], **fpc)),
        analysed(tables[1], design_of(tables[1], **fpc)),
    )
    assert_same_as_stacked((tables[0], tables[1]), stacked((tables[0], tables[1]), **fpc), rounds)


LONE = [("p", 1), ("q", 1), ("q", 2), ("r", 1), ("s", 1), ("s", 2), ("t", 1)]


@pytest.mark.parametrize("rule", ["remove", "certainty", "adjust", "average", "collapse"])
@pytest.mark.parametrize("lonely_domains", [False, True])
def test_rules_for_lone_psus_look_at_the_union_of_the_rounds(rule: Any, lonely_domains: bool) -> None:
    """Stratum r is lone in each round but not in both together; p and t are lone in both."""
    rng = np.random.default_rng(4)
    later = [*LONE[:3], ("r", 2), *LONE[4:]]
    tables = round_of(rng, LONE), round_of(rng, later)
    rules: dict[str, Any] = {"lonely": rule, "lonely_domains": lonely_domains}
    rounds = (
        analysed(tables[0], design_of(tables[0], **rules)),
        analysed(tables[1], design_of(tables[1], **rules)),
    )
    assert_same_as_stacked(tables, stacked(tables, **rules), rounds)


def test_responses_that_are_their_own_psus_are_never_shared() -> None:
    rng = np.random.default_rng(8)
    tables = tuple(
        {name: column for name, column in round_of(rng, LONE[1:3] * 3).items() if name != "psu"} for _ in "12"
    )
    rounds = tuple(analysed(one) for one in tables)
    assert_same_as_stacked((tables[0], tables[1]), stacked((tables[0], tables[1])), (rounds[0], rounds[1]))
    assert changes(rounds[0], rounds[1]).shared_psus == 0


POOL = [(stratum, number) for stratum in "rst" for number in range(5)]


def paneled(sign: float) -> tuple[Analysis, Analysis]:
    """Two rounds in the same PSUs, whose PSU effects go together or against each other."""
    rng = np.random.default_rng(11)
    effect = np.repeat(rng.normal(size=len(POOL)), 4)
    made = []
    for factor in (1.0, sign):
        table = round_of(rng, POOL)
        table["a"] = 5 + factor * effect + 0.3 * rng.normal(size=effect.size)
        made.append(analysed(table))
    return made[0], made[1]


def test_shared_psus_make_a_change_surer_where_they_go_together_and_less_sure_where_they_do_not() -> None:
    """The covariance takes its own sign; what independence would claim is wrong both ways (pitfall 4)."""
    for sign, compared in ((1.0, np.less), (-1.0, np.greater)):
        earlier, later = paneled(sign)
        found = change(earlier, later, "a").se
        claimed = np.hypot(earlier.se[0, 0], later.se[0, 0])
        assert found is not None
        assert compared(found, claimed if sign < 0 else 0.7 * claimed)
        assert changes(earlier, later).shared_psus == len(POOL)


def test_a_round_against_itself_changes_by_nothing_and_has_no_standard_error() -> None:
    earlier = paneled(1.0)[0]
    found = change(earlier, earlier, "a")
    assert (found.value, found.se, found.ci_low) == (0.0, None, None)
    assert "no_interval" in found.flags
    row = changes(earlier, earlier, ["a"]).rows[0]
    assert (row.p, row.q) == (None, None)


def test_rounds_in_different_strata_are_independent() -> None:
    rng = np.random.default_rng(3)
    earlier = analysed(round_of(rng, POOL[:5]))
    later = analysed(round_of(rng, POOL[5:]))
    found = change(earlier, later, "b")
    assert found.se == pytest.approx(np.hypot(earlier.se[0, 1], later.se[0, 1]), rel=1e-13)
    assert found.df == earlier.df[0] + later.df[0]


def test_psus_are_shared_by_stratum_and_label() -> None:
    """The key is (stratum, PSU): number 1 of r is not number 1 of s (pitfall 8)."""
    rng = np.random.default_rng(3)
    earlier = analysed(round_of(rng, [("r", 1), ("r", 2), ("s", 1), ("s", 2)]))
    later = analysed(round_of(rng, [("r", 1), ("r", 3), ("s", 3), ("s", 4)]))
    assert changes(earlier, later).shared_psus == 1


@PROPERTY
@given(two_rounds())
def test_a_change_of_a_calibrated_round_is_that_of_the_stack_calibrated_round_by_round(
    drawn: tuple[Table, Table, dict[str, int]],
) -> None:
    """Margins crossed with the year calibrate each year alone (calibrate's residuals)."""
    tables = drawn[0], drawn[1]
    if not all({"x", "y"} <= set(one["place"]) for one in tables):
        return
    rounds = []
    for year, one in enumerate(tables):
        design = design_of(one)
        made = calibrate(one["weights"], [place(one["place"], year)], [size(one["b"], year)])
        rounds.append(analysed(one, design.calibrated(made)))
    rows = {name: np.concatenate([one[name] for one in tables]) for name in tables[0]}
    year = np.repeat([0, 1], [one["weights"].size for one in tables])
    crossed = [f"{label}{at}" for label, at in zip(rows["place"], year, strict=True)]
    by_year = {f"{label}{at}": total for at in (0, 1) for label, total in PLACES[at].items()}
    numbers = [size(np.where(year == at, rows["b"], 0), at) for at in (0, 1)]
    made = calibrate(rows["weights"], [Margin("place", crossed, by_year)], numbers)
    both = stacked(tables, design_of(rows).calibrated(made))
    for domain in ("x", "y"):
        parts = {
            Domain("place", f"later × {domain}"): 1.0,
            Domain("place", f"earlier × {domain}"): -1.0,
        }
        found = change(rounds[0], rounds[1], "a", domain)
        wanted = both.contrast({(part, "a"): sign for part, sign in parts.items()})
        if wanted.value is None or abs(wanted.value) > 20:
            continue  # nobody answered, or weights of both signs leave a domain next to nobody
        assert found.value == pytest.approx(wanted.value, rel=1e-7, abs=1e-7)
        assert found.df == wanted.df
        if wanted.se is not None and wanted.se > 1e-5:
            assert found.se == pytest.approx(wanted.se, rel=1e-6)
        assert "calibrated by linear regression (GREG)" in found.method


PLACES = ({"x": 60.0, "y": 40.0}, {"x": 120.0, "y": 80.0})


def place(labels: np.ndarray, year: int) -> Margin:
    """The population of each place, another in each year."""
    return Margin("place", labels, PLACES[year])


def size(values: np.ndarray, year: int) -> NumericTotal:
    return NumericTotal(f"size{year}", values.astype(float), 300.0 * (year + 1))


def test_a_calibrated_total_does_not_change_by_chance() -> None:
    """A margin's own total has no standard error in either round, and so none in the change."""
    rng = np.random.default_rng(2)
    made = []
    for year in (0, 1):
        table = round_of(rng, POOL)
        table["place"][:2] = ["x", "y"]
        design = design_of(table).calibrated(rake(table["weights"], [place(table["place"], year)]))
        made.append(totals(design, {"x": (table["place"] == "x").astype(np.int8)}))
    found = change(made[0], made[1], "x")
    assert found.value == pytest.approx(60.0, rel=1e-9)
    assert found.se is None


# Sizes of strata


def simple(pool: list[tuple[str, int]], **more: Any) -> Analysis:
    table = round_of(np.random.default_rng(len(pool)), pool)
    return analysed(table, design_of(table, **more))


def test_sizes_that_differ_between_rounds_are_refused_by_stratum() -> None:
    for later in ({"r": 10, "s": 21, "t": 5}, {"r": 10, "s": np.inf, "t": 5}):
        with pytest.raises(BadPopulation, match=r"differs between the rounds.*: s\."):
            change(simple(POOL, fpc={"r": 10, "s": 20, "t": 5}), simple(POOL, fpc=later), "a")
    with pytest.raises(BadPopulation, match="r, s, t"):
        change(simple(POOL), simple(POOL, fpc=20), "a")


def test_sizes_from_fractions_agree_with_sizes() -> None:
    """5 of 7 and 6 of 7 PSUs: N is 7 but for rounding."""
    more = [*POOL, *((stratum, 7) for stratum in "rst")]
    assert change(simple(POOL, fpc=5 / 7), simple(more, fpc=6 / 7), "a").se is not None
    assert change(simple(POOL, fpc=7), simple(more, fpc=6 / 7), "a").se is not None


def test_more_psus_in_both_rounds_than_the_population_has_are_refused() -> None:
    other = [(stratum, number + 5) for stratum, number in POOL]
    with pytest.raises(BadPopulation, match="smaller"):
        change(simple(POOL, fpc=7), simple(other, fpc=7), "a")


# What cannot be compared


def test_rounds_that_cannot_be_compared_are_refused_with_the_reason() -> None:
    rng = np.random.default_rng(1)
    table = round_of(rng, POOL)
    plain = analysed(table)
    two_stage = design_of(table, fpc=20, ssu=np.arange(60) % 4, ssu_fpc=30)
    design = design_of(table)
    lone = round_of(rng, LONE)
    collapsed = analysed(lone, design_of(lone, lonely="collapse", fpc=9))
    del lone["psu"]
    unlabelled = analysed(lone, design_of(lone, lonely="collapse"))
    for other, reason in (
        (analysed(table, two_stage), "second stage"),
        (analysed(table, design.replicated(jackknife(design.selection))), "replicate"),
        (analysed(table, design_of(table, lonely="remove")), "lonely='fail', 'remove'"),
        (analysed(table, level=0.9), "level=0.95, 0.9"),
        (analysed(table, missing="listwise"), "cases"),
        (analyse(design, {"a": table["a"]}, measure=Measure("top_share", (4, 5))), "unit='score', 'share'"),
        (totals(design, {"a": table["a"]}), "mean of an item / total"),
    ):
        with pytest.raises(BadRequest, match=reason):
            change(plain, other, "a")
    with pytest.raises(BadRequest, match="collapsed strata with fpc"):
        change(collapsed, collapsed, "a")
    if unlabelled.design.selection.collapsed:
        with pytest.raises(BadRequest, match="collapsed strata"):
            change(unlabelled, unlabelled, "a")


def test_labels_of_two_types_are_refused_instead_of_never_meeting() -> None:
    numbers, words = round_of(np.random.default_rng(1), POOL), round_of(np.random.default_rng(2), POOL)
    words["psu"] = words["psu"].astype(str)
    with pytest.raises(BadRequest, match=r"different types: \('r', 0\), \('r', '0'\)"):
        change(analysed(numbers), analysed(words), "a")


def test_a_stratum_that_is_lone_in_both_rounds_together_is_refused_under_fail() -> None:
    """Each round alone could not be built either: the union never has fewer PSUs than a round."""
    with pytest.raises(LonelyPsu):
        simple([("r", 1), ("s", 1), ("s", 2)])


def test_names_that_are_not_in_both_rounds_are_refused() -> None:
    earlier, later = paneled(1.0)
    for statistic, domain in (("c", WHOLE), ("a", "z")):
        with pytest.raises(UnknownResult):
            change(earlier, later, statistic, domain)
    table = round_of(np.random.default_rng(1), POOL)
    fewer = analyse(design_of(table), {"a": table["a"]}, measure=MEAN)
    with pytest.raises(UnknownResult, match="earlier round"):
        change(fewer, later, "a", "x")
    with pytest.raises(UnknownResult, match="b"):
        change(fewer, later, "b")


# Succession


def test_labels_succeed_many_to_one_and_stay_where_no_link_names_them() -> None:
    links = {"Đắk Nông": "Lâm Đồng", "Bình Thuận": "Lâm Đồng"}
    labels = ["Đắk Nông", "Huế", None, "Lâm Đồng", "Bình Thuận"]
    wanted = ["Lâm Đồng", "Huế", None, "Lâm Đồng", "Lâm Đồng"]
    assert succeed(labels, links) == wanted
    assert succeed(np.array(labels, dtype=object), list(links.items())) == wanted
    assert succeed(np.array([3, 4, 5]), {3: 4}) == [4, 4, 5]


def test_links_are_applied_once_so_that_names_may_be_swapped() -> None:
    assert succeed(["a", "b"], {"a": "b", "b": "a"}) == ["b", "a"]


def test_a_unit_that_became_several_is_refused_by_name() -> None:
    links = [("Hà Tây", "Hà Nội"), ("Cần Thơ", "Cần Thơ"), ("Cần Thơ", "Hậu Giang"), ("Hà Tây", "Hà Nội")]
    with pytest.raises(SplitUnit) as refused:
        succeed(["Hà Tây"], links)
    assert refused.value.places == {"units": "Cần Thơ → Cần Thơ, Hậu Giang"}
    assert "Hà Tây" not in refused.value.text("vi")


@pytest.mark.parametrize("links", [{"a": None}, {"": "b"}, {3: "b"}])
def test_links_that_lead_nowhere_are_refused(links: Any) -> None:
    with pytest.raises(BadRequest):
        succeed(["a", "3"], links)


def merged_rounds() -> tuple[Table, Table, dict[str, str]]:
    """Strata q and r became s; PSUs 1 and 2 of q became one, number 9."""
    rng = np.random.default_rng(6)
    before = [("p", 1), ("p", 2), ("q", 11), ("q", 12), ("q", 13), ("r", 14), ("r", 15)]
    after = [("p", 1), ("p", 3), ("s", 19), ("s", 13), ("s", 14), ("s", 16)]
    tables = round_of(rng, before), round_of(rng, after)
    for table in tables:
        table["psu"] = table["psu"].astype(str).astype(object)
    return tables[0], tables[1], {"q": "s", "r": "s", "11": "19", "12": "19"}


def test_strata_and_psus_that_merged_are_stacked_under_their_new_labels() -> None:
    earlier, later, links = merged_rounds()
    recoded = {
        **earlier,
        "stratum": np.array(succeed(earlier["stratum"], links)),
        "psu": np.array(succeed(earlier["psu"], links), dtype=object),
    }
    wanted = stacked((recoded, later)).contrast(
        {(Domain("year", "later"), "index"): 1.0, (Domain("year", "earlier"), "index"): -1.0}
    )
    found = change(analysed(earlier), analysed(later), "index", succession=links)
    assert found.se == pytest.approx(wanted.se, rel=1e-12)
    assert found.df == wanted.df
    result = changes(analysed(earlier), analysed(later), succession=list(links.items()))
    assert result.shared_psus == 4
    assert change(analysed(earlier), analysed(later), "index").se != pytest.approx(wanted.se, rel=1e-3)


def test_sizes_of_merged_strata_add_up() -> None:
    earlier, later, links = merged_rounds()
    before = analysed(earlier, design_of(earlier, fpc={"p": 9, "q": 8, "r": 12}))
    assert change(before, analysed(later, design_of(later, fpc={"p": 9, "s": 20})), "a", succession=links).se
    with pytest.raises(BadPopulation, match=": s"):
        change(before, analysed(later, design_of(later, fpc={"p": 9, "s": 21})), "a", succession=links)


def test_psu_labels_that_repeat_in_merged_strata_are_refused() -> None:
    rng = np.random.default_rng(6)
    earlier = analysed(round_of(rng, [("q", 1), ("q", 2), ("r", 1), ("r", 3)]))
    later = analysed(round_of(rng, [("s", 1), ("s", 2)]))
    with pytest.raises(BadRequest, match="PSU 1 of q and of r: s"):
        change(earlier, later, "a", succession={"q": "s", "r": "s"})


def test_a_domain_whose_area_changed_is_refused_until_its_labels_succeed() -> None:
    """Round one: x, y; then y was merged into x. x alone is not today's x (pitfall 11)."""
    earlier, later = (round_of(np.random.default_rng(at), POOL) for at in (1, 2))
    later["place"][:] = "x"
    links = {"y": "x"}
    with pytest.raises(BadRequest, match="place=x.*nhãn cũ y.*old label"):
        change(analysed(earlier), analysed(later), "a", "x", succession=links)
    with pytest.raises(BadRequest, match="nhãn cũ y"):
        changes(analysed(earlier), analysed(later), succession=links)
    assert change(analysed(earlier), analysed(later), "a", succession=links).se  # the whole has no name
    with pytest.raises(BadRequest, match="nhãn cũ y"):
        change(analysed(earlier), analysed(earlier), "a", "y", succession=links)  # there is no y any more
    earlier["place"] = np.array(succeed(earlier["place"], links))
    found = change(analysed(earlier), analysed(later), "a", "x", succession=links)
    assert found == change(analysed(earlier), analysed(later), "a", "x")
    assert found.value == pytest.approx(change(analysed(earlier), analysed(later), "a").value)


# Families


def family(adjustment: Any = "bh") -> Any:
    earlier, later = paneled(1.0)
    return changes(earlier, later, family="bảng 1", adjustment=adjustment, level=0.2)


@pytest.mark.parametrize("adjustment", ["bh", "holm"])
def test_every_change_has_its_p_and_its_q_within_the_family(adjustment: Any) -> None:
    earlier, later = paneled(1.0)
    result = family(adjustment)
    assert [(one.domain, one.statistic) for one in result.rows] == [
        (domain, statistic) for domain in later.domains for statistic in ("a", "b", "index")
    ]
    p = [one.p for one in result.rows]
    assert p == pytest.approx(
        [float(two_sided_p(one.estimate.value, one.estimate.se, one.estimate.df)) for one in result.rows]
    )
    wanted = adjust_family(p, name="bảng 1", adjustment=adjustment, level=0.2)
    assert [one.q for one in result.rows] == wanted.q.tolist()
    assert (result.family.name, result.family.tests) == ("bảng 1", len(result.rows))
    assert result.family.rejected.tolist() == [one.q <= 0.2 for one in result.rows]
    for one in result.rows:
        assert one.estimate == change(earlier, later, one.statistic, one.domain)
        assert one.estimate.value == one.later.value - one.earlier.value
        assert one.estimate.n == min(one.later.n, one.earlier.n)


def test_domains_and_statistics_may_be_chosen_and_what_one_round_lacks_is_named() -> None:
    earlier, later = (round_of(np.random.default_rng(at), POOL) for at in (1, 2))
    later["place"][later["place"] == "y"] = "z"
    result = changes(analysed(earlier), analysed(later), ["index"])
    assert [str(one.domain) for one in result.rows] == ["*", "place=x"]
    assert (result.only_earlier, result.only_later) == ((Domain("place", "y"),), (Domain("place", "z"),))
    assert [
        str(one.domain) for one in changes(analysed(earlier), analysed(later), ["a"], domains=["x"]).rows
    ] == ["place=x"]


def test_a_domain_that_nobody_answered_in_one_round_has_no_change() -> None:
    earlier, later = (round_of(np.random.default_rng(at), POOL) for at in (1, 2))
    earlier["a"][earlier["place"] == "x"] = -1
    one = next(
        one for one in changes(analysed(earlier), analysed(later)).rows if str(one.domain) == "place=x"
    )
    assert (one.statistic, one.estimate.value, one.estimate.se, one.p) == ("a", None, None, None)
    assert one.estimate.flags == ("no_respondents", "no_interval")


def test_an_index_that_lacks_an_item_in_one_round_is_flagged() -> None:
    earlier, later = (round_of(np.random.default_rng(at), POOL) for at in (1, 2))
    earlier["a"][earlier["place"] == "x"] = -1
    assert "items_missing" in change(analysed(earlier), analysed(later), "index", "x").flags


def test_the_method_of_a_change_can_be_said_in_vietnamese() -> None:
    method = family().rows[0].estimate.method
    assert method.split("; ")[0] == FORMULA
    assert set(method.split("; ")) <= set(PHRASES)
    assert describe_method(method).startswith("thay đổi giữa hai đợt; ")


@pytest.mark.parametrize("empty", ["earlier", "later", "x", "y"])
def test_nothing_is_said_of_a_comparison_with_nobody(empty: str) -> None:
    """Whichever side nobody answered on: no value, and so no standard error of one either."""
    earlier, later = (round_of(np.random.default_rng(at), POOL) for at in (1, 2))
    if empty in ("earlier", "later"):
        {"earlier": earlier, "later": later}[empty]["a"][:] = -1
        found = change(analysed(earlier), analysed(later), "a")
    else:
        earlier["a"][earlier["place"] == empty] = -1
        found = analysed(earlier).difference("a", "x", "y")
    assert (found.value, found.se, found.ci_low, found.n) == (None, None, None, 0)
