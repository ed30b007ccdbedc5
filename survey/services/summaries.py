"""The Excel summary of a round: its figures gathered into what the reports room prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from survey import __version__
from survey.aggregation import Estimate, describe_method
from survey.questionnaires import Formula, Questionnaire, Scale
from survey.reports import (
    DataRow,
    FactorRow,
    Heading,
    ItemRow,
    ItemTable,
    Provenance,
    QuestionnaireSource,
    ScoreRow,
    ScoreSection,
    SummaryReport,
    UnitRow,
    interval_text,
    number_text,
    write_summary,
)
from survey.reports import Formula as FormulaText
from survey.services.accounts import Account
from survey.services.clock import VIETNAM, Clock
from survey.services.distributions import Distribution, levels_of
from survey.services.errors import NotYetComputed
from survey.services.headline import headline_without
from survey.services.indices import WHOLE, Indices
from survey.services.permissions import round_for
from survey.services.ranked_units import FEW, RankedUnit, ranked_units, tree_order, valid_by_unit
from survey.services.review.suspected import disturbed_units
from survey.services.rounds import Board, board
from survey.services.scores import latest_score
from survey.services.shown.figures import ShownFigures, figures_to_show, is_withheld, keep_shown
from survey.services.unit_names import unit_name
from survey.storage import audit
from survey.storage.models import RoundRow
from survey.storage.snapshots import Snapshot
from survey.storage.store import Store
from survey.units import load_units


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A summary that was written, and what is logged of it: counts, never a figure."""

    report: SummaryReport
    told: Mapping[str, Any]


def summary_report(
    *, store: Store, clock: Clock, code: str, language: str = "vi", formula_id: str | None = None
) -> SummaryReport:
    """Gather the newest results of a round that may be printed.

    Raises:
        NoSuchRound, NotYetComputed, SnapshotChanged, FiguresExposed.
    """
    counts = board(store=store, code=code)
    shown = figures_to_show(store=store, round_id=counts.round.id, formula_id=formula_id)
    return _report(store, clock, counts, shown, language)


def _report(store: Store, clock: Clock, counts: Board, shown: ShownFigures, language: str) -> SummaryReport:
    indices, snapshot = shown.indices, shown.snapshot
    valid = valid_by_unit(snapshot)
    questionnaire = indices.questionnaire
    document = _score_of(store, counts.round)
    secret = counts.round.code if shown.is_whole_withheld or shown.held_back else None
    return SummaryReport(
        heading=_heading(counts.round),
        round_title=counts.round.title(language),
        period=f"{counts.round.opens_on:%d/%m/%Y} – {counts.round.closes_on:%d/%m/%Y}",
        population=_POPULATIONS[language][counts.round.population],
        simulated=indices.simulated or bool(document and document["simulated"]),
        status_note=questionnaire.status.note.in_(language),
        formula=_formula(indices.formula, indices, language),
        provenance=_provenance(indices, clock.now()),
        rows=tuple(
            _unit_row(one, indices, snapshot.manifest["received"])
            for one in ranked_units(indices, counts, valid, disturbed_units(snapshot))
        ),
        totals=_totals(counts, indices, snapshot),
        factors=tuple(_factors(indices, language)),
        item_tables=tuple(_item_tables(indices, shown.distributions, language)),
        score=_score(document, language, secret) if document else None,
        notes=tuple(_notes(shown, questionnaire, language)),
        data=tuple(_data(indices, language)),
        few=FEW,
        language=language,
    )


def export_summary(
    *,
    store: Store,
    clock: Clock,
    code: str,
    target: Path | BinaryIO,
    language: str = "vi",
    formula_id: str | None = None,
) -> HandedOut:
    """Write the Excel summary of a round's newest results, and record what it withholds.

    Raises:
        NoSuchRound, NotYetComputed, SnapshotChanged, FiguresExposed: the target is untouched.
    """
    counts = board(store=store, code=code)
    shown = figures_to_show(store=store, round_id=counts.round.id, formula_id=formula_id)
    report = _report(store, clock, counts, shown, language)
    keep_shown(store, shown)
    write_summary(report, target)
    told = {
        "snapshot": shown.indices.snapshot,
        "result_sha256": report.provenance.result_sha256,
        "language": language,
        "withheld": shown.withheld,
        "held_back": shown.held_back,
    }
    return HandedOut(report, told)


def export_for(
    *,
    store: Store,
    clock: Clock,
    account: Account,
    code: str,
    formula_id: str | None,
    target: BinaryIO,
    language: str,
) -> None:
    """Write the Excel summary of one formula's newest results for an account, and log who took it.

    Raises:
        NoSuchRound: the round is elsewhere or nowhere.
        NotYetComputed, SnapshotChanged, FiguresExposed: nothing is written.
    """
    round_for(store=store, account=account, code=code)
    made = export_summary(
        store=store, clock=clock, code=code, target=target, language=language, formula_id=formula_id
    )
    with store.transaction() as session:
        audit.record(
            session,
            at=clock.now(),
            actor=account.login,
            action="summary exported",
            subject=code,
            details={"formula": formula_id, **made.told},
        )


def _percent(indices: Indices, estimate: Estimate) -> Estimate:
    return indices.as_share(estimate).scaled(100, "percent")


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


def _unit_row(one: RankedUnit, indices: Indices, received: Mapping[str, int]) -> UnitRow:
    return UnitRow(
        group=one.line.block,
        name=load_units().get(one.line.unit_id).full_name,
        issued=one.line.issued,
        returned=None if one.valid is None else received.get(one.line.unit_id, 0),
        valid=one.valid,
        overall=_percent(indices, one.overall),
        policy=_side(indices, "policy", one.line.unit_id),
        service=_side(indices, "service", one.line.unit_id),
        rank=one.rank,
    )


def _totals(counts: Board, indices: Indices, snapshot: Snapshot) -> UnitRow:
    gone = is_withheld(indices.overall)
    return UnitRow(
        group="",
        name="",
        issued=counts.issued,
        returned=None if gone else sum(snapshot.manifest["received"].values()),
        valid=None if gone else snapshot.rows,
        overall=_percent(indices, indices.overall),
        policy=_side(indices, "policy", WHOLE),
        service=_side(indices, "service", WHOLE),
    )


def _side(indices: Indices, node: str, unit: str) -> Estimate | None:
    try:
        return _percent(indices, indices.line("index", node, unit))
    except KeyError:
        return None


def _factors(indices: Indices, language: str) -> Iterator[FactorRow]:
    for node, depth in tree_order(indices.formula.root):
        estimate = _percent(indices, indices.line("index", node.id))
        yield FactorRow(node.id, node.title.in_(language), depth, estimate)


def _item_tables(indices: Indices, spread: Sequence[Distribution], language: str) -> Iterator[ItemTable]:
    scales = {one.item.scale.id: one.item.scale for one in spread if one.item.scale is not None}
    for scale in scales.values():
        mine = [one for one in spread if one.item.scale is not None and one.item.scale.id == scale.id]
        yield _item_table(indices, scale, mine, language)


def _item_table(indices: Indices, scale: Scale, mine: Sequence[Distribution], language: str) -> ItemTable:
    labels = tuple(scale.option(option).label.in_(language) for _value, option in levels_of(scale))
    favourable = [
        scale.option(option).label.in_(language)
        for value, option in levels_of(scale)
        if value in indices.formula.levels
    ]
    return ItemTable(
        title=" – ".join((labels[0], labels[-1])),
        levels=labels,
        top_title=" + ".join(favourable),
        rows=tuple(
            ItemRow(
                one.item.id,
                one.item.text.in_(language),
                one.n,
                one.counts,
                one.shares,
                _if_there(indices, "share", one.item.id, 100, "percent"),
                _if_there(indices, "mean", one.item.id, 1, "score"),
            )
            for one in mine
        ),
    )


def _if_there(indices: Indices, kind: Any, item: str, factor: float, unit: str) -> Estimate | None:
    try:
        return indices.line(kind, item).scaled(factor, unit)
    except KeyError:
        return None


def _score_of(store: Store, round_: RoundRow) -> dict[str, Any] | None:
    """Give the newest score of the round's unit and year, if this round is among what feeds it."""
    try:
        document = latest_score(store=store, unit_id=round_.unit_id, year=round_.year)
    except NotYetComputed:
        return None
    fed = any(f"{round_.code}-" in node["source"] for node in document["nodes"])
    return document if fed else None


def _score(document: Mapping[str, Any], language: str, secret: str | None) -> ScoreSection:
    """Make the section of the score; points that give the withheld index of a round away are left out."""
    gone = _betraying(document["nodes"], secret)
    rows = tuple(
        ScoreRow(
            code=str(number),
            title=node["name"].get(language, node["name"]["vi"]),
            level=node["depth"],
            maximum=node["maximum"],
            points=None if number - 1 in gone else node["points"],
            points_low=node["ci"][0] if node["ci"] and number - 1 not in gone else None,
            points_high=node["ci"][1] if node["ci"] and number - 1 not in gone else None,
            source_note=node["source"],
        )
        for number, node in enumerate(document["nodes"], start=1)
    )
    low, high = (None if gone else document["percent_ci"]) or (None, None)
    set_title = document["criteria_set"]["title"]
    return ScoreSection(
        title=set_title.get(language, set_title["vi"]),
        status_note=" ".join(_score_notes(document["criteria_set"], language)),
        rows=rows,
        total=ScoreRow("", "", 0, document["base"], None if gone else document["percent"], low, high),
        band=document["band"]["name"].get(language, "") if document["band"] and not gone else "",
    )


def _betraying(nodes: Sequence[Mapping[str, Any]], secret: str | None) -> frozenset[int]:
    """List the places of nodes that a round feeds, and of those above them."""
    found: set[int] = set()
    for place, node in enumerate(nodes):
        if secret is not None and f"{secret}-" in node["source"]:
            depth = node["depth"] + 1
            for above in range(place, -1, -1):
                if nodes[above]["depth"] < depth:
                    depth = nodes[above]["depth"]
                    found.add(above)
    return frozenset(found)


def _score_notes(criteria_set: Mapping[str, Any], language: str) -> Iterator[str]:
    if criteria_set["illustration"]:
        yield _WORDS[language]["illustration"]
    for note in criteria_set["notes"]:
        yield note.get(language, note["vi"])


def _notes(shown: ShownFigures, questionnaire: Questionnaire, language: str) -> Iterator[str]:
    words, indices = _WORDS[language], shown.indices
    rows = "–" if shown.is_whole_withheld else shown.snapshot.rows
    yield words["snapshot"].format(code=indices.snapshot, rows=rows)
    if shown.withheld:
        yield words["withheld"]
    if shown.held_back:
        yield words["held_back"]
    for exclusion in shown.snapshot.manifest["exclusions"]:
        yield words[exclusion["reason"]].format(count=exclusion["count"])
    yield from _integrity_notes(shown, language)
    if indices.simulated:
        yield words["simulated"]
    for source in questionnaire.sources:
        yield words["source"].format(title=source.title, url=source.url or "–")


def _integrity_notes(shown: ShownFigures, language: str) -> Iterator[str]:
    """Say what the figures stand on: grades, suspected responses, units too disturbed to rank (K11, K12)."""
    words, snapshot = _WORDS[language], shown.snapshot
    if not shown.is_whole_withheld:
        codes, grades = snapshot.codes("evidence")
        counted = sorted((grade, int((codes == place).sum())) for place, grade in enumerate(grades))
        yield words["grades"].format(grades="; ".join(f"{grade}: {count}" for grade, count in counted))
    without = headline_without(shown)
    if without is not None and without.suspected is not None and without.estimate is not None:
        one = without.estimate.scaled(100, "percent")
        index = f"{number_text(one.value, 2, language)}%"
        interval = interval_text(one.ci_low, one.ci_high, 2, language)
        yield words["suspected"].format(count=without.suspected, index=index, interval=interval)
    disturbed = sorted(unit_name(unit) for unit in disturbed_units(snapshot))
    if disturbed:
        yield words["disturbed"].format(units=", ".join(disturbed))


_POPULATIONS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "citizens": "người dân",
        "organisations": "tổ chức, doanh nghiệp, người sử dụng dịch vụ",
        "leaders": "lãnh đạo, quản lý",
        "delegates": "đại biểu Hội đồng nhân dân",
    },
    "en": {
        "citizens": "citizens",
        "organisations": "organisations, firms, service users",
        "leaders": "leaders and managers",
        "delegates": "People's Council delegates",
    },
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "snapshot": "Bản chốt số liệu {code}: {rows} phiếu được tính.",
        "withheld": "Có số liệu không công bố để bảo vệ người trả lời: quá ít người, hoặc từ số đó suy ra "
        "được số của quá ít người. Những ô ấy ghi dấu “–”, kể cả số phiếu, và không xếp hạng.",
        "held_back": "Đã có thêm phiếu sau bản chốt này, nhưng còn quá ít để công bố số liệu mới mà không lộ "
        "câu trả lời của từng người.",
        "partial": "{count} phiếu trả lời dở dang không được tính.",
        "evidence_grade_not_counted": "{count} phiếu theo đường dẫn mở không được tính vào chỉ số.",
        "excluded": "{count} phiếu bị loại khỏi chỉ số theo quyết định của hai người, có lý do.",
        "assisted_by_official": "{count} phiếu do cán bộ giúp trả lời không được tính vào chỉ số.",
        "grades": "Phiếu được tính theo mức bằng chứng: {grades}.",
        "suspected": "{count} phiếu bị nghi vấn (có cờ khi thu hoặc đang bị báo động) vẫn được tính; không "
        "tính chúng thì chỉ số chung là {index} (khoảng {interval}).",
        "disturbed": "Không xếp hạng do dữ liệu bị nhiễu: {units}.",
        "simulated": "Đợt này có phiếu do chương trình mô phỏng sinh ra, không phải kết quả thật.",
        "illustration": "Bộ tiêu chí minh họa, không phải bộ tiêu chí chính thức.",
        "source": "Nguồn: {title} ({url})",
    },
    "en": {
        "snapshot": "Snapshot {code}: {rows} forms counted.",
        "withheld": "Some figures are withheld to protect respondents: too few people, or a figure from "
        "which that of too few people could be worked out. Their cells, n included, hold a dash; no rank is "
        "given.",
        "held_back": "More forms came after this snapshot, but still too few to publish new figures without "
        "giving single answers away.",
        "partial": "{count} unfinished forms are not counted.",
        "evidence_grade_not_counted": "{count} forms by the open address are not counted in the index.",
        "excluded": "{count} forms are left out of the index by decision of two persons, with a reason.",
        "assisted_by_official": "{count} forms that an official helped to answer are not counted.",
        "grades": "Counted forms by evidence grade: {grades}.",
        "suspected": "{count} suspected forms (flagged when collected, or under an alarm) are counted; "
        "without them the overall index is {index} (interval {interval}).",
        "disturbed": "Not ranked because of disturbed data: {units}.",
        "simulated": "Forms of this round were made by a simulator; these are not real results.",
        "illustration": "An illustrative criteria set, not an official one.",
        "source": "Source: {title} ({url})",
    },
}


def _data(indices: Indices, language: str) -> Iterator[DataRow]:
    titles = {node.id: node.title.in_(language) for node in indices.formula.nodes()}
    titles |= {item.id: item.text.in_(language) for item in indices.questionnaire.items}
    tree = load_units()
    for line in indices.lines:
        name = tree.get(line.unit).full_name if line.unit else ""
        yield DataRow(line.unit, name, line.statistic, titles[line.statistic], line.kind, line.estimate)
