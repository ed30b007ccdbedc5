"""Texts in several languages, as one frozen value.

For everything a person reads in a questionnaire. Not for the messages of the site itself,
which belong to the translation catalogue of `web`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FALLBACK = "vi"


@dataclass(frozen=True, slots=True)
class Text:
    """Hold one text in each of its languages, as (language, text) pairs."""

    by_language: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Text:
        """Make a text from a mapping of language to text."""
        return cls(tuple(texts.items()))

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(language for language, _ in self.by_language)

    def language_of(self, language: str) -> str:
        """Name the language that `in_` really speaks when it is asked for one."""
        return language if any(kept == language for kept, _ in self.by_language) else FALLBACK

    def also(self, language: str, words: str | None) -> Text:
        """Give the text with its words in one more language; unchanged without words."""
        if words is None:
            return self
        return Text((*(pair for pair in self.by_language if pair[0] != language), (language, words)))

    def in_(self, language: str) -> str:
        """Say it in a language; in Vietnamese where that language is not kept."""
        fallback = ""
        for kept, text in self.by_language:
            if kept == language:
                return text
            if kept == FALLBACK:
                fallback = text
        return fallback
