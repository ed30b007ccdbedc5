"""What reports and the API show: siblings, years, updates, rulings; and that the analysis stays as it is."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import WHOLE, Analysis, Domain, Estimate, Measure, SampleDesign, analyse, fingerprint
from survey.aggregation.disclosure import (
    BOARD,
    NCHS_2017,
    REVIEW,
    SENSITIVE,
    SUPPRESSED,
    Candidate,
    NotProtected,
    Protected,
    Relation,
    RelationBroken,
    RepeatedCell,
    UnknownCell,
    candidates_of,
    difference,
    distribution,
    index_terms,
    margin,
    protect,
    roll_up,
    update,
    weighted_mean,
)

TOP = Measure("top_share", (4, 5))


def share(p: float, n: int, *, unit: str = "share", df: int = 20) -> Estimate:
    """Return a share from a simple random sample."""
    se = float(np.sqrt(p * (1 - p) / n))
    return Estimate(p, se, p - 2 * se, p + 2 * se, 0.95, n, float(n), 1.0, df, "m", unit)


def province(n: dict[str, int], p: dict[str, float] | None = None) -> tuple[list[Candidate], list[Relation]]:
    """Make a province of communes with one statistic, weights equal to n."""
    shares = p or dict.fromkeys(n, 0.6)
    whole = sum(n[one] * shares[one] for one in n) / sum(n.values())
    made = [Candidate(one, "b1", share(shares[one], n[one]), psus=5) for one in n]
    made.append(Candidate("*", "b1", share(whole, sum(n.values())), psus=30, standing="kept"))
    return made, [weighted_mean(("*", "b1"), {(one, "b1"): float(n[one]) for one in n})]


def shown(made: Protected) -> set[str]:
    return {domain for domain, _ in made.decisions if made.is_shown(domain, "b1")}


def test_one_thin_commune_takes_one_more_and_leaves_the_province() -> None:
    made = protect((case := province({"a": 20, "b": 200, "c": 300, "d": 900}))[0], relations=case[1])
    assert made.decision("a", "b1").reasons[0] == "few_respondents"
    assert len(shown(made)) == 3
    assert "*" in shown(made)
    hidden = next(one for one in "bcd" if one not in shown(made))
    assert made.decision(hidden, "b1").reasons == ("complementary",)
    made.assert_protected()


def test_the_province_goes_when_it_has_only_one_commune() -> None:
    candidates, relations = province({"a": 20})
    candidates[1] = replace(candidates[1], estimate=share(0.6, 400))
    made = protect(candidates, relations=relations)
    assert made.decision("*", "b1").reasons == ("complementary", "total_withheld")
    assert "số tổng" in made.decision("*", "b1").texts("vi")[1]
    assert "without also suppressing the total" in made.decision("*", "b1").texts("en")[1]


def test_a_withheld_figure_has_no_number_and_does_not_say_why() -> None:
    candidates, relations = province({"a": 3, "b": 200, "c": 300, "d": 900})
    made = protect(candidates, relations=relations)
    withheld = [made.figure(one, "b1") for one in "abcd" if one not in shown(made)]
    assert len(withheld) == 2
    for one in withheld:
        assert (one.value, one.se, one.ci_low, one.ci_high, one.n_eff, one.deff) == (None,) * 6
        assert (one.n, one.df, one.flags) == (0, 0, (SUPPRESSED,))
    assert made.figure("*", "b1").value == candidates[-1].estimate.value
    primary = [line for line in made.log if line.cell == ("a", "b1") and line.reason == "below_k"]
    assert (primary[0].measured, primary[0].limit) == (3, 5)


def test_figures_outside_every_relation_are_judged_by_themselves() -> None:
    alone = [Candidate("a", "b1", share(0.6, 20)), Candidate("b", "b1", share(0.6, 200))]
    made = protect(alone)
    assert shown(made) == {"b"}
    assert made.audit.lines == ()


def test_an_analysis_is_read_bound_and_never_changed() -> None:
    rng = np.random.default_rng(7)
    sizes = {"a": 200, "b": 240, "c": 12, "d": 300}
    commune = np.repeat(list(sizes), list(sizes.values()))
    rows = commune.size
    design = SampleDesign.build(
        weights=rng.uniform(0.5, 2.0, rows),
        strata=commune,
        psu=np.concatenate([np.arange(n) % 12 for n in sizes.values()]),
    )
    answers = {"b1": rng.integers(1, 6, rows), "b2": rng.integers(1, 6, rows)}
    analysis = analyse(design, answers, domains=commune, measure=TOP)
    before = fingerprint(analysis)
    communes = [domain for domain in analysis.domains if domain != WHOLE]
    made = _publish(analysis, communes)
    assert fingerprint(analysis) == before
    small = Domain("domain", "c")
    assert not made.is_shown(small, "b1")
    assert sum(made.is_shown(one, "b1") for one in communes) == 2
    assert made.is_shown(WHOLE, "b1")
    made.assert_protected()
    psus = {one.domain: one.psus for one in candidates_of(analysis, statistics=["b1"], domains=[small])}
    assert psus == {small: 12}


def _publish(analysis: Analysis, communes: list[Domain]) -> Protected:
    sums = [roll_up(analysis, WHOLE, communes, one) for one in ("b1", "b2")]
    return protect(candidates_of(analysis, kept=[WHOLE]), relations=sums)


def test_levels_of_a_distribution_are_protected_together() -> None:
    """Counts 2, 8, 40, 80, 70 of 200: the 2 is small; the shares add up to 1, so another level goes."""
    counts = [2, 8, 40, 80, 70]
    levels = [("a", f"b1={level}") for level in range(1, 6)]
    made = protect(
        [
            Candidate("a", name, share(count / 200, 200), psus=9, count=count)
            for (_, name), count in zip(levels, counts, strict=True)
        ],
        relations=[distribution(levels)],
        rules=BOARD,
    )
    hidden = [name for domain, name in levels if not made.is_shown(domain, name)]
    assert hidden[0] == "b1=1"
    assert len(hidden) == 2
    line = made.audit.lines[0]
    assert line.low == pytest.approx(0.0, abs=1e-9)
    assert line.high >= 4 / 200


def test_counts_and_their_sum_are_protected_too() -> None:
    counts = {"a": 3, "b": 40, "c": 50}
    made = protect(
        [Candidate.of_count(one, "n", count) for one, count in counts.items()]
        + [Candidate.of_count("*", "n", 93, standing="kept")],
        relations=[margin(("*", "n"), [(one, "n") for one in counts])],
    )
    assert made.decision("a", "n").reasons == ("small_level",)
    assert made.decision("b", "n").reasons == ("complementary",)
    assert made.is_shown("c", "n")
    assert made.is_shown("*", "n")


def test_an_index_does_not_give_away_its_hidden_item() -> None:
    """Index = (b1 + b2 + b3) / 3; b1 had 20 answers, so another term or the index goes."""
    items = {"b1": (0.5, 20), "b2": (0.7, 300), "b3": (0.6, 300)}
    candidates = [Candidate("a", one, share(*of), psus=9) for one, of in items.items()]
    candidates.append(Candidate("a", "index", share(0.6, 300), psus=9))
    terms = index_terms(("a", "index"), {("a", one): 1 / 3 for one in items})
    made = protect(candidates, relations=[terms])
    assert sum(made.is_shown("a", one.statistic) for one in candidates) == 2
    made.assert_protected()


def test_a_published_change_between_years_cannot_be_subtracted() -> None:
    """2026 is thin and hidden; 2025 and the change are free: one of them goes."""
    candidates, relation = _two_years()
    naive = protect(candidates)
    assert naive.figure("a", "2025").value + naive.figure("a", "change").value == pytest.approx(0.6)  # type: ignore[operator]  # both shown
    made = protect(candidates, relations=[relation])
    assert not made.is_shown("a", "2026")
    assert not (made.is_shown("a", "2025") and made.is_shown("a", "change"))
    made.assert_protected()


def test_a_change_against_a_year_published_before_is_withheld() -> None:
    """2025 is in last year's report, so only the change can go."""
    candidates, relation = _two_years()
    last_year = protect(candidates[:1]).as_earlier()
    assert last_year == {("a", "2025"): 0.5}
    made = protect(candidates[1:], relations=[relation], earlier=last_year)
    assert [made.is_shown("a", one) for one in ("2026", "change")] == [False, False]
    again = protect(candidates, relations=[relation], earlier=last_year)
    assert again.is_shown("a", "2025")
    assert not again.is_shown("a", "change")


def _two_years() -> tuple[list[Candidate], Relation]:
    change = Estimate(0.1, 0.12, -0.14, 0.34, 0.95, 300, 300.0, 1.0, 20, "m", "difference")
    made = [
        Candidate("a", "2025", share(0.5, 300), psus=9),
        Candidate("a", "2026", share(0.6, 20), psus=9),
        Candidate("a", "change", change, psus=9),
    ]
    return made, difference(("a", "change"), ("a", "2026"), ("a", "2025"))


def test_what_was_withheld_before_stays_withheld() -> None:
    made = protect([Candidate("a", "b1", share(0.6, 300), psus=9)], earlier={("a", "b1"): None})
    assert made.decision("a", "b1").reasons == ("suppressed_before",)
    assert made.as_earlier() == {("a", "b1"): None}


def test_a_figure_published_before_that_is_now_thin_is_named_as_exposed() -> None:
    candidates, relations = province({"a": 20, "b": 200, "c": 300})
    made = protect(candidates, relations=relations, earlier={("a", "b1"): candidates[0].estimate.value})
    assert made.exposed == (("a", "b1"),)
    assert not made.is_shown("a", "b1")
    assert shown(made) == {"b", "c", "*"}
    with pytest.raises(NotProtected):
        made.assert_protected()


@pytest.mark.parametrize(("added", "is_shown"), [(0, True), (2, False), (5, True)])
def test_an_update_by_fewer_than_five_people_is_held_back(added: int, is_shown: bool) -> None:
    """Who kept yesterday's table subtracts it: the two who came since are a cell of two people."""
    later, earlier = {("a", "n"): 40 + added, ("b", "n"): 70}, {("a", "n"): 40, ("b", "n"): 70}
    beside, increments = update(later, earlier)
    made = protect([Candidate.of_count(one, "n", count) for (one, _), count in later.items()], beside=beside)
    assert made.is_shown("a", "n") is is_shown
    assert made.is_shown("b", "n")
    assert set(increments) == set(later)
    made.assert_protected()


def test_a_person_rules_on_reviews_and_never_against_confidentiality() -> None:
    few_df = Candidate("a", "b1", share(0.6, 400, df=4), psus=9)
    single = Candidate("b", "b1", share(0.6, 3), psus=9)
    waiting = protect([few_df, single])
    assert waiting.decision("a", "b1").verdict == "review"
    assert not waiting.is_shown("a", "b1")
    assert waiting.figure("a", "b1").flags == (REVIEW, "low_df")
    assert waiting.figure("a", "b1").value == 0.6
    ruled = protect([few_df, single], rulings={("a", "b1"): "publish", ("b", "b1"): "publish"})
    assert ruled.is_shown("a", "b1")
    assert not ruled.is_shown("b", "b1")
    assert protect([few_df], rulings={("a", "b1"): "suppress"}).figure("a", "b1").value is None


def test_merely_imprecise_figures_may_be_left_out_without_complements() -> None:
    case = province({"a": 20, "b": 200, "c": 300})
    made = protect(case[0], relations=case[1], unreliable="withheld")
    assert shown(made) == {"b", "c", "*"}
    both = province({"a": 20, "d": 4, "b": 200, "c": 300})
    both[0][0] = replace(both[0][0], cost=9.0)
    covered = protect(both[0], relations=both[1], unreliable="withheld")
    assert shown(covered) == {"b", "c", "*"}  # the thin commune covers the small one
    few = province({"a": 4, "b": 200, "c": 300})
    assert len(shown(protect(few[0], relations=few[1], unreliable="withheld"))) == 2


def test_a_candidate_may_bring_its_own_rules() -> None:
    figures = [
        Candidate("a", "b1", share(0.6, 9), psus=9, rules=rules) for rules in (replace(BOARD, k=5), SENSITIVE)
    ]
    assert protect(figures[:1]).decision("a", "b1").verdict == "review"
    assert protect(figures[1:]).decision("a", "b1").reasons[0] == "below_k"


def test_footnotes_travel_with_a_published_figure() -> None:
    made = protect([Candidate("a", "b1", share(0.95, 100), psus=9)], rules=NCHS_2017)
    assert made.figure("a", "b1").flags == ("complement_relatively_wide",)
    assert made.is_shown("a", "b1")


def test_a_commune_where_nobody_answered_leaves_the_sum() -> None:
    candidates, relations = province({"a": 20, "b": 200, "c": 300})
    nobody = Estimate(None, None, None, None, 0.95, 0, None, None, 0, "m", "share")
    weights = dict(relations[0].coefficients) | {("z", "b1"): 0.0}
    bound = replace(relations[0], coefficients=weights)
    made = protect([*candidates, Candidate("z", "b1", nobody)], relations=[bound])
    assert made.decision("z", "b1").reasons == ("no_respondents",)
    assert len(shown(made)) == 2


def test_names_and_sums_that_do_not_fit_are_refused() -> None:
    candidates, relations = province({"a": 40, "b": 200})
    with pytest.raises(RepeatedCell):
        protect([*candidates, candidates[0]])
    with pytest.raises(UnknownCell, match="rulings"):
        protect(candidates, rulings={("z", "b1"): "publish"})
    with pytest.raises(UnknownCell, match="earlier"):
        protect(candidates, earlier={("z", "b1"): None})
    with pytest.raises(UnknownCell, match="z"):
        protect(candidates, relations=[margin(("*", "b1"), [("z", "b1")])])
    with pytest.raises(RelationBroken):
        protect(candidates, relations=[margin(("*", "b1"), [("a", "b1"), ("b", "b1")])])
    with pytest.raises(UnknownCell):
        protect(candidates).figure("z", "b1")


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=15)
def test_nobody_subtracts_a_hidden_figure_from_random_provinces(seed: int) -> None:
    """Simple outsiders: any relation with one hidden figure would give it away; none is left."""
    rng = np.random.default_rng(seed)
    n = {f"x{i}": int(rng.integers(1, 400)) for i in range(int(rng.integers(2, 9)))}
    p = {one: float(rng.uniform(0.05, 0.95)) for one in n}
    candidates, relations = province(n, p)
    halves = list(n)[: max(1, len(n) // 2)]
    size = sum(n[one] for one in halves)
    middle = sum(n[one] * p[one] for one in halves) / size
    candidates.append(Candidate("half", "b1", share(middle, size), psus=9))
    relations.append(weighted_mean(("half", "b1"), {(one, "b1"): float(n[one]) for one in halves}))
    made = protect(candidates, relations=relations)
    for relation in relations:
        hidden = [one for one in relation.coefficients if made.decisions[one].verdict == "suppress"]
        assert len(hidden) != 1
    assert made.audit.protected
    for candidate in candidates:
        if made.decisions[candidate.id].verdict != "suppress":
            assert made.figures[candidate.id].value == candidate.estimate.value
