"""What changed from one round to a later one: items and indices, of the whole and of each unit.

Not a comparison of units within one round (unit_ranks.py). Units that merged between the rounds are
compared as the unit they became (unit_succession.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import pyarrow.compute as pc

from survey.aggregation import WHOLE, Analysis, Domain, Estimate, Family, adjust_family, analyse
from survey.aggregation.changes import Change, Changes, changes
from survey.questionnaires import Formula
from survey.services.comparable_parts import ComparableParts, comparable_parts
from survey.services.index_definitions import definition_of, statistic_of
from survey.services.ranked_units import tree_order
from survey.services.snapshot_sample import LEVEL, SnapshotSample, design_of
from survey.services.unit_names import alphabetical
from survey.services.unit_succession import UnitLinks, unit_links
from survey.storage.snapshots import Snapshot

#: The false discovery rate at which the family is held.
ERROR_RATE = 0.05
#: What the family of tests holds, and the Vietnamese of it.
TABLE = "every index and item of the whole, and the overall index of each unit"
EVERYTHING = "every index and item of the whole and of each unit"
FAMILIES = {
    TABLE: "mọi chỉ số và tiêu chí của toàn bộ, và chỉ số chung của từng đơn vị",
    EVERYTHING: "mọi chỉ số và tiêu chí của toàn bộ và của từng đơn vị",
}
#: What may differ between the rounds so that a change is not one of opinion alone.
Difference = Literal["population", "counted_grades", "questionnaire"]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two rounds: its snapshot, and the day of its last response."""

    snapshot: str
    data_sha256: str
    simulated: bool
    rows: int
    day: date


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change: a statistic of one unit ("" is the whole), later less earlier, as shares of the best.

    Attributes:
        kind, name: "index" and the id of a node, or "item" and its id.
        p, q: of "nothing changed", alone and within the family; None without a standard error.
        significant: whether q is at most ERROR_RATE.
    """

    unit: str
    kind: Literal["index", "item"]
    name: str
    earlier: Estimate
    later: Estimate
    change: Estimate
    p: float | None
    q: float | None
    significant: bool


@dataclass(frozen=True, slots=True)
class RoundChanges:
    """Everything that can be compared between two rounds.

    Attributes:
        family: the one family of tests, named by FAMILIES.
        lines: the whole first, then units.
        shared_psus: PSUs in both rounds, by stratum and label; `independent` says that they were not to
            be looked for.
        links: how the earlier round's units became the later one's.
        only_earlier, only_later: units of one round alone.
        parts: which items and indices are the same in both.
        differences: what else differs between the rounds.
    """

    earlier: Side
    later: Side
    formula: Formula
    level: float
    family: Family
    lines: tuple[ChangeLine, ...]
    shared_psus: int
    independent: bool
    links: UnitLinks
    only_earlier: tuple[str, ...]
    only_later: tuple[str, ...]
    parts: ComparableParts
    differences: tuple[Difference, ...]


def round_changes(
    earlier: SnapshotSample, later: SnapshotSample, *, everything: bool = False, independent: bool = False
) -> RoundChanges:
    """Estimate the changes between two rounds on one formula, as one Benjamini-Hochberg family.

    Variances are of the union of both samples: a PSU of the same stratum and label in both counts once,
    so its covariance is in. `independent` takes all PSUs of the rounds for different ones.

    Args:
        everything: also every index and item of each unit; the family is then as large.

    Raises:
        BadRequest: formulas that count answers differently, nothing that is the same in both rounds, or
            merged strata in which one PSU label means two PSUs.
        LonelyPsu, BadPopulation.
    """
    parts = comparable_parts(earlier, later)
    sides = _side(earlier.snapshot), _side(later.snapshot)
    links = unit_links(sorted(set(earlier.units)), earlier=sides[0].day, later=sides[1].day)
    before = _analysed(earlier, parts, _labels(earlier, links), "1" if independent else "")
    after = _analysed(later, parts, list(later.units), "2" if independent else "")
    found = _found(before, after, later, links, parts, everything=everything)
    rows = [row for one in found for row in one.rows]
    name = EVERYTHING if everything else TABLE
    p = [np.nan if row.p is None else row.p for row in rows]
    family = adjust_family(p, name=name, level=ERROR_RATE)
    return RoundChanges(
        earlier=sides[0],
        later=sides[1],
        formula=later.formula,
        level=LEVEL,
        family=family,
        lines=tuple(
            sorted(
                (
                    _line(later, row, float(q), bool(rejected))
                    for row, q, rejected in zip(rows, family.q, family.rejected, strict=True)
                ),
                key=_order(later),
            )
        ),
        shared_psus=found[0].shared_psus,
        independent=independent,
        links=links,
        only_earlier=tuple(one.value for one in found[0].only_earlier),
        only_later=tuple(one.value for one in found[0].only_later),
        parts=parts,
        differences=_differences(earlier, later),
    )


def _side(snapshot: Snapshot) -> Side:
    return Side(
        snapshot=snapshot.code,
        data_sha256=snapshot.manifest["data"]["sha256"],
        simulated=bool(snapshot.manifest["simulated"]),
        rows=snapshot.rows,
        day=pc.max(snapshot.table.column("day")).as_py(),
    )


def _labels(sample: SnapshotSample, links: UnitLinks) -> list[str | None]:
    """Put each response's unit in the later round's units; None where that is no unit, or only its part."""
    became = {unit: links.links.get(unit, unit) for unit in set(sample.units)}
    nowhere = {unit for unit, new in became.items() if unit in links.split or new in links.partial}
    return [None if unit in nowhere else became[unit] for unit in sample.units]


def _analysed(
    sample: SnapshotSample, parts: ComparableParts, units: Sequence[str | None], apart: str
) -> Analysis:
    """Analyse what is the same in both rounds; `apart` goes before strata and PSUs of independent rounds."""
    return analyse(
        design_of(sample.snapshot, apart=apart),
        {item: sample.answers.columns[sample.answers.items.index(item)] for item in parts.items},
        domains=units,
        measure=sample.measure,
        indices=[definition_of(node) for node in parts.nodes],
        level=LEVEL,
    )


def _found(
    before: Analysis,
    after: Analysis,
    later: SnapshotSample,
    links: UnitLinks,
    parts: ComparableParts,
    *,
    everything: bool,
) -> list[Changes]:
    common: list[Domain] = [one for one in after.domains if one in before.domain_places]
    units = [one for one in common if one != WHOLE]
    succession = list(links.links.items())
    if everything:
        return [changes(before, after, domains=common, succession=succession)]
    whole = changes(before, after, domains=[WHOLE], succession=succession)
    if not units or later.formula.root not in parts.nodes:
        return [whole]
    return [whole, changes(before, after, [later.root], domains=units, succession=succession)]


def _line(sample: SnapshotSample, row: Change, q: float, rejected: bool) -> ChangeLine:
    nodes = {statistic_of(node): node.id for node in sample.formula.nodes()}
    return ChangeLine(
        unit=row.domain.value,
        kind="index" if row.statistic in nodes else "item",
        name=nodes.get(row.statistic, row.statistic),
        earlier=sample.as_share(row.earlier),
        later=sample.as_share(row.later),
        change=row.estimate.scaled(1 / sample.width, "share"),
        p=row.p,
        q=None if np.isnan(q) else q,
        significant=rejected,
    )


def _order(sample: SnapshotSample) -> Callable[[ChangeLine], tuple[int, int]]:
    """Put the whole first and units in alphabetical order, indices in tree order before items."""
    units = {unit: at for at, unit in enumerate(["", *alphabetical(set(sample.units))])}
    parts = [*(node.id for node, _ in tree_order(sample.formula.root)), *sample.answers.items]
    names = {name: at for at, name in enumerate(parts)}
    return lambda line: (units[line.unit], names[line.name])


def _differences(earlier: SnapshotSample, later: SnapshotSample) -> tuple[Difference, ...]:
    told: list[Any] = [one.snapshot.manifest for one in (earlier, later)]
    found: dict[Difference, bool] = {
        "population": told[0]["round"]["population"] != told[1]["round"]["population"],
        "counted_grades": told[0]["round"]["counted_grades"] != told[1]["round"]["counted_grades"],
        "questionnaire": earlier.questionnaire.sha256 != later.questionnaire.sha256,
    }
    return tuple(name for name, differs in found.items() if differs)
