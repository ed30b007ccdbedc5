"""Primary suppression: the rules of Parker et al. 2017 (NCHS), and k-anonymity.

Exact (Clopper-Pearson) limits are those of the binomial, worked from the beta quantiles; where n_eff = n
and df is large the Korn-Graubard interval is the same.
"""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from survey.aggregation import Estimate
from survey.aggregation.disclosure import (
    BOARD,
    NCHS_2017,
    PUBLICATION,
    SENSITIVE,
    TEXTS,
    BadColumns,
    BadRules,
    Decision,
    Measured,
    Rules,
    judge,
    judge_estimates,
    log_of,
)


def simple(p: float, n: int, *, df: float = np.inf, rules: Rules = NCHS_2017, **more: float) -> Decision:
    """Judge a proportion from a simple random sample of n, whose n_eff is n."""
    se = math.sqrt(p * (1 - p) / n)
    measured = Measured.of(value=p, n=n, se=se, n_eff=n if 0 < p < 1 else np.nan, df=df, **more)
    return judge(measured, rules)[0]


def test_thirty_respondents_are_the_least() -> None:
    """Parker et al. 2017: n < 30 is suppressed; 30 at 10 % is then too wide for other reasons."""
    assert "few_respondents" in simple(0.5, 29).reasons
    assert "few_respondents" not in simple(0.5, 30).reasons


def test_a_small_effective_sample_is_suppressed_even_if_many_answered() -> None:
    decision = judge(Measured.of(value=0.5, n=400, se=0.0929, n_eff=29, df=40), NCHS_2017)[0]
    assert decision.verdict == "suppress"
    assert decision.reasons[0] == "few_effective"
    assert (decision.findings[0].measured, decision.findings[0].limit) == (29, 30)


def test_an_interval_of_thirty_points_is_too_wide() -> None:
    """15 of 30: exact limits 0.3130 and 0.6870, so 37 points; 50 of 100: 0.3983 and 0.6017, so 20."""
    width = np.diff(stats.beta.ppf([0.025, 0.975], [15, 16], [16, 15]))[0]
    assert width == pytest.approx(0.3740, abs=1e-4)
    decision = simple(0.5, 30)
    assert (decision.verdict, decision.reasons) == ("suppress", ("wide_interval",))
    assert decision.findings[0].measured == pytest.approx(width, rel=1e-9)
    assert simple(0.5, 100) == Decision("publish")


def test_thirty_points_are_the_border_of_too_wide() -> None:
    """Half of n, exact binomial limits: the first even n whose interval is under 30 points is published."""
    widths = {
        n: np.diff(stats.beta.ppf([0.025, 0.975], [n / 2, n / 2 + 1], [n / 2 + 1, n / 2]))[0]
        for n in range(30, 80, 2)
    }
    border = min(n for n, width in widths.items() if width < 0.30)
    assert simple(0.5, border).verdict == "publish"
    assert simple(0.5, border - 2).reasons == ("wide_interval",)


def test_a_width_above_130_percent_of_the_proportion_is_suppressed_unless_the_interval_is_narrow() -> None:
    """5 of 100: 0.0164 to 0.1128, 193 % of p. 8 of 400: 0.0087 to 0.0390, 152 % of p but only 3 points."""
    broad, narrow = simple(0.05, 100), simple(0.02, 400)
    assert (broad.verdict, broad.reasons) == ("suppress", ("relatively_wide",))
    assert broad.findings[0].measured == pytest.approx(1.93, abs=0.005)
    assert narrow.verdict == "publish"


def test_the_complement_is_footnoted_or_held_to_the_same_rule() -> None:
    """95 of 100 is fine; the 5 of 100 beside it is not."""
    footnoted = simple(0.95, 100)
    assert (footnoted.verdict, footnoted.reasons) == ("publish", ("complement_relatively_wide",))
    assert simple(0.95, 100, rules=replace(NCHS_2017, complement="shown")).verdict == "suppress"
    assert simple(0.95, 100, rules=replace(NCHS_2017, complement="ignored")) == Decision("publish")


def test_zero_and_one_are_reviewed_and_never_judged_relative_to_p() -> None:
    """0 of 35: upper limit 1 - 0.025^(1/35) = 0.1000; relative width does not exist."""
    for share in (0.0, 1.0):
        decision = simple(share, 35)
        assert (decision.verdict, decision.reasons) == ("review", ("at_an_end",))


def test_few_degrees_of_freedom_are_reviewed_not_suppressed() -> None:
    assert simple(0.5, 400, df=8).verdict == "publish"
    low = simple(0.5, 400, df=7)
    assert (low.verdict, low.reasons, low.findings[0].measured) == ("review", ("low_df",), 7)


def test_review_is_moot_once_a_cell_is_suppressed() -> None:
    decision = simple(0.5, 20, df=3)
    assert decision.verdict == "suppress"
    assert "low_df" not in decision.reasons


def test_no_interval_is_never_published_unseen() -> None:
    """df = 0: no standard error, no interval; a person looks at it."""
    measured = Measured.of(value=0.5, n=400, se=np.nan, n_eff=np.nan, df=0)
    assert judge(measured, NCHS_2017)[0].verdict == "review"
    assert judge(measured, NCHS_2017)[0].reasons == ("no_interval", "low_df")


def test_k_counts_respondents_and_psus() -> None:
    rules = replace(BOARD, min_psus=2)
    for n, psus, verdict, reason in (
        (4, 3, "suppress", "below_k"),
        (5, 1, "suppress", "few_psus"),
        (40, 2, "publish", ""),
    ):
        measured = Measured.of(value=0.5, n=n, se=0.1, n_eff=n, df=20, psus=psus)
        decision = judge(measured, rules)[0]
        assert decision.verdict == verdict
        assert reason in ("", *decision.reasons)


def test_unknown_psus_are_taken_from_df_and_otherwise_for_none() -> None:
    """PSUs = df + strata, so df = 1 proves two; df = 0 proves nothing and is withheld."""
    one, none = judge(Measured.of(value=0.5, n=400, se=0.03, n_eff=300, df=[1, 0]), PUBLICATION)
    assert "few_psus" not in one.reasons
    assert none.reasons == ("few_psus",)


def test_a_level_of_one_to_four_people_is_small_and_nobody_is_not() -> None:
    counts = [0, 1, 4, 5]
    made = judge(
        Measured.of(value=[0.0, 0.0025, 0.01, 0.0125], n=400, se=0.004, n_eff=400, df=30, count=counts)
    )
    assert ["small_level" in one.reasons for one in made] == [False, True, True, False]
    both = replace(PUBLICATION, k_complement=True)
    most = judge(Measured.of(value=0.99, n=400, se=0.004, n_eff=400, df=30, count=396), both)[0]
    assert most.reasons == ("small_complement",)


def test_a_mean_is_judged_by_sample_and_declared_relative_error_only() -> None:
    rules = replace(NCHS_2017, max_relative_error=0.3)
    cells = Measured.of(
        value=[4.1, 1.0, 4.1], n=[40, 40, 20], se=[0.3, 0.4, 0.3], n_eff=40, df=20, kinds="scale"
    )
    made = judge(cells, rules)
    assert [one.verdict for one in made] == ["publish", "suppress", "suppress"]
    assert made[1].reasons == ("high_relative_error",)
    assert made[2].reasons == ("few_respondents",)


def test_a_number_of_people_is_judged_by_k_only() -> None:
    made = judge(Measured.of(value=[3, 29], n=[3, 29], count=[3, 29], kinds="count"), PUBLICATION)
    assert [one.verdict for one in made] == ["suppress", "publish"]


def test_nobody_has_no_figure() -> None:
    assert judge(Measured.of(value=np.nan, n=0), PUBLICATION)[0].reasons == ("no_respondents",)


def test_estimates_in_percent_are_judged_as_shares() -> None:
    share = Estimate(0.05, 0.0218, 0.02, 0.11, 0.95, 100, 100.0, 1.0, 30, "m", "share")
    for one in (share, share.scaled(100, "percent")):
        decision = judge_estimates([one])[0]
        assert decision.reasons == ("relatively_wide",)
        assert decision.findings[0].measured == pytest.approx(1.99, abs=0.005)


def test_a_board_marks_few_and_hides_fewer_than_k() -> None:
    made = judge(Measured.of(value=0.5, n=[29, 4], se=0.1, n_eff=[25, 4], df=10), BOARD)
    assert [one.verdict for one in made] == ["review", "suppress"]


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=30)
def test_stricter_rules_never_publish_more_and_cells_do_not_see_each_other(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = rng.integers(0, 200, 40)
    p = np.round(rng.random(40), 1)
    n_eff = n * rng.uniform(0.3, 1.0, 40)
    se = np.sqrt(p * (1 - p) / np.maximum(n_eff, 1))
    columns = {"value": p, "n": n, "se": se, "n_eff": n_eff, "df": rng.integers(0, 40, 40)}
    together = judge(Measured.of(**columns), PUBLICATION)
    alone = [judge(Measured.of(**{k: v[i] for k, v in columns.items()}), PUBLICATION)[0] for i in range(40)]
    assert list(together) == alone
    strict = judge(Measured.of(**columns), SENSITIVE)
    severity = ["publish", "review", "suppress"]
    for lax, hard in zip(together, strict, strict=True):
        assert severity.index(hard.verdict) >= severity.index(lax.verdict)


def test_every_reason_is_said_in_both_languages_without_a_figure() -> None:
    for texts in TEXTS.values():
        assert set(texts) == {"vi", "en"}
        assert all(text.endswith(".") for text in texts.values())
    assert simple(0.5, 20).texts("vi")[0] == "Ít mẫu."
    assert simple(0.5, 20).texts("en")[0] == "Too few respondents."


def test_the_log_names_every_finding_with_its_limit() -> None:
    log = log_of({"a": simple(0.5, 20), "b": simple(0.5, 100)})
    assert [(line.cell, line.reason, line.measured, line.limit) for line in log][:2] == [
        ("a", "few_respondents", 20, 30),
        ("a", "few_effective", 20, 30),
    ]
    assert all(line.cell == "a" for line in log)


@pytest.mark.parametrize("wrong", [{"k": 0}, {"min_n": -1}, {"max_width": math.inf}, {"level": 1.0}])
def test_rules_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadRules):
        replace(PUBLICATION, **wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": [0.1, 0.2], "n": [1, 2, 3]},
        {"value": 0.1, "n": -1},
        {"value": 1.2, "n": 40},
        {"value": 0.5, "n": 40, "count": 41},
    ],
)
def test_columns_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadColumns):
        Measured.of(**wrong)
