"""Answers that have been read: a frozen mapping, the path they lead along, their hash.

How raw input becomes answers, and what is refused, is `reading`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence

from survey.questionnaires.questionnaire import Item, Questionnaire

Answer = str | tuple[str, ...]


class Answers(Mapping[str, Answer]):
    """Map item ids to an option id, a tuple of option ids, or a text; nothing can change it."""

    __slots__ = ("_kept",)

    def __init__(self, answers: Mapping[str, str | Sequence[str]] | None = None) -> None:
        self._kept: dict[str, Answer] = {
            item: value if isinstance(value, str) else tuple(value) for item, value in (answers or {}).items()
        }

    def __getitem__(self, item: str) -> Answer:
        return self._kept[item]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, item: object) -> bool:
        return item in self._kept

    def __hash__(self) -> int:
        return hash(frozenset(self._kept.items()))

    def __repr__(self) -> str:
        return f"Answers({len(self._kept)} items)"


def visible_items(
    questionnaire: Questionnaire, answers: Mapping[str, str | Sequence[str]]
) -> tuple[str, ...]:
    """List the items these answers lead to, in order; answers to hidden items lead nowhere."""
    return tuple(item.id for item in _path(questionnaire, answers, {}))


def on_path(questionnaire: Questionnaire, answers: Mapping[str, str | Sequence[str]]) -> Answers:
    """Drop the answers of skipped branches, and of items the questionnaire does not have."""
    kept: dict[str, str | Sequence[str]] = {}
    for _ in _path(questionnaire, answers, kept):
        pass
    return Answers(kept)


def _path(
    questionnaire: Questionnaire,
    answers: Mapping[str, str | Sequence[str]],
    kept: dict[str, str | Sequence[str]],
) -> Iterator[Item]:
    """Walk the visible items, filling `kept` with their answers as they are passed."""
    for section in questionnaire.sections:
        if section.show_if is not None and not section.show_if.holds(kept):
            continue
        for item in section.items:
            if item.show_if is not None and not item.show_if.holds(kept):
                continue
            if item.id in answers:
                kept[item.id] = answers[item.id]
            yield item


def canonical(answers: Mapping[str, str | Sequence[str]]) -> bytes:
    """Write answers as canonical JSON: keys sorted, UTF-8, no spaces."""
    return json.dumps(dict(answers), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def answers_sha256(questionnaire: Questionnaire, answers: Mapping[str, str | Sequence[str]]) -> str:
    """Hash answers together with the questionnaire they answer (its own SHA-256)."""
    return hashlib.sha256(questionnaire.sha256.encode() + b"\n" + canonical(answers)).hexdigest()
