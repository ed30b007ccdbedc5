"""The variables of a snapshot: its questions, options and design columns, named for analysts' programs.

Not the rows (frozen/coding.py) nor the files (survey.reports).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey.questionnaires import Formula, Item, Option, Questionnaire, Scale, Text, flatten
from survey.reports import (
    NOT_ASKED,
    CodedValue,
    IndexFormula,
    IndexNode,
    Kind,
    Variable,
    variable_names,
)
from survey.services.frozen.words import LABELS, WORDS
from survey.services.routing_gaps import conditions
from survey.storage.models.responses import CHANNELS, GRADES
from survey.storage.snapshots import Snapshot, columns_of

#: Names that no question may take, whether or not the snapshot has such a column.
DESIGN_NAMES = (
    *("snapshot", "simulated", "unit_id", "unit_name", "stratum", "psu", "psu_id"),
    *("base_weight", "calibrated_weight", "channel", "evidence", "day"),
)
WEIGHTS = ("base_weight", "calibrated_weight")
SIMULATED = ("no", "yes")
_NOT_ASKED = CodedValue(
    NOT_ASKED, Text.of({"vi": "Không hỏi (rẽ nhánh)", "en": "Not asked (routing)"}), missing=True
)
_CHOSEN = (
    CodedValue(0, Text.of({"vi": "Không chọn", "en": "Not chosen"})),
    CodedValue(1, Text.of({"vi": "Có chọn", "en": "Chosen"})),
)


@dataclass(frozen=True, slots=True)
class Answers:
    """One column of answers: the variable, its item, and what each code of the snapshot becomes."""

    variable: Variable
    item: str
    recode: Mapping[int, int]


def known_labels(found: Sequence[str], column: str) -> tuple[str, ...]:
    """List the labels of a coded column by code, from 1: the fixed ones first, then others, sorted."""
    fixed = {"channel": CHANNELS, "evidence": GRADES}.get(column, ())
    return (*fixed, *sorted(set(found) - set(fixed)))


def design_variables(snapshot: Snapshot) -> tuple[Variable, ...]:
    """Describe the columns before the answers."""
    weights = [name for name in WEIGHTS if name in snapshot.table.column_names]
    return (
        _variable("snapshot", "provenance", Kind.TEXT),
        _variable("simulated", "provenance", Kind.INTEGER, _coded(SIMULATED, first=0)),
        _variable("unit_id", "unit", Kind.TEXT, source="unit"),
        _variable("unit_name", "unit", Kind.TEXT, source="unit"),
        _variable("stratum", "stratum", Kind.INTEGER, _coded(known_labels(snapshot.codes("stratum")[1], ""))),
        _variable("psu", "psu", Kind.INTEGER),
        _variable("psu_id", "psu", Kind.TEXT, source="psu"),
        *(_variable(name, "weight", Kind.NUMBER, scale="scale") for name in weights),
        *(
            _variable(name, "collection", Kind.INTEGER, _coded(known_labels(snapshot.codes(name)[1], name)))
            for name in ("channel", "evidence")
        ),
        _variable("day", "collection", Kind.DATE, scale="scale"),
    )


def answer_columns(questionnaire: Questionnaire) -> tuple[Answers, ...]:
    """Describe the answers, a column a question, or one an option where several may be chosen."""
    stored = columns_of(questionnaire)
    names = variable_names((name for column in stored for name in column.names), taken=DESIGN_NAMES)
    conditional = conditions(questionnaire)
    made: list[Answers] = []
    for column in stored:
        item = questionnaire.item(column.item)
        gap = (_NOT_ASKED,) if item.id in conditional else ()
        if column.kind == "multiple":
            made += _choices(item, names, gap)
        else:
            made.append(_single(item, names[item.id], column.codes, gap))
    return tuple(made)


def index_formulas(questionnaire: Questionnaire, answers: Sequence[Answers]) -> tuple[IndexFormula, ...]:
    """Write every formula of a questionnaire in variables."""
    names = {one.variable.source: one.variable.name for one in answers}
    return tuple(_formula(one, names, questionnaire.default_formula) for one in questionnaire.formulas)


def _formula(formula: Formula, names: Mapping[str, str], default: str) -> IndexFormula:
    return IndexFormula(
        formula.id,
        formula.title,
        formula.measure,
        formula.levels,
        formula.scale_range,
        tuple(
            IndexNode(
                node.id,
                node.title,
                tuple((term.weight, tuple(names[item] for item in term.items)) for term in flatten(node)),
            )
            for node in formula.nodes()
        ),
        formula.id == default,
    )


def _single(item: Item, name: str, stored: Mapping[str, int], gap: tuple[CodedValue, ...]) -> Answers:
    assert item.scale is not None, "a text has no column"
    values, recode = [], {}
    for option, code in _exported(item.scale):
        values.append(CodedValue(code, option.label, option.id, missing=code < 0))
        recode[stored[option.id]] = code
    variable = Variable(
        name=name,
        source=item.id,
        role="answer",
        kind=Kind.INTEGER,
        label=item.text,
        values=(*values, *gap),
        scale=item.scale.kind,
    )
    return Answers(variable, item.id, recode)


def _exported(scale: Scale) -> Iterator[tuple[Option, int]]:
    """Give each option its code: the scale's own value, or 1, 2, … ; −1, −2, … outside the denominator."""
    outside, place = 0, 0
    for option in scale.options:
        if option.excluded or (scale.kind == "ordinal" and option.value is None):
            outside -= 1
            yield option, outside
        else:
            place += 1
            yield option, place if option.value is None else option.value


def _choices(item: Item, names: Mapping[str, str], gap: tuple[CodedValue, ...]) -> Iterator[Answers]:
    assert item.scale is not None, "a text has no column"
    for option in item.scale.options:
        source = f"{item.id}/{option.id}"
        label = Text.of(
            {
                language: f"{item.text.in_(language)} – {option.label.in_(language)}"
                for language in ("vi", "en")
            }
        )
        variable = Variable(names[source], source, "answer", Kind.INTEGER, label, (*_CHOSEN, *gap))
        yield Answers(variable, item.id, {0: 0, 1: 1})


def _variable(
    name: str,
    role: str,
    kind: Kind,
    values: tuple[CodedValue, ...] = (),
    *,
    source: str = "",
    scale: str = "nominal",
) -> Variable:
    label = Text.of(dict(zip(("vi", "en"), LABELS[name], strict=True)))
    return Variable(name, source or name, role, kind, label, values, scale)  # type: ignore[arg-type]  # roles and scales are words


def _coded(labels: Sequence[str], first: int = 1) -> tuple[CodedValue, ...]:
    return tuple(
        CodedValue(
            code, Text.of(dict(zip(("vi", "en"), WORDS.get(label, (label, label)), strict=True))), label
        )
        for code, label in enumerate(labels, start=first)
    )
