"""Which entry of a leaf counts: the council's, else the appraisal's or the survey's, else the unit's own.

Pure: from entries to inputs. A decision once made is never undone by an earlier step, and of one step the
newest counts; what was returned or replied counts for nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from survey.scoring import LeafInput, NotApplicable
from survey.services.assessments.leaf_inputs import input_of
from survey.storage.models import AssessmentEntryRow

#: From the weakest to the strongest.
ORDER = ("self", "survey", "appraisal", "council")
#: What the unit says of itself, and what counts for the province.
CLAIMED = frozenset({"self", "survey"})
STANDING = frozenset({"survey", "appraisal", "council"})
#: What the unit sees of itself: its own word wherever nobody has decided yet.
OWN = frozenset(ORDER)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the effective input of a leaf comes from."""

    entry: int
    step: str
    number: int
    decision: str | None
    criteria_set_sha256: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class Effective:
    """An effective input with where it comes from."""

    input: LeafInput
    provenance: Provenance


def effective(
    entries: Iterable[AssessmentEntryRow], steps: Collection[str], above: Mapping[str, Collection[str]]
) -> dict[str, Effective]:
    """Choose the effective input of each leaf of one unit.

    Args:
        entries: of one unit, those only that fit the set of today.
        steps: the steps that count.
        above: ids of the nodes above each node; below an exempted node nothing else counts.
    """
    chosen = strongest(entries, steps)
    given = {
        leaf: Effective(input_of(entry.input), provenance_of(entry))
        for leaf, entry in chosen.items()
        if entry.input is not None
    }
    exempt = {leaf for leaf, one in given.items() if isinstance(one.input, NotApplicable)}
    return {leaf: one for leaf, one in given.items() if not exempt.intersection(above.get(leaf, ()))}


def strongest(entries: Iterable[AssessmentEntryRow], steps: Collection[str]) -> dict[str, AssessmentEntryRow]:
    """Choose the entry of each leaf that counts among some steps."""
    counting = (one for one in entries if one.step in steps and one.decision != "returned")
    return {one.leaf: one for one in sorted(counting, key=strength)}


def strength(entry: AssessmentEntryRow) -> tuple[int, int]:
    """Order entries of one leaf: a later step counts more, and of one step the later number."""
    return ORDER.index(entry.step), entry.number


def provenance_of(entry: AssessmentEntryRow) -> Provenance:
    return Provenance(
        entry.id,
        entry.step,
        entry.number,
        entry.decision,
        entry.criteria_set_sha256,
        entry.made_at,
        entry.made_by,
    )
