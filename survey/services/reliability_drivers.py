"""Whether a factor's items measure one thing, and which items go with satisfaction: alpha, omega, quadrants.

Not a proof of cause, and not a decision to drop or to mend anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from survey.aggregation import BadRequest, Estimate, ItemBlock
from survey.aggregation.drivers import Driver, derived_importance, importance_performance
from survey.aggregation.reliability import Reliability, TooFewItems, reliability
from survey.errors import Invalid
from survey.questionnaires import Formula, FormulaNode
from survey.services.person_means import means_of_others, scaled_answers
from survey.services.snapshot_sample import LEVEL, SnapshotSample

#: others: correlation with the same person's mean over the other items of the index. item: Johnson's
#: relative weight for an item on overall satisfaction that somebody named.
Against = Literal["others", "item"]
#: What stands in `Estimate.method` for the first of these, in place of the room's own words.
WITH_OTHERS = "weighted correlation with the respondent's mean over the other items"
_WITH_OVERALL = "weighted correlation with overall satisfaction"
#: The Vietnamese of what this service adds to the room's PHRASES.
PHRASES = {WITH_OTHERS: "tương quan có trọng số với điểm bình quân các tiêu chí còn lại của người trả lời"}


@dataclass(frozen=True, slots=True)
class FactorReliability:
    """One factor of the formula: how well its items measure one thing, or why nobody can say."""

    node: FormulaNode
    found: Reliability | None
    problem: Invalid | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that has no derived importance, and why."""

    item: str
    problem: Invalid


@dataclass(frozen=True, slots=True)
class ReliabilityDrivers:
    """Reliability by factor, and importance against performance by item.

    Attributes:
        against: what importance is derived from.
        overall: the item on overall satisfaction where `against` is "item".
        drivers: the items; performance as a share of the best, 0 to 1.
        importance_line, performance_line: means of the items, where the quadrants meet.
        r_squared: share of overall satisfaction's variance that the items account for; "item" only.
    """

    snapshot: str
    data_sha256: str
    simulated: bool
    formula: Formula
    rows: int
    level: float
    factors: tuple[FactorReliability, ...]
    against: Against
    overall: str | None
    drivers: tuple[Driver, ...]
    importance_line: float
    performance_line: float
    r_squared: Estimate | None
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    drivers: tuple[Driver, ...]
    lines: tuple[float, float]
    r_squared: Estimate | None = None
    left_out: tuple[LeftOut, ...] = ()


def reliability_drivers(sample: SnapshotSample, *, overall: str | None = None) -> ReliabilityDrivers:
    """Estimate alpha and omega of each factor, and place each item by importance and performance.

    No questionnaire of ours says which item asks for satisfaction overall, and nobody should guess:
    without `overall` an item's importance is its correlation with the mean of the same person's other
    items of the index, at least half of them answered.

    Raises:
        UnknownPart: the questionnaire has no item `overall`.
        BadRequest: it has no scale, or it is the only item.
        TooFewItems: fewer than two items to place, or none of them can be.
        TooFewCases, ConstantItem, CollinearItems: with `overall`, on complete cases of all items.
    """
    placed = _by_others(sample) if overall is None else _by_item(sample, overall)
    return ReliabilityDrivers(
        snapshot=sample.snapshot.code,
        data_sha256=sample.snapshot.manifest["data"]["sha256"],
        simulated=bool(sample.snapshot.manifest["simulated"]),
        formula=sample.formula,
        rows=sample.snapshot.rows,
        level=LEVEL,
        factors=tuple(_factor(sample, node) for node in sample.formula.nodes() if node.items),
        against="others" if overall is None else "item",
        overall=overall,
        drivers=tuple(_as_share(sample, one) for one in placed.drivers),
        importance_line=placed.lines[0],
        performance_line=(placed.lines[1] - sample.formula.scale_range[0]) / sample.width,
        r_squared=placed.r_squared,
        left_out=placed.left_out,
    )


def _factor(sample: SnapshotSample, node: FormulaNode) -> FactorReliability:
    answers = ItemBlock(node.items, tuple(_column(sample, item) for item in node.items))
    try:
        return FactorReliability(node, reliability(sample.design, answers, level=LEVEL), None)
    except Invalid as problem:
        return FactorReliability(node, None, problem)


def _column(sample: SnapshotSample, item: str) -> NDArray[np.generic]:
    return sample.answers.columns[sample.answers.items.index(item)]


def _by_others(sample: SnapshotSample) -> _Placed:
    """Place each item against the mean of the others, one item at a time."""
    items = sample.answers.items
    if len(items) < 2:
        raise TooFewItems(needed=2, found=len(items))
    scaled = scaled_answers(sample)
    importance: dict[str, float] = {}
    left_out: list[LeftOut] = []
    for at, item in enumerate(items):
        rest, answers = means_of_others(scaled, at), {item: _column(sample, item)}
        try:
            found = derived_importance(sample.design, rest, answers, level=LEVEL)
        except Invalid as problem:
            left_out.append(LeftOut(item, problem))
        else:
            importance[item] = found.correlation[0].value or 0.0
    if not importance:
        raise TooFewItems(needed=2, found=0)
    lines = float(np.mean(list(importance.values()))), _performance_line(sample, list(importance))
    drivers = tuple(
        _against_others(sample, item, means_of_others(scaled, items.index(item)), lines)
        for item in importance
    )
    return _Placed(drivers, lines, left_out=tuple(left_out))


def _performance_line(sample: SnapshotSample, items: list[str]) -> float:
    analysis = sample.analysis(by_unit=False)
    performed = [analysis.estimate("", item).value for item in items]
    return float(np.mean([value for value in performed if value is not None]))


def _against_others(
    sample: SnapshotSample, item: str, rest: NDArray[np.float64], lines: tuple[float, float]
) -> Driver:
    found = importance_performance(
        sample.design,
        rest,
        {item: _column(sample, item)},
        measure=sample.measure,
        kind="correlation",
        lines=lines,
        level=LEVEL,
    ).drivers[0]
    importance = replace(found.importance, method=found.importance.method.replace(_WITH_OVERALL, WITH_OTHERS))
    return replace(found, importance=importance)


def _by_item(sample: SnapshotSample, overall: str) -> _Placed:
    """Place all items together against one item on overall satisfaction."""
    asked = sample.questionnaire.item(overall)
    if asked.scale is None or asked.scale.kind != "ordinal" or asked.kind != "single":
        raise BadRequest(problem=f"{overall}: không có thang thứ bậc / no ordinal scale")
    items = tuple(item for item in sample.answers.items if item != overall)
    if not items:
        raise TooFewItems(needed=1, found=0)
    found = importance_performance(
        sample.design,
        sample.snapshot.scale_values(overall),
        ItemBlock(items, tuple(_column(sample, item) for item in items)),
        measure=sample.measure,
        level=LEVEL,
    )
    lines = found.importance_line, found.performance_line
    return _Placed(found.drivers, lines, found.details.r_squared)


def _as_share(sample: SnapshotSample, driver: Driver) -> Driver:
    return replace(driver, performance=sample.as_share(driver.performance))
