"""The figures that officials' pages and the Excel summary print: those withheld are gone from them.

Never the analyst's computation, whose kept results stay as they are (indices/); and not the rules
(shown/rules.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from survey.aggregation import Estimate
from survey.aggregation.disclosure import SUPPRESSED, withheld
from survey.questionnaires import load
from survey.services.distributions import Distribution, distributions, levels_of
from survey.services.errors import FiguresExposed
from survey.services.indices import WHOLE, Indices, computed_indices
from survey.services.shown.answer_sums import answer_sums
from survey.services.shown.before import Earlier, beside, touched
from survey.services.shown.cells import CellId, level_of, statistic_of
from survey.services.shown.records import ShownRecord, keep_record, shown_records
from survey.services.shown.rules import FEWEST, Decided, decide, is_good
from survey.services.snapshots import open_snapshot
from survey.storage.snapshots import Snapshot, read_snapshot
from survey.storage.store import Store


@dataclass(frozen=True, slots=True)
class ShownFigures:
    """A round's figures as they may be printed.

    Attributes:
        indices: withheld figures have no number and the flag "suppressed".
        distributions: withheld levels are None.
        cells: every withheld cell of the snapshot, for the record.
        held_back: newer figures wait, because too few answers came since those handed out last.
    """

    indices: Indices
    snapshot: Snapshot
    distributions: tuple[Distribution, ...]
    cells: frozenset[CellId]
    held_back: bool

    @property
    def is_whole_withheld(self) -> bool:
        """Say whether the overall index of the whole is withheld."""
        return is_withheld(self.indices.overall)

    @property
    def withheld(self) -> int:
        """Count the withheld figures of this formula, levels of distributions included."""
        lines = sum(is_withheld(line.estimate) for line in self.indices.lines)
        return lines + sum(count is None for one in self.distributions for count in one.counts)


def is_withheld(estimate: Estimate) -> bool:
    """Say whether a figure is withheld."""
    return SUPPRESSED in estimate.flags


def figures_to_show(*, store: Store, round_id: int, formula_id: str | None = None) -> ShownFigures:
    """Give the newest figures of a round that may be printed, without those to be withheld.

    What the summaries handed out before gave away is taken into account. Where so few answers came
    since that the whole would have to be withheld, the figures handed out last stand.

    Raises:
        NotYetComputed, ResultChanged, SnapshotChanged.
        FiguresExposed: withheld figures could be worked out, and no earlier ones can stand.
    """
    records = shown_records(store, round_id)
    known = {one.snapshot: one for one in records}
    newest: tuple[Indices, Decided] | None = None
    for indices in computed_indices(store=store, round_id=round_id, formula_id=formula_id):
        if indices.snapshot in known:
            withheld = known[indices.snapshot].withheld
            return _shown(store, indices, withheld, held_back=newest is not None)
        decided = _decided(store.snapshots / indices.snapshot, indices.data_sha256, _before(store, records))
        if not records or all(map(is_good, decided.protected.values())):
            newest = (indices, decided)
            break
        newest = newest or (indices, decided)
    assert newest is not None, "there is a result, or NotYetComputed was raised"
    return _checked(store, *newest)


def keep_shown(store: Store, shown: ShownFigures) -> None:
    """Record that these figures are handed out, so that later ones do not undo what they withhold."""
    keep_record(store, shown.indices.snapshot, shown.indices.data_sha256, shown.cells)


def _checked(store: Store, indices: Indices, decided: Decided) -> ShownFigures:
    if decided.exposed:
        raise FiguresExposed(indices.snapshot, snapshot=indices.snapshot, count=decided.exposed)
    decided.assert_protected()
    return _shown(store, indices, decided.withheld, held_back=False)


_Before = tuple[tuple[Path, ShownRecord], ...]


def _before(store: Store, records: tuple[ShownRecord, ...]) -> _Before:
    return tuple((store.snapshots / one.snapshot, one) for one in records)


@lru_cache(maxsize=4)
def _decided(folder: Path, data_sha256: str, before: _Before) -> Decided:
    """Decide once for a snapshot and what was handed out before it; pages ask again and again."""
    snapshot = read_snapshot(folder)
    questionnaire = load(snapshot.questionnaire_raw)
    sums = answer_sums(snapshot, questionnaire)
    earlier = [Earlier(answer_sums(read_snapshot(path), questionnaire), one.withheld) for path, one in before]
    return decide(
        sums,
        questionnaire,
        touched=touched(earlier, sums),
        beside=lambda units: beside(earlier, sums, questionnaire, units) if earlier else {},
    )


def _shown(store: Store, indices: Indices, cells: frozenset[CellId], *, held_back: bool) -> ShownFigures:
    snapshot = open_snapshot(store=store, code_or_folder=indices.snapshot)
    lines = tuple(
        replace(line, estimate=withheld(line.estimate))
        if (line.unit, statistic_of(indices.formula, line.kind, line.statistic)) in cells
        else line
        for line in indices.lines
    )
    spread = tuple(_without(one, cells) for one in distributions(snapshot, indices.questionnaire))
    return ShownFigures(replace(indices, lines=lines), snapshot, spread, cells, held_back)


def _without(one: Distribution, cells: frozenset[CellId]) -> Distribution:
    """Take withheld levels out of a distribution, and n where it is itself below the limit."""
    assert one.item.scale is not None, "distributions are of scaled items"
    gone = [(WHOLE, level_of(one.item.id, value)) in cells for value, _option in levels_of(one.item.scale)]
    few = any(gone) and (one.n or 0) < FEWEST
    return replace(
        one,
        n=None if few or all(gone) else one.n,
        counts=tuple(None if hidden else count for hidden, count in zip(gone, one.counts, strict=True)),
        shares=tuple(None if hidden else share for hidden, share in zip(gone, one.shares, strict=True)),
    )
