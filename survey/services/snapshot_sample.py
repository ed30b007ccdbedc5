"""A snapshot as aggregation takes it: design, answers, units and indices, read once for every analysis.

Not the figures that are kept and published (indices/): they are estimated from this sample too.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from numpy.typing import ArrayLike

from survey.aggregation import (
    Analysis,
    Estimate,
    ItemBlock,
    Measure,
    SampleDesign,
    analyse,
)
from survey.questionnaires import Formula, Questionnaire, leaf_items, load
from survey.services.index_definitions import definition_of, share_of_best, statistic_of
from survey.services.settings import Settings
from survey.services.snapshots import open_snapshot
from survey.storage.snapshots import MANIFEST, Snapshot, read_snapshot
from survey.storage.store import open_store

LEVEL: Final = 0.95
#: A stratum with one PSU takes the distance from the mean of all PSUs: conservative, and named in
#: every estimate's method. docs/decisions/0004 says why it is not "fail" here.
LONELY: Final[Literal["adjust"]] = "adjust"


@dataclass(frozen=True, slots=True)
class SnapshotSample:
    """A snapshot's responses under its design, with one formula of its questionnaire.

    Attributes:
        units: (rows,) id of the unit that each response judges.
        answers: the ordinal items that the formula counts, -1 where there is no answer on the scale.
        design: the design that published indices have, lonely strata by `LONELY`.
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

    def means(self) -> Analysis:
        """Estimate the mean of every item, whatever the formula counts an answer as."""
        return analyse(self.design, self.answers, domains=self.units, measure=Measure("mean"), level=LEVEL)

    def as_share(self, estimate: Estimate) -> Estimate:
        """Bring an index to a share of the best that the formula can reach, 0 to 1."""
        return share_of_best(self.formula, estimate)


def open_anywhere(*, settings: Settings, code_or_folder: str) -> Snapshot:
    """Open a snapshot by its code, or by its folder on a machine that has no database.

    Raises:
        NoSuchSnapshot, SnapshotChanged, SnapshotUnreadable; Unavailable for a code when the database is
            not there.
    """
    folder = folder_of(code_or_folder)
    if folder is not None:
        return read_snapshot(folder)
    store = open_store(settings.database_url, settings.instance)
    try:
        return open_snapshot(store=store, code_or_folder=code_or_folder)
    finally:
        store.engine.dispose()


def folder_of(code_or_folder: str) -> Path | None:
    """Give the folder where it is one of a snapshot; None where it must be a code."""
    folder = Path(code_or_folder)
    return folder if "\0" not in code_or_folder and (folder / MANIFEST).is_file() else None


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
