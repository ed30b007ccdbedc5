"""Reading one value: an option, some options, or a text, made clean or refused.

Knows one item at a time; what the answers mean for each other is `reading`.
"""

from __future__ import annotations

import unicodedata

from survey.questionnaires.answers import Answer
from survey.questionnaires.letters import count_letters
from survey.questionnaires.questionnaire import Item, Scale
from survey.questionnaires.rules_texts import FORBIDDEN

#: UTF-8 bytes allowed per letter of `max_length`, marks put aside: every Vietnamese letter fits in three.
BYTES_PER_CHARACTER = 3
#: UTF-8 bytes of a mark that NFC leaves apart, as on the highland letters ê̆ ô̆ ơ̆ ư̆; one a letter is enough.
BYTES_OF_MARK = 2
#: Code points a letter may arrive in before NFC puts it together, with room to spare.
LOOSE_PER_CHARACTER = 4


class Refused(Exception):
    """One value is not an answer to its item; `code` is of `answer_problems`."""

    def __init__(self, code: str, **places: object) -> None:
        self.code = code
        self.places = places
        super().__init__(code)


def read_value(item: Item, raw: object) -> Answer | None:
    """Read the answer to one item; None when it is blank.

    Raises:
        Refused: with the code of the problem.
    """
    if raw is None:
        return None
    if item.scale is None:
        return _read_text(raw, item.max_length or 0)
    if item.kind == "single":
        return _read_option(item.scale, raw)
    return _read_options(item.scale, raw, item.max_choices)


def _read_option(scale: Scale, raw: object) -> str | None:
    if not isinstance(raw, str):
        raise Refused("wrong-type")
    if not raw:
        return None
    if raw not in scale:
        raise Refused("unknown-option")
    return raw


def _read_options(scale: Scale, raw: object, most: int | None) -> tuple[str, ...] | None:
    """Read chosen options, put in the order of the scale so that equal answers hash equally."""
    if not isinstance(raw, list | tuple) or not all(isinstance(option, str) for option in raw):
        raise Refused("wrong-type")
    if any(option not in scale for option in raw):
        raise Refused("unknown-option")
    chosen = set(raw)
    if len(chosen) < len(raw):
        raise Refused("repeated-option")
    if most is not None and len(chosen) > most:
        raise Refused("too-many-choices", limit=most)
    return tuple(option.id for option in scale.options if option.id in chosen) or None


def _read_text(raw: object, limit: int) -> str | None:
    """Read a text: line ends made \\n, Unicode NFC, trimmed; length in letters (L1) and bytes."""
    if not isinstance(raw, str):
        raise Refused("wrong-type")
    if len(raw) > limit * LOOSE_PER_CHARACTER:
        raise Refused("too-long", limit=limit)
    plain = raw.replace("\r", "")
    if FORBIDDEN.search(plain):
        raise Refused("forbidden-character")
    text = unicodedata.normalize("NFC", plain).strip()
    letters = count_letters(text)
    marks = len(text) - letters
    bytes_of_letters = len(text.encode()) - marks * BYTES_OF_MARK
    if max(letters, marks) > limit or bytes_of_letters > limit * BYTES_PER_CHARACTER:
        raise Refused("too-long", limit=limit)
    return text or None
