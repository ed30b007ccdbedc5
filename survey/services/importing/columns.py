"""Which column of a file is what: the form's number and place, or an item of the questionnaire.

A header is an item's id, or its text in either language; what nobody knows is a problem, never skipped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey.questionnaires import Item, Questionnaire, Text
from survey.reports.reading import CellProblem, HeadedSheet, Row, Sheet, address, folded, headed
from survey.services.importing.problems import problem


@dataclass(frozen=True, slots=True)
class DesignColumn:
    """A column that says which form a row is and where it stands in the design."""

    id: str
    label: Text
    hint: Text
    others: tuple[str, ...] = ()


def _text(vi: str, en: str) -> Text:
    return Text((("vi", vi), ("en", en)))


#: In the order of the template.
DESIGN = (
    DesignColumn(
        "form_number",
        _text("Mã phiếu", "Form number"),
        _text(
            "Bắt buộc, mỗi phiếu một mã. Nhập lại cùng mã với cùng nội dung không làm tăng số phiếu.",
            "Required, one a form. The same number with the same content again adds nothing.",
        ),
    ),
    DesignColumn(
        "unit",
        _text("Đơn vị", "Unit"),
        _text(
            "Đơn vị được đánh giá: mã hoặc tên. Bỏ trống được nếu đợt chỉ có một đơn vị.",
            "The unit that is judged: id or name. May be blank where the round has one unit only.",
        ),
        ("Mã đơn vị", "Đơn vị được đánh giá"),
    ),
    DesignColumn(
        "stratum",
        _text("Tầng", "Stratum"),
        _text("Tầng của mẫu. Bỏ trống: lấy mã đơn vị.", "Stratum of the sample. Blank: the unit's id."),
    ),
    DesignColumn(
        "psu",
        _text("Cụm (PSU)", "PSU"),
        _text(
            "Cụm của mẫu, như thôn hay tổ dân phố. Bỏ trống: đơn vị và ngày.",
            "Cluster of the sample, such as a village. Blank: the unit and the day.",
        ),
        ("Cụm",),
    ),
    DesignColumn(
        "base_weight",
        _text("Trọng số cơ sở", "Base weight"),
        _text("Số lớn hơn 0. Bỏ trống: 1.", "A number above 0. Blank: 1."),
        ("Trọng số gốc", "Trọng số"),
    ),
    DesignColumn(
        "day",
        _text("Ngày trả lời", "Day"),
        _text(
            "Trong các ngày của đợt, không ghi giờ. Bỏ trống: ngày nhập, hoặc ngày cuối của đợt.",
            "Among the round's days, without a time. Blank: the day of the import, or the round's last.",
        ),
        ("Ngày nhận", "Ngày"),
    ),
    DesignColumn(
        "response_id",
        _text("Mã định danh (UUID)", "UUID"),
        _text(
            "Chỉ khi phần mềm khác đã tạo sẵn; khi đó không cần mã phiếu.",
            "Only where another program made one; no form number is needed then.",
        ),
    ),
)
#: Columns of the site's own exports that are looked at, but never taken from a file.
SEEN = (
    DesignColumn("status", _text("Tình trạng", "Status"), _text("", "")),
    DesignColumn("simulated", _text("DỮ LIỆU MÔ PHỎNG", "SIMULATED"), _text("", "")),
    DesignColumn("channel", _text("Hình thức", "Channel"), _text("", "")),
    DesignColumn("evidence", _text("Mức bằng chứng", "Evidence"), _text("", "")),
)


@dataclass(frozen=True, slots=True)
class FileColumns:
    """A file's sheet with the meaning of each column.

    Attributes:
        design: id of a design column → column, from 1.
        items: id of an item → its column, where one cell has the whole answer.
        options: id of an item of several choices → its options' columns.
    """

    table: HeadedSheet
    rows: tuple[Row, ...]
    design: Mapping[str, int]
    items: Mapping[str, int]
    options: Mapping[str, Mapping[str, int]]
    problems: tuple[CellProblem, ...]

    @property
    def sheet(self) -> str:
        return self.table.sheet.name

    def item_cell(self, row: int, item: str) -> str | None:
        """Name the cell of an item in a row; None where the file has no column for it."""
        column = self.items.get(item) or next(iter(self.options.get(item, {}).values()), None)
        return None if column is None else address(row, column)

    def design_cell(self, row: int, *names: str) -> str:
        """Name the cell of the first of some design columns that the file has, or the row's first."""
        return address(row, next((self.design[name] for name in names if name in self.design), 1))


def read_columns(sheet: Sheet, questionnaire: Questionnaire, *, several_units: bool) -> FileColumns:
    """Find the header and say what each column is; a row of labels under it is passed over."""
    meanings = _meanings(questionnaire)
    table = headed(sheet, list(meanings))
    design: dict[str, int] = {}
    items: dict[str, int] = {}
    options: dict[str, dict[str, int]] = {}
    problems = list(table.problems)
    for header, column in table.columns.items():
        match meanings.get(header):
            case (name,):
                design.setdefault(name, column)
            case ("", item):
                problems += _twice(table, items, item, column)
                items.setdefault(item, column)
            case (item, option):
                options.setdefault(item, {})[option] = column
            case _:
                where = address(table.header_row, column)
                problems.append(problem(sheet.name, where, "unknown-column", header=table.shown[column]))
    for item in items.keys() & options.keys():
        problems += _twice(table, items, item, items[item])
    problems += _missing(table, design, several_units=several_units)
    rows = _without_labels(table, questionnaire)
    return FileColumns(table, rows, design, items, options, tuple(problems))


def _meanings(questionnaire: Questionnaire) -> dict[str, tuple[str, ...] | None]:
    """Map every folded header to what it means; a text that two questions share means nothing."""
    found: dict[str, tuple[str, ...] | None] = {}
    for one in (*DESIGN, *SEEN):
        for name in (one.id, one.label.in_("vi"), one.label.in_("en"), *one.others):
            found[folded(name)] = (one.id,)
    texts: dict[str, tuple[str, ...] | None] = {}
    for item in questionnaire.items:
        for name, meaning in _names(item):
            known = texts.setdefault(folded(name), meaning)
            if known != meaning:
                texts[folded(name)] = None
    ids = {folded(name): meaning for item in questionnaire.items for name, meaning in _ids(item)}
    return {**texts, **found, **ids}


def _ids(item: Item) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield item.id, ("", item.id)
    if item.kind == "multiple" and item.scale is not None:
        for option in item.scale.options:
            yield f"{item.id}/{option.id}", (item.id, option.id)


def _names(item: Item) -> Iterator[tuple[str, tuple[str, ...]]]:
    for language in ("vi", "en"):
        text = item.text.in_(language)
        yield text, ("", item.id)
        if item.kind == "multiple" and item.scale is not None:
            for option in item.scale.options:
                yield f"{text} – {option.label.in_(language)}", (item.id, option.id)


def _twice(table: HeadedSheet, items: Mapping[str, int], item: str, column: int) -> Iterator[CellProblem]:
    if item in items:
        where = address(table.header_row, column)
        yield problem(table.sheet.name, where, "column-twice", header=item)


def _missing(table: HeadedSheet, design: Mapping[str, int], *, several_units: bool) -> Iterator[CellProblem]:
    where = address(table.header_row, 1)
    if "form_number" not in design and "response_id" not in design:
        yield problem(table.sheet.name, where, "missing-column", header=DESIGN[0].label)
    if several_units and "unit" not in design:
        yield problem(table.sheet.name, where, "missing-column", header=DESIGN[1].label)


def _without_labels(table: HeadedSheet, questionnaire: Questionnaire) -> tuple[Row, ...]:
    """Leave out a row of labels right under a header of ids, as the template and the exports have it."""
    if not table.rows:
        return ()
    first = table.rows[0]
    # A column whose header is its label already says nothing about the row below it.
    by_label = {
        column: folded(first.at(column)) for header, column in table.columns.items()
        if folded(first.at(column)) not in ("", header)
    }  # fmt: skip
    labels = {folded(one.label.in_("vi")) for one in (*DESIGN, *SEEN)}
    labels |= {folded(name) for item in questionnaire.items for name, _ in _names(item)}
    told = sum(text in labels for text in by_label.values())
    is_label_row = first.number == table.header_row + 1 and told > len(by_label) / 2
    return table.rows[1:] if is_label_row else table.rows
