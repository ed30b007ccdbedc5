"""The paper form: a questionnaire as a printable A4 PDF, one numbered copy after another.

Made from the same document as the pages. Not the ledger of numbers, and not what is keyed from the paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.questionnaires import Item, Questionnaire, Section
from survey.reports.print.routing_words import RoutingWords
from survey.reports.print.typesetting import qr_svg, typeset

#: At most so many columns of words fit across the page at 12 pt.
_MOST_COLUMNS = 6
#: Longest label, in letters, that still fits three, or two, to a line.
_FITS_THREE, _FITS_TWO = 18, 34
#: Letters that a hand writes on one line.
_LETTERS_A_LINE = 120


@dataclass(frozen=True, slots=True)
class PaperCopy:
    """One copy: its number with the check digit, and where it is handed out; all "" on a specimen."""

    number: str = ""
    unit: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class PaperFrame:
    """What stands around the questions.

    Attributes:
        title: of the round; the questionnaire's own title on a specimen.
        simulated: said on every page.
        help_phone: printed on every page when it is known.
    """

    title: str
    simulated: bool = False
    help_phone: str | None = None


def paper_form_pdf(questionnaire: Questionnaire, frame: PaperFrame, copies: Sequence[PaperCopy]) -> bytes:
    """Print the copies of a form, each beginning on a sheet of its own, as one PDF; none is a specimen."""
    return typeset("paper_form.typ", paper_form_data(questionnaire, frame, copies), tagged=len(copies) <= 1)


def paper_form_data(
    questionnaire: Questionnaire, frame: PaperFrame, copies: Sequence[PaperCopy]
) -> dict[str, Any]:
    """Give everything that stands on the form, as the template prints it: plain JSON, no markup."""
    words = RoutingWords(questionnaire)
    return {
        "title": questionnaire.title.in_("vi"),
        "round": frame.title,
        "intro": questionnaire.intro.in_("vi"),
        "simulated": frame.simulated,
        "help_phone": frame.help_phone or "",
        "status": _status(questionnaire),
        "version": f"{questionnaire.id} {questionnaire.version} · {questionnaire.sha256[:12]}",
        "sections": [
            _section(place, section, words) for place, section in enumerate(questionnaire.sections, start=1)
        ],
        "copies": [_copy(one) for one in copies or (PaperCopy(),)],
    }


def _copy(copy: PaperCopy) -> Mapping[str, str]:
    where = " · ".join(filter(None, (copy.unit, copy.place)))
    return {"number": copy.number, "where": where, "qr": qr_svg(copy.number) if copy.number else ""}


def _status(questionnaire: Questionnaire) -> Mapping[str, Any]:
    status = questionnaire.status
    return {"official": status.official, "decision": status.decision or "", "note": status.note.in_("vi")}


def _section(place: int, section: Section, words: RoutingWords) -> Mapping[str, Any]:
    grid = _is_grid(section, words)
    scale = section.items[0].scale
    return {
        "heading": f"Phần {place}. {section.title.in_('vi')}",
        "intro": section.intro.in_("vi") if section.intro else "",
        "condition": words.condition(section.show_if, "phần") if section.show_if else "",
        "columns": [_option(option) for option in scale.options] if grid and scale else [],
        "items": [_item(item, words) for item in section.items],
    }


def _is_grid(section: Section, words: RoutingWords) -> bool:
    """Say whether a section's items may stand as rows below one line of words: all alike, none routed."""
    scale = section.items[0].scale
    return (
        len(section.items) > 1
        and scale is not None
        and len(scale.options) <= _MOST_COLUMNS
        and all(item.kind == "single" and item.scale == scale for item in section.items)
        and not any(item.show_if or item.hint or words.ways(item) for item in section.items)
    )


def _item(item: Item, words: RoutingWords) -> Mapping[str, Any]:
    labels = [option.label.in_("vi") for option in item.scale.options] if item.scale else []
    return {
        "number": words.number(item.id),
        "text": item.text.in_("vi"),
        "hint": _hint(item),
        "condition": words.condition(item.show_if, "câu") if item.show_if else "",
        "ways": [words.way_sentence(item, way) for way in words.ways(item)],
        "options": [_option(option) for option in item.scale.options] if item.scale else [],
        # A scale is read downward, as it rises or falls; names of things may stand beside each other.
        "across": 1 if item.scale and item.scale.kind == "ordinal" else _across(labels),
        "lines": _lines(item),
    }


def _option(option: Any) -> Mapping[str, Any]:
    return {"label": option.label.in_("vi"), "apart": option.excluded}


def _hint(item: Item) -> str:
    """Say what is asked to be done, where the questionnaire itself does not."""
    if item.hint:
        return item.hint.in_("vi")
    if item.kind == "multiple":
        return f"Chọn nhiều nhất {item.max_choices} ý." if item.max_choices else "Có thể chọn nhiều ý."
    return ""


def _across(labels: Sequence[str]) -> int:
    longest = max(map(len, labels), default=0)
    return 3 if longest <= _FITS_THREE else 2 if longest <= _FITS_TWO else 1


def _lines(item: Item) -> int:
    return 0 if item.scale else min(max(2, -(-(item.max_length or 0) // _LETTERS_A_LINE)), 5)
