"""What it amounts to: each unit's score from the effective entries, by block, with ranks, bands, provenance.

Not how a score is computed (scoring), nor publishing it (publication.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from survey.scoring import CriteriaSet, LeafInput, Rank, Score, Scores, score, score_units
from survey.scoring.inputs import is_simulated
from survey.services.accounts import Account
from survey.services.assessments.criteria import fits, kept_set
from survey.services.assessments.effective import CLAIMED, OWN, STANDING, Effective, effective
from survey.services.assessments.nodes import places_of
from survey.services.assessments.scope import assessment_for, unit_for
from survey.services.assessments.work import work_of
from survey.storage import assessment_entries, assessments
from survey.storage.models import AssessmentEntryRow, AssessmentRow
from survey.storage.store import Store


@dataclass(frozen=True)
class UnitResult:
    """One unit's result; the two scores in full are computed when they are first asked for.

    Attributes:
        provenance: the effective input of each leaf with where it comes from.
        rank: within the block; None while the percent is not known.
    """

    unit_id: str
    name: str
    block: str
    region: str | None
    provenance: Mapping[str, Effective]
    rank: Rank | None
    _scores: Scores
    _claims: Scores

    @cached_property
    def score(self) -> Score:
        """The score from what counts: survey, appraisal, council."""
        return self._scores[self.unit_id]

    @cached_property
    def claimed(self) -> Score:
        """The score from what the unit gave of itself, with the surveys, to lay beside the other."""
        return self._claims[self.unit_id]


@dataclass(frozen=True, slots=True)
class BlockResult:
    """One block's results, in the order of the units' names.

    Attributes:
        scores, claims: every figure of every unit in arrays, from what counts and from what units gave.
    """

    block: str
    name: Mapping[str, str]
    criteria_set: CriteriaSet
    scores: Scores
    claims: Scores
    units: tuple[UnitResult, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """The results of an assessment as they stand.

    Attributes:
        through: id of the last entry that they count.
    """

    code: str
    year: int
    stage: str
    simulated: bool
    blocks: tuple[BlockResult, ...]
    through: int


@dataclass(frozen=True, slots=True)
class OwnResult:
    """What a unit sees of itself: its own word wherever nobody has decided; no rank and no other unit."""

    unit_id: str
    stage: str
    claimed: Score
    score: Score
    provenance: Mapping[str, Effective]


def results_for(*, store: Store, account: Account, code: str) -> Results:
    """Compute the results of every unit as they stand now.

    Raises:
        NotAllowed, NoSuchAssessment.
    """
    with store.reading(consistent=True) as session:
        return results_of(session, assessment_for(session, account, code, "assess"))


def own_result(*, store: Store, account: Account, code: str) -> OwnResult:
    """Compute what a unit sees of itself.

    Where nobody else has decided, its own word counts. Leaves normalised to the best of all units stay
    unknown here, since the best is another unit's.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchAssessedUnit.
    """
    with store.reading(consistent=True) as session:
        assessment = assessment_for(session, account, code, "assess_self")
        unit = unit_for(session, account, assessment, account.unit_id)
        work = work_of(session, unit)
        counted = effective(work.entries, OWN, work.above)
        return OwnResult(
            unit.unit_id,
            assessment.stage,
            score(work.set, work.inputs(CLAIMED)),
            score(work.set, {leaf: one.input for leaf, one in counted.items()}),
            counted,
        )


def results_of(
    session: Session,
    assessment: AssessmentRow,
    *,
    through: int | None = None,
    sets: Mapping[str, str] | None = None,
    units: Mapping[str, Collection[str]] | None = None,
) -> Results:
    """Compute results within a transaction.

    Args:
        through, sets, units: count entries up to this id only, by these sets and of these units, by
            block, so that what was published can be computed again.
    """
    entries: dict[str, list[AssessmentEntryRow]] = defaultdict(list)
    for one in assessment_entries.entries_of(session, assessment.id, through=through):
        entries[one.unit_id].append(one)
    members: dict[str, list[Member]] = defaultdict(list)
    for row, unit in assessments.units_of(session, assessment.id):
        if units is None or row.unit_id in units.get(row.block, ()):
            members[row.block].append(Member(row.unit_id, unit.name, row.region, entries[row.unit_id]))
    blocks = []
    for block in assessments.blocks_of(session, assessment.id):
        if sets is not None and block.block not in sets:
            continue
        used = kept_set(session, sets[block.block] if sets else block.criteria_set_sha256)
        name = {"vi": block.name_vi, "en": block.name_en}
        blocks.append(_score_block(session, used, block.block, name, members[block.block]))
    last = max((one.id for some in entries.values() for one in some), default=0)
    return Results(
        assessment.code,
        assessment.year,
        assessment.stage,
        assessment.simulated or any(map(_is_simulated, blocks)),
        tuple(blocks),
        last if through is None else through,
    )


@dataclass(frozen=True, slots=True)
class Member:
    """A unit of a block with its entries."""

    unit_id: str
    name: str
    region: str | None
    entries: list[AssessmentEntryRow]


def _score_block(
    session: Session, used: CriteriaSet, block: str, name: Mapping[str, str], members: list[Member]
) -> BlockResult:
    above = {node: place.above for node, place in places_of(used).items()}
    fitting = {
        one.unit_id: [
            entry
            for entry in one.entries
            if entry.criteria_set_sha256 == used.sha256
            or fits(session, used, entry.criteria_set_sha256, entry.leaf)
        ]
        for one in members
    }
    standing = {unit: effective(entries, STANDING, above) for unit, entries in fitting.items()}
    claimed = {unit: effective(entries, CLAIMED, above) for unit, entries in fitting.items()}
    scores, claims = score_units(used, _inputs(standing)), score_units(used, _inputs(claimed))
    ranks = scores.ranks()
    units = tuple(
        UnitResult(
            one.unit_id,
            one.name,
            block,
            one.region,
            standing[one.unit_id],
            ranks[one.unit_id],
            scores,
            claims,
        )
        for one in members
    )
    return BlockResult(block, name, used, scores, claims, units)


def _is_simulated(block: BlockResult) -> bool:
    return any(is_simulated(one.input) for unit in block.units for one in unit.provenance.values())


def _inputs(chosen: Mapping[str, Mapping[str, Effective]]) -> dict[str, dict[str, LeafInput]]:
    return {unit: {leaf: one.input for leaf, one in leaves.items()} for unit, leaves in chosen.items()}
