"""Every text of a questionnaire that a respondent meets, by a key that outlives rewordings.

`title`, `intro`, `status.note`, `section.<id>.title`, `section.<id>.intro`, `item.<id>.text`,
`item.<id>.hint`, `option.<scale>.<id>.label`. Texts for officials (sources, formulas) are not among them.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from survey.questionnaires.questionnaire import Item, Questionnaire, Scale, Section
from survey.questionnaires.texts import Text

#: Letters that a text of each kind may have, as in questionnaire.schema.json.
LABEL, QUESTION, PROSE = 200, 400, 3000


@dataclass(frozen=True, slots=True)
class TextPlace:
    """One text: its key, the text, and how many letters it may have."""

    key: str
    text: Text
    limit: int


def text_places(questionnaire: Questionnaire) -> Mapping[str, TextPlace]:
    """List every text by its key, in the order in which a respondent meets them."""
    return {place.key: place for place in _places(questionnaire)}


def with_texts(questionnaire: Questionnaire, change: Callable[[str, Text], Text]) -> Questionnaire:
    """Give the questionnaire with each of those texts changed by its key; all else is as it was."""
    scales = {scale.id: _scale(scale, change) for scale in questionnaire.scales}
    return replace(
        questionnaire,
        title=change("title", questionnaire.title),
        intro=change("intro", questionnaire.intro),
        status=replace(questionnaire.status, note=change("status.note", questionnaire.status.note)),
        scales=tuple(scales.values()),
        sections=tuple(_section(one, scales, change) for one in questionnaire.sections),
    )


def words_sha256(words: str) -> str:
    """Name a text by its words: what was recorded for them is found by it, and lost when they change (L5)."""
    return hashlib.sha256(unicodedata.normalize("NFC", words).encode()).hexdigest()


def _places(questionnaire: Questionnaire) -> Iterator[TextPlace]:
    yield TextPlace("title", questionnaire.title, LABEL)
    yield TextPlace("intro", questionnaire.intro, PROSE)
    yield TextPlace("status.note", questionnaire.status.note, PROSE)
    for section in questionnaire.sections:
        yield TextPlace(f"section.{section.id}.title", section.title, LABEL)
        if section.intro:
            yield TextPlace(f"section.{section.id}.intro", section.intro, PROSE)
        for item in section.items:
            yield TextPlace(f"item.{item.id}.text", item.text, QUESTION)
            if item.hint:
                yield TextPlace(f"item.{item.id}.hint", item.hint, QUESTION)
    for scale in questionnaire.scales:
        for option in scale.options:
            yield TextPlace(f"option.{scale.id}.{option.id}.label", option.label, LABEL)


def _scale(scale: Scale, change: Callable[[str, Text], Text]) -> Scale:
    options = tuple(
        replace(option, label=change(f"option.{scale.id}.{option.id}.label", option.label))
        for option in scale.options
    )
    return Scale(scale.id, scale.kind, scale.direction, options)


def _section(section: Section, scales: Mapping[str, Scale], change: Callable[[str, Text], Text]) -> Section:
    return replace(
        section,
        title=change(f"section.{section.id}.title", section.title),
        intro=section.intro and change(f"section.{section.id}.intro", section.intro),
        items=tuple(_item(item, scales, change) for item in section.items),
    )


def _item(item: Item, scales: Mapping[str, Scale], change: Callable[[str, Text], Text]) -> Item:
    return replace(
        item,
        text=change(f"item.{item.id}.text", item.text),
        hint=item.hint and change(f"item.{item.id}.hint", item.hint),
        scale=item.scale and scales[item.scale.id],
    )
