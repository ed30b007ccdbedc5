"""Design-based t-tests: a mean against a number, or the means of two groups.

Not the test of a table (chi_square.py), nor many tests at once (ranking: multiplicity).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from survey.aggregation.analyse import analyse
from survey.aggregation.answers import Answers, Measure
from survey.aggregation.design import SampleDesign
from survey.aggregation.dimensions import domain_labels, numbers
from survey.aggregation.domains import Domain, DomainSet, domain_set
from survey.aggregation.errors import BadRequest, listed
from survey.aggregation.estimates import Estimate
from survey.aggregation.intervals import check_level, t_interval
from survey.aggregation.labels import BoolArray, Labels
from survey.errors import Invalid

METHOD = "design-based t-test; df = PSUs less strata less 1"


class WrongGroups(Invalid):
    """Groups to compare that are not two, or no answer to test at all."""

    code = "SVY-422-176"
    texts = {
        "vi": "Phép kiểm định t cần {needed} nhóm có câu trả lời, tìm thấy {found}: {groups}.",
        "en": "The t-test needs {needed} groups with answers; {found} found: {groups}.",
    }


@dataclass(frozen=True, slots=True)
class TTest:
    """A t-test.

    Attributes:
        estimate: the mean, or the second group's mean less the first's, with its interval on `df`.
        groups: the first and the second group in the order of their labels; none for one sample.
        null: the value tested against.
        statistic, p_value: t and its two-sided probability; None where there is no test: no degrees of
            freedom, or nothing varies.
        df: degrees of freedom of the respondents, less 1.
    """

    estimate: Estimate
    groups: tuple[str, ...]
    null: float
    statistic: float | None
    p_value: float | None
    df: int
    method: str = METHOD


def t_test(
    design: SampleDesign,
    answers: Answers,
    groups: Labels | None = None,
    *,
    null: float = 0.0,
    level: float = 0.95,
) -> TTest:
    """Test the mean of one item, or the difference of its means in two groups (R `svyttest`).

    A response without an answer or a group is out of the test, not of the design: to test within a
    domain, give labels to its rows only. The df are those of the respondents less 1, R's convention for
    one sample as for two, where the test is that of a regression on the group.

    Raises:
        WrongGroups: not two groups with answers, or no answer; BadAnswers, DifferentLengths, BadRequest.
    """
    check_level(level)
    item, answered = _one_item(answers, design.rows)
    named = domain_set("group", _everyone(design) if groups is None else groups, design.rows)
    kept = DomainSet(named.domains, np.where(answered, named.codes, len(named.domains)))
    compared = _compared(design, kept, needed=1 if groups is None else 2)
    labels = domain_labels(kept)
    analysis = analyse(design, answers, domains=labels, measure=Measure("mean"), level=level)
    if groups is None:
        return _tested(analysis.estimate(compared[0], item), (), null)
    return _tested(
        analysis.difference(item, compared[1], compared[0]), tuple(one.value for one in compared), null
    )


def _everyone(design: SampleDesign) -> list[str]:
    return ["all"] * design.rows


def _one_item(answers: Answers, rows: int) -> tuple[str, BoolArray]:
    columns = numbers(answers, rows)
    if len(columns) != 1:
        raise BadRequest(problem=f"{len(columns)} items; a t-test takes one")
    item, column = next(iter(columns.items()))
    return item, ~np.isnan(column)


def _compared(design: SampleDesign, kept: DomainSet, *, needed: int) -> tuple[Domain, ...]:
    """Return the groups with respondents of positive weight."""
    live = np.bincount(kept.codes[design.weights > 0], minlength=len(kept.domains) + 1)[:-1] > 0
    found = tuple(one for one, is_live in zip(kept.domains, live, strict=True) if is_live)
    if len(found) != needed:
        raise WrongGroups(needed=needed, found=len(found), groups=listed(one.value for one in found) or "∅")
    return found


def _tested(mean: Estimate, groups: tuple[str, ...], null: float) -> TTest:
    df = mean.df - 1
    if mean.value is None or mean.se is None or df < 1:
        untested = replace(mean, ci_low=None, ci_high=None, df=df, flags=(*_others(mean), "no_interval"))
        return TTest(untested, groups, null, None, None, df)
    low, high = t_interval(mean.value, mean.se, df, mean.level)
    statistic = (mean.value - null) / mean.se
    p_value = 2 * float(special.stdtr(df, -abs(statistic)))
    return TTest(
        replace(mean, ci_low=float(low), ci_high=float(high), df=df), groups, null, statistic, p_value, df
    )


def _others(mean: Estimate) -> tuple[str, ...]:
    return tuple(flag for flag in mean.flags if flag != "no_interval")
