"""What stands of one unit while it is being judged: its entries that still fit, its evidence, its set.

Read once in a transaction and asked many times; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from survey.scoring import CriteriaSet, LeafInput, score
from survey.services.assessments.criteria import fits, set_of_block
from survey.services.assessments.effective import CLAIMED, effective, strongest
from survey.services.assessments.nodes import entered_leaves, place_of, places_of
from survey.storage import assessment_entries
from survey.storage.models import AssessmentEntryRow, AssessmentEvidenceRow, AssessmentUnitRow


@dataclass(frozen=True)
class Work:
    """One unit's work as it stands.

    Attributes:
        entries: those that fit the set of today, in the order they were made.
        others: those made under another set that do not fit any more.
        evidence: files not withdrawn.
    """

    unit: AssessmentUnitRow
    set: CriteriaSet
    entries: tuple[AssessmentEntryRow, ...]
    others: tuple[AssessmentEntryRow, ...]
    evidence: tuple[AssessmentEvidenceRow, ...]

    @cached_property
    def above(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the nodes above each node."""
        return {node: place.above for node, place in places_of(self.set).items()}

    @cached_property
    def claimed(self) -> Mapping[str, AssessmentEntryRow]:
        """The newest entry of the unit itself, by leaf."""
        return strongest(self.entries, {"self"})

    def latest(self, step: str, leaf: str) -> AssessmentEntryRow | None:
        """Give the newest entry of a step on a leaf."""
        found = [one for one in self.entries if one.step == step and one.leaf == leaf]
        return found[-1] if found else None

    def number(self, step: str, leaf: str) -> int:
        """Give the number of the last entry of a step on a leaf, whatever its set; 0 where there is none."""
        both = (*self.entries, *self.others)
        return max((one.number for one in both if one.step == step and one.leaf == leaf), default=0)

    def entry(self, step: str, leaf: str, number: int) -> AssessmentEntryRow | None:
        both = (*self.entries, *self.others)
        return next((one for one in both if (one.step, one.leaf, one.number) == (step, leaf, number)), None)

    def inputs(self, steps: Collection[str]) -> dict[str, LeafInput]:
        """Give the effective input of each leaf among some steps."""
        return {leaf: one.input for leaf, one in effective(self.entries, steps, self.above).items()}

    def is_returned(self, leaf: str) -> bool:
        """Say whether a leaf, or something above it, was returned to the unit and not entered since."""
        return any(self._is_open(node) for node in (leaf, *self.above.get(leaf, ())))

    def must_remake(self, leaf: str) -> bool:
        """Say whether the unit's entry of a leaf fell to a change of the set, or the leaf is new with it."""
        changed = any(one.step == "self" for one in self.others)
        return changed and self.latest("self", leaf) is None

    def has_evidence(self, leaf: str) -> bool:
        """Say whether a leaf has a file that is clean or waits to be scanned."""
        return any(one.leaf == leaf and one.checked != "refused" for one in self.evidence)

    def unexplained(self) -> tuple[str, ...]:
        """List the leaves with points but neither evidence nor explanation, in the order of the set."""
        inputs = self.inputs(CLAIMED)
        scored = score(self.set, inputs)
        return tuple(
            leaf.id
            for leaf in entered_leaves(self.set)
            if leaf.id in self.claimed
            and (scored.nodes[leaf.id].points or 0) > 0
            and not self.claimed[leaf.id].text
            and not self.has_evidence(leaf.id)
        )

    def area(self, leaf: str) -> str:
        """Give the area of a node."""
        return place_of(self.set, leaf).area

    def is_leaf(self, node: str) -> bool:
        return place_of(self.set, node).node.is_leaf

    def area_or_none(self, leaf: str) -> str | None:
        """Give the area of a node; None where the set of today has no such node."""
        found = places_of(self.set).get(leaf)
        return found.area if found else None

    def _is_open(self, node: str) -> bool:
        judged = self.latest("appraisal", node)
        if judged is None or judged.decision != "returned":
            return False
        entered = self.latest("self", node)
        return entered is None or entered.id < judged.id


def work_of(session: Session, unit: AssessmentUnitRow) -> Work:
    """Read one unit's work."""
    current = set_of_block(session, unit.assessment_id, unit.block)
    entries = assessment_entries.entries_of(session, unit.assessment_id, units=(unit.unit_id,))
    evidence = assessment_entries.evidence_of(session, unit.assessment_id, units=(unit.unit_id,))
    fit = {one.id: fits(session, current, one.criteria_set_sha256, one.leaf) for one in entries}
    return Work(
        unit=unit,
        set=current,
        entries=tuple(one for one in entries if fit[one.id]),
        others=tuple(one for one in entries if not fit[one.id]),
        evidence=tuple(one for one in evidence if one.withdrawn_at is None),
    )
