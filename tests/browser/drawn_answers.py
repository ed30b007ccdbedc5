"""Answers drawn at random, with texts in one Unicode form or the other: the same cases for Python and JavaScript."""

from __future__ import annotations

import unicodedata
from random import Random
from typing import Any

from survey.questionnaires import Questionnaire

_WORDS = (
    "Đạ Tẻh",
    "phường Lâm Viên",
    "ÊĐÊ ê̆ ô̆ ơ̆",
    "chậm quá!",
    "“tốt”",
    "a\\b",
    "dòng 1\ndòng 2",
    "😀",
    "\u2028",
)


def drawn(asked: Questionnaire, seed: int) -> dict[str, Any]:
    """Answer some items of a questionnaire, whether they are on the path or not, in the order of their scales."""
    chance = Random(seed)
    answers: dict[str, Any] = {}
    for item in asked.items:
        if not item.required and chance.random() < 0.15:
            continue
        if item.scale is None:
            text = " ".join(chance.choices(_WORDS, k=chance.randint(1, 4)))
            answers[item.id] = unicodedata.normalize("NFC", text).strip()
            continue
        options = [option.id for option in item.scale.options]
        if item.kind == "single":
            answers[item.id] = chance.choice(options)
        else:
            many = chance.sample(
                options, chance.randint(1, min(len(options), item.max_choices or len(options)))
            )
            answers[item.id] = [option for option in options if option in many]
    return {item: value for item, value in answers.items() if value}


def in_some_form(value: Any, seed: int) -> Any:
    """Write an answer as another keyboard would: decomposed, with spaces around; several options in any order."""
    if isinstance(value, list):
        return sorted(value, reverse=bool(seed % 2))
    return unicodedata.normalize("NFD" if seed % 2 else "NFC", value) if seed % 3 else f"{value}"
