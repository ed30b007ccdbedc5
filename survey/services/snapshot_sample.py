"""A snapshot as aggregation takes it: design, answers, units and indices, read once for every analysis.

Not the figures that are kept and published (indices.py), which the same design and formula give.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from numpy.typing import ArrayLike

from survey.aggregation import (
    Analysis,
    Estimate,
    IndexDefinition,
    IndexTerm,
    ItemBlock,
    Measure,
    SampleDesign,
    analyse,
)
from survey.questionnaires import Formula, FormulaNode, Questionnaire, flatten, leaf_items, load
from survey.services.indices import LEVEL, LONELY
from survey.services.settings import Settings
from survey.services.snapshots import open_snapshot
from survey.storage.snapshots import MANIFEST, Snapshot, read_snapshot
from survey.storage.store import open_store


@dataclass(frozen=True, slots=True)
class SnapshotSample:
    """A snapshot's responses under its design, with one formula of its questionnaire.

    Attributes:
        units: (rows,) id of the unit that each response judges.
        answers: the ordinal items that the formula counts, -1 where there is no answer on the scale.
        design: the design that published indices have, lonely strata by `indices.LONELY`.
    """

    snapshot: Snapshot
    questionnaire: Questionnaire
    formula: Formula
    units: tuple[str, ...]
    answers: ItemBlock
    design: SampleDesign

    @property
    def root(self) -> str:
        """Name the statistic that is the formula's overall index."""
        return statistic_of(self.formula.root)

    @property
    def measure(self) -> Measure:
        """Give what the formula counts an answer as."""
        return Measure(self.formula.measure, self.formula.levels)

    @property
    def width(self) -> float:
        """Give the width of the formula's scale: what an index is divided by to be a share of the best."""
        low, high = self.formula.scale_range
        return high - low

    def analysis(self, design: SampleDesign | None = None, *, by_unit: bool = True) -> Analysis:
        """Estimate every item and index as published indices are, under another design if one is given."""
        return analyse(
            design or self.design,
            self.answers,
            domains=self.units if by_unit else None,
            measure=self.measure,
            indices=[definition_of(node) for node in self.formula.nodes()],
            level=LEVEL,
        )

    def as_share(self, estimate: Estimate) -> Estimate:
        """Bring an index to a share of the best that the formula can reach, 0 to 1."""
        low = self.formula.scale_range[0]
        moved = [
            None if figure is None else (figure - low) / self.width
            for figure in (estimate.value, estimate.ci_low, estimate.ci_high)
        ]
        se = None if estimate.se is None else estimate.se / self.width
        return replace(estimate, value=moved[0], ci_low=moved[1], ci_high=moved[2], se=se, unit="share")


def open_anywhere(*, settings: Settings, code_or_folder: str) -> Snapshot:
    """Open a snapshot by its code, or by its folder on a machine that has no database.

    Raises:
        NoSuchSnapshot, SnapshotChanged, SnapshotUnreadable; Unavailable for a code when the database is
            not there.
    """
    folder = Path(code_or_folder)
    if "\0" not in code_or_folder and (folder / MANIFEST).is_file():
        return read_snapshot(folder)
    store = open_store(settings.database_url, settings.instance)
    try:
        return open_snapshot(store=store, code_or_folder=code_or_folder)
    finally:
        store.engine.dispose()


def read_sample(snapshot: Snapshot, *, formula_id: str | None = None) -> SnapshotSample:
    """Take a snapshot's design, units and the answers that a formula counts.

    Raises:
        UnknownPart: the questionnaire has no formula of that id.
    """
    questionnaire = load(snapshot.questionnaire_raw)
    formula = questionnaire.formula(formula_id)
    items = tuple(dict.fromkeys(leaf_items(formula.root)))
    codes, units = snapshot.codes("unit")
    return SnapshotSample(
        snapshot=snapshot,
        questionnaire=questionnaire,
        formula=formula,
        units=tuple(units[code] for code in codes),
        answers=ItemBlock(items, tuple(snapshot.scale_values(item) for item in items)),
        design=design_of(snapshot),
    )


def design_of(snapshot: Snapshot, weights: ArrayLike | None = None, *, apart: str = "") -> SampleDesign:
    """Build the design of a snapshot.

    Args:
        weights: others than its own; zero keeps a response's place in the design.
        apart: put before strata and PSUs, so that no other round's are taken for the same.
    """
    codes, strata = snapshot.codes("stratum")
    named = [f"{apart}:{stratum}" if apart else stratum for stratum in strata]
    return SampleDesign.build(
        weights=snapshot.weights() if weights is None else weights,
        strata=[named[code] for code in codes],
        psu=snapshot.table.column("psu").to_pylist(),
        lonely=LONELY,
    )


def statistic_of(node: FormulaNode) -> str:
    """Name the statistic of a node: apart from any item's, whatever ids a questionnaire has."""
    return f"index:{node.id}"


def definition_of(node: FormulaNode) -> IndexDefinition:
    """Define a node's index from the flat terms of its part of the tree."""
    return IndexDefinition(
        statistic_of(node), tuple(IndexTerm(term.weight, term.items) for term in flatten(node))
    )
