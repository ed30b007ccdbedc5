"""Publication by two persons: a frozen document with its hash, which can be computed again at any time.

A published number changes by a new publication alone, which says why. Not how results come about
(results.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from survey.services.accounts import Account
from survey.services.assessments.errors import (
    ChangedMeanwhile,
    IncompleteResults,
    NoSuchCriteriaSet,
    NoSuchPublication,
)
from survey.services.assessments.published_document import (
    canonical,
    results_document,
    sha256_of,
    without_names,
)
from survey.services.assessments.requests import ask
from survey.services.assessments.results import results_of
from survey.services.assessments.scope import assessment_for, require_stage
from survey.services.assessments.trail import note
from survey.services.clock import Clock
from survey.storage import assessment_entries
from survey.storage.models import AssessmentPublicationRow, AssessmentRequestRow, AssessmentRow
from survey.storage.store import Store

#: `published`: to correct what was published, with the reason.
STAGES = ("council", "published")


@dataclass(frozen=True, slots=True)
class Publication:
    """Results as they were published."""

    number: int
    asked_by: str
    granted_by: str
    published_at: str
    reason: str
    simulated: bool
    document: Mapping[str, Any]
    sha256: str


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether a publication is what it was: its bytes, and its numbers computed again from the entries."""

    number: int
    bytes_hold: bool
    numbers_hold: bool


def ask_publication(
    *, store: Store, clock: Clock, account: Account, code: str, reason: str, incomplete: bool = False
) -> int:
    """Ask for publication; nothing is published before another person grants it. Give the request's number.

    Args:
        reason: of a first publication the decision it follows; of a later one what was wrong.
        incomplete: publish although leaves have no points; the document lists them.

    Raises:
        NotAllowed, NoSuchAssessment, WrongStage, TextNeeded, AlreadyWaiting.
        IncompleteResults: leaves have no points, the first with its path.
    """
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "publish", lock="update")
        require_stage(assessment, *STAGES)
        results = results_of(session, assessment)
        missing = [
            f"{unit} {leaf}"
            for block in results.blocks
            for unit, leaves in block.scores.missing_leaves().items()
            for leaf in leaves
        ]
        if missing and not incomplete:
            raise IncompleteResults(", ".join(missing), count=len(missing), first=missing[0])
        details = {"results_sha256": sha256_of(results_document(results)), "missing": len(missing)}
        return ask(session, clock, account, assessment, "publish", details, reason)


def grant_publication(
    session: Session,
    clock: Clock,
    account: Account,
    assessment: AssessmentRow,
    request: AssessmentRequestRow,
) -> None:
    """Publish what a second person granted, in the transaction that grants it.

    Raises:
        WrongStage.
        ChangedMeanwhile: the results are not those that were asked for.
    """
    require_stage(assessment, *STAGES)
    results = results_document(results_of(session, assessment))
    if sha256_of(results) != request.details["results_sha256"]:
        raise ChangedMeanwhile(assessment.code)
    before = assessment_entries.publications_of(session, assessment.id)
    number = len(before) + 1
    document = {
        "publication": number,
        "replaces": before[-1].sha256 if before else None,
        "title": {"vi": assessment.title_vi, "en": assessment.title_en},
        "reason": request.reason,
        "results": results,
    }
    raw = canonical(document)
    row = AssessmentPublicationRow(
        assessment_id=assessment.id,
        number=number,
        request_id=request.id,
        asked_by=request.asked_by,
        asked_at=request.asked_at,
        granted_by=account.login,
        published_at=clock.now(),
        document=raw,
        sha256=hashlib.sha256(raw).hexdigest(),
        simulated=results["simulated"],
    )
    session.add(row)
    session.flush()
    assessment.stage = "published"
    note(session, clock, account, assessment, "results published", publication=number, sha256=row.sha256)


def publications_for(*, store: Store, account: Account, code: str) -> tuple[Publication, ...]:
    """List what was published, the first one first.

    Raises:
        NotAllowed, NoSuchAssessment.
    """
    with store.reading() as session:
        assessment = assessment_for(session, account, code, "assess", "appraise", "assess_self")
        return tuple(_read(row) for row in assessment_entries.publications_of(session, assessment.id))


def verify_publication(*, store: Store, account: Account, code: str, number: int) -> Verified:
    """Check a publication's bytes against its hash, and its numbers against the entries that it counted.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchPublication.
    """
    with store.reading(consistent=True) as session:
        assessment = assessment_for(session, account, code, "assess")
        found = assessment_entries.publications_of(session, assessment.id)
        if number not in range(1, len(found) + 1):
            raise NoSuchPublication(str(number), number=number)
        row = found[number - 1]
        bytes_hold = hashlib.sha256(row.document).hexdigest() == row.sha256
        try:
            kept = json.loads(row.document)["results"]
            numbers_hold = _again(session, assessment, kept) == without_names(kept)
        except (ValueError, KeyError, TypeError):
            numbers_hold = False
        return Verified(number, bytes_hold, numbers_hold)


def _again(session: Session, assessment: AssessmentRow, kept: Mapping[str, Any]) -> dict[str, Any] | None:
    """Compute what was published again; None where a set of it is gone."""
    sets = {block["block"]: block["criteria_set"]["sha256"] for block in kept["blocks"]}
    units = {block["block"]: [unit["unit"] for unit in block["units"]] for block in kept["blocks"]}
    try:
        results = results_of(session, assessment, through=kept["entries_through"], sets=sets, units=units)
    except NoSuchCriteriaSet:
        return None
    return without_names(json.loads(canonical(results_document(results))))


def _read(row: AssessmentPublicationRow) -> Publication:
    document = json.loads(row.document)
    return Publication(
        row.number,
        row.asked_by,
        row.granted_by,
        row.published_at.isoformat(),
        document["reason"],
        row.simulated,
        document,
        row.sha256,
    )
