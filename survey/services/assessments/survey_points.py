"""Points from surveys, joined from snapshots that verify, with error, ballots and hash: nobody types them.

Not how an index is estimated (indices), nor appraised points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.aggregation import Estimate
from survey.scoring import Criterion, LeafInput, Measured, MeasuredGroups, NotApplicable
from survey.scoring.rules_measured import SurveyMean
from survey.services.accounts import Account
from survey.services.assessments.effective import STANDING
from survey.services.assessments.entering import Given, enter, marked, scored_with
from survey.services.assessments.errors import SnapshotUnfit
from survey.services.assessments.leaf_inputs import input_document
from survey.services.assessments.nodes import SURVEYED
from survey.services.assessments.scope import assessment_for, require_stage, unit_for
from survey.services.assessments.trail import LONGEST_REASON, note, written
from survey.services.assessments.work import Work, work_of
from survey.services.clock import Clock
from survey.services.errors import NotYetComputed, UnfitFeed
from survey.services.indices import Indices, latest_indices
from survey.services.permissions import round_for
from survey.services.verification import verify_snapshot
from survey.storage import assessments
from survey.storage.models import AssessmentRow
from survey.storage.store import Store

#: Which rounds feed the surveys: group of the criteria set → round code.
Feeds = Mapping[str, str]
SIPAS = "sipas"
#: Whom a round must have asked to feed a group; a group of another name may be fed by any round.
POPULATIONS = {SIPAS: "citizens", "leaders": "leaders", "delegates": "delegates"}
STAGES = ("self_assessment", "appraisal", "reply", "council")


@dataclass(frozen=True, slots=True)
class Joined:
    """What a joining did.

    Attributes:
        entries: how many entries were made; those that would say the same again are not made again.
        unknown: unit and leaf of those that no round told of; they stay unknown, never 0.
        snapshots: SHA-256 of the data by snapshot.
    """

    entries: int
    unknown: tuple[tuple[str, str], ...]
    snapshots: Mapping[str, str]


def join_survey_points(*, store: Store, clock: Clock, account: Account, code: str, feeds: Feeds) -> Joined:
    """Enter what surveys measured for every unit: all of it or nothing.

    Raises:
        NotAllowed, NoSuchAssessment, WrongStage, NoSuchRound, NotYetComputed.
        UnfitFeed: a round is of another unit, year or population.
        SnapshotUnfit: a snapshot or its result is not what was frozen and computed.
    """
    with store.reading() as session:
        assessment = assessment_for(session, account, code, "assess")
        require_stage(assessment, *STAGES)
    measured = {
        group: _computed(store, account, assessment, group, round_code) for group, round_code in feeds.items()
    }
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "assess", lock="share")
        require_stage(assessment, *STAGES)
        made, unknown = 0, []
        for row, _ in assessments.units_of(session, assessment.id):
            unit = unit_for(session, account, assessment, row.unit_id, lock="update")
            work = work_of(session, unit)
            for leaf in surveyed_leaves(work):
                given = _input(assessment, unit.unit_id, leaf, measured, feeds)
                if given is None:
                    unknown.append((unit.unit_id, leaf.id))
                else:
                    made += _enter(session, clock, account, assessment, work, leaf.id, given)
        snapshots = {one.snapshot: one.data_sha256 for one in measured.values()}
        told = {"feeds": dict(feeds), "snapshots": snapshots, "entries": made, "unknown": len(unknown)}
        note(session, clock, account, assessment, "survey points joined", **told)
    return Joined(made, tuple(unknown), snapshots)


def mark_not_held(
    *, store: Store, clock: Clock, account: Account, code: str, unit_id: str, node: str, reason: str
) -> None:
    """Exempt a unit from a survey that was not held, where the set allows it: the base shrinks.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchAssessedUnit, WrongStage, TextNeeded.
        RefusedInputs: the node is not exemptible, or the set has none of that id.
    """
    reason = written(reason, "reason", most=LONGEST_REASON)
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "assess", lock="share")
        require_stage(assessment, *STAGES)
        unit = unit_for(session, account, assessment, unit_id, lock="update")
        work = work_of(session, unit)
        _enter(session, clock, account, assessment, work, node, NotApplicable(reason=reason), reason)


def surveyed_leaves(work: Work) -> tuple[Criterion, ...]:
    """List the leaves of a unit's set whose points come from surveys."""
    return tuple(leaf for leaf in work.set.leaves() if leaf.method in SURVEYED)


def _computed(store: Store, account: Account, assessment: AssessmentRow, group: str, code: str) -> Indices:
    """Give the newest indices of a round that may feed a group, from a snapshot that verifies."""
    round_ = round_for(store=store, account=account, code=code)
    population = POPULATIONS.get(group, round_.population)
    wanted = (assessment.unit_id, assessment.year, population)
    if (round_.unit_id, round_.year, round_.population) != wanted:
        raise UnfitFeed(f"{round_.unit_id} {round_.year} {round_.population}", round=code, group=group)
    indices = latest_indices(store=store, round_id=round_.id)
    for check in verify_snapshot(store=store, code=indices.snapshot):
        if not check.holds:
            raise SnapshotUnfit(
                check.what["en"],
                snapshot=indices.snapshot,
                what_vi=check.what["vi"],
                what_en=check.what["en"],
            )
    return indices


def _input(
    assessment: AssessmentRow, unit_id: str, leaf: Criterion, measured: Mapping[str, Indices], feeds: Feeds
) -> LeafInput | None:
    """Give what surveys say of one unit for one leaf; None where a group that it needs is not known."""
    if not isinstance(leaf.rule, SurveyMean):
        return _measured(assessment, unit_id, SIPAS, measured, feeds, 100.0)
    groups = {
        group: found
        for group in leaf.rule.groups
        if (found := _measured(assessment, unit_id, group, measured, feeds, 1.0))
    }
    return MeasuredGroups(groups=groups) if set(groups) == set(leaf.rule.groups) else None


def _measured(
    assessment: AssessmentRow,
    unit_id: str,
    group: str,
    measured: Mapping[str, Indices],
    feeds: Feeds,
    scale: float,
) -> Measured | None:
    indices = measured.get(group)
    if indices is None:
        return None
    found = _of_unit(assessment, unit_id, indices)
    if found is None or found.value is None:
        return None
    share = indices.as_share(found)
    if share.value is None:
        raise NotYetComputed(feeds[group])
    return Measured(
        value=share.value * scale,
        se=None if share.se is None else share.se * scale,
        df=share.df,
        n=share.n,
        survey=feeds[group],
        source=f"{indices.snapshot} · sha256 {indices.data_sha256} · {indices.formula.id} · "
        f"{indices.result_sha256}",
        simulated=indices.simulated,
    )


def _of_unit(assessment: AssessmentRow, unit_id: str, indices: Indices) -> Estimate | None:
    if assessment.kind == "national":
        return indices.overall
    return indices.find("index", indices.formula.root.id, unit_id)


def _enter(
    session: Session,
    clock: Clock,
    account: Account,
    assessment: AssessmentRow,
    work: Work,
    node: str,
    given: LeafInput,
    text: str = "",
) -> int:
    """Enter a survey's input unless the last one says the same; give how many entries were made."""
    scored_with(work, work.inputs(STANDING), node, given)
    last = work.latest("survey", node)
    if last is not None and last.input == input_document(marked(assessment, given)):
        return 0
    made = Given(node, "survey", work.number("survey", node), given, text)
    enter(session, clock, account, assessment, work, made)
    return 1
