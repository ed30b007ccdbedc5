"""The workbook that officials fill for an import, made from the round's own questionnaire.

How it is laid out is the reports room's (survey.reports.import_template).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.questionnaires import Item, Questionnaire, Text
from survey.reports.import_template import TemplateChoice, TemplateColumn, write_import_template
from survey.services.asked import questionnaire_of
from survey.services.importing.columns import DESIGN
from survey.services.rounds import round_named
from survey.storage import rounds
from survey.storage.models import RoundRow, UnitRow
from survey.storage.store import Store
from survey.units import UnknownUnitId, load_units


def import_template(*, store: Store, code: str) -> bytes:
    """Make the workbook to fill for a round: headers, lists to choose from, instructions, codes.

    Raises:
        NoSuchRound.
    """
    with store.reading() as session:
        round_ = round_named(session, code)
        units = [unit for _, unit in rounds.units_of(session, round_.id)]
    questionnaire = questionnaire_of(round_)
    columns = [*_design_columns(units), *(one for item in questionnaire.items for one in _columns(item))]
    return write_import_template(columns, title=_title(round_, questionnaire))


def _title(round_: RoundRow, questionnaire: Questionnaire) -> tuple[str, str]:
    about = (
        f"{questionnaire.id} {questionnaire.version}, {round_.opens_on:%d/%m/%Y}–{round_.closes_on:%d/%m/%Y}"
    )
    return f"{round_.title_vi} ({round_.code})", about


def _design_columns(units: Sequence[UnitRow]) -> Iterator[TemplateColumn]:
    for one in DESIGN:
        choices = tuple(TemplateChoice(unit.id, *_names(unit)) for unit in units) if one.id == "unit" else ()
        yield TemplateColumn(
            one.id, one.label, one.hint, choices=choices, required=one.id == "form_number",
            kind={"day": "day", "base_weight": "number"}.get(one.id, "text"),
        )  # fmt: skip


def _names(unit: UnitRow) -> tuple[str, str]:
    try:
        name = load_units().get(unit.id).full_name
    except UnknownUnitId:
        name = unit.name
    return name, name


def _columns(item: Item) -> Iterator[TemplateColumn]:
    options = item.scale.options if item.scale else ()
    if item.kind == "multiple":
        for option in options:
            yield TemplateColumn(
                f"{item.id}/{option.id}", _joined(item, option.label), kind="chosen", question=item.text
            )
        return
    choices = tuple(
        TemplateChoice(one.id, one.label.in_("vi"), one.label.in_("en"), one.value) for one in options
    )
    yield TemplateColumn(item.id, item.text, choices=choices, required=item.required, question=item.text)


def _joined(item: Item, label: Text) -> Text:
    return Text(tuple((to, f"{item.text.in_(to)} – {label.in_(to)}") for to in ("vi", "en")))
