"""What the Excel summary of a round says, part by part, from the figures that may be printed.

Not the writing of it (exporting.py).
"""

from __future__ import annotations

from datetime import datetime

from survey import __version__
from survey.aggregation import describe_method
from survey.questionnaires import Formula
from survey.reports import Formula as FormulaText
from survey.reports import Heading, Provenance, QuestionnaireSource, SummaryReport
from survey.services.clock import VIETNAM, Clock
from survey.services.indices import Indices
from survey.services.ranked_units import FEW, ranked_units, valid_by_unit
from survey.services.review.suspected import disturbed_units
from survey.services.rounds import Board, board
from survey.services.shown.figures import ShownFigures, figures_to_show
from survey.services.summaries.items import item_tables
from survey.services.summaries.notes import notes_of
from survey.services.summaries.rows import data_rows, factor_rows, totals_row, unit_row
from survey.services.summaries.score import score_fed_by, score_section
from survey.services.summaries.words import POPULATIONS
from survey.storage.models import RoundRow
from survey.storage.store import Store
from survey.units import load_units


def summary_report(
    *, store: Store, clock: Clock, code: str, language: str = "vi", formula_id: str | None = None
) -> SummaryReport:
    """Gather the newest results of a round that may be printed.

    Raises:
        NoSuchRound, NotYetComputed, SnapshotChanged, FiguresExposed.
    """
    counts = board(store=store, code=code)
    shown = figures_to_show(store=store, round_id=counts.round.id, formula_id=formula_id)
    return report_of(store, clock, counts, shown, language)


def report_of(store: Store, clock: Clock, counts: Board, shown: ShownFigures, language: str) -> SummaryReport:
    """Make the summary of a round from its counts and from the figures that may be printed."""
    indices, snapshot = shown.indices, shown.snapshot
    valid = valid_by_unit(snapshot)
    questionnaire = indices.questionnaire
    document = score_fed_by(store, counts.round)
    secret = counts.round.code if shown.is_whole_withheld or shown.held_back else None
    return SummaryReport(
        heading=_heading(counts.round),
        round_title=counts.round.title(language),
        period=f"{counts.round.opens_on:%d/%m/%Y} – {counts.round.closes_on:%d/%m/%Y}",
        population=POPULATIONS[language][counts.round.population],
        simulated=indices.simulated or bool(document and document["simulated"]),
        status_note=questionnaire.status.note.in_(language),
        formula=_formula(indices.formula, indices, language),
        provenance=_provenance(indices, clock.now()),
        rows=tuple(
            unit_row(one, indices, snapshot.manifest["received"])
            for one in ranked_units(indices, counts, valid, disturbed_units(snapshot))
        ),
        totals=totals_row(counts, indices, snapshot),
        factors=tuple(factor_rows(indices, language)),
        item_tables=tuple(item_tables(indices, shown.distributions, language)),
        score=score_section(document, language, secret) if document else None,
        notes=tuple(notes_of(shown, questionnaire, language)),
        data=tuple(data_rows(indices, language)),
        few=FEW,
        language=language,
    )


def _heading(round_: RoundRow) -> Heading:
    province = load_units().get(round_.unit_id)
    return Heading(
        superior=f"ỦY BAN NHÂN DÂN {province.full_name.upper()}",
        agency="SỞ NỘI VỤ",
        place=province.name,
        signed_on=None,
        title=("BẢNG TỔNG HỢP KẾT QUẢ", round_.title_vi.upper()),
        prepared_by="NGƯỜI LẬP BIỂU",
        signer="GIÁM ĐỐC",
    )


def _formula(formula: Formula, indices: Indices, language: str) -> FormulaText:
    return FormulaText(
        title=formula.title.in_(language),
        text=formula.status.in_(language),
        interval_method=describe_method(indices.overall.method, language),
        level=indices.overall.level,
    )


def _provenance(indices: Indices, now: datetime) -> Provenance:
    asked = indices.questionnaire
    return Provenance(
        snapshot_sha256=indices.data_sha256,
        result_sha256=indices.result_sha256,
        code_version=__version__,
        made_at=now.astimezone(VIETNAM),
        questionnaire=QuestionnaireSource(asked.id, asked.version, asked.sha256, asked.status.note.in_("vi")),
    )
