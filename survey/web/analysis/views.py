"""Analysts: freezing a round, computing a snapshot again, and comparing hashes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _

from survey.aggregation.small_area import NoConvergence, TooFewAreas
from survey.services.collection import questionnaire_of
from survey.services.data_quality import data_quality
from survey.services.errors import EmptySnapshot, FreezeInProgress, NoSuchSnapshot
from survey.services.indices import compute_indices
from survey.services.indices import recompute as recompute_snapshot
from survey.services.rounds import board
from survey.services.small_areas import small_areas as small_area_estimates
from survey.services.snapshot_sample import SnapshotSample, read_sample
from survey.services.snapshots import KeptSnapshot, freeze_snapshot, open_snapshot, snapshots_for
from survey.services.unit_ranks import unit_ranks
from survey.storage.models import ResultRow, RoundRow
from survey.web.access import account, needs, round_asked
from survey.web.analysis.areas_page import areas_page, no_areas_page
from survey.web.analysis.forms import RecomputeForm
from survey.web.analysis.presenters import result_page, same_or_not, snapshots_page
from survey.web.analysis.quality_page import quality_page
from survey.web.analysis.ranks_page import ranks_page
from survey.web.languages import language
from survey.web.site import site

analysis = Blueprint("analysis", __name__, url_prefix="/analysis")
#: Answers compared for near duplicates while somebody waits; the command compares any number.
PAIRS_ON_A_PAGE = 5e6


@analysis.get("/rounds/<code>/")
@needs("compute")
def snapshots(code: str) -> str:
    """List a round's snapshots and what was computed from them."""
    return _snapshots(round_asked(code))


@analysis.post("/rounds/<code>/freeze")
@needs("compute")
def freeze(code: str) -> Any:
    """Freeze the round as it is now; earlier snapshots stay."""
    round_ = round_asked(code)
    try:
        frozen = freeze_snapshot(
            store=site().store, clock=site().clock, round_code=round_.code, actor=account().login
        )
    except (EmptySnapshot, FreezeInProgress) as refusal:
        return _snapshots(round_, problem=refusal.text(language())), refusal.status
    flash(_("Đã chốt %(snapshot)s: %(rows)s phiếu.", snapshot=frozen.code, rows=frozen.rows), "good")
    return redirect(url_for("analysis.snapshots", code=round_.code), 303)


@analysis.post("/rounds/<code>/recompute")
@needs("compute")
def recompute(code: str) -> Any:
    """Compute one of the round's snapshots again, keep the result, and say whether it is the same."""
    round_ = round_asked(code)
    form = RecomputeForm()
    snapshot = _snapshot_of(code, str(form.snapshot.data or ""))
    computed = recompute_snapshot(
        store=site().store,
        clock=site().clock,
        snapshot_code=snapshot.row.code,
        actor=account().login,
        formula_id=form.formula.data or None,
    )
    text, tone = same_or_not(computed.result_sha256, _by_formula(snapshot, computed.formula.id))
    flash(text, tone)
    address = url_for(
        "analysis.result", code=round_.code, snapshot=computed.snapshot, formula=computed.formula.id
    )
    return redirect(address, 303)


@analysis.get("/rounds/<code>/results/<snapshot>/<formula>")
@needs("compute")
def result(code: str, snapshot: str, formula: str) -> str:
    """Compute a snapshot here and now, keep nothing, and hold it against what is kept."""
    round_ = round_asked(code)
    kept = _snapshot_of(code, snapshot)
    computed = compute_indices(
        open_snapshot(store=site().store, code_or_folder=kept.row.code), formula_id=formula
    )
    return result_page(round_, computed, _by_formula(kept, computed.formula.id))


@analysis.get("/rounds/<code>/results/<snapshot>/<formula>/ranks")
@needs("compute")
def ranks(code: str, snapshot: str, formula: str) -> str:
    """Rank the units of a snapshot with the ranks that each can have; nothing is kept."""
    return ranks_page(round_asked(code), unit_ranks(_sample(code, snapshot, formula)))


@analysis.get("/rounds/<code>/results/<snapshot>/<formula>/quality")
@needs("compute")
def quality(code: str, snapshot: str, formula: str) -> str:
    """Review the quality of a snapshot's responses; nothing is kept, nothing excluded."""
    return quality_page(
        round_asked(code), data_quality(_sample(code, snapshot, formula), most_pairs=PAIRS_ON_A_PAGE)
    )


@analysis.get("/rounds/<code>/results/<snapshot>/<formula>/small-areas")
@needs("compute")
def small_areas(code: str, snapshot: str, formula: str) -> str:
    """Estimate the units of a snapshot by a model, beside the direct estimates; nothing is kept."""
    round_, sample = round_asked(code), _sample(code, snapshot, formula)
    try:
        return areas_page(round_, small_area_estimates(sample))
    except (TooFewAreas, NoConvergence) as refusal:
        return no_areas_page(round_, snapshot, sample.formula, refusal.text(language()))


def _sample(code: str, snapshot: str, formula: str) -> SnapshotSample:
    """Open one of a round's snapshots for analysis.

    Raises:
        NoSuchRound, NoSuchSnapshot, SnapshotChanged, SnapshotUnreadable, UnknownPart.
    """
    kept = _snapshot_of(code, snapshot)
    return read_sample(open_snapshot(store=site().store, code_or_folder=kept.row.code), formula_id=formula)


def _snapshots(round_: RoundRow, *, problem: str | None = None) -> str:
    return snapshots_page(
        round_,
        board(store=site().store, code=round_.code),
        snapshots_for(store=site().store, account=account(), code=round_.code),
        questionnaire_of(round_),
        problem=problem,
    )


def _snapshot_of(code: str, snapshot: str) -> KeptSnapshot:
    """Find a snapshot among those of a round; one of another round is as good as absent.

    Raises:
        NoSuchRound, NoSuchSnapshot.
    """
    for one in snapshots_for(store=site().store, account=account(), code=code):
        if one.row.code == snapshot:
            return one
    raise NoSuchSnapshot(snapshot, snapshot=snapshot)


def _by_formula(snapshot: KeptSnapshot, formula: str) -> tuple[ResultRow, ...]:
    return tuple(row for row in snapshot.results if row.formula == formula)
