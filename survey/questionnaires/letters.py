"""Counting letters as people do: a letter and the marks that stand on it are one.

The letters ê̆ ô̆ ơ̆ ư̆ of the highland languages have no code point of their own, so a limit counted in
code points would give their writers less room. Which limits there are is the schema's to say.
"""

from __future__ import annotations

import unicodedata

#: Code points that never begin a letter: joiners and variation selectors.
_JOINED = frozenset("\u200c\u200d\ufe0e\ufe0f")


def count_letters(text: str) -> int:
    """Count the letters of a text: base characters, with the marks on them (Unicode UAX #29, Latin)."""
    return sum(not (letter in _JOINED or unicodedata.category(letter)[0] == "M") for letter in text)
