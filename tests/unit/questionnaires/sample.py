"""A small sound document that holds every construct of the format, and ways to break it."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from typing import Any

Document = dict[str, Any]


def text(words: str) -> dict[str, str]:
    return {"vi": words, "en": words}


SOUND: Document = {
    "schema_version": 1,
    "id": "sample",
    "version": "1.0.0",
    "status": {"official": False, "note": text("minh họa")},
    "sources": [{"title": "none", "url": "https://example.org/a", "used_for": text("all")}],
    "populations": ["citizens"],
    "languages": ["vi", "en"],
    "title": text("Mẫu"),
    "intro": text("Lời mở đầu"),
    "scales": [
        {
            "id": "satisfaction",
            "kind": "ordinal",
            "direction": "ascending",
            "options": [
                {"id": "bad", "value": 1, "label": text("Kém"), "face": "sad"},
                {"id": "fair", "value": 2, "label": text("Vừa"), "face": "plain"},
                {"id": "good", "value": 3, "label": text("Tốt"), "face": "glad"},
                {"id": "unknown", "label": text("Không biết"), "excluded": True},
            ],
        },
        {
            "id": "reasons",
            "kind": "nominal",
            "options": [{"id": id, "label": text(id)} for id in ("wait", "manner", "other")],
        },
    ],
    "sections": [
        {
            "id": "first",
            "title": text("Một"),
            "intro": text("Phần một"),
            "items": [
                {
                    "id": "a",
                    "kind": "single",
                    "role": "satisfaction",
                    "text": text("A?"),
                    "scale": "satisfaction",
                    "required": True,
                },
                {
                    "id": "why",
                    "kind": "multiple",
                    "role": "reason",
                    "text": text("Vì sao?"),
                    "hint": text("Chọn nhiều"),
                    "scale": "reasons",
                    "max_choices": 2,
                    "show_if": {"not": {"item": "a", "in": ["unknown"]}},
                },
            ],
        },
        {
            "id": "second",
            "title": text("Hai"),
            "show_if": {"any": [{"item": "a", "in": ["bad", "fair"]}, {"item": "why", "in": ["other"]}]},
            "items": [
                {
                    "id": "b",
                    "kind": "single",
                    "role": "satisfaction",
                    "text": text("B?"),
                    "scale": "satisfaction",
                },
                {
                    "id": "c",
                    "kind": "single",
                    "role": "satisfaction",
                    "text": text("C?"),
                    "scale": "satisfaction",
                },
                {
                    "id": "more",
                    "kind": "text",
                    "role": "comment",
                    "text": text("Thêm?"),
                    "max_length": 20,
                    "show_if": {"all": [{"answered": "why"}, {"item": "b", "in": ["bad"]}]},
                },
            ],
        },
    ],
    "formulas": [
        {
            "id": "share",
            "title": text("Tỷ lệ"),
            "measure": "top_share",
            "levels": [3],
            "status": text("minh họa"),
            "tree": {
                "id": "overall",
                "title": text("Chung"),
                "combine": "weighted",
                "weights": {"pair": 0.75, "a": 0.25},
                "children": [{"id": "pair", "title": text("Cặp"), "combine": "mean", "items": ["b", "c"]}],
                "items": ["a"],
            },
        },
        {
            "id": "score",
            "title": text("Điểm"),
            "measure": "mean",
            "status": text("minh họa"),
            "tree": {"id": "overall", "title": text("Chung"), "combine": "items", "items": ["a", "b"]},
        },
    ],
    "default_formula": "share",
}


def sound() -> Document:
    return copy.deepcopy(SOUND)


def encode(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def steps(path: str) -> list[str | int]:
    return [
        int(found[1:-1]) if found[0] == "[" else found for found in re.findall(r"\[\d+\]|[^.\[\]]+", path)
    ]


def _parent(document: Document, path: str) -> tuple[Any, str | int]:
    *way, last = steps(path)
    holder: Any = document
    for step in way:
        holder = holder[step]
    return holder, last


def put(path: str, value: object) -> Callable[[Document], None]:
    """Make a fault that writes a value at a path."""

    def apply(document: Document) -> None:
        holder, last = _parent(document, path)
        holder[last] = copy.deepcopy(value)

    return apply


def drop(path: str) -> Callable[[Document], None]:
    """Make a fault that removes what stands at a path."""

    def apply(document: Document) -> None:
        holder, last = _parent(document, path)
        del holder[last]

    return apply


def broken(*faults: Callable[[Document], None]) -> bytes:
    """Give the bytes of the sound document after some faults."""
    document = sound()
    for fault in faults:
        fault(document)
    return encode(document)
