"""A round's responses as a table for analysts: typed by the questionnaire, streamed, without ids.

Not the summary that officials print (summaries/).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from survey.questionnaires import Item, Option, Questionnaire, visible_items
from survey.reports import (
    Absent,
    Kind,
    ResponseColumn,
    Value,
    Written,
    write_responses,
    write_responses_csv,
)
from survey.services.clock import Clock
from survey.services.collection import questionnaire_of
from survey.services.errors import CommentsSealed
from survey.services.rounds import round_named
from survey.storage import audit, responses
from survey.storage.models import ResponseRow
from survey.storage.store import Store

_PLACE = (
    ResponseColumn("unit", "Đơn vị", Kind.TEXT),
    ResponseColumn("stratum", "Tầng", Kind.TEXT),
    ResponseColumn("psu", "Cụm (PSU)", Kind.TEXT),
    ResponseColumn("base_weight", "Trọng số cơ sở", Kind.NUMBER),
    ResponseColumn("channel", "Hình thức", Kind.TEXT),
    ResponseColumn("evidence", "Mức bằng chứng", Kind.TEXT),
    ResponseColumn("day", "Ngày nhận", Kind.DATE),
    ResponseColumn("status", "Tình trạng", Kind.TEXT),
)


def export_responses(
    *, store: Store, clock: Clock, code: str, target: Path, actor: str, comments: bool = False
) -> Written:
    """Write every response of a round to xlsx, or to CSV when the file is named so, in bounded memory.

    Ids never leave the database, and rows stand in the order of those random ids. Comments are
    written only when asked for, and never of a round by personal link.

    Raises:
        NoSuchRound; CommentsSealed: comments of a round by personal link were asked for.
        RowsMissing: fewer rows were written than the database holds; the target is untouched.
    """
    with store.reading(consistent=True) as session:
        round_ = round_named(session, code)
        if comments and round_.entry == "personal":
            raise CommentsSealed(code, round=code)
        questionnaire = questionnaire_of(round_)
        items = [item for item in questionnaire.items if comments or item.kind != "text"]
        columns = [*_PLACE, *(column for item in items for column in _columns(item))]
        rows = (_row(row, questionnaire, items) for row in responses.stream_of(session, round_.id))
        expected = responses.current_count_of(session, round_.id)
        if target.suffix == ".csv":
            written = write_responses_csv(
                columns, rows, target, simulated=round_.simulated, expected_rows=expected
            )
        else:
            written = write_responses(
                columns,
                rows,
                target,
                simulated=round_.simulated,
                made_at=clock.now(),
                notes=(questionnaire.sha256, questionnaire.status.note.in_("vi")),
                expected_rows=expected,
            )
    with store.transaction() as session:
        audit.record(
            session,
            at=clock.now(),
            actor=actor,
            action="responses exported",
            subject=code,
            details={"rows": written.rows, "sha256": written.content_sha256, "comments": comments},
        )
    return written


def _columns(item: Item) -> Iterator[ResponseColumn]:
    label = item.text.in_("vi")
    if item.scale is None:
        yield ResponseColumn(item.id, label, Kind.TEXT)
    elif item.kind == "multiple":
        for option in item.scale.options:
            yield ResponseColumn(
                f"{item.id}/{option.id}", f"{label} – {option.label.in_('vi')}", Kind.INTEGER
            )
    else:
        kind = Kind.INTEGER if item.scale.kind == "ordinal" else Kind.TEXT
        yield ResponseColumn(item.id, label, kind)


def _row(row: ResponseRow, questionnaire: Questionnaire, items: Sequence[Item]) -> list[Value]:
    asked = set(visible_items(questionnaire, row.answers))
    values: list[Value] = [
        row.unit_id,
        row.stratum,
        row.psu,
        row.base_weight,
        row.channel,
        row.evidence,
        row.day_received,
        row.status,
    ]
    for item in items:
        values += _values(item, row.answers, asked=item.id in asked)
    return values


def _values(item: Item, answers: Mapping[str, Any], *, asked: bool) -> list[Value]:
    width = len(item.scale.options) if item.kind == "multiple" and item.scale else 1
    if not asked:
        return [Absent.NOT_ASKED] * width
    given = answers.get(item.id)
    if given is None or item.scale is None:
        return [given] * width
    if item.kind == "multiple":
        return [int(option.id in given) for option in item.scale.options]
    return [_value(item.scale.option(given), item.scale.kind)]


def _value(option: Option, kind: str) -> Value:
    if option.excluded:
        return Absent.DONT_KNOW
    return option.value if kind == "ordinal" else option.id
