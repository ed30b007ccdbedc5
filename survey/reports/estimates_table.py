"""Estimates as tables of words for a screen: rounded to what the standard error allows.

Not for programs, which read JSON or CSV; nothing here is computed.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from survey.aggregation.request import Answer, AnswerLine, ComparisonLine
from survey.reports.estimates_columns import FlatTable, comparisons_table, estimates_table
from survey.reports.figures import DASH, interval_text, number_text

_HEADS = {
    "statistic": ("Thống kê", "Statistic"),
    "where": ("Điều kiện", "Where"),
    "item": ("Tiêu chí", "Item"),
    "measure": ("Thước đo", "Measure"),
    "quadrant": ("Góc phần tư", "Quadrant"),
    "denominator": ("Mẫu số", "Denominator"),
    "level": ("Mức", "Level"),
    "probability": ("Phân vị", "Quantile"),
    "id": ("So sánh", "Comparison"),
    "domain": ("Miền", "Domain"),
    "other": ("So với", "Against"),
}
_FLAGS = {
    "no_respondents": ("không có người trả lời", "no respondents"),
    "few_respondents": ("ít người trả lời", "few respondents"),
    "items_missing": ("thiếu tiêu chí", "items missing"),
    "no_interval": ("không có khoảng tin cậy", "no interval"),
    "open_interval": ("khoảng tin cậy hở một đầu", "open interval"),
    "no_standard_error": ("không có sai số chuẩn", "no standard error"),
    "too_few_cases": ("quá ít phiếu đủ mọi tiêu chí", "too few complete cases"),
    "constant_item": ("có tiêu chí không thay đổi", "an item does not vary"),
    "collinear_items": ("các tiêu chí suy ra nhau", "collinear items"),
}
#: Columns of words, in front of the figures.
_WORDS = ("where", "item", "measure", "quadrant", "denominator", "level", "probability")


@dataclass(frozen=True, slots=True)
class TextTable:
    """A titled table of words; `numeric` columns stand to the right."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...]


def estimates_text(answer: Answer, language: str = "vi") -> str:
    """Write an answer for a screen: its tables with aligned columns, and the notes below them."""
    said = [_laid_out(table) for table in text_tables(answer, language)]
    return "\n\n".join([*said, "\n".join(note_lines(answer, language))]) + "\n"


def _laid_out(table: TextTable) -> str:
    cells = [table.head, *table.rows]
    widths = [max(_width(row[place]) for row in cells) for place in range(len(table.head))]
    rule = "  ".join("─" * width for width in widths)
    lines = [
        "  ".join(
            _padded(cell, width, right=place in table.numeric)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    title = [table.title] if table.title else []
    return "\n".join([*title, lines[0], rule, *lines[1:]])


def _padded(text: str, width: int, *, right: bool) -> str:
    gap = " " * (width - _width(text))
    return gap + text if right else text + gap


def _width(text: str) -> int:
    return sum(not unicodedata.combining(letter) for letter in text)


def text_tables(answer: Answer, language: str = "vi") -> tuple[TextTable, ...]:
    """Return the tables of an answer: estimates, and comparisons where there are any."""
    tables = [_estimates(answer, language)]
    if answer.comparisons:
        tables.append(_comparisons(answer, language))
    return tuple(tables)


def note_lines(answer: Answer, language: str = "vi") -> tuple[str, ...]:
    """Return what stands below the tables: data, design, calibration, notes."""
    at = 1 if language == "en" else 0
    design, data = answer.design, answer.data
    said = [
        (
            f"Dữ liệu: {data.name}, {data.rows} dòng, SHA-256 {data.sha256 or DASH}",
            f"Data: {data.name}, {data.rows} rows, SHA-256 {data.sha256 or DASH}",
        ),
        (
            f"Thiết kế: {design['strata']} tầng, {design['psus']} đơn vị mẫu, bậc tự do {design['df']}, "
            f"hiệu chỉnh tổng thể: {design['fpc']}, tầng một đơn vị: {design['lonely']}",
            f"Design: {design['strata']} strata, {design['psus']} PSUs, df {design['df']}, "
            f"fpc: {design['fpc']}, lonely PSU: {design['lonely']}",
        ),
    ]
    if answer.calibration:
        made = f"{answer.calibration['weights']}; {answer.calibration['variance']}"
        said.append((f"Hiệu chỉnh trọng số: {made}", f"Calibration: {made}"))
    if answer.replicates:
        made = f"{answer.replicates['method']}, {answer.replicates['replicates']}"
        said.append((f"Trọng số lặp: {made}", f"Replicates: {made}"))
    return tuple(one[at] for one in (*said, *answer.notes))


def shown(value: float | None, se: float | None, language: str) -> str:
    """Write a number with the digits that its standard error allows: three of the error's own."""
    return number_text(value, _places(value, se), language)


def _estimates(answer: Answer, language: str) -> TextTable:
    flat = estimates_table(answer)
    words = ("statistic", *flat.labels, *(name for name in _WORDS if name in flat.head))
    heads = [_title(name, language) for name in words]
    figures = ["se", _pair("khoảng", "interval", language), "n", "n_eff", "deff", "df", "cv"]
    estimate = _pair("Ước lượng", "Estimate", language)
    warnings = _pair("Lưu ý", "Flags", language)
    rows = [
        (*_words_of(flat, row, words, language), *_figures_of(line, language))
        for line, row in zip(answer.lines, flat.rows, strict=True)
    ]
    numeric = tuple(range(len(heads), len(heads) + 8))
    return TextTable(answer.title, (*heads, estimate, *figures, warnings), tuple(rows), numeric)


def _figures_of(line: AnswerLine, language: str) -> tuple[str, ...]:
    one = line.estimate
    places = _places(one.value, one.se)
    return (
        number_text(one.value, places, language),
        number_text(one.se, places, language),
        interval_text(one.ci_low, one.ci_high, places, language),
        str(one.n),
        number_text(one.n_eff, 1, language),
        number_text(line.deff, 3, language),
        str(one.df),
        number_text(line.cv, 4, language),
        _flags(one.flags, language),
    )


def _comparisons(answer: Answer, language: str) -> TextTable:
    flat = comparisons_table(answer)
    words = ["id", "statistic", "item", "level", "domain", "other"]
    if all(line.level is None for line in answer.comparisons):
        words.remove("level")
    heads = [_title(name, language) for name in words]
    figures = (_pair("Chênh lệch", "Difference", language), "se", _pair("khoảng", "interval", language))
    rows = [
        (*_words_of(flat, row, words, language), *_tests_of(line, language))
        for line, row in zip(answer.comparisons, flat.rows, strict=True)
    ]
    numeric = tuple(range(len(heads), len(heads) + 6))
    return TextTable(
        _pair("So sánh", "Comparisons", language), (*heads, *figures, "df", "p", "q"), tuple(rows), numeric
    )


def _tests_of(line: ComparisonLine, language: str) -> tuple[str, ...]:
    one = line.estimate
    places = _places(one.value, one.se)
    return (
        number_text(one.value, places, language),
        number_text(one.se, places, language),
        interval_text(one.ci_low, one.ci_high, places, language),
        str(one.df),
        _probability(line.p, language),
        _probability(line.q, language),
    )


def _probability(value: float | None, language: str) -> str:
    if value is not None and value < 0.0001:
        return f"< {number_text(0.0001, 4, language)}"
    return number_text(value, 4, language)


def _words_of(flat: FlatTable, row: Sequence[object], words: Sequence[str], language: str) -> tuple[str, ...]:
    cells = [row[flat.head.index(name)] for name in words]
    whole = _pair("toàn bộ", "whole", language)
    return tuple("" if cell is None else whole if cell == "whole" else str(cell) for cell in cells)


def _flags(flags: Sequence[str], language: str) -> str:
    return ", ".join(_pair(*_FLAGS.get(flag, (flag, flag)), language) for flag in flags)


def _title(name: str, language: str) -> str:
    return _pair(*_HEADS.get(name, (name, name)), language)


def _pair(vi: str, en: str, language: str) -> str:
    return en if language == "en" else vi


def _places(value: float | None, se: float | None) -> int:
    size = se or abs(value or 0.0)
    if not size or not math.isfinite(size):
        return 2
    return min(max(2 - math.floor(math.log10(size)), 0), 12)
