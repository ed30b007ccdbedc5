"""Why two years are not like for like: the marks that stand in a trend and beside a change.

Not the finding of what changed (change.py, series.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from survey.scoring.criteria import Text

#: code: (Vietnamese, English).
CATALOGUE: dict[str, tuple[str, str]] = {
    "set_changed": (
        "Bộ tiêu chí thay đổi: {before} → {after}.",
        "The criteria set changed: {before} → {after}.",
    ),
    "base_changed": ("Thang điểm thay đổi: {before} → {after}.", "The base changed: {before} → {after}."),
    "maximum_changed": (
        "Điểm tối đa của “{id}” thay đổi: {before} → {after}.",
        "The maximum of “{id}” changed: {before} → {after}.",
    ),
    "rule_changed": ("Cách chấm “{id}” thay đổi.", "The rule of “{id}” changed."),
    "node_dropped": ("Mục “{id}” không còn.", "The node “{id}” is gone."),
    "node_added": ("Mục “{id}” là mục mới.", "The node “{id}” is new."),
    "population_changed": (
        "Tập đơn vị được xếp hạng thay đổi: {before} → {after}.",
        "The units that are ranked changed: {before} → {after}.",
    ),
    "unit_changed": (
        "Đơn vị đã được sắp xếp lại: {before} → {after}.",
        "The unit was reorganised: {before} → {after}.",
    ),
    "kind_changed": (
        "Cách có số liệu khác nhau: {before} → {after}.",
        "The figures were not made alike: {before} → {after}.",
    ),
    "years_missing": ("Thiếu số liệu các năm {before}–{after}.", "The years {before}–{after} are missing."),
}

#: How a figure was made, in words.
KINDS: dict[str, tuple[str, str]] = {
    "printed": ("đã công bố", "printed"),
    "computed": ("tính từ bộ tiêu chí", "computed"),
    "constructed": ("dựng lại từ các đơn vị cũ", "constructed from the former units"),
}


@dataclass(frozen=True, slots=True)
class Break:
    """One reason why two years are not like for like; `id` names the node, where it is one."""

    code: str
    text: Text
    id: str = ""


def mark(code: str, *, id: str = "", before: object = "", after: object = "") -> Break:
    """Make a break mark from the catalogue."""
    vi, en = CATALOGUE[code]
    words = {
        language: text.format(id=id, before=shown(before, at), after=shown(after, at))
        for at, (language, text) in enumerate((("vi", vi), ("en", en)))
    }
    return Break(code, words, id)


def shown(value: object, language: int) -> object:
    """Show a number plainly, and a kind of figure in words."""
    if isinstance(value, float):
        words = f"{value:.10g}"
        return words.replace(".", ",") if language == 0 else words
    return KINDS[value][language] if isinstance(value, str) and value in KINDS else value
