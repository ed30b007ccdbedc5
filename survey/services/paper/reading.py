"""What a keyer read on paper, as entries by item: an answer, blank, unreadable, or impossible as it stands.

The questionnaire's own validators read the answers. Paper may leave required questions blank: what is on it
is keyed as it is. What cannot be an answer (a skipped question answered, too many ticks) is told; confirmed
as on the paper, it is kept as an entry with a mark and left out of the answers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from survey.questionnaires import (
    AnswerProblem,
    Answers,
    InvalidAnswers,
    Item,
    Questionnaire,
    read_answers,
)
from survey.services.paper.errors import ImpossibleAnswers

#: {"value": …}, with "mark": AS_ON_PAPER where it cannot be an answer; {"mark": UNREADABLE}. No entry: blank.
Entry = Mapping[str, Any]
Entries = Mapping[str, Entry]
UNREADABLE, AS_ON_PAPER = "unreadable", "as_on_paper"
#: Raw value that says "unreadable"; no option of a questionnaire can be called so.
RAW_UNREADABLE = "=unreadable"
#: Problems that a sheet of paper can have; the others say that the page was tampered with.
_ON_PAPER = frozenset({"skipped-branch", "too-many-choices", "too-long"})
_LONGEST_RAW = 4_000


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What the entries of one form amount to.

    Attributes:
        answers: what can be kept.
        impossible: items whose entries were left out of it.
    """

    answers: Answers
    impossible: tuple[str, ...]


def read_keyed(
    questionnaire: Questionnaire,
    typed: Mapping[str, object],
    *,
    unreadable: Collection[str] = (),
    confirmed: Collection[str] = (),
) -> dict[str, Entry]:
    """Read what was keyed; required questions may be blank.

    Args:
        typed: raw values by item, as a page sends them; "" and [] are blank.
        unreadable: items that cannot be read on the paper.
        confirmed: items that are impossible and stand so on the paper.

    Raises:
        ImpossibleAnswers: with every problem that is not confirmed.
        InvalidAnswers: values that no paper holds, such as an option that is not on the scale.
    """
    values = {item: value for item, value in typed.items() if item not in unreadable}
    read, problems = _read(questionnaire, values)
    if any(one.code not in _ON_PAPER for one in problems):
        raise InvalidAnswers(problems)
    if any(one.item not in confirmed for one in problems):
        raise ImpossibleAnswers(problems)
    entries: dict[str, Entry] = {item: {"value": _plain(value)} for item, value in read.items()}
    for one in problems:
        entries[one.item] = {"value": _raw(values[one.item]), "mark": AS_ON_PAPER}
    for item in unreadable:
        entries[questionnaire.item(item).id] = {"mark": UNREADABLE}
    return entries


def on_paper(questionnaire: Questionnaire, entries: Entries) -> OnPaper:
    """Give what can be kept of a form's entries, each judged by the answers that were decided in the end."""
    values = {item: entry["value"] for item, entry in entries.items() if entry.get("mark") != UNREADABLE}
    values = {item: value for item, value in values.items() if value is not None}
    read, problems = _read(questionnaire, values)
    return OnPaper(read, tuple(one.item for one in problems))


def differing(questionnaire: Questionnaire, first: Entries, second: Entries) -> tuple[str, ...]:
    """List the items on which two keyings differ, in the order of the form.

    A mark "as on the paper" is no difference by itself: it follows from other answers. Comments are
    compared by their words; spacing, capitals and punctuation are the keyers' own.
    """
    return tuple(
        item.id
        for item in questionnaire.items
        if _told(item, first.get(item.id)) != _told(item, second.get(item.id))
    )


def is_blank(entry: Entry) -> bool:
    """Say whether an entry says that nothing is there; unreadable is not blank."""
    return entry.get("mark") != UNREADABLE and entry.get("value") in (None, "", [])


def read_entry(questionnaire: Questionnaire, item_id: str, raw: object) -> Entry:
    """Read one entry by itself, for a decision or a correction; {"value": None} says blank.

    Raises:
        InvalidAnswers: no paper holds such a value.
    """
    if raw == RAW_UNREADABLE:
        return {"mark": UNREADABLE}
    item = questionnaire.item(item_id)
    alone = _alone(questionnaire, item)
    try:
        read = read_answers(alone, {item_id: raw})
    except InvalidAnswers as error:
        if any(one.code not in _ON_PAPER for one in error.problems):
            raise
        return {"value": _raw(raw), "mark": AS_ON_PAPER}
    return {"value": _plain(read[item_id]) if item_id in read else None}


def _read(questionnaire: Questionnaire, values: Mapping[str, object]) -> tuple[Answers, list[AnswerProblem]]:
    """Read values, setting aside those with a problem until the rest is right."""
    lenient, left = _nothing_required(questionnaire), dict(values)
    problems: list[AnswerProblem] = []
    while True:
        try:
            return read_answers(lenient, left), problems
        except InvalidAnswers as error:
            for one in error.problems:
                left.pop(one.item, None)
                problems.append(one)


@lru_cache(maxsize=16)
def _nothing_required(questionnaire: Questionnaire) -> Questionnaire:
    """Give the same questions with none of them required."""
    sections = tuple(
        replace(section, items=tuple(replace(item, required=False) for item in section.items))
        for section in questionnaire.sections
    )
    return replace(questionnaire, sections=sections)


def _alone(questionnaire: Questionnaire, item: Item) -> Questionnaire:
    section = replace(
        questionnaire.sections[0], show_if=None, items=(replace(item, required=False, show_if=None),)
    )
    return replace(questionnaire, sections=(section,))


def _told(item: Item, entry: Entry | None) -> object:
    """Make an entry comparable; blank is None, unreadable is a word no answer is."""
    if entry is None:
        return None
    if entry.get("mark") == UNREADABLE:
        return (UNREADABLE,)
    value = entry["value"]
    if item.kind == "text" and isinstance(value, str):
        return tuple(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", value).casefold())) or value.strip()
    return tuple(value) if isinstance(value, list) else value


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _raw(value: object) -> object:
    """Keep an impossible value as it was keyed, within bounds."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)[:_LONGEST_RAW]
    return [str(one)[:64] for one in value][:100] if isinstance(value, list | tuple) else None
